"""Widths learnt from the sizes of past errors, on series whose noise is known."""

import numpy as np
import pytest

from planning.trends.own_width import MOST_WIDTH, WidthLessons

pytestmark = pytest.mark.spec

SERIES = 100
LATEST = np.tile([1.0, 1.01, 1.02], (SERIES, 1))
HEARD = np.ones(SERIES, dtype=bool)


def _taught(size_of, origins=range(4, 14), series=SERIES):
    """Widths at the end, for series whose deviations look alike; size_of(origin) scales each error."""
    rng = np.random.default_rng(0)
    taught = WidthLessons()
    latest, heard, deviation = LATEST[:series], HEARD[:series], np.full(series, 0.1)
    for origin in origins:
        traits = taught.traits(origin, latest, deviation, heard)
        taught.learn(origin, traits, rng.normal(0, 1, (series, 5)) * size_of(origin))
    return taught, taught.widths(20, taught.traits(20, latest, deviation, heard), heard, 5)


def test_series_that_erred_more_than_their_steps_told_are_given_wider_ranges():
    size = np.where(np.arange(SERIES) < 20, 2.0, 0.75)[:, None]
    _, widths = _taught(lambda _: size)
    assert widths[:20].mean() > 1.3
    assert widths[20:].mean() < 0.95
    assert np.abs(np.log(widths)).max() <= MOST_WIDTH


def test_a_restless_year_of_all_series_teaches_no_difference():
    calm = _taught(lambda _: 1.0)[1]
    restless = _taught(lambda origin: 10.0 if origin == 9 else 1.0)[1]
    assert restless == pytest.approx(calm, abs=1e-9)
    assert np.abs(np.log(calm)).mean() < 0.1


def test_errors_not_yet_known_widen_nothing():
    size = np.where(np.arange(SERIES) < 20, 2.0, 0.75)[:, None]
    taught, _ = _taught(lambda _: size)
    traits = taught.traits(4, LATEST, np.full(SERIES, 0.1), HEARD)
    assert (taught.widths(4, traits, HEARD, 5) == 1).all()


def test_fewer_series_than_eight_keep_the_width_of_their_steps():
    _, widths = _taught(lambda _: np.linspace(0.5, 3, 7)[:, None], series=7)
    assert (widths == 1).all()
