"""Short, zero, late and broken series have a defined forecast."""

import numpy as np
import pytest

from planning.trends.backtest import OWN, origins_of
from planning.trends.intervals import calibrate, draw_paths, predictive_quantiles
from planning.trends.panel import Panel
from planning.trends.scoreboard import mark, ratio, scoreboard
from planning.trends.short_series import JUMP_DEVIATIONS, JUMP_LOG_STEP, JUMP_OTHERS, find_jumps
from planning.trends.trend import fit_trend, forecast

pytestmark = pytest.mark.unit


def _panel_with(row, periods=12, others=20):
    rng = np.random.default_rng(0)
    rest = 100 * np.exp(np.cumsum(rng.normal(0.01, 0.02, (others, periods)), axis=1))
    return np.vstack([row, rest])


def _labelled(values):
    labels = tuple(str(2010 + t) for t in range(values.shape[1]))
    return Panel(tuple(f"s{i:02d}" for i in range(len(values))), labels, values, "Y", 0)


def test_a_jump_of_definition_is_flagged_and_is_no_trend():
    row = np.full(12, 100.0) * (1 + 0.01 * np.sin(np.arange(12)))
    row[9:] *= 1.45
    fit = fit_trend(_panel_with(row))
    assert np.flatnonzero(fit.is_jump[0]).tolist() == [9]
    ahead = forecast(fit, 5)[0]
    assert ahead == pytest.approx(145, rel=0.12)
    assert ahead[-1] / row[-1] < 1.10


@pytest.mark.parametrize("seed", range(20))
def test_jumps_are_those_that_a_search_through_each_rows_other_steps_finds(seed):
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, 0.08, (12, 9)) * np.where(rng.random((12, 9)) < 0.1, 8, 1)
    steps[rng.random(steps.shape) < 0.2] = np.nan
    away = np.abs(steps - np.nanmedian(steps, axis=1)[:, None])
    panel = 1.4826 * np.nanmedian(away)
    found = np.zeros(steps.shape, dtype=bool)
    for row, year in zip(*np.nonzero(~np.isnan(steps)), strict=True):
        others = np.delete(steps[row], year)
        others = others[~np.isnan(others)]
        if len(others) >= JUMP_OTHERS:
            middle = np.median(others)
            own = 1.4826 * np.median(np.abs(others - middle))
            limit = max(JUMP_LOG_STEP, JUMP_DEVIATIONS * max(own, panel))
            found[row, year] = abs(steps[row, year] - middle) > limit
    assert (find_jumps(steps) == found).all()


def test_a_steady_growth_of_a_quarter_a_year_is_no_jump():
    fit = fit_trend(_panel_with(50 * 1.25 ** np.arange(12)))
    assert not fit.is_jump[0].any()


def test_an_all_zero_series_is_forecast_zero_with_a_range_of_zero():
    values = _panel_with(np.zeros(12))
    fit = fit_trend(values)
    assert fit.is_all_zero[0]
    assert (forecast(fit, 5)[0] == 0).all()
    assert (predictive_quantiles(fit, calibrate(values, 5), np.array([0.1, 0.9]))[0] == 0).all()


def test_a_series_of_one_value_follows_the_panel_and_is_called_a_fallback():
    row = np.full(12, np.nan)
    row[-1] = 50.0
    fit = fit_trend(_panel_with(row))
    assert fit.is_fallback[0]
    assert 45 < forecast(fit, 1)[0, 0] < 56


def test_a_three_point_series_has_a_finite_range():
    row = np.full(12, np.nan)
    row[-3:] = [10.0, 30.0, 12.0]
    values = _panel_with(row)
    fit = fit_trend(values)
    assert not fit.is_fallback[0]
    bounds = predictive_quantiles(fit, calibrate(values, 5), np.array([0.1, 0.9]))[0]
    assert np.isfinite(bounds).all()
    assert (bounds[:, 0] < bounds[:, 1]).all()


