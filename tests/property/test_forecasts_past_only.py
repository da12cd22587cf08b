"""What later years hold changes no forecast made before them; the same input gives the same output."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.trends.backtest import OWN, origins_of, run
from planning.trends.intervals import calibrate, draw_paths, predictive_quantiles
from planning.trends.panel import Panel
from planning.trends.reconcile import agree, rake
from planning.trends.trend import fit_trend, forecast

pytestmark = pytest.mark.property

LEVELS = np.array([0.025, 0.1, 0.5, 0.9, 0.975])


def _panel(values, frequency="Y"):
    ids = tuple(f"s{i}" for i in range(len(values)))
    return Panel(ids, tuple(map(str, range(values.shape[1]))), values, frequency, 0)


def _walks(seed, series, periods, zeros=0.0, late=0):
    rng = np.random.default_rng(seed)
    values = np.exp(4 + np.cumsum(rng.normal(0.01, 0.05, (series, periods)), axis=1))
    values[rng.random(values.shape) < zeros] = 0.0
    for row in range(late):
        values[row, : rng.integers(1, periods - 1)] = np.nan
    return values


@given(seed=st.integers(0, 10_000), zeros=st.sampled_from([0.0, 0.2]), late=st.integers(0, 3))
@settings(max_examples=15, deadline=None)
def test_changing_the_future_changes_no_yearly_forecast(seed, zeros, late):
    values = _walks(seed, 12, 13, zeros, late)
    other = values.copy()
    origin = 9
    other[:, origin:] = np.random.default_rng(seed + 1).uniform(0, 1e4, other[:, origin:].shape)
    for name, model in OWN.items():
        origins = range(5, origin + 1)
        one = model(_panel(values), origins, 4, 12)
        two = model(_panel(other), origins, 4, 12)
        np.testing.assert_array_equal(one.point, two.point, err_msg=name)
        np.testing.assert_array_equal(one.quantiles, two.quantiles, err_msg=name)


def test_changing_the_future_changes_no_monthly_forecast():
    values = np.random.default_rng(3).poisson(20, (12, 60)).astype(float)
    other = values.copy()
    other[:, 48:] = 1e4
    for name, model in OWN.items():
        one, two = (model(_panel(v, "M"), range(42, 49, 6), 12, None) for v in (values, other))
        np.testing.assert_array_equal(one.quantiles, two.quantiles, err_msg=name)


def test_a_backtest_says_what_a_fit_to_the_cut_panel_says():
    values = _walks(5, 30, 14)
    panel = _panel(values)
    origins, answers = run(panel, {"ours": OWN["ours"]}, horizon=5, window=12)
    at = origins.index(10)
    fit = fit_trend(values[:, :10])
    np.testing.assert_allclose(answers["ours"].point[at], forecast(fit, 5))
    quantiles = predictive_quantiles(fit, calibrate(values[:, :10], 5), LEVELS)
    np.testing.assert_allclose(answers["ours"].quantiles[at][..., [9, 0, 4, 8, 10]], quantiles)


def test_the_same_seed_draws_the_same_futures_whose_quantiles_are_the_ranges():
    values = _walks(2, 20, 14)
    fit, reach = fit_trend(values), calibrate(values, 5)
    one, two = (draw_paths(fit, reach, 4000, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    drawn = np.quantile(one, [0.1, 0.5, 0.9], axis=0)
    promised = np.moveaxis(predictive_quantiles(fit, reach, np.array([0.1, 0.5, 0.9])), -1, 0)
    assert drawn == pytest.approx(promised, rel=0.03)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_quantiles_rise_and_nothing_is_negative(seed):
    values = _walks(seed, 6, 9, zeros=0.3, late=2)
    fit = fit_trend(values)
    quantiles = predictive_quantiles(fit, calibrate(values, 5), LEVELS)
    known = ~np.isnan(fit.level)
    assert (quantiles[known] >= 0).all()
    assert (np.diff(quantiles[known], axis=2) >= -1e-9).all()


def test_eighty_and_ninety_five_percent_ranges_hold_what_they_promise_on_exchangeable_panels():
    inside = {0.8: [], 0.95: []}
    for seed in range(6):
        rng = np.random.default_rng(seed)
        values = np.exp(4 + np.cumsum(rng.standard_t(5, (200, 20)) * 0.04 + 0.01, axis=1))
        panel = _panel(values)
        origins = origins_of(panel, 5)
        answers = OWN["ours"](panel, origins, 5, 12)
        for at, origin in enumerate(origins):
            for h in range(min(5, 20 - origin)):
                actual = values[:, origin + h]
                q = answers.quantiles[at, :, h]
                inside[0.8].append(((actual >= q[:, 0]) & (actual <= q[:, 8])).mean())
                inside[0.95].append(((actual >= q[:, 9]) & (actual <= q[:, 10])).mean())
    assert np.mean(inside[0.8]) == pytest.approx(0.80, abs=0.03)
    assert np.mean(inside[0.95]) == pytest.approx(0.95, abs=0.02)


@given(seed=st.integers(0, 10_000), rows=st.integers(1, 6), cols=st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_raked_draws_add_up_and_keep_zero_margins_zero(seed, rows, cols):
    rng = np.random.default_rng(seed)
    cube = rng.gamma(1.0, 1.0, (3, rows, cols)) + 1e-3
    wanted_rows, wanted_cols = rng.gamma(1.0, 5.0, (3, rows)), rng.gamma(1.0, 5.0, (3, cols))
    if rows > 1:
        wanted_rows[:, 0] = 0.0
    if cols > 1:
        wanted_cols[:, -1] = 0.0
    wanted_rows, wanted_cols = agree(wanted_rows, wanted_cols)
    raked = rake(cube, wanted_rows, wanted_cols)
    assert (raked >= 0).all()
    np.testing.assert_allclose(raked.sum(axis=2), wanted_rows, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(raked.sum(axis=1), wanted_cols, rtol=1e-9, atol=1e-9)
