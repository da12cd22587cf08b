"""The spread of errors and the feedback from coverage, on numbers that a hand can check."""

import numpy as np
import pytest

from planning.trends.kept_errors import keep
from planning.trends.mending import LEAST_AIM, MOST_AIM, PROMISED, Gains, mended, student
from planning.trends.spread import PRIOR_ORIGINS, expected_spread

pytestmark = pytest.mark.spec

FLAT = np.zeros(2)
ALIKE = Gains(own=(0.0, 0.0), common=(0.5, 0.5), memory=1.0)


def _kept(origin, hits):
    """An origin with 10 errors a horizon, of which the ranges (half-width 1 and 3) held hits[h] and all."""
    errors = np.full((10, len(hits)), 2.0)
    for h, held in enumerate(hits):
        errors[:held, h] = 0.5
    return keep(origin, errors, np.ones(10), np.tile([1.0, 3.0], (len(hits), 1)))


def test_without_errors_the_spread_is_one_deviation_that_grows_as_believed():
    assert expected_spread({}, 5, 0.5 * np.log([1.0, 4.0]), 0.7) == pytest.approx([1.0, 2.0])


def test_one_origin_of_twice_the_spread_moves_a_level_and_then_its_own_horizon():
    level = np.log(2) / (1 + PRIOR_ORIGINS)
    own = (np.log(2) - level) / (1 + PRIOR_ORIGINS)
    found = expected_spread({(5, 0): 2.0}, 6, FLAT, 1.0)
    assert np.log(found) == pytest.approx([level + own, level + own])


def test_one_shock_of_many_quiet_years_lengthens_less_than_its_share_of_a_pooled_quantile():
    quiet = {(origin, 0): 1.0 for origin in range(4, 14)}
    shocked = {**quiet, (10, 0): 8.0}
    assert expected_spread(shocked, 14, FLAT, 1.0)[0] < 1.4
    assert expected_spread(shocked, 14, FLAT, 1.0)[0] > expected_spread(quiet, 14, FLAT, 1.0)[0]


def test_errors_not_yet_known_and_spreads_of_zero_teach_nothing():
    seen = {(4, 0): 1.5, (5, 1): 99.0, (3, 0): 0.0}
    assert expected_spread(seen, 6, FLAT, 0.7) == pytest.approx(expected_spread({(4, 0): 1.5}, 6, FLAT, 0.7))


def test_younger_spreads_count_more():
    rising, falling = {(4, 0): 1.0, (5, 0): 3.0}, {(4, 0): 3.0, (5, 0): 1.0}
    assert expected_spread(rising, 6, FLAT, 0.5)[0] > expected_spread(falling, 6, FLAT, 0.5)[0]


def test_a_year_whose_ranges_held_sixty_percent_makes_all_horizons_aim_at_ninety():
    factors = mended([_kept(5, [6, 8])], 6, 2, ALIKE)
    aim = student(np.array([0.8 + 0.5 * 0.2])) / student(PROMISED)[0]
    assert factors[:, 0] == pytest.approx(np.repeat(aim, 2))


def test_horizons_that_became_known_in_one_year_are_averaged():
    past = [_kept(4, [8, 4]), _kept(5, [10, 8])]
    factors = mended(past, 6, 2, ALIKE)
    short = 0.5 * (0.0 + ((0.8 - 0.4) + (0.8 - 1.0)) / 2)
    assert factors[0, 0] == pytest.approx((student(np.array([0.8 + short])) / student(PROMISED)[0])[0])


def test_a_horizons_own_miss_moves_that_horizon_alone_and_fades():
    own = Gains(own=(0.5, 0.5), common=(0.0, 0.0), memory=0.5)
    young, old = (mended([_kept(origin, [8, 5])], 7, 2, own)[:, 0] for origin in (5, 4))
    assert young[0] == pytest.approx(1.0)
    assert 1.0 < old[1] < young[1]


def test_the_aim_stays_within_its_bounds_and_nothing_known_changes_nothing():
    short, long = ([_kept(5, [hits, hits])] for hits in (0, 10))
    wild = Gains(own=(9.0, 9.0), common=(9.0, 9.0), memory=1.0)
    most, least = (student(bound) / student(PROMISED) for bound in (MOST_AIM, LEAST_AIM))
    assert mended(short, 8, 2, wild)[0, 0] == pytest.approx(most[0])
    assert mended(long, 8, 2, wild)[0] == pytest.approx(least)
    assert mended(short, 5, 2, wild) == pytest.approx(np.ones((2, 2)))
    assert mended([], 5, 2, wild) == pytest.approx(np.ones((2, 2)))
