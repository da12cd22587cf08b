"""Totals over leaves of which one is not told in a year: no fall, and nothing of the future."""

import numpy as np
import pytest

from planning.trends.raked_trend import with_totals

pytestmark = pytest.mark.unit

BLANK = np.nan


def test_a_leaf_that_is_not_told_counts_as_it_was_told_last_and_not_before_it_was_told():
    values = np.array([[[5.0, BLANK, 7.0, BLANK], [BLANK, 2.0, 2.0, 2.0]]])  # one region, two specialties
    region, first, second, nation = with_totals(values)
    assert region.tolist() == nation.tolist() == [5.0, 7.0, 9.0, 9.0]
    np.testing.assert_array_equal(first, [5.0, BLANK, 7.0, BLANK])
    np.testing.assert_array_equal(second, [BLANK, 2.0, 2.0, 2.0])


def test_a_year_of_which_nobody_tells_is_unknown():
    values = np.array([[[5.0, BLANK]], [[1.0, BLANK]]])
    np.testing.assert_array_equal(with_totals(values)[-1], [6.0, BLANK])
