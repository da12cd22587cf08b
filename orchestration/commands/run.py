"""`medkadr run`: the whole pipeline, from the configured sources to published snapshots."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.errors import told


@told
def run(
    config: Annotated[
        Path | None, typer.Option(help="Source configuration; the embedded country if none.")
    ] = None,
    home: Annotated[Path | None, typer.Option(help="Folder of this installation's state.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the embedded country.")] = None,
    sampling_fraction: Annotated[
        float | None, typer.Option(help="Share of persons the embedded country draws, up to 1.0.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Run even when nothing has changed.")] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Serve the dashboards afterwards.")] = False,
    port: Annotated[int, typer.Option(help="Port of the dashboards.")] = 8501,
) -> None:
    """Build everything from the sources and publish it; unchanged input is not computed again."""
    import time

    from rich.console import Console

    from orchestration.running.collector import collect_rarely
    from orchestration.running.summary import print_summary, unchanged_since
    from orchestration.settings import settings_with
    from orchestration.source_config import load_source_config

    started = time.monotonic()
    collect_rarely()
    console = Console(soft_wrap=True)
    settings = settings_with(home=home, config_path=config)
    sources = load_source_config(settings, seed=seed, sampling_fraction=sampling_fraction)
    if sources.is_demonstration and sources.needs_no_key:
        tell_demonstration_key(settings, console)
    stages = []
    folder = None if force else unchanged_since(settings, sources)
    if folder is not None:
        console.print(
            f"Nothing to compute: configuration, inputs, code and lock are those of snapshot {folder.name}, "
            "which is served. `--force` runs all the same."
        )
    else:
        from orchestration.running.pipeline import Options, run_pipeline
        from orchestration.running.progress import Progress

        progress = Progress(say=Teller(console, started))
        with progress.say:
            folder = run_pipeline(settings, Options(seed, sampling_fraction), progress)
        stages = list(progress.stages.values())
    print_summary(console, settings, folder, stages, time.monotonic() - started)
    if serve:
        from orchestration.commands.serve import serve as serve_dashboards

        serve_dashboards(port=port, home=settings.home)


def tell_demonstration_key(settings, console) -> None:
    """Make the demonstration's own key on the first run and say where; or say why there is none."""
    from orchestration.errors import UserError
    from orchestration.sources.anonymise import demonstration_key

    path = settings.demonstration_key_path
    is_there = path is not None and path.exists()
    try:
        demonstration_key(settings)
    except UserError as error:
        console.print(
            f"{error.what} {error.why} ({error.where}) The embedded country needs none.", markup=False
        )
        return
    if path is not None and not is_there:
        console.print(
            f"Made the demonstration's own key: {path} (mode 0600; for synthetic sources only).",
            markup=False,
        )


class Teller:
    """Tells steps: one moving line on a terminal, plain lines elsewhere."""

    def __init__(self, console, started: float) -> None:
        """Write to this console."""
        self.console, self.started = console, started
        self.status = console.status("starting") if console.is_terminal else None

    def __call__(self, text: str) -> None:
        """Tell one step."""
        import time

        line = f"{time.monotonic() - self.started:6.1f} s  {text.splitlines()[0] if text else ''}"
        if self.status:
            self.status.update(line)
        else:
            self.console.print(line, markup=False, highlight=False)

    def __enter__(self) -> "Teller":
        """Show the moving line."""
        if self.status:
            self.status.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take it away."""
        if self.status:
            self.status.stop()
