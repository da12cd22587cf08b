"""The snapshot that this session reads, set once a rerun by the router.

Belongs here: the one slot. Does not belong here: how the snapshot is chosen (`app.py`, `access.py`).
"""

import streamlit as st

from dashboards.data import Snapshot

_KEY = "snapshot"


def keep(snapshot: Snapshot) -> None:
    """Make `snapshot` the one that every page of this rerun reads."""
    st.session_state[_KEY] = snapshot


def snapshot() -> Snapshot:
    """The snapshot of this rerun.

    Raises:
        RuntimeError: A page ran without the router.
    """
    kept = st.session_state.get(_KEY)
    if not isinstance(kept, Snapshot):
        raise RuntimeError("A page is run by dashboards/app.py, which decides who reads what.")
    return kept
