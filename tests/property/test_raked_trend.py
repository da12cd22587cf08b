"""Raked forecasts: past only, never negative, parts and totals one, whatever the table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.trends.raked_scores import score_past
from planning.trends.raked_trend import OWN_SHARE, forecast_raked, raked_origins

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
    wanted = own**OWN_SHARE * leaves ** (1 - OWN_SHARE)
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
            for part in ("leaves", "margins"):
                one, other = getattr(before[1], part), getattr(after[1], part)
                np.testing.assert_array_equal(one.reach, other.reach)
            for part in ("raked_leaves", "raked_margins"):
                one, other = getattr(before[1], part), getattr(after[1], part)
                np.testing.assert_array_equal(one.half_widths(0.8), other.half_widths(0.8))


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


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 1000), break_year=st.integers(4, 8), years=st.integers(3, 11))
def test_at_every_level_95_is_wider_than_80_and_no_year_ahead_is_surer_than_the_one_before(
    seed, break_year, years
):
    values = _table(seed, 4, 5, 11)
    values[:, :, break_year:] *= 0.7  # a year in which every series falls: ranges then run into their limit
    *_, (_, reaches) = raked_origins(values[:, :, :years], 10)
    for reach in (reaches.raked_leaves, reaches.raked_margins):
        inner, outer = reach.half_widths(0.8), reach.half_widths(0.95)
        assert (outer > inner * 1.05).all()
        assert (np.diff(inner, axis=1) >= -1e-12).all()
        assert (np.diff(outer, axis=1) >= -1e-12).all()
    made = _forecast(values[:, :, :years], 10, 200)
    nation = np.quantile(made.draws.sum(axis=(2, 3)), [0.025, 0.1, 0.9, 0.975], axis=0)
    spread = np.log(nation[2] / nation[1])
    assert (np.log(nation[3] / nation[0]) > 1.05 * spread).all()
    assert (np.diff(spread) > -0.05 * spread[:-1]).all()  # a hundredth of draws moves by chance in raking


def test_a_nation_whose_regions_cancel_out_has_shorter_ranges_than_one_that_falls_and_rises_as_a_whole():
    rng = np.random.default_rng(3)
    own = np.cumsum(rng.normal(0, 0.2, (6, 8, 14)), axis=2)
    shared = np.cumsum(rng.normal(0, 0.2, (1, 1, 14)), axis=2)
    widths = []
    for logs in (own, 0.3 * own + shared):
        *_, (_, reaches) = raked_origins(np.exp(3 + logs), 3)
        region, nation = reaches.raked_margins.half_widths(0.8)[[0, -1], 0]
        widths.append(nation / region)
    assert widths[0] < 0.8 * widths[1]
