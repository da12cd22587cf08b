"""`medkadr serve`: the dashboards on what is published, for this machine only."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.errors import UserError, told


@told
def serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8501,
    home: Annotated[Path | None, typer.Option(help="Folder of this installation's state.")] = None,
    audience: Annotated[
        str, typer.Option(help="For real data on one machine: ministry, region_KZ-10, university_07 …")
    ] = "",
) -> None:
    """Start the dashboards and print their address; stop with Ctrl-C."""
    import json

    from orchestration.publishing import snapshots
    from orchestration.serving import refuse_taken, start_dashboards
    from orchestration.settings import settings_with

    settings = settings_with(home=home)
    folder = snapshots.current_folder(settings.publication)
    if audience and not (folder / f"{audience}.duckdb").is_file():
        raise UserError(
            f"No audience {audience!r} is published.",
            where=str(folder),
            mend="one of " + ", ".join(sorted(path.stem for path in folder.glob("*.duckdb"))),
        )
    manifest = json.loads((folder / "manifest.json").read_bytes())
    refuse_taken(port)
    print(f"Dashboards: http://127.0.0.1:{port}  (snapshot {folder.name}; stop with Ctrl-C)", flush=True)
    start_dashboards(settings, port, audience=audience, is_demonstration=manifest["is_demonstration"])
