"""The collector of cycles, told how a run lives: a million objects are made at its start and stay to its end.

Belongs here: how often it looks. Does not belong here: the memory of tables, which are freed by their count
of references.
"""

import gc

# A seventh of the time of importing Dagster and dbt went into looking for cycles among what stays.
NEW_OBJECTS, YOUNG, OLD = 100_000, 20, 100


def collect_rarely() -> None:
    """Look for cycles after so many new objects instead of after 700."""
    gc.set_threshold(NEW_OBJECTS, YOUNG, OLD)


def keep_what_is_loaded() -> None:
    """Leave out of every later search what is loaded by now: definitions, the manifest, modules."""
    gc.freeze()
