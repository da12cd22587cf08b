"""Monthly series: a family of seasonal smoothers, weighed by the past errors of panel and series.

Belongs here: the monthly recipe. Does not belong here: yearly trends (`trend.py`), seasonal indices
(`seasonal.py`), marks (`scoreboard.py`).

Method: logs less a shrunk season are followed by exponential smoothing with no trend, the panel's
shrunk drift, or a damped trend of their own (Holt; Gardner & McKenzie 1985). A month has enough past
for each series to be heard in the choice, so its own past errors and the panel's are pooled. A pooled
gradient boosting on the remaining errors made three of four development panels worse and is not used.
See docs/methods/trend.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from planning.candidates import damped_years
from planning.intervals import log_quantiles
from planning.reach import MONTHLY_PACE, calibrations
from planning.seasonal import MONTHS, seasonal_indices
from planning.short_series import logs_of, smallest_positive, zero_offset
from planning.shrinkage import variance_between

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEVEL_WEIGHTS = (0.05, 0.1, 0.2, 0.35, 0.6, 1.0)
# (memory of a year against the next younger, pulled to the panel's season?)
SEASONS = ((1.0, True), (0.7, True), (1.0, False), (0.7, False), (0.0, False))
# (share of a level's correction that goes to the trend, damping a month); None follows the panel.
TRENDS: tuple[tuple[float, float] | None, ...] = ((0.0, 0.0), None, (0.05, 0.98), (0.2, 0.95))
# Months between rehearsals: an error a month later is nearly the same error.
STEP = 3
LEAST_MONTHS = 24
# The panel's errors count as so many of the series' own; a loss 1 % above the best keeps 90 %.
PANEL_ERRORS = 50.0
SHARPNESS = 10.0
WORST_ERROR = 20.0


@dataclass(frozen=True)
class MonthlyFit:
    """The family at one origin: (G, n, H) paths on the log scale, (n,) deviation and offset."""

    paths: Floats
    deviation: Floats
    offset: Floats


@dataclass(frozen=True)
class MonthlyRehearsal:
    """One origin forecast again: blended path (n, H), and the errors that came, in deviations."""

    origin: int
    path: Floats
    fit: MonthlyFit
    errors: Floats

    @property
    def deviation(self) -> Floats:
        """(n,) of the fit."""
        return self.fit.deviation


def monthly_answers(
    values: Floats, origins: range, horizon: int, levels: Floats
) -> tuple[Floats, Floats, Flags]:
    """Point (K, n, H), quantiles (K, n, H, k) and fallbacks (K, n) at each origin, past-only.

    Args:
        values: (n, T) non-negative, nan where unknown.
        origins: Numbers of months known.
        horizon: Months ahead.
        levels: (k,) of the quantiles.

    A series with fewer than 24 months at an origin is a fallback: it is bridged back to the panel's
    first month with its own first value, so that it follows the panel's season.
    """
    points, bands, fallbacks = [], [], []
    rehearsals = list(rehearse_months(values, origins, horizon))
    for past, calibration in zip(rehearsals, calibrations(rehearsals, horizon, MONTHLY_PACE), strict=True):
        if past.origin not in origins:
            continue
        known = values[:, : past.origin]
        is_zero = (known == 0).any(axis=1) & ~(known > 0).any(axis=1)
        logs = log_quantiles(past.path, past.fit.deviation, calibration, levels)
        logs = np.concatenate([past.path[:, :, None], logs], axis=2)
        units = np.maximum(np.exp(logs) - past.fit.offset[:, None, None], 0.0)
        units[is_zero] = 0.0
        points.append(units[:, :, 0])
        bands.append(units[:, :, 1:])
        fallbacks.append((~np.isnan(known)).sum(axis=1) < LEAST_MONTHS)
    return np.stack(points), np.stack(bands), np.stack(fallbacks)


def rehearse_months(values: Floats, origins: range, horizon: int) -> Iterator[MonthlyRehearsal]:
    """Forecast again every STEP months and at `origins`; weights from errors known by then."""
    every = range(LEAST_MONTHS, origins.stop, STEP)
    told: list[tuple[int, Floats]] = []
    for origin in sorted(set(every) | set(origins)):
        fit = fit_months(values[:, :origin], horizon)
        weights = _weights(told, origin, fit)
        path = (weights[:, :, None] * fit.paths).sum(axis=0)
        ahead = values[:, origin : origin + horizon]
        known = (~np.isnan(values[:, :origin])).sum(axis=1) >= LEAST_MONTHS
        floor = np.nan_to_num(smallest_positive(values[:, :origin]) / 2, nan=1.0)[:, None]
        shifted = ahead + fit.offset[:, None]
        actual = np.full(path.shape, np.nan)
        actual[:, : ahead.shape[1]] = np.log(np.maximum(shifted, floor))
        actual[~known] = np.nan
        scale = fit.deviation[:, None]
        told.append((origin, np.minimum(np.abs(actual - fit.paths) / scale, WORST_ERROR)))
        yield MonthlyRehearsal(origin, path, fit, (actual - path) / scale)


def fit_months(values: Floats, horizon: int) -> MonthlyFit:
    """Fit the family to (n, T) months, T ≥ 24."""
    offset = zero_offset(values)
    logs = logs_of(values, offset)
    logs = np.where(np.isnan(logs), _first_known(logs)[:, None], logs)
    size, months = logs.shape
    month, ahead = np.arange(months) % MONTHS, (months + np.arange(horizon)) % MONTHS
    drift = _monthly_drift(logs)
    paths = []
    deviation = np.zeros(size)
    for memory, to_panel in SEASONS:
        season = seasonal_indices(logs, memory, to_panel=to_panel)
        calm = logs - season[:, month]
        if (memory, to_panel) == SEASONS[0]:
            square = (np.diff(calm, axis=1) ** 2).mean(axis=1)
            deviation = np.sqrt((square * months + square.mean() * 6) / (months + 6))
        paths.append(_smoothed(calm, drift, horizon) + season[:, ahead])
    return MonthlyFit(np.concatenate(paths), deviation.clip(1e-9), offset)


def _smoothed(calm: Floats, drift: Floats, horizon: int) -> Floats:
    """(L·T, n, H) level and trend followed through (n, months), one row a pair of the family."""
    pairs = list(product(LEVEL_WEIGHTS, TRENDS))
    weight = np.array([w for w, _ in pairs])[:, None]
    gain = np.array([t[0] if t else 0.0 for _, t in pairs])[:, None] * weight
    damping = np.array([t[1] if t else 1.0 for _, t in pairs])[:, None]
    level = np.repeat(calm[None, :, :6].mean(axis=2), len(pairs), axis=0)
    slope = np.where(damping > 0, drift[None], 0.0)
    for now in calm.T:
        expected = level + damping * slope
        miss = now - expected
        level = expected + weight * miss
        slope = damping * slope + gain * miss
    years = np.stack([damped_years(horizon, float(d)) for d in damping[:, 0]])
    path: Floats = level[:, :, None] + slope[:, :, None] * years[:, None, :]
    return path


def _monthly_drift(logs: Floats) -> Floats:
    """(n,) drift a month from yearly steps, pulled to the panel, the panel to zero."""
    steps = (logs[:, MONTHS:] - logs[:, :-MONTHS]) / MONTHS
    years = max(steps.shape[1] / MONTHS, 1.0)
    mean, spread = steps.mean(axis=1), steps.var(axis=1)
    error = (spread + spread.mean()) / 2 / years
    between = variance_between(mean, error)
    precision = 1 / (between + error + 1e-15)
    panel = (precision * mean).sum() / precision.sum()
    kept = panel * panel**2 / (panel**2 + steps.mean(axis=0).var() / years + 1e-18)
    drift: Floats = kept + between / (between + error + 1e-15) * (mean - panel)
    return drift


def _weights(told: list[tuple[int, Floats]], origin: int, fit: MonthlyFit) -> Floats:
    """(G, n) weights of the family for each series, from the errors known at `origin`."""
    loss, count = np.zeros(fit.paths.shape[:2]), np.zeros(fit.paths.shape[1])
    for then, errors in told:
        known = errors[:, :, : origin - then]
        loss += np.nansum(known, axis=2)
        count += (~np.isnan(known[0])).sum(axis=1)
    if not count.any():
        return np.full(loss.shape, 1 / len(loss))
    panel = loss.sum(axis=1, keepdims=True) / count.sum()
    mean = (loss + PANEL_ERRORS * panel) / (count + PANEL_ERRORS)
    best = mean.min(axis=0)
    weights = np.exp(-SHARPNESS * np.where(best > 0, mean / np.maximum(best, 1e-300) - 1, 0.0))
    shares: Floats = weights / weights.sum(axis=0)
    return shares


def _first_known(logs: Floats) -> Floats:
    """(n,) first value of each row, 0 if none."""
    known = ~np.isnan(logs)
    first = logs[np.arange(len(logs)), np.argmax(known, axis=1)]
    return np.where(known.any(axis=1), first, 0.0)
