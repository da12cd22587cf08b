"""Ranges and draws in the unit of the values, as far from the forecast as past errors reach.

Belongs here: quantiles and correlated draws made of a calibration. Does not belong here: the calibration
itself (`reach.py`), the point forecast (`trend.py`) and the measurement of coverage on a panel
(`scoreboard.py`). See docs/methods/intervals.md.
"""

import numpy as np
from numpy.typing import NDArray

from planning.trends.reach import COVERAGES, Calibration, calibrations
from planning.trends.trend import WINDOW, TrendFit, back, log_path, rehearse

Floats = NDArray[np.float64]


def calibrate(values: Floats, horizon: int, *, window: int | None = WINDOW) -> Calibration:
    """Forecast the panel again from every past origin and learn the reach of the ranges.

    Args:
        values: (n, T) as for `fit_trend`.
        horizon: Years ahead.
        window: As for `fit_trend`.
    """
    end = values.shape[1]
    *_, last = calibrations(rehearse(values, horizon, window=window), horizon, asked=(end,))
    return last


def predictive_quantiles(fit: TrendFit, calibration: Calibration, levels: Floats) -> Floats:
    """(n, horizon, k) quantiles in the unit of the values, rising in k, never negative."""
    path = log_path(fit, len(calibration.reach))
    return back(log_quantiles(path, fit.deviation, calibration, levels), fit)


def log_quantiles(path: Floats, deviation: Floats, calibration: Calibration, levels: Floats) -> Floats:
    """(n, horizon, k) quantiles on the log scale around a path (n, horizon)."""
    levels = np.asarray(levels, dtype=np.float64)
    central = np.abs(2 * levels - 1)
    reach = np.stack([np.interp(central, COVERAGES, row) for row in calibration.reach])
    offsets = np.sign(levels - 0.5) * reach
    away = np.moveaxis(offsets[None] * deviation[:, None, None], 1, 2)
    quantiles: Floats = path[:, :, None] + np.moveaxis(held(away, calibration), 2, 1)
    return quantiles


def held(log_errors: Floats, calibration: Calibration) -> Floats:
    """Errors on the log scale (…, H), none beyond what the calibration calls longest."""
    bounded: Floats = np.clip(log_errors, -calibration.longest, calibration.longest)
    return bounded


def draw_paths(fit: TrendFit, calibration: Calibration, draws: int, rng: np.random.Generator) -> Floats:
    """(draws, n, horizon) futures whose quantiles are `predictive_quantiles`.

    The same generator state gives the same futures (common random numbers).
    """
    errors = draw_errors(calibration, len(fit.level), draws, rng)
    logs = log_path(fit, len(calibration.reach)) + held(errors * fit.deviation[:, None], calibration)
    futures: Floats = np.moveaxis(back(np.moveaxis(logs, 0, -1), fit), -1, 0)
    return futures


def draw_errors(calibration: Calibration, series: int, draws: int, rng: np.random.Generator) -> Floats:
    """(draws, series, horizon) errors in yearly deviations, as far as the calibration reaches.

    One future's errors follow each other like a random walk, and share the panel's common shock.
    """
    horizon = len(calibration.reach)
    own = rng.standard_normal((draws, series, horizon))
    shared = rng.standard_normal((draws, 1, horizon))
    share = calibration.common_share
    path = np.cumsum(np.sqrt(1 - share) * own + np.sqrt(share) * shared, axis=2)
    # Evenly spaced ranks: quantiles of few draws would else be wider in one year than in the next by chance.
    place = np.argsort(np.argsort(path, axis=0), axis=0)
    ranks = (2 * place + 1) / draws - 1
    errors: Floats = np.empty_like(ranks)
    for h, reach in enumerate(calibration.reach):
        errors[:, :, h] = np.sign(ranks[:, :, h]) * np.interp(np.abs(ranks[:, :, h]), COVERAGES, reach)
    return errors
