"""`medkadr backtest`: would forecasts of this panel have been right?

Belongs here: options, the order of the work. Does not belong here: files, the benchmark environment,
printed tables and the picture (`orchestration/backtesting/`), mathematics (`planning`), all
loaded when called.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from orchestration.errors import UserError, told

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from planning.trends.backtest import Forecaster
    from planning.trends.panel import Panel

DEFAULT_MODELS = "ours,naive,drift"
DEFAULT_HORIZON = {"Y": 5, "M": 12}
DEFAULT_WINDOW = {"Y": 12, "M": 0}
REFERENCES = ("autoets", "naive")


@told
def backtest(
    panel: Annotated[Path, typer.Argument(help="CSV of unique_id, ds, y (a year or a date; ≥ 0).")],
    *,
    horizon: Annotated[
        int | None, typer.Option(min=1, help="Periods ahead; default 5 years or 12 months.")
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Latest periods that every model sees at an origin; 0 = all. Default 12 years, or "
            "all months (ours always sees all months).",
        ),
    ] = None,
    freq: Annotated[
        Literal["Y", "M"] | None, typer.Option(help="Y or M; default: read from the dates.")
    ] = None,
    models: Annotated[
        str, typer.Option(help="Of ours, naive, drift, autoets, autoarima, dot; by commas.")
    ] = DEFAULT_MODELS,
    origins: Annotated[
        int | None, typer.Option(min=1, help="Latest origins only; default: all with enough past.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="Folder for results; default backtest_NAME.")
    ] = None,
) -> None:
    """Forecast a panel from every past origin, strictly past-only, and mark what came."""
    from rich.console import Console

    from orchestration.backtesting import files, printed
    from orchestration.backtesting.picture import draw
    from planning.trends.backtest import run
    from planning.trends.scoreboard import mark, ratios, scoreboard

    console = Console()
    names = _names(models)
    data = files.read_panel(panel, freq)
    horizon = horizon or DEFAULT_HORIZON[data.frequency]
    seen = DEFAULT_WINDOW[data.frequency] if window is None else window
    _require_length(data, seen, horizon, panel)
    # No past can be marked further ahead than the panel is long.
    horizon = min(horizon, len(data.labels) - 1)
    folder = files.folder_for(out, panel)
    jumps = files.jumps_table(data)
    printed.describe(console, data, len(jumps))
    with _bar(console) as bar:
        chosen = _forecasters(names, bar)
        task = bar.add_task("models", total=len(names))
        at, answers = run(
            data,
            chosen,
            horizon=horizon,
            window=seen or None,
            limit=origins,
            told=lambda name: bar.update(task, description=name, advance=1),
        )
    marks = {name: mark(data, at, answer, seen or None) for name, answer in answers.items()}
    board = scoreboard(data, at, marks)
    reference = next((name for name in REFERENCES if name in marks), names[0])
    against = ratios(marks, reference)
    files.write_forecasts(files.forecasts_table(data, at, horizon, answers), folder / "forecasts.csv")
    files.fallbacks_table(data, at, answers).to_csv(folder / "fallbacks.csv", index=False)
    jumps.to_csv(folder / "jumps.csv", index=False)
    board.to_csv(folder / "scoreboard.csv", index=False)
    against.to_csv(folder / "ratios.csv", index=False)
    draw(board, folder / "picture.png", f"{panel.stem}: {len(at)} origins, {len(data.ids)} series")
    printed.print_board(console, board, against)
    printed.print_seconds(console, chosen)
    console.print(f"Written to {folder}: forecasts, scoreboard, ratios, fallbacks, jumps, picture.")


def _names(models: str) -> list[str]:
    """The models asked for, each once."""
    from orchestration.backtesting import peers
    from planning.trends.backtest import OWN

    names = list(dict.fromkeys(name.strip() for name in models.split(",") if name.strip()))
    unknown = [name for name in names if name not in OWN and name not in peers.NAMES]
    if unknown or not names:
        raise UserError(
            f"There is no model {', '.join(unknown)}" if unknown else "No model is named",
            where="--models",
            mend=f"Choose of {', '.join([*OWN, *peers.NAMES])}.",
        )
    if any(name in peers.NAMES for name in names):
        peers.require_environment()
    return names


def _forecasters(names: list[str], bar: "Progress") -> "dict[str, Forecaster]":
    """Own models and peers by name; a peer shows its own progress."""
    from orchestration.backtesting.peers import Peer
    from orchestration.backtesting.timed import Timed
    from planning.trends.backtest import OWN

    chosen: dict[str, Forecaster] = {}
    for name in names:
        if name in OWN:
            chosen[name] = Timed(OWN[name])
            continue
        task = bar.add_task(f"{name} windows", total=None)
        chosen[name] = Peer(
            name, lambda done, total, task=task: bar.update(task, completed=done, total=total)
        )
    return chosen


def _bar(console: "Console") -> "Progress":
    """Progress with time left; silent where nobody looks."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def _require_length(data: "Panel", window: int, horizon: int, path: Path) -> None:
    """Refuse a panel in which no origin has both a past and a future."""
    from planning.trends.backtest import LEAST_ORIGIN

    periods, unit = len(data.labels), "years" if data.frequency == "Y" else "months"
    least = 2 if data.frequency == "Y" else LEAST_ORIGIN["M"] + horizon
    if periods < least:
        raise UserError(
            f"The panel is too short for a backtest: {periods} {unit}",
            where=str(path),
            why=f"It takes at least {least} {unit} to have a past and a later truth.",
            mend="Give a longer panel, or a shorter --horizon.",
        )
    if 0 < window < 3 or (data.frequency == "M" and 0 < window < LEAST_ORIGIN["M"]):
        raise UserError(
            f"A window of {window} {unit} is too short to fit anything",
            where="--window",
            mend="Give at least 3 years or 24 months, or 0 for all.",
        )
