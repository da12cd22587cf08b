"""The `medkadr` command line: the list of commands and nothing else.

Belongs here: the mapping from a word to the function that does it. Does not belong here: options and
work, which live in `orchestration/commands/`, one command a file. A command module imports only light
modules at its top, so that `medkadr place` starts in well under two seconds.
"""

import importlib

import typer

app = typer.Typer(
    name="medkadr",
    help="Plan a country's health workforce: pull, compute, place, forecast, publish, show.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

COMMANDS = ("run", "serve", "ui", "rollback", "verify", "place", "backtest", "dictionary", "key", "crosswalk")

for _name in COMMANDS:
    _module = importlib.import_module(f"orchestration.commands.{_name}")
    app.command(_name)(getattr(_module, _name))


if __name__ == "__main__":
    app()
