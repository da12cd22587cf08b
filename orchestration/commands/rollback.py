"""`medkadr rollback`: serve an older snapshot again, in one step."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.errors import told


@told
def rollback(
    to: Annotated[
        str | None, typer.Option(help="Run id; the snapshot before the served one if none.")
    ] = None,
    home: Annotated[Path | None, typer.Option(help="Folder of this installation's state.")] = None,
) -> None:
    """Let the pointer name an older snapshot; readers follow at once, nothing is computed or removed."""
    from orchestration.publishing import snapshots
    from orchestration.running.run_lock import only_run
    from orchestration.settings import settings_with

    settings = settings_with(home=home)
    with only_run(settings.lock):
        served = snapshots.rollback(settings.publication, to)
    print(f"Served now: {served}. Kept: {', '.join(snapshots.kept(settings.publication))}.")
