"""The growth of changes on processes whose law is known."""

import numpy as np
import pytest

from planning.trends.growth import LEAST, MOST, USUAL, change_growth, expected_growth

pytestmark = pytest.mark.spec

RNG = np.random.default_rng(5)
SHOCKS = RNG.normal(0, 0.05, (400, 12))


def test_a_random_walk_grows_with_the_root_of_the_span():
    assert change_growth(np.cumsum(SHOCKS, axis=1)) == pytest.approx(0.5, abs=0.05)


def test_a_drift_of_each_series_own_is_no_growth():
    drifts = RNG.normal(0, 0.3, (400, 1)) * np.arange(12)
    assert change_growth(np.cumsum(SHOCKS, axis=1) + drifts) == pytest.approx(0.5, abs=0.05)


def test_noise_about_a_level_does_not_grow_and_steps_that_go_on_grow_faster():
    assert change_growth(SHOCKS) <= LEAST + 0.1
    steps = np.zeros_like(SHOCKS)
    for year in range(1, 12):
        steps[:, year] = 0.7 * steps[:, year - 1] + SHOCKS[:, year]
    assert 0.6 < change_growth(np.cumsum(steps, axis=1)) <= MOST


def test_too_few_years_or_no_movement_give_the_usual_growth():
    assert change_growth(SHOCKS[:, :4]) == USUAL
    assert change_growth(np.ones((3, 9))) == USUAL
    assert change_growth(np.full((3, 9), np.nan)) == USUAL


def test_a_series_that_begins_late_counts_from_its_first_value():
    walk = np.cumsum(SHOCKS, axis=1)
    walk[::2, :5] = np.nan
    assert change_growth(walk) == pytest.approx(0.5, abs=0.08)


def test_half_of_what_few_years_say_is_believed():
    walk = np.cumsum(SHOCKS, axis=1)
    assert expected_growth(walk) == pytest.approx((change_growth(walk) + USUAL) / 2)
