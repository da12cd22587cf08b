"""The family of seasonal smoothers that a monthly panel chooses from, fitted at one origin.

Belongs here: levels, trends and drifts of months less their season. Does not belong here: the choice among
them and what past errors teach (`monthly.py`), seasonal indices (`seasonal.py`).

Method: logs less a shrunk season are followed by exponential smoothing with no trend, the panel's shrunk
drift, or a damped trend of their own (Holt; Gardner & McKenzie 1985, Management Science 31).
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from planning.trends.candidates import damped_years
from planning.trends.seasonal import MONTHS, seasonal_indices
from planning.trends.short_series import logs_of, zero_offset
from planning.trends.shrinkage import variance_between

Floats = NDArray[np.float64]

LEVEL_WEIGHTS = (0.05, 0.1, 0.2, 0.35, 0.6, 1.0)
# (memory of a year against the next younger, pulled to the panel's season?)
SEASONS = ((1.0, True), (0.7, True), (0.4, True), (1.0, False), (0.7, False), (0.4, False), (0.0, False))
# (share of a level's correction that goes to the trend, damping a month); None follows the panel.
TRENDS: tuple[tuple[float, float] | None, ...] = (
    (0.0, 0.0),
    None,
    (0.05, 0.98),
    (0.2, 0.95),
    (0.3, 0.9),
    (0.4, 0.8),
)


@dataclass(frozen=True)
class MonthlyFit:
    """The family at one origin.

    Attributes:
        paths: (G, n, H) log scale.
        deviation: (n,) one-month standard deviation, log scale.
        offset: (n,) added before the logarithm.
        newest_year: (n,) mean log of the newest twelve months.
    """

    paths: Floats
    deviation: Floats
    offset: Floats
    newest_year: Floats


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
    newest_year = logs[:, -MONTHS:].mean(axis=1)
    return MonthlyFit(np.concatenate(paths), deviation.clip(1e-9), offset, newest_year)


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


def _first_known(logs: Floats) -> Floats:
    """(n,) first value of each row, 0 if none."""
    known = ~np.isnan(logs)
    first = logs[np.arange(len(logs)), np.argmax(known, axis=1)]
    return np.where(known.any(axis=1), first, 0.0)
