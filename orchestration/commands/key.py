"""`medkadr key`: make the secret of the pseudonyms."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.errors import told


@told
def key(path: Annotated[Path, typer.Argument(help="File to write, outside the repository.")]) -> None:
    """Write a new 256-bit key, readable by you alone, for the pseudonyms of persons."""
    from orchestration.settings import load_settings
    from orchestration.sources.anonymise import make_key

    path = path.expanduser().resolve()
    ring = make_key(path, load_settings().home)
    print(f"{path}: key {ring.key_id}, mode 0600. Back it up: without it new data cannot be joined to old.")
