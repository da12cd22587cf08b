"""Where a short annual series is heading: the shrunk, damped drift of its logarithm.

Belongs here: the fit of level and drift over a panel of series, the flag for a jump of definition,
and the point forecast. Does not belong here: ranges (`intervals.py`), rolling origins
(`backtest.py`), months (`monthly.py`), and tables – everything here is numpy, one row a series, one
column a year.

Method: one drift for a short series is mostly noise, and the panel's mean drift is the best guess
where nothing else is known. Empirical Bayes (Morris 1983, JASA 78) weighs the two by their
variances; the drift is then damped (Gardner & McKenzie 1985, Management Science 31), because trends
of health systems die out. See docs/methods/trend.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DAMPING = 0.9
# A year-on-year step counts as a jump of definition when it exceeds both of these: 4 robust
# standard deviations of the series' own steps, and 20 % – smaller breaks cannot be told from an
# ordinary year.
JUMP_DEVIATIONS = 4.0
JUMP_LOG_STEP = float(np.log(1.2))
# Weight of the panel's variance in each series' own, in observations: with 8 steps a series is
# heard two thirds, with 2 steps one third.
VARIANCE_PRIOR_STEPS = 4.0


@dataclass(frozen=True)
class TrendFit:
    """A fitted panel of n series over T years.

    Attributes:
        level: (n,) last level, log scale; nan where a series has no value yet.
        drift: (n,) shrunk drift per year, log scale.
        deviation: (n,) one-year standard deviation, log scale, shrunk to the panel.
        offset: (n,) added before the logarithm so that zero has one; 0 for positive series.
        steps: (n,) year-on-year steps that the drift rests on.
        panel_drift: Mean drift of the panel.
        is_jump: (n, T) the step into this year looks like a change of definition.
        is_fallback: (n,) fewer than two steps: the drift is the panel's alone.
        is_all_zero: (n,) every value is zero: forecast zero, range zero.
        damping: Share of the drift that survives each further year.
    """

    level: Floats
    drift: Floats
    deviation: Floats
    offset: Floats
    steps: NDArray[np.int64]
    panel_drift: float
    is_jump: Flags
    is_fallback: Flags
    is_all_zero: Flags
    damping: float = DAMPING


def fit_trend(values: Floats, *, damping: float = DAMPING) -> TrendFit:
    """Fit level and shrunk drift of every series at the last year of a panel.

    Args:
        values: (n, T) non-negative; nan where unknown (before a series appears, or a gap). Only the
            values given are used: cut the array at the origin and the fit is past-only.
        damping: Share of the drift that survives each further year, in (0, 1].

    Raises:
        ValueError: Not two-dimensional, negative or infinite values, damping out of range.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"values: expected (series, years), got shape {values.shape}")
    if np.isinf(values).any() or (values < 0).any():
        raise ValueError("values: a trend of logarithms needs finite values of zero or more")
    if not 0 < damping <= 1:
        raise ValueError(f"damping: expected a share in (0, 1], got {damping}")
    offset = zero_offset(values)
    logs = fill_gaps(
        np.log(values + offset[:, None], where=~np.isnan(values), out=np.full_like(values, np.nan))
    )
    steps = np.diff(logs, axis=1)
    is_jump = find_jumps(steps)
    used = ~np.isnan(steps) & ~is_jump
    count = used.sum(axis=1)
    drift, deviation, panel_drift = shrink(np.where(used, steps, np.nan))
    seen = ~np.isnan(values)
    return TrendFit(
        level=logs[:, -1] if logs.shape[1] else np.full(len(logs), np.nan),
        drift=drift,
        deviation=deviation,
        offset=offset,
        steps=count,
        panel_drift=panel_drift,
        is_jump=np.pad(is_jump, ((0, 0), (1, 0)))[:, : values.shape[1]],
        is_fallback=count < 2,
        is_all_zero=seen.any(axis=1) & (np.nan_to_num(values) == 0).all(axis=1),
        damping=damping,
    )


def forecast(fit: TrendFit, horizon: int) -> Floats:
    """Point forecast (n, horizon) in the unit of the values: the median path, never negative."""
    path = fit.level[:, None] + fit.drift[:, None] * damped_years(horizon, fit.damping)
    return back(path, fit)


def damped_years(horizon: int, damping: float) -> Floats:
    """Years of drift that count by horizon: φ, φ+φ², … (horizon,).

    >>> damped_years(3, 0.5).tolist()
    [0.5, 0.75, 0.875]
    """
    return np.cumsum(damping ** np.arange(1, horizon + 1))


