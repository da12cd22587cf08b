"""The range of a coverage: by hand, against drawn bootstrap samples, and on panels of known coverage."""

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import t as student

from planning.trends.coverage_range import coverage_range

pytestmark = pytest.mark.property


def test_eight_of_ten_lone_origins_are_wilsons_range_with_students_quantile():
    # Variance 0.16 / 9: nine forecasts' worth; Student's quantile for nine is 2.262.
    z = 2.262157**2 / 9
    middle, half = (0.8 + z / 2) / (1 + z), np.sqrt(z * 0.16 + z**2 / 4) / (1 + z)
    held = np.array([1.0] * 8 + [0.0] * 2)[:, None]
    assert coverage_range(held, 1) == pytest.approx((middle - half, middle + half), abs=1e-6)
    assert coverage_range(held, 1) == pytest.approx((0.427, 0.955), abs=5e-4)


def test_the_closed_form_is_the_variance_of_drawn_blocks_of_origins():
    rng = np.random.default_rng(3)
    held = (rng.random((12, 30, 1)) < np.clip(rng.normal(0.7, 0.25, (12, 1, 1)), 0, 1)).astype(float)
    held[rng.random(held.shape) < 0.2] = np.nan
    origins, block = 12, 3
    count, inside = (~np.isnan(held)).sum(axis=(1, 2)), np.nansum(held, axis=(1, 2))
    share = inside.sum() / count.sum()
    starts = rng.integers(0, origins, (40_000, origins // block, 1))
    drawn = ((starts + np.arange(block)) % origins).reshape(len(starts), -1)
    scatter = (inside - share * count)[drawn].sum(axis=1).var() / count.sum() ** 2 / (1 - block / origins)
    low, high = coverage_range(held, block)
    z = student.ppf(0.975, origins * 3 * block / (2 * block**2 + 1) - 1) ** 2 * scatter / share / (1 - share)
    assert (low + high) / 2 == pytest.approx((share + z / 2) / (1 + z), rel=0.01)
    assert high - low == pytest.approx(2 * np.sqrt(z * share * (1 - share) + z**2 / 4) / (1 + z), rel=0.02)


@pytest.mark.parametrize(("origins", "common"), [(8, 0.4), (12, 0.1), (20, 0.7)])
def test_ranges_hold_the_true_coverage_where_series_share_their_years(origins, common):
    rng, ahead, reach = np.random.default_rng(1), np.arange(1, 6), ndtri(0.9)
    told, counted = [], []
    for _ in range(300):
        shocks = rng.normal(size=(origins, 1)) * np.sqrt(common)
        level = np.cumsum(shocks + rng.normal(size=(origins, 40)) * np.sqrt(1 - common), axis=0)
        level = np.concatenate([np.zeros((1, 40)), level, np.full((5, 40), np.nan)])
        moved = np.stack([level[o + ahead] - level[o] for o in range(origins)]).transpose(0, 2, 1)
        held = np.where(np.isnan(moved), np.nan, np.abs(moved) <= reach * np.sqrt(ahead))
        low, high = coverage_range(held, 5)
        told.append(low <= 0.8 <= high)
        # What a reader would take for granted: every forecast a draw of its own.
        play = 1.96 * np.sqrt(0.16 / (~np.isnan(held)).sum())
        counted.append(abs(np.nanmean(held) - 0.8) <= play)
    assert np.mean(told) >= 0.84
    assert np.mean(counted) < np.mean(told) - 0.15


def test_fewer_than_three_origins_say_nothing_and_full_coverage_is_no_certainty():
    assert np.isnan(coverage_range(np.ones((2, 50)), 1).low)
    low, high = coverage_range(np.ones((6, 50)), 1)
    assert high == 1
    assert 0.3 < low < 0.7
