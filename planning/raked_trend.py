"""The first forecast: past values by region and specialty carried on, so that parts and wholes agree.

Belongs here: leaves, margins and their draws raked together, and the same measured on past origins. Does
not belong here: the trend and the ranges themselves (`trend.py`, `intervals.py`), raking (`reconcile.py`),
and anything that knows of population or staff (`projector.py`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.intervals import calibrate, draw_paths, predictive_quantiles
from planning.reconcile import agree, rake, supported
from planning.trend import fit_trend, forecast

Floats = NDArray[np.float64]

LEVELS = np.array([0.025, 0.1, 0.5, 0.9, 0.975])
# Fewer years cannot be told from chance, so nothing is forecast.
MIN_YEARS = 3


@dataclass(frozen=True)
class RakedForecast:
    """Draws of every leaf that add up to the same regions, specialties and nation.

    Attributes:
        draws: (D, H, R, S) in the unit of the values, never negative.
        base_quantiles: (R, S, H, 5) of the leaves before raking, at LEVELS.
        base_point: (R, S, H) before raking.
    """

    draws: Floats
    base_quantiles: Floats
    base_point: Floats


def forecast_raked(values: Floats, horizon: int, *, draws: int, rng: np.random.Generator) -> RakedForecast:
    """Forecast leaves and both margins with the shrunk damped drift, and rake each draw.

    Args:
        values: (R, S, T) yearly values ≥ 0; nan where unknown.
        horizon: Years ahead.
        draws: Number of draws.
        rng: Source of the draws.

    Raises:
        ValueError: Fewer than MIN_YEARS years.
    """
    regions, specialties, years = values.shape
    if years < MIN_YEARS:
        raise ValueError(f"{years} years of values; a trend needs at least {MIN_YEARS}")
    leaves = values.reshape(regions * specialties, years)
    fit, calibration = fit_trend(leaves), calibrate(leaves, horizon)
    cube = _filled(draw_paths(fit, calibration, draws, rng)).reshape(draws, regions, specialties, horizon)
    rows, cols = (_margin(np.nansum(values, axis=axis), horizon, draws, rng) for axis in (1, 0))
    rows, cols = agree(rows, cols)
    raked = rake(supported(np.moveaxis(cube, 3, 1), rows, cols), rows, cols, tolerance=1e-11)
    shape = (regions, specialties, horizon)
    quantiles = _filled(predictive_quantiles(fit, calibration, LEVELS)).reshape(*shape, len(LEVELS))
    return RakedForecast(raked, quantiles, _filled(forecast(fit, horizon)).reshape(shape))


@dataclass(frozen=True)
class PastScore:
    """What one past origin said about later years; arrays (R, S, h), h = years that came.

    Attributes:
        origin: Years known.
        actual: What came.
        scale: (R, S) mean absolute yearly step before the origin: the unit of MASE.
        base: (R, S, h, 5) quantiles before raking.
        raked: (R, S, h, 5) quantiles after raking.
        region, nation: (R, h, 5), (h, 5) quantiles of the raked totals.
    """

    origin: int
    actual: Floats
    scale: Floats
    base: Floats
    raked: Floats
    region: Floats
    nation: Floats


def score_past(values: Floats, horizon: int, *, first_origin: int, draws: int, seed: int) -> list[PastScore]:
    """Forecast again from every past origin with the years before it only.

    Args:
        values: As `forecast_raked`.
        horizon: Most years ahead.
        first_origin: Years that the first origin knows.
        draws: Draws an origin.
        seed: Of the draws.
    """
    scores = []
    for origin in range(max(first_origin, MIN_YEARS), values.shape[2]):
        ahead = values[:, :, origin : origin + horizon]
        count = ahead.shape[2]
        made = forecast_raked(
            values[:, :, :origin], count, draws=draws, rng=np.random.default_rng([seed, origin])
        )
        steps = np.abs(np.diff(values[:, :, :origin], axis=2))
        known = np.maximum((~np.isnan(steps)).sum(axis=2), 1)
        scores.append(
            PastScore(
                origin,
                ahead,
                np.nansum(steps, axis=2) / known,
                made.base_quantiles,
                _quantiles(np.moveaxis(made.draws, 1, 3)),
                _quantiles(made.draws.sum(axis=3).swapaxes(1, 2)),
                _quantiles(made.draws.sum(axis=(2, 3))),
            )
        )
    return scores


def _quantiles(draws: Floats) -> Floats:
    """(D, …) to (…, 5) at LEVELS."""
    return np.moveaxis(np.quantile(draws, LEVELS, axis=0), 0, -1)


def _margin(values: Floats, horizon: int, draws: int, rng: np.random.Generator) -> Floats:
    """(D, H, n) draws of a margin of its own."""
    drawn = draw_paths(fit_trend(values), calibrate(values, horizon), draws, rng)
    return _filled(drawn).swapaxes(1, 2)


def _filled(values: Floats) -> Floats:
    """A series that never had a value is forecast as none."""
    return np.nan_to_num(values, nan=0.0, posinf=0.0)
