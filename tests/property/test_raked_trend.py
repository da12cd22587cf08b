"""Raked forecasts: past only, never negative, parts and totals one, whatever the table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.raked_scores import score_past
from planning.raked_trend import forecast_raked, raked_origins

pytestmark = pytest.mark.property


def _table(seed, regions=4, specialties=5, years=9):
    rng = np.random.default_rng(seed)
    steps = rng.normal(0.01, 0.08, (regions, specialties, years))
    return np.exp(rng.normal(3, 1, (regions, specialties, 1)) + np.cumsum(steps, axis=2))


def _forecast(values, horizon=4, draws=40):
    return forecast_raked(values, horizon, draws=draws, rng=np.random.default_rng(1))


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 1000))
def test_the_raked_point_keeps_to_margins_between_their_own_forecast_and_the_sum_of_leaves(seed):
    made = _forecast(_table(seed))
    own, leaves, raked = made.base_margins[:4, :, 2], made.base_point.sum(axis=1), made.point.sum(axis=1)
    wanted = np.sqrt(own * leaves)
    # Regions and specialties meet at one total, so that all regions move by one factor a year.
    factor = raked / wanted
    np.testing.assert_allclose(factor, np.broadcast_to(factor.mean(axis=0), factor.shape), rtol=1e-6)
    assert np.abs(np.log(factor)).max() < 0.2


def test_a_later_year_changes_no_earlier_forecast():
    values = _table(3)
    changed = values.copy()
    changed[:, :, 7:] *= np.random.default_rng(0).uniform(0.2, 5, changed[:, :, 7:].shape)
    for before, after in zip(raked_origins(values, 3), raked_origins(changed, 3), strict=True):
        if before[0].origin <= 7:
            np.testing.assert_array_equal(before[0].raked, after[0].raked)
            for part in ("leaves", "margins", "raked_leaves", "raked_margins"):
                one, other = getattr(before[1], part), getattr(after[1], part)
                np.testing.assert_array_equal(one.reach, other.reach)


def test_the_score_of_an_origin_is_the_forecast_of_the_table_cut_there():
    values = _table(5)
    score = next(s for s in score_past(values, 4, first_origin=5, draws=40, seed=1) if s.origin == 5)
    cut = forecast_raked(values[:, :, :5], 4, draws=40, rng=np.random.default_rng([1, 5]))
    middle = np.quantile(cut.draws, 0.5, axis=0)
    np.testing.assert_allclose(score.raked[..., 2], np.moveaxis(middle, 0, 2), rtol=1e-9)


def test_nothing_is_negative_and_a_region_that_begins_late_or_holds_nothing_stays_so():
    values = _table(2)
    values[1, :, :6] = np.nan
    values[2] = 0.0
    made = _forecast(values)
    assert np.isfinite(made.draws).all()
    assert (made.draws >= 0).all()
    assert made.draws[:, :, 2].sum() <= 1e-9 * made.draws.sum()


def test_ranges_of_steady_tables_hold_what_they_promise_after_raking():
    held, whole = [], []
    for seed in range(6):
        for score in score_past(_table(seed, 8, 10, 14), 3, first_origin=8, draws=120, seed=0):
            low, high = score.raked[..., 1], score.raked[..., 3]
            held.append(((score.actual >= low) & (score.actual <= high)).mean())
            nation = score.actual.sum(axis=(0, 1))
            whole.append(((nation >= score.nation[..., 1]) & (nation <= score.nation[..., 3])).mean())
    assert np.mean(held) == pytest.approx(0.8, abs=0.05)
    assert np.mean(whole) == pytest.approx(0.8, abs=0.15)