def test_a_series_that_has_not_begun_is_not_forecast():
    row = np.full(12, np.nan)
    row[-1] = 5.0
    panel = _labelled(_panel_with(row))
    answers = OWN["ours"](panel, range(8, 12), 3, 12)
    assert np.isnan(answers.point[:, 0]).all()
    assert not answers.is_fallback[:, 0].any()


def test_a_panel_with_four_blank_years_gives_no_absurd_ranges():
    rng = np.random.default_rng(3)
    values = 1000 * np.exp(np.cumsum(rng.normal(0.01, 0.1, (20, 12)), axis=1))
    values[:, 1:5] = np.nan
    fit, calibration = fit_trend(values), calibrate(values, 5)
    low, high = np.moveaxis(predictive_quantiles(fit, calibration, np.array([0.1, 0.9])), 2, 0)
    assert np.all(fit.deviation > 0.03)
    assert np.all(high / low < 10)


def test_years_without_a_value_at_the_end_are_no_sign_of_standing_still():
    values = np.tile(100 * 1.1 ** np.arange(10.0), (3, 1))
    values[0, 7:] = np.nan
    assert fit_trend(values, damping=0.9).slopes[0, 0] == pytest.approx(np.log(1.1), rel=0.01)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_series_that_stood_still_and_then_moved_send_no_range_beyond_what_a_number_can_hold():
    rng = np.random.default_rng(0)
    values = np.full((6, 8), 50.0)
    values[:, 6:] = rng.uniform(20, 90, (6, 2))
    fit, calibration = fit_trend(values), calibrate(values, 5)
    drawn = draw_paths(fit, calibration, 200, rng)
    assert np.isfinite(drawn).all()
    assert calibration.reach.max() < 1000


def test_negative_values_are_refused():
    with pytest.raises(ValueError, match="zero or more"):
        fit_trend(np.array([[1.0, -1.0]]))


def test_a_panel_without_series_gives_tables_without_rows():
    fit = fit_trend(np.empty((0, 8)))
    assert forecast(fit, 5).shape == (0, 5)
    assert predictive_quantiles(fit, calibrate(np.empty((0, 8)), 5), np.array([0.5])).shape[0] == 0


def test_marks_of_naive_on_a_straight_line_are_known_in_advance():
    panel = _labelled(np.arange(1.0, 13.0)[None])
    origins = origins_of(panel, 3)
    marks = {"naive": mark(panel, origins, OWN["naive"](panel, origins, 3, 12), 12)}
    board = scoreboard(panel, origins, marks).set_index(["horizon", "size"])
    assert board.loc[(1, "all"), "mase"] == pytest.approx(1.0)
    assert board.loc[(3, "all"), "mase"] == pytest.approx(3.0)
    assert board.loc[(1, "all"), "bias_share"] < 0


def test_a_model_against_itself_has_a_ratio_of_one_with_no_range():
    panel = _labelled(_panel_with(np.full(12, 7.0)))
    origins = origins_of(panel, 3)
    marks = mark(panel, origins, OWN["ours"](panel, origins, 3, 12), 12)
    assert ratio(marks, marks, "error")[:3] == pytest.approx((1.0, 1.0, 1.0))


def test_a_constant_series_lies_inside_its_own_range_in_spite_of_rounding():
    panel = _labelled(np.full((4, 12), 5.0))
    origins = origins_of(panel, 3)
    marks = mark(panel, origins, OWN["ours"](panel, origins, 3, 12), 12)
    assert np.nanmin(marks.in80) == 1


def test_two_years_of_a_panel_give_a_range_with_width():
    values = np.array([[100.0, 104.0], [50.0, 49.0], [20.0, 21.0]])
    band = predictive_quantiles(fit_trend(values), calibrate(values, 1), np.array([0.1, 0.9]))
    assert (band[:, 0, 1] > band[:, 0, 0] * 1.01).all()
