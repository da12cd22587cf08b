"""Trend, ranges and raking on numbers that can be checked by hand."""

import numpy as np
import pytest

from planning.trends.candidates import damped_years
from planning.trends.reach import conformal_quantiles
from planning.trends.reconcile import MarginError, agree, rake
from planning.trends.short_series import fill_gaps, zero_offset
from planning.trends.shrinkage import shrunk_drift, step_moments, variance_between
from planning.trends.stacking import least_on_simplex, past_errors, stacked_weights
from planning.trends.trend import fit_trend, forecast

pytestmark = pytest.mark.spec


def test_a_panel_that_grows_ten_percent_a_year_goes_on_damped():
    values = 100 * 1.1 ** np.arange(6) * np.array([[1.0], [2.0], [3.0]])
    fit = fit_trend(values, damping=0.9)
    expected = values[:, -1:] * 1.1 ** np.array([0.9, 0.9 + 0.81])
    assert forecast(fit, 2) == pytest.approx(expected, rel=1e-6)


def test_damped_years_add_up_the_powers():
    assert damped_years(4, 0.5) == pytest.approx([0.5, 0.75, 0.875, 0.9375])


def test_two_means_two_apart_with_error_one_half_have_variance_one_and_a_half_between():
    assert variance_between(np.array([0.0, 2.0]), np.array([0.5, 0.5])) == pytest.approx(1.5)


def test_series_that_differ_by_no_more_than_noise_share_one_drift():
    noise = np.array([[0.05, -0.05, 0.05, -0.05], [-0.05, 0.05, -0.05, 0.05]])
    drift = shrunk_drift(step_moments(0.1 + noise))
    assert drift[0] == pytest.approx(drift[1])
    assert drift[0] == pytest.approx(0.1, abs=1e-3)


def test_series_whose_steps_never_vary_keep_their_own_drift():
    drift = shrunk_drift(step_moments(np.array([[0.1] * 4, [0.3] * 4])))
    assert drift == pytest.approx([0.1, 0.3], abs=1e-6)


def test_candidates_that_err_to_opposite_sides_share_the_weight_that_cancels_them():
    # 2w − (1 − w) = 0 at w = ⅓
    weights = least_on_simplex(np.array([[4.0, -2.0], [-2.0, 1.0]]) + 1e-9 * np.eye(2), np.zeros(2))
    assert weights == pytest.approx([1 / 3, 2 / 3], abs=1e-3)


def test_the_least_mixture_is_the_one_that_a_search_over_all_finds():
    rng = np.random.default_rng(3)
    steps = np.linspace(0, 1, 201)
    grid = np.array([(a, b, 1 - a - b) for a in steps for b in steps if a + b <= 1])
    for _ in range(20):
        root, linear = rng.normal(size=(3, 3)), rng.normal(size=3)
        square = root @ root.T + 0.01 * np.eye(3)
        value = 0.5 * np.einsum("ki,ij,kj->k", grid, square, grid) - grid @ linear
        found = least_on_simplex(square, linear)
        assert 0.5 * found @ square @ found - found @ linear <= value.min() + 1e-6
        assert found == pytest.approx(grid[value.argmin()], abs=0.05)


def test_errors_not_yet_known_do_not_weigh_and_without_any_the_weights_are_equal():
    errors = np.array([[[0.1, 9.0]], [[0.5, 0.1]]])
    assert stacked_weights([past_errors(4, errors)], 4, 2).tolist() == [0.5, 0.5]
    assert stacked_weights([past_errors(4, errors)], 5, 2)[0] > 0.9
    assert stacked_weights([past_errors(4, errors)], 6, 2)[0] < 0.5


def test_small_units_are_expected_to_vary_more_where_the_panel_does():
    rng = np.random.default_rng(1)
    size = np.repeat([2.0, 6.0], 30)
    steps = rng.normal(0, np.where(size > 3, 0.02, 0.2)[:, None], (60, 3))
    law, none = step_moments(steps, size).variance, step_moments(steps).variance
    assert law[:30].mean() > none[:30].mean()
    assert law[30:].mean() < none[30:].mean()


def test_equal_steps_across_a_gap_count_as_one():
    steps = np.array([[0.1, 0.1, 0.1, 0.5], [0.2, 0.0, 0.2, 0.0]])
    is_met = np.array([[False, False, True, True], [True] * 4])
    moments = step_moments(steps, is_met=is_met)
    assert moments.count.tolist() == [2, 4]
    squares = np.array([0.12, 0.04])
    usual = squares.sum() / (1 + 3)
    assert moments.variance == pytest.approx((squares + 4 * usual) / (np.array([1, 3]) + 4))


def test_a_gap_is_bridged_on_a_straight_line_and_the_end_stays_flat():
    row = np.array([[np.nan, 1.0, np.nan, 3.0, np.nan]])
    assert fill_gaps(row)[0, 1:] == pytest.approx([1.0, 2.0, 3.0, 3.0])
    assert np.isnan(fill_gaps(row)[0, 0])


def test_zero_takes_half_the_smallest_positive_value_as_offset():
    assert zero_offset(np.array([[0.0, 4.0, 6.0], [1.0, 2.0, 3.0]])).tolist() == [2.0, 0.0]


def test_weights_move_a_quantile_towards_the_heavy_score():
    light = conformal_quantiles(np.array([1.0, 2.0]), np.array([0.5]))
    heavy = conformal_quantiles(np.array([1.0, 2.0]), np.array([0.5]), np.array([1.0, 3.0]))
    assert light[0] == pytest.approx(1.5)
    assert heavy[0] == pytest.approx(1.75)


def test_raking_a_table_of_ones_gives_the_product_of_the_margins():
    raked = rake(np.ones((2, 2)), np.array([30.0, 70.0]), np.array([40.0, 60.0]))
    assert raked == pytest.approx(np.array([[12.0, 18.0], [28.0, 42.0]]))


def test_raking_keeps_the_odds_ratio():
    raked = rake(np.array([[4.0, 1.0], [1.0, 1.0]]), np.array([5.0, 5.0]), np.array([5.0, 5.0]))
    odds = raked[0, 0] * raked[1, 1] / (raked[0, 1] * raked[1, 0])
    assert odds == pytest.approx(4.0)


def test_margins_meet_at_the_geometric_mean_of_their_sums():
    rows, cols = agree(np.array([1.0, 1.0]), np.array([8.0]))
    assert rows.tolist() == [2.0, 2.0]
    assert cols.tolist() == [4.0]


def test_a_margin_that_zeros_leave_no_room_for_is_refused():
    with pytest.raises(MarginError, match="leave no room"):
        rake(np.eye(2), np.array([1.0, 3.0]), np.array([3.0, 1.0]), rounds=50)
