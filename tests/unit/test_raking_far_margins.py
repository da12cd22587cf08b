"""Raking where plain sweeps crawl, and where zeros forbid a margin."""

import numpy as np
import pytest

from planning.trends.reconcile import MarginError, agree, rake

pytestmark = pytest.mark.unit


def test_margins_far_from_a_positive_table_are_met():
    """Nine cells of ten near zero, margins of the eighth power: sweeps alone need far more than fifty."""
    rng = np.random.default_rng(1)
    table = np.where(rng.random((5, 20, 36)) < 0.9, 1e-12, 1.0)
    rows, cols = agree(rng.random((5, 20)) ** 8, rng.random((5, 36)) ** 8)
    raked = rake(table, rows, cols, rounds=50)
    assert np.abs(raked.sum(axis=-1) - rows).max() < 1e-11
    assert np.abs(raked.sum(axis=-2) - cols).max() < 1e-11
    assert (raked >= 0).all()


def test_zeros_that_leave_no_room_are_refused():
    with pytest.raises(MarginError, match="zero cells"):
        rake(np.eye(2), np.array([1.0, 2.0]), np.array([2.0, 1.0]))
