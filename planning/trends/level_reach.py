"""How far the ranges of whole levels reach: regions, specialties and the nation err on scales of their own.

Belongs here: the scale of a level's past errors against all series', the room that no range should leave,
and widths that never shrink with the horizon. Does not belong here: how far the ranges of a panel reach
(`reach.py`), draws (`intervals.py`).

Method: shocks that all regions share do not cancel in the nation, their own ones do, so that one reach for
both is too short for the one and too long for the other. A level's scale is the root mean square of its past
errors ÷ that of all series at the same origins and horizons, so that a restless year weighs on both alike.
A nation has one error a year: the ratio is pulled to 1 as if `BELIEF_ORIGINS` further origins had shown no
difference (partial pooling, as a variance ratio with a scaled inverse chi-square prior). Every step uses
what was known at the origin. See docs/methods/intervals.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from planning.trends.reach import COVERAGES, Calibration, Scored, known_before

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Origins that a level's likeness to all series is worth. Of 2 and 4, 4 held the nation's 80 % range nearer to
# 80 % in simulated hierarchies (81.5 against 79.5 %, 95 % range 94.4 against 93.2 %).
BELIEF_ORIGINS = 4.0
# An error beyond so many times the 80 % quantile of all series counts as that much: one wild series is no
# level.
WORST_RATIO = 3.0
# Origins after which half of the variance of a shock not yet seen is no longer believed.
UNSEEN_ORIGINS = 2.0
_AT_80, _AT_95 = 0.8, 0.95
# Beyond 80 % a range grows at least as the normal's does: a handful of errors has no tail of its own.
_OUTER = np.where(COVERAGES > _AT_80, ndtri(0.5 + COVERAGES / 2) / ndtri(0.9), 0.0)


@dataclass(frozen=True)
class LevelReach:
    """A calibration and what it is multiplied with.

    Attributes:
        calibration: Its reach never falls with the horizon.
        scale: (n, H) half-width on the log scale ÷ the calibration's reach.
    """

    calibration: Calibration
    scale: Floats

    def half_widths(self, coverage: float) -> Floats:
        """(n, H) half-width of the central range, log scale."""
        return self.scale * _at(self.calibration.reach, coverage)


def level_reach(
    past: Sequence[Scored],
    origin: int,
    calibration: Calibration,
    deviation: Floats,
    levels: Ints,
    steps: Floats,
    *,
    unseen_sd: float = 0.0,
) -> LevelReach:
    """The reach of every series from its level's past errors.

    A 95 % range is shortened to the room its level has shown to need, and its inner ranges in proportion, so
    that 95 % stays wider than 80 %; no range is narrower than that of a year before.

    Args:
        past: Earlier origins with their errors.
        origin: Periods known.
        calibration: Of all series together.
        deviation: (n,) of each series, log scale.
        levels: (n,) level of each series, numbered from 0.
        steps: (n, T−1) yearly steps so far, log scale: all there is before the first origins have been met.
        unseen_sd: Yearly log spread that no series is promised to stay below, as a shock to the whole may
            not have been seen yet; it fades as origins are seen.
    """
    reach = np.maximum.accumulate(calibration.reach, axis=0)
    reach = np.maximum(reach, _at(reach, _AT_80)[:, None] * _OUTER)
    known = [(p.deviation, known_before(p, origin)[:, : len(reach)]) for p in past]
    if not known:
        known = [(deviation, step[:, None] / deviation.clip(1e-9)[:, None]) for step in steps.T]
    own = level_ratios([errors for _, errors in known], levels) * _few(len(known), levels)
    room = level_ratios([errors * spread[:, None] for spread, errors in known], levels)
    scale = np.repeat((deviation * own[levels])[:, None], len(reach), axis=1)
    unseen = unseen_sd * np.sqrt(UNSEEN_ORIGINS / (UNSEEN_ORIGINS + len(past)))
    years = np.arange(1, len(reach) + 1)
    shock = ndtri(0.9) * unseen * np.sqrt(years) / np.maximum(_at(reach, _AT_80), 1e-12)
    scale = np.maximum(scale, shock)
    longest = calibration.longest * room[levels][:, None]
    at_95 = scale * _at(reach, _AT_95)
    scale *= np.minimum(1.0, np.divide(longest, at_95, out=np.ones_like(at_95), where=at_95 > 0))
    for h in range(1, len(reach)):
        ratio = np.divide(reach[h - 1], reach[h], out=np.zeros(len(COVERAGES)), where=reach[h] > 0).max()
        scale[:, h] = np.maximum(scale[:, h], scale[:, h - 1] * ratio)
    return LevelReach(replace(calibration, reach=reach), scale)


def level_ratios(errors: Sequence[Floats], levels: Ints) -> Floats:
    """(L,) size of each level's errors against all series', pulled to 1.

    Args:
        errors: (n, h) of each origin, nan where unknown.
        levels: (n,) level of each series, numbered from 0.

    >>> one = np.array([[1.0], [1.0], [2.0]])
    >>> level_ratios([one, one], np.array([0, 0, 1])).round(3).tolist()
    [0.866, 1.225]
    """
    count = int(levels.max(initial=-1)) + 1
    total, seen = np.zeros(count), np.zeros(count)
    for origin in errors:
        ratios: list[list[float]] = [[] for _ in range(count)]
        for column in np.abs(origin).T:
            known = ~np.isnan(column)
            spread = np.quantile(column[known], _AT_80) if known.any() else 0.0
            if spread <= 0:
                continue
            squares = np.minimum(column, WORST_RATIO * spread) ** 2
            everyone = squares[known].mean()
            for level in range(count):
                mine = known & (levels == level)
                if mine.any():
                    ratios[level].append(float(squares[mine].mean() / everyone))
        for level, found in enumerate(ratios):
            if found:
                total[level] += np.mean(found)
                seen[level] += 1
    return np.sqrt((BELIEF_ORIGINS + total) / (BELIEF_ORIGINS + seen))


def _few(origins: int, levels: Ints) -> Floats:
    """(L,) lengthening for a scale that rests on few errors: Student's t against the normal at 80 %."""
    freedom = BELIEF_ORIGINS + origins * np.bincount(levels)
    return np.asarray(stdtrit(freedom, 0.9) / ndtri(0.9))


def _at(reach: Floats, coverage: float) -> Floats:
    """(H,) reach of one central coverage."""
    return np.array([np.interp(coverage, COVERAGES, row) for row in reach])
