"""Memory of a run: the collector of cycles, and giving back what is free.

Belongs here: how often cycles are looked for, and when the system gets memory back. Does not belong here:
limits of DuckDB (`settings.py`), the measuring of memory (`progress.py`).
"""

import ctypes
import gc

# A seventh of the time of importing Dagster and dbt went into looking for cycles among what stays.
NEW_OBJECTS, YOUNG, OLD = 100_000, 20, 100


def collect_rarely() -> None:
    """Look for cycles after so many new objects instead of after 700."""
    gc.set_threshold(NEW_OBJECTS, YOUNG, OLD)


def keep_what_is_loaded() -> None:
    """Leave out of every later search what is loaded by now: definitions, the manifest, modules."""
    gc.freeze()


def give_back() -> None:
    """Give free memory back to the system: allocators keep 330 MB after the embedded country landed."""
    import pyarrow as pa

    gc.collect()
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc; elsewhere nothing is kept so long
    if trim is not None:
        trim(0)