def back(logs: Floats, fit: TrendFit) -> Floats:
    """Log-scale (n, …) back to the unit of the values; an all-zero series stays zero."""
    shape = (-1,) + (1,) * (logs.ndim - 1)
    values = np.maximum(np.exp(logs) - fit.offset.reshape(shape), 0.0)
    return np.where(fit.is_all_zero.reshape(shape), 0.0, values)


def zero_offset(values: Floats) -> Floats:
    """(n,) half the smallest positive value of a series that has zeros, else 0 (1 if all zero)."""
    smallest = np.min(np.where(values > 0, values, np.inf), axis=1, initial=np.inf)
    smallest = np.where(np.isinf(smallest), 2.0, smallest)
    return np.where((values == 0).any(axis=1), smallest / 2, 0.0)


def fill_gaps(logs: Floats) -> Floats:
    """Bridge the blanks of (n, T) log values: straight between two, flat after the last.

    Blanks before the first value stay blank. Both rules look at the past of the last column only.
    """
    filled = logs.copy()
    year = np.arange(logs.shape[1])
    for row in np.flatnonzero(np.isnan(logs).any(axis=1) & ~np.isnan(logs).all(axis=1)):
        seen = ~np.isnan(logs[row])
        filled[row] = np.interp(year, year[seen], logs[row, seen], left=np.nan)
    return filled


def find_jumps(steps: Floats) -> Flags:
    """Flag the steps (n, T−1) that are a jump of definition rather than an ordinary year.

    A step is compared with the median and the median absolute deviation of the series' other steps,
    so that one jump cannot hide itself; the deviation is at least the panel's typical one.
    """
    flags = np.zeros(steps.shape, dtype=bool)
    if steps.size == 0:
        return flags
    panel = _spread(steps - _median(steps, axis=1)[:, None])
    for year in range(steps.shape[1]):
        others = np.delete(steps, year, axis=1)
        middle = _median(others, axis=1)
        own = 1.4826 * _median(np.abs(others - middle[:, None]), axis=1)
        limit = np.maximum(JUMP_LOG_STEP, JUMP_DEVIATIONS * np.maximum(np.nan_to_num(own), panel))
        enough = (~np.isnan(others)).sum(axis=1) >= 3
        flags[:, year] = enough & (np.abs(steps[:, year] - middle) > limit)
    return flags


def shrink(steps: Floats) -> tuple[Floats, Floats, float]:
    """Empirical Bayes: drift and one-year deviation of each series, shrunk to the panel.

    Args:
        steps: (n, T−1) log steps, nan where not used.

    Returns:
        drift (n,), deviation (n,), and the panel's mean drift.
    """
    count = (~np.isnan(steps)).sum(axis=1)
    total = np.nansum(steps, axis=1)
    mean = np.divide(total, count, out=np.zeros(len(steps)), where=count > 0)
    squares = np.nansum((steps - mean[:, None]) ** 2, axis=1)
    freedom = np.maximum(count - 1, 0)
    pooled = squares.sum() / max(freedom.sum(), 1)
    variance = (squares + VARIANCE_PRIOR_STEPS * pooled) / (freedom + VARIANCE_PRIOR_STEPS)
    error = variance / np.maximum(count, 1)
    known = count >= 2
    if not known.any():
        panel = float(mean[count > 0].mean()) if (count > 0).any() else 0.0
        return np.full(len(steps), panel), np.sqrt(variance), panel
    between = _between(mean[known], error[known])
    weight = 1.0 / (between + error[known] + 1e-12)
    panel = float(np.sum(weight * mean[known]) / np.sum(weight))
    trust = np.where(known, between / (between + error + 1e-12), 0.0)
    return panel + trust * (mean - panel), np.sqrt(variance), panel


def _between(mean: Floats, error: Floats) -> float:
    """Variance between true drifts by the method of moments (DerSimonian & Laird 1986)."""
    weight = 1.0 / (error + 1e-12)
    centre = np.sum(weight * mean) / weight.sum()
    excess = np.sum(weight * (mean - centre) ** 2) - (len(mean) - 1)
    scale = weight.sum() - np.sum(weight**2) / weight.sum()
    return float(max(excess / scale, 0.0)) if scale > 0 else 0.0


def _median(values: Floats, axis: int) -> Floats:
    """Median that answers nan for an empty row without a warning."""
    rows = ~np.isnan(values).all(axis=axis)
    out = np.full(rows.shape, np.nan)
    if rows.any():
        out[rows] = np.nanmedian(values[rows], axis=axis)
    return out


def _spread(values: Floats) -> float:
    """Robust standard deviation of everything that is known; 0 if nothing is."""
    known = np.abs(values[~np.isnan(values)])
    return float(1.4826 * np.median(known)) if known.size else 0.0
