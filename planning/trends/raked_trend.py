"""The first forecast: past values by region and specialty carried on, so that parts and wholes agree.

Belongs here: leaves and margins brought together, their ranges learnt after that, draws that add up.
Does not belong here: the trend and the reach themselves (`trend.py`, `reach.py`), raking (`reconcile.py`),
the scores of past forecasts (`raked_scores.py`), and anything that knows of population or staff.

Method: leaves are one panel; regions, specialties and nation another. A margin is a weighted geometric mean
of its own forecast and the sum of its leaves', because neither errs less on every panel (Bates & Granger
1969, Operational Research Quarterly 20), and the leaves are raked to it. Every past origin is forecast
so again; the reach of a range comes from the errors of the raked forecasts, not of those before raking.
See docs/methods/reconciliation.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.trends.intervals import draw_errors, predictive_quantiles
from planning.trends.level_reach import LevelReach, level_reach
from planning.trends.reach import MIN_TRAIN, Calibration, calibrations
from planning.trends.reconcile import agree, rake, supported
from planning.trends.trend import Rehearsal, TrendFit, back, forecast, log_errors, rehearse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS = np.array([0.025, 0.1, 0.5, 0.9, 0.975])
# Fewer years cannot be told from chance, so nothing is forecast.
MIN_YEARS = 3
# Share of a margin's own forecast; the rest is the sum of its leaves. Of 0, ¼ … 1 and shares learnt from
# past errors, 0.4 worsens the leaves of none of four tables by more than 0.1 %, and helps most totals.
OWN_SHARE = 0.4
_RAKED = 1e-11
# A few quiet years are no promise: ten-year errors of 10 to 18 % are usual for projections of a nation's
# doctors, 14 % ÷ √10 a year, and regions and specialties share what befalls the nation.
UNSEEN_SD = 0.045
# Draws that tell how much raking widens a leaf, and the least share of its own variance that is left.
_TRIED = 60
_LEAST_LEFT = 0.1


@dataclass(frozen=True)
class RakedForecast:
    """Draws of every leaf that add up to the same regions, specialties and nation.

    Attributes:
        draws: (D, H, R, S) in the unit of the values, never negative.
        base_quantiles: (R, S, H, 5) of the leaves before raking, at LEVELS.
        base_point: (R, S, H) before raking.
        point: (R, S, H) after raking.
        base_margins: (R + S + 1, H, 5) quantiles of regions, specialties and nation on their own.
    """

    draws: Floats
    base_quantiles: Floats
    base_point: Floats
    point: Floats
    base_margins: Floats


@dataclass(frozen=True)
class RakedOrigin:
    """One origin forecast again: the raked leaves (R, S, H), and the errors before and after raking."""

    origin: int
    raked: Floats
    leaves: Rehearsal
    margins: Rehearsal
    raked_leaves: Rehearsal
    raked_margins: Rehearsal


@dataclass(frozen=True)
class Reaches:
    """How far ranges must reach before raking and after it."""

    leaves: Calibration
    margins: Calibration
    raked_leaves: LevelReach
    raked_margins: LevelReach


def forecast_raked(values: Floats, horizon: int, *, draws: int, rng: np.random.Generator) -> RakedForecast:
    """Forecast leaves and margins with the shrunk damped drift, rake, and draw around that.

    Args:
        values: (R, S, T) yearly values ≥ 0; nan where unknown.
        horizon: Years ahead.
        draws: Number of draws.
        rng: Source of the draws.

    Raises:
        ValueError: Fewer than MIN_YEARS years.
    """
    years = values.shape[2]
    if years < MIN_YEARS:
        raise ValueError(f"{years} years of values; a trend needs at least {MIN_YEARS}")
    *_, (last, reaches) = raked_origins(values, horizon)
    return draw_raked(last, reaches, draws, rng)


def raked_origins(values: Floats, horizon: int) -> Iterator[tuple[RakedOrigin, Reaches]]:
    """Every origin, oldest first, with what is known of its errors by then."""
    pasts = list(_origins(values, horizon))
    parts = (
        calibrations((past.leaves for past in pasts), horizon),
        calibrations((past.margins for past in pasts), horizon),
        calibrations((past.raked_leaves for past in pasts), horizon),
        calibrations((past.raked_margins for past in pasts), horizon),
    )
    regions, specialties, _ = values.shape
    leaf = np.zeros(regions * specialties, dtype=np.int64)
    margin = np.repeat([0, 1, 2], [regions, specialties, 1])
    for at, (past, leaves, margins, *raked) in enumerate(zip(pasts, *parts, strict=True)):
        seen = values[:, :, : past.origin]
        yield (
            past,
            Reaches(
                leaves,
                margins,
                _of_levels([p.raked_leaves for p in pasts[:at]], past.leaves, raked[0], leaf, _rows(seen)),
                _of_levels(
                    [p.raked_margins for p in pasts[:at]],
                    past.margins,
                    raked[1],
                    margin,
                    with_totals(seen),
                    UNSEEN_SD,
                ),
            ),
        )


def _of_levels(
    before: Sequence[Rehearsal],
    now: Rehearsal,
    reach: Calibration,
    levels: Ints,
    seen: Floats,
    unseen_sd: float = 0.0,
) -> LevelReach:
    """The reach by level from earlier origins and the steps of the values seen (n, T)."""
    known = [one for one in before if one.origin >= MIN_TRAIN]
    logs = np.log(np.maximum(seen + now.fit.offset[:, None], now.fit.floor[:, None]))
    steps = np.diff(logs, axis=1)
    return level_reach(known, now.origin, reach, now.deviation, levels, steps, unseen_sd=unseen_sd)


def _rows(values: Floats) -> Floats:
    """(R, S, T) to (R·S, T)."""
    return values.reshape(-1, values.shape[2])


def _origins(values: Floats, horizon: int) -> Iterator[RakedOrigin]:
    """Forecast, bring together and rake at every origin."""
    regions, specialties, years = values.shape
    totals = with_totals(values)
    leaves = values.reshape(regions * specialties, years)
    for leaf, margin in zip(rehearse(leaves, horizon), rehearse(totals, horizon), strict=True):
        base = _filled(forecast(leaf.fit, horizon)).reshape(regions, specialties, horizon)
        own = _filled(forecast(margin.fit, horizon))
        raked = _raked_point(base, own)
        then = leaf.origin
        ahead = slice(then, then + horizon)
        yield RakedOrigin(
            then,
            raked,
            leaf,
            margin,
            _scored(leaf, leaves[:, ahead], raked.reshape(-1, horizon), horizon),
            _scored(margin, totals[:, ahead], with_totals(raked), horizon),
        )


def _raked_point(base: Floats, own: Floats) -> Floats:
    """(R, S, H) leaves raked to margins, OWN_SHARE their own forecast and the rest the sum of the leaves."""
    regions = base.shape[0]
    mixed = own[:-1] ** OWN_SHARE * with_totals(base)[:-1] ** (1 - OWN_SHARE)
    rows, cols = agree(mixed[:regions].T, mixed[regions:].T)
    table = np.moveaxis(base, 2, 0)
    return np.moveaxis(rake(supported(table, rows, cols), rows, cols, tolerance=_RAKED), 0, 2)


def _scored(made: Rehearsal, ahead: Floats, raked: Floats, horizon: int) -> Rehearsal:
    """The rehearsal with the errors of the raked forecast in place of its own."""
    errors = np.full((len(raked), horizon), np.nan)
    errors[:, : ahead.shape[1]] = log_errors(ahead, raked, made.fit)
    return Rehearsal(made.origin, made.fit, errors)


def draw_raked(past: RakedOrigin, reaches: Reaches, draws: int, rng: np.random.Generator) -> RakedForecast:
    """Draw leaves and margins around the raked forecast, and rake each draw."""
    regions, specialties, horizon = past.raked.shape
    path, fit = past.raked.reshape(-1, horizon), past.leaves.fit
    totals = with_totals(past.raked)
    shocks = _shocks(reaches.raked_leaves, draws, rng)
    margins = _around(totals, past.margins.fit, _shocks(reaches.raked_margins, draws, rng))
    rows, cols = _agreed(np.moveaxis(margins, 2, 1), regions, totals[-1])
    first = slice(0, _TRIED)
    cube = _raked(_around(path, fit, shocks[first]), rows[first], cols[first])
    cube = _raked(_around(path, fit, shocks * _left_to_leaves(shocks[first], cube, fit)), rows, cols)
    quantiles = _filled(predictive_quantiles(fit, reaches.leaves, LEVELS))
    return RakedForecast(
        cube,
        quantiles.reshape(regions, specialties, horizon, len(LEVELS)),
        _filled(forecast(fit, horizon)).reshape(regions, specialties, horizon),
        past.raked,
        _filled(predictive_quantiles(past.margins.fit, reaches.margins, LEVELS)),
    )


def _agreed(margins: Floats, regions: int, nation: Floats) -> tuple[Floats, Floats]:
    """(D, H, R) and (D, H, S) draws scaled to the nation's draw (last of `margins`).

    A sum of skewed draws lies above the sum of their middles; the nation's draws are lifted by that, so
    that regions and specialties keep their middles.
    """
    rows, cols, whole = margins[..., :regions], margins[..., regions:-1], margins[..., -1:]
    sums = [part.sum(axis=-1, keepdims=True) for part in (rows, cols)]
    lift = np.median(np.sqrt(sums[0] * sums[1]), axis=0) / np.maximum(nation, 1e-300)[:, None]
    whole = whole * np.where(nation[:, None] > 0, lift, 0.0)
    return rows * _share(whole, sums[0]), cols * _share(whole, sums[1])


def _raked(cells: Floats, rows: Floats, cols: Floats) -> Floats:
    """Draws of leaves (D, n, H) raked to the draws of margins: (D, H, R, S)."""
    draws, horizon, regions = rows.shape
    cube = np.moveaxis(cells.reshape(draws, regions, -1, horizon), 3, 1)
    return rake(supported(cube, rows, cols), rows, cols, tolerance=_RAKED)


def _left_to_leaves(shocks: Floats, cube: Floats, fit: TrendFit) -> Floats:
    """(H,) share of the leaves' own errors to draw, because raking adds the margins' errors to them.

    The reach of a leaf is that of the raked forecast: own and margin's error together.
    """
    draws, horizon = cube.shape[:2]
    flat = np.moveaxis(cube.reshape(draws, horizon, -1), 1, 2)
    spread = np.log(np.maximum(flat + fit.offset[:, None], 1e-300)).var(axis=0)
    promised = shocks.var(axis=0)
    heard = (promised > 0) & ~fit.is_all_zero[:, None] & ~np.isnan(fit.level)[:, None]
    grown = [np.median(spread[k, h] / promised[k, h]) if k.any() else 1.0 for h, k in enumerate(heard.T)]
    return np.sqrt(np.clip(2.0 - np.array(grown), _LEAST_LEFT, 1.0))


def _shocks(reach: LevelReach, draws: int, rng: np.random.Generator) -> Floats:
    """(D, n, H) errors on the log scale."""
    return draw_errors(reach.calibration, len(reach.scale), draws, rng) * reach.scale


def _around(path: Floats, fit: TrendFit, errors: Floats) -> Floats:
    """(D, n, H) draws around a path (n, H) in the unit of the values, from errors on the log scale."""
    logs = np.log(np.maximum(path + fit.offset[:, None], 1e-300)) + errors
    return _filled(np.moveaxis(back(np.moveaxis(logs, 0, -1), fit), -1, 0))


def _share(wanted: Floats, found: Floats) -> Floats:
    """Factor from found to wanted; 0 where nothing is found."""
    return np.divide(wanted, found, out=np.zeros(np.broadcast(wanted, found).shape), where=found > 0)


def with_totals(values: Floats) -> Floats:
    """(R, S, T) to (R + S + 1, T): regions, specialties, nation; nan where no leaf is known.

    A leaf that is not told in a year counts in its totals as it was told last: without it they would read as
    a fall. A year yet to come may not fill one that is past.
    """
    parts = (values, values.swapaxes(0, 1), values.reshape(1, -1, values.shape[2]))
    known = np.concatenate([(~np.isnan(part)).any(axis=1) for part in parts])
    carried = _carried_on(values)
    parts = (carried, carried.swapaxes(0, 1), carried.reshape(1, -1, values.shape[2]))
    sums = np.concatenate([np.nansum(part, axis=1) for part in parts])
    return np.where(known, sums, np.nan)


def _carried_on(values: Floats) -> Floats:
    """Each unknown value as the last known one before it; what was not known yet stays unknown."""
    steps = np.arange(values.shape[-1])
    last = np.maximum.accumulate(np.where(np.isnan(values), 0, steps), axis=-1)
    return np.take_along_axis(values, last, axis=-1)


def _filled(values: Floats) -> Floats:
    """A series that never had a value is forecast as none."""
    return np.nan_to_num(values, nan=0.0, posinf=0.0)
