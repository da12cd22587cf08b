"""Files of the state that a broken disk has damaged: what can be built again is, the rest is told.

Belongs here: looking at them before a run. Does not belong here: a full or closed disk (`disk.py`) and the
published snapshots, which `medkadr verify` compares with their manifests.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from orchestration.errors import UserError
from orchestration.settings import Settings

# Bytes 8 to 11 of every DuckDB file.
_MAGIC = b"DUCK"


def set_damaged_warehouse_aside(settings: Settings) -> Path | None:
    """Rename a warehouse that is no database any more; everything in it is computed anew from what landed.

    Returns:
        Where it lies now, or None where nothing was wrong.
    """
    path = settings.warehouse
    if not path.exists() or not path.stat().st_size:
        return None
    with path.open("rb") as file:
        head = file.read(12)
    if head[8:] == _MAGIC:  # looked at, not opened: a reader may hold its lock
        return None
    aside = path.with_name(f"{path.name}.damaged")
    path.replace(aside)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    return aside


def refuse_damaged_history(settings: Settings) -> None:
    """Refuse to begin where a database of Dagster cannot be read: it alone knows of past runs.

    Raises:
        UserError: One is damaged.
    """
    for path in sorted((settings.dagster_home / "history").glob("*.db")):
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as link:
                link.execute("select count(*) from sqlite_master").fetchone()
        except sqlite3.DatabaseError as error:
            raise UserError(
                "Dagster's record of past runs is damaged.",
                where=str(path),
                why=str(error),
                mend=f"put it back from a backup, or move {path.parent} away: past runs are forgotten",
            ) from None
