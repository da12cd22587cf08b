"""The shelf of published snapshots: which one is served, swapping the pointer, keeping the last few.

A reader opens `<publication>/snapshots/<text of CURRENT>/<audience>.duckdb`. Snapshots never change once
they are named; only the pointer is replaced, atomically. Does not belong here: what is in a snapshot
(`publication.py`) and whether it may be published (`audits.py`).
"""

import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.errors import UserError
from orchestration.running.faults import fault_point

POINTER = "CURRENT"
KEPT = 3
_RUN_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_STAMP = "%Y%m%dT%H%M%SZ"
_ASIDE = ".building-"


def shelf(publication: Path) -> Path:
    """The folder that holds the snapshots."""
    return publication / "snapshots"


def kept(publication: Path) -> list[str]:
    """Run ids of the snapshots on the shelf, oldest first."""
    if not shelf(publication).is_dir():
        return []
    return sorted(path.name for path in shelf(publication).iterdir() if _RUN_ID.fullmatch(path.name))


def name_after(publication: Path, now: datetime, dagster_run_id: str) -> str:
    """Run id of the next snapshot: its time, and eight characters of its Dagster id.

    Snapshots are ordered by their names, so under a clock that was set back the next one is named a second
    after the newest: `rollback` goes to the one published before, whatever the clock says.
    """
    newest = [
        datetime.strptime(name.split("-")[0], _STAMP).replace(tzinfo=UTC) for name in kept(publication)[-1:]
    ]
    stamp = max([now, *(last + timedelta(seconds=1) for last in newest)])
    return f"{stamp.strftime(_STAMP)}-{dagster_run_id[:8]}"


def current(publication: Path) -> str | None:
    """Run id of the served snapshot, or None when nothing has been published.

    Raises:
        UserError: The pointer names no snapshot on the shelf.
    """
    pointer = publication / POINTER
    if not pointer.exists():
        return None
    name = pointer.read_bytes()[:100].decode("utf-8", errors="replace").strip()
    if _RUN_ID.fullmatch(name) and (shelf(publication) / name / "manifest.json").is_file():
        return name
    on_shelf = kept(publication)
    raise UserError(
        "The pointer to the published snapshot is damaged.",
        where=str(pointer),
        why=f"It says {name!r}, which is no snapshot in {shelf(publication)}.",
        mend=f"medkadr rollback --to {on_shelf[-1]}" if on_shelf else "medkadr run --force",
    )


def current_folder(publication: Path) -> Path:
    """Folder of the served snapshot.

    Raises:
        UserError: Nothing is published, or the pointer is damaged.
    """
    name = current(publication)
    if name is None:
        raise UserError("Nothing has been published yet.", where=str(publication), mend="medkadr run")
    return shelf(publication) / name


def build_aside(publication: Path, run_id: str) -> Path:
    """An empty folder for the next snapshot; what killed runs left behind is removed."""
    publication.mkdir(parents=True, exist_ok=True)
    for left in publication.glob(f"{_ASIDE}*"):
        shutil.rmtree(left)
    aside = publication / f"{_ASIDE}{run_id}"
    aside.mkdir()
    return aside


def put_on_shelf(publication: Path, aside: Path, run_id: str) -> Path:
    """Name the finished folder; nobody reads it before the pointer says so."""
    shelf(publication).mkdir(exist_ok=True)
    for path in aside.iterdir():
        sync(path)
    fault_point("publish.shelve")
    named = shelf(publication) / run_id
    aside.rename(named)
    sync(shelf(publication))
    return named


def serve(publication: Path, run_id: str) -> None:
    """Let the pointer name this snapshot, in one atomic step."""
    new = publication / f"{POINTER}.new"
    new.write_text(run_id + "\n", encoding="utf-8")
    sync(new)
    fault_point("publish.swap")
    new.replace(publication / POINTER)
    sync(publication)
    fault_point("publish.swapped")


def prune(publication: Path, keep: int = KEPT) -> list[str]:
    """Remove all but the newest `keep` snapshots and the served one; readers that hold a file keep it."""
    served = current(publication)
    gone = [name for name in kept(publication)[:-keep] if name != served]
    for name in gone:
        folder = shelf(publication) / name
        folder.rename(doomed := publication / f"{_ASIDE}{name}")
        shutil.rmtree(doomed)
        fault_point("publish.pruned")
    return gone


def rollback(publication: Path, to: str | None = None) -> str:
    """Serve an older snapshot again: the one named, or the one before the served one.

    Raises:
        UserError: There is no such snapshot.
    """
    on_shelf = kept(publication)
    if to is None:
        served = current(publication)
        older = [name for name in on_shelf if served is not None and name < served]
        to = older[-1] if older else None
    if to not in on_shelf:
        raise UserError(
            f"No snapshot {to}." if to else "There is no older snapshot to go back to.",
            where=str(shelf(publication)),
            mend=f"Choose one of: {', '.join(on_shelf)}." if on_shelf else "medkadr run",
        )
    serve(publication, to)
    return to


def sync(path: Path) -> None:
    """Ask the disk to keep a file or a folder's entries."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
