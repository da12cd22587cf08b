"""`medkadr verify`: does what is published still keep its promises?"""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.errors import told


@told
def verify(
    home: Annotated[Path | None, typer.Option(help="Folder of this installation's state.")] = None,
) -> None:
    """Check the served snapshot: its files' hashes, whose rows they hold, records conserved at the door."""
    from orchestration.publishing.verification import verify_served
    from orchestration.settings import settings_with

    for line in verify_served(settings_with(home=home)):
        print(f"holds: {line}")
