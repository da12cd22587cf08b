"""`medkadr ui`: Dagster's own UI on the same project and the same storage, for this machine only."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.errors import told


@told
def ui(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
    home: Annotated[Path | None, typer.Option(help="Folder of this installation's state.")] = None,
) -> None:
    """Open Dagster; it has no sign-in, so it listens on 127.0.0.1 only."""
    import os
    import sys

    from orchestration.running.dagster_instance import prepare_storage
    from orchestration.running.dbt_manifest import prepare_manifest
    from orchestration.settings import ROOT, settings_with

    settings = settings_with(home=home)
    prepare_manifest(settings)
    prepare_storage(settings)
    settings.hand_down()
    os.chdir(ROOT)
    print(f"Dagster: http://127.0.0.1:{port}  (stop with Ctrl-C)", flush=True)
    dagster = str(Path(sys.executable).parent / "dagster")
    os.execv(  # noqa: S606 - our own environment's program
        dagster, [dagster, "dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)]
    )
