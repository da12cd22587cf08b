"""Monthly series: a family of seasonal smoothers, weighed by the past errors of panel and series.

Belongs here: the monthly recipe. Does not belong here: the family (`monthly_family.py`), yearly trends
(`trend.py`), marks (`scoreboard.py`).

Method: a month has enough past for each series to be heard in the choice among smoothers, so its own past
errors and the panel's are pooled. Past errors also teach what the mixture misses (`error_regression.py`)
and how wide each series' ranges must be.
See docs/methods/trend.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.trends.error_regression import (
    CARRIED_MONTHS,
    MOST_ERROR,
    Lesson,
    amendment,
    carried_miss,
    centred_traits,
    lesson,
    place_in_panel,
    trust,
)
from planning.trends.intervals import log_quantiles
from planning.trends.monthly_family import MonthlyFit, fit_months
from planning.trends.reach import MONTHLY_PACE, calibrations
from planning.trends.seasonal import MONTHS
from planning.trends.short_series import smallest_positive

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Months between rehearsals: an error a month later is nearly the same error.
STEP = 3
LEAST_MONTHS = 24
# The panel's errors count as so many of the series' own; a loss 1 % above the best keeps 82 %.
PANEL_ERRORS = 100.0
SHARPNESS = 20.0
WORST_ERROR = 20.0
# Exponent by which the errors of months grow with the horizon where it has not been seen.
GROWTH = 0.15
# The panel's usual error counts as so many of a series' own in the width of its ranges.
WIDTH_ERRORS = 100.0


@dataclass(frozen=True)
class MonthlyRehearsal:
    """One origin forecast again: amended path (n, H), and the errors that came, in deviations.

    The deviation is widened or narrowed to each series' own past errors.
    """

    origin: int
    path: Floats
    fit: MonthlyFit
    errors: Floats

    @property
    def deviation(self) -> Floats:
        """(n,) of the fit."""
        return self.fit.deviation

    @property
    def growth(self) -> float:
        """The level of a month is known well, so that errors grow slower than a random walk."""
        return GROWTH


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
    for past, calibration in zip(
        rehearsals, calibrations(rehearsals, horizon, MONTHLY_PACE, asked=origins), strict=True
    ):
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
    passed: list[tuple[int, Floats]] = []
    lessons: list[Lesson] = []
    shares = np.full(horizon, CARRIED_MONTHS)
    for origin in sorted(set(every) | set(origins)):
        fit = fit_months(values[:, :origin], horizon)
        weights = _weights(told, origin, fit)
        path = (weights[:, :, None] * fit.paths).sum(axis=0)
        actual, heard = _actual(values, origin, fit)
        scale = fit.deviation[:, None]
        told.append((origin, np.minimum(np.abs(actual - fit.paths) / scale, WORST_ERROR)))
        traits = _traits(passed, origin, path, fit, heard)
        proposed = amendment(lessons, origin, traits, heard, horizon)
        used = trust(lessons, origin) * proposed
        more = used + np.where(heard[:, None], carried_miss(lessons, origin, shares, after=STEP), 0.0)
        errors = ((actual - path) / scale).clip(-WORST_ERROR, WORST_ERROR)
        first = (errors - used)[:, :STEP].mean(axis=1)
        lessons.append(lesson(origin, traits, errors.clip(-MOST_ERROR, MOST_ERROR), proposed, first))
        width = _own_width(passed, origin, len(path))
        passed.append((origin, errors))
        wide = replace(fit, deviation=fit.deviation * width)
        path = path + more * scale
        yield MonthlyRehearsal(origin, path, wide, (actual - path) / wide.deviation[:, None])


def _actual(values: Floats, origin: int, fit: MonthlyFit) -> tuple[Floats, Flags]:
    """(n, H) logs of what came, nan where unknown or of a short series; (n,) series long enough."""
    past, ahead = values[:, :origin], values[:, origin : origin + fit.paths.shape[2]]
    heard = (~np.isnan(past)).sum(axis=1) >= LEAST_MONTHS
    floor = np.nan_to_num(smallest_positive(past) / 2, nan=1.0)[:, None]
    actual = np.full(fit.paths.shape[1:], np.nan)
    actual[:, : ahead.shape[1]] = np.log(np.maximum(ahead + fit.offset[:, None], floor))
    actual[~heard] = np.nan
    return actual, heard


def _traits(
    passed: list[tuple[int, Floats]], origin: int, path: Floats, fit: MonthlyFit, heard: Flags
) -> Floats:
    """(n, 4) traits: mean error of the newest months, of a year; size; forecast year less the newest."""
    size = len(path)
    recent, year = np.zeros(size), np.zeros(size)
    known = [(then, errors[:, : origin - then]) for then, errors in passed if origin - then >= STEP]
    if known:
        recent = _row_mean(known[-1][1])
        year = _row_mean(np.concatenate([e for then, e in known if origin - then <= MONTHS], axis=1))
    drift = (path.mean(axis=1) - fit.newest_year) / fit.deviation / 2
    raw = np.stack([recent, year, place_in_panel(fit.newest_year), drift], axis=1)
    return centred_traits(raw, heard)


def _own_width(passed: list[tuple[int, Floats]], origin: int, size: int) -> Floats:
    """(n,) usual size of a series' own past errors over the panel's, pulled to 1."""
    total, count = np.zeros(size), np.zeros(size)
    for then, errors in passed:
        known = np.abs(errors[:, : origin - then])
        total += np.nansum(known, axis=1)
        count += (~np.isnan(known)).sum(axis=1)
    if not total.any():
        return np.ones(size)
    usual = total.sum() / count.sum()
    width: Floats = (total + WIDTH_ERRORS * usual) / (count + WIDTH_ERRORS) / usual
    return width


def _row_mean(values: Floats) -> Floats:
    """(n,) mean of what is known in each row, 0 where nothing is."""
    known = ~np.isnan(values)
    mean: Floats = np.where(known, values, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return mean


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
