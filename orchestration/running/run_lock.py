"""One run at a time: DuckDB has one writer, and two runs would land into one another's folders.

Belongs here: taking the lock and saying who holds it. Does not belong here: what is done under it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.errors import UserError


@contextmanager
def only_run(lock_path: Path) -> Iterator[None]:
    """Hold the lock of this installation; within one process it may be taken again.

    The kernel frees the lock when its process dies, however it dies, so a crash needs no cleaning up.

    Raises:
        UserError: Another process holds it.
    """
    lock_path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(lock_path, timeout=0, is_singleton=True)
    holder = lock_path.with_suffix(".pid")
    try:
        lock.acquire()
    except Timeout:
        pid = holder.read_text(encoding="utf-8").strip() if holder.exists() else "unknown"
        raise UserError(
            "Another run is writing here.",
            where=f"{lock_path.parent} (process {pid})",
            why="DuckDB has one writer; two runs would overwrite one another.",
            mend="Wait until it ends, or give this run a folder of its own with --home.",
        ) from None
    try:
        holder.write_text(str(os.getpid()), encoding="utf-8")
        yield
    finally:
        lock.release()
