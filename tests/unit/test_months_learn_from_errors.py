"""Past errors of months widen noisy series and carry on what all series missed."""

import numpy as np
import pytest

from planning.trends.backtest import OWN
from planning.trends.monthly import rehearse_months
from planning.trends.panel import Panel

pytestmark = pytest.mark.unit

MONTHS = 72


def _values(seed=0):
    rng = np.random.default_rng(seed)
    season = 0.1 * np.sin(np.arange(MONTHS) * np.pi / 6)
    return np.exp(4 + season + rng.normal(0, 0.02, (16, MONTHS)))


def _panel(values):
    labels = tuple(f"{2015 + m // 12}-{m % 12 + 1:02d}-01" for m in range(values.shape[1]))
    return Panel(tuple(f"s{i:02d}" for i in range(len(values))), labels, values, "M", 0)


def test_a_series_that_was_missed_by_more_has_a_wider_range_than_its_steps_alone_ask_for():
    values = _values()
    # steps of one size, but one series drifts away from every forecast
    values[0] *= np.exp(0.12 * np.sin(np.arange(MONTHS) / 4.0))
    *_, last = rehearse_months(values, range(MONTHS, MONTHS + 1), 12)
    first, *_ = rehearse_months(values, range(24, 25), 12)
    assert (first.fit.deviation > 0).all()
    share = last.fit.deviation / np.median(last.fit.deviation[1:])
    assert share[0] > 1.5
    assert share[1:].max() < 1.5


def test_a_fall_that_all_series_share_is_followed_sooner_than_one_series_alone_would():
    values = _values(1)
    values[:, 57:] *= 0.8
    alone = _values(1)
    alone[0, 57:] *= 0.8
    both = [OWN["ours"](_panel(v), range(60, 61), 6, None).point[0, 0].mean() for v in (values, alone)]
    truth = values[0, 60:66].mean()
    assert abs(both[0] - truth) < abs(both[1] - truth)
