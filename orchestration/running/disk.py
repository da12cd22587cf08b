"""A disk that is full or cannot be written, told in words wherever it strikes.

It may strike in SQLite, DuckDB or Arrow, each with an exception of its own; the free space tells. Does not
belong here: what a crash leaves behind (`publishing/snapshots.py`, `dagster_instance.py`).
"""

import errno
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.errors import UserError

# Aside files are removed on the way out, so some space is free again by the time it is asked for.
FULL_BYTES = 64 << 20
WORDS = {
    errno.ENOSPC: "no space is left on the device",
    errno.EDQUOT: "the quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "this user may not write there",
    errno.EPERM: "this user may not write there",
}


@contextmanager
def disk_faults_told(home: Path) -> Iterator[None]:
    """Turn any exception that the disk has caused into a `UserError`.

    Raises:
        UserError: The disk is full, read-only or closed to this user.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        why = _reason(error, home)
        if why is None:
            raise
        raise UserError(
            "The state folder cannot be written.",
            where=str(home),
            why=why,
            mend="free some space, or give another folder with --home; the published snapshot is unchanged",
        ) from error


def refuse_closed_folders(folders: Iterable[Path]) -> None:
    """Refuse to begin where a folder that the run will write at its end cannot be written.

    Raises:
        UserError: A folder that is there is read-only, closed to this user or without any space.
    """
    for folder in folders:
        if not folder.is_dir():
            continue
        with disk_faults_told(folder), tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"medkadr")
            probe.flush()


def _reason(error: BaseException | None, home: Path) -> str | None:
    while error is not None:
        if isinstance(error, OSError) and error.errno in WORDS:
            return WORDS[error.errno]
        error = error.__cause__ or error.__context__
    return fullness(home)


def fullness(home: Path) -> str | None:
    """What to say of a disk with hardly any space, or None."""
    existing = next((folder for folder in (home, *home.parents) if folder.exists()), None)
    if existing and (free := shutil.disk_usage(existing).free) < FULL_BYTES:
        return f"the disk is full ({free >> 20} MiB are free now)"
    return None
