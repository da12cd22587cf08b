"""How far forecasts have been wrong, and so how far a range must reach.

Belongs here: conformal scores of past forecasts pooled over all series, the reach of a range by coverage
and horizon, and its mending by how earlier ranges held. Does not belong here: ranges in the unit of the
values, and draws (`intervals.py`).

Method: a range promised by a model is too narrow on short series; a range made of the model's own
past errors is not (split conformal prediction, Vovk et al. 2005). One short series has too few
errors, so the scores of all series are pooled, each divided by its series' own yearly deviation;
younger errors weigh more; and where the ranges issued at past origins held too few or too many
values, the next are widened or narrowed (adaptive conformal inference, Gibbs & Candès 2021). Every
step uses what was known at the origin. See docs/methods/intervals.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from planning.trends.kept_errors import KeptErrors, keep

Floats = NDArray[np.float64]

# Scores of fits to fewer values are not used: their deviation is hardly known.
MIN_TRAIN = 4
# Weight of an origin's errors against the next younger origin's.
MEMORY = 0.7
# Where spread has not been seen it grows with the horizon as the panel's changes do, which is worth so
# many origins.
GROWTH_ORIGINS = 2.0
# The panel's errors are a sample too: a new common shock is a little larger than the seen ones. It widens
# the promised ranges; those of 60 % and less are narrower without it and nearer to the truth.
NEW_SHOCK = 1.06
# No range is longer than this much of the error that 1 of 100 exceeded, where so many are known.
LONGEST_ROOM, LONGEST_RANK, LONGEST_LEAST = 1.5, 0.99, 40
# Shape of the errors before any is seen: Student's t with 5 degrees, worth one origin.
SHAPE_FREEDOM = 5.0
# Share of a miss in coverage that the next range makes good, at 80 and at 95 %, and how fast an old miss is
# forgotten. Mending costs sharpness (0.4 at 80 % adds 0.6 % to the pinball loss of 60 panels and moves their
# coverage by 0.1 point), so that ranges of 60 % and less, which nobody is promised, are left alone.
GAIN, GAIN_95 = 0.2, 0.4
GAIN_MEMORY = 0.6
MENDED_FROM = 0.6
# Unrest of late against before, one year ahead, that is believed to go on, at every horizon; memories
# of "late" and "before"; least origins to tell; largest change on the log scale.
UNREST = 0.6
LATE, BEFORE = 0.5, 0.9
UNREST_LEAST = 3
UNREST_MOST = 0.7
# The 95 % range rests on few large errors, and few errors make it too short: 13 % longer.
TAIL = 1.13
# Central coverage at which the reach is kept; values between are interpolated.
COVERAGES = np.concatenate([np.linspace(0.0, 0.98, 50), [0.985, 0.99, 0.995, 0.999]])
_AT_80, _AT_95 = 0.8, 0.95
_LONGER = np.interp(COVERAGES, [_AT_80, _AT_95], [1.0, TAIL])


@dataclass(frozen=True)
class Pace:
    """What differs between years and months: least past and memory per period."""

    least: int = MIN_TRAIN
    memory: float = MEMORY
    gain_memory: float = GAIN_MEMORY
    new_shock: float = NEW_SHOCK
    gain: float = GAIN
    gain_95: float = GAIN_95
    unrest: float = UNREST
    has_tail: bool = True


YEARLY_PACE = Pace()
# A month forgets a twelfth of what a year forgets; many origins leave no room for an unseen shock.
MONTHLY_PACE = Pace(
    least=24,
    memory=0.97,
    gain_memory=0.9,
    new_shock=1.0,
    gain=0.2,
    gain_95=0.2,
    has_tail=False,
)


class Scored(Protocol):
    """A past origin and the errors (n, H) that were made there."""

    @property
    def origin(self) -> int:
        """Periods known."""

    @property
    def errors(self) -> Floats:
        """(n, H) in deviations, nan where unknown."""

    @property
    def deviation(self) -> Floats:
        """(n,) of each series, log scale."""

    @property
    def growth(self) -> float:
        """Exponent by which errors are believed to grow with the horizon, from values before the origin."""


_GRID = (np.arange(100) + 0.5) / 100


@dataclass(frozen=True)
class Calibration:
    """How far a range of each central coverage must reach.

    Attributes:
        reach: (H, C) half-width in yearly deviations of a series, by horizon and COVERAGES.
        common_share: Share of the score variance that all series had in common in one year (0–1).
        counts: (H,) past scores behind each horizon.
        longest: (H,) half-width on the log scale that no range exceeds; inf where too little is seen.
    """

    reach: Floats
    common_share: float
    counts: tuple[int, ...]
    longest: Floats


def conformal_quantiles(scores: Floats, levels: Floats, weights: Floats | None = None) -> Floats:
    """Weighted quantiles of pooled scores, each score at the middle of its weight.

    Args:
        scores: (m,) in any order.
        levels: (k,) in [0, 1].
        weights: (m,) positive; None: all alike.

    Returns:
        (k,) – nan if there are no scores.

    >>> conformal_quantiles(np.arange(1.0, 6.0), np.array([0.1, 0.5, 0.9])).tolist()
    [1.0, 3.0, 5.0]
    """
    if not scores.size:
        return np.full(len(levels), np.nan)
    order = np.argsort(scores)
    weight = np.ones(len(scores)) if weights is None else weights[order]
    middle = (np.cumsum(weight) - weight / 2) / weight.sum()
    return np.interp(levels, middle, scores[order])


def calibrations(
    rehearsals: Iterable[Scored], horizon: int, pace: Pace = YEARLY_PACE
) -> Iterator[Calibration]:
    """The calibration at every origin, oldest first, each from the errors known by then.

    Args:
        rehearsals: In the order of their origins.
        horizon: Periods ahead.
        pace: Years or months.

    Yields:
        One calibration a rehearsal.
    """
    past: list[KeptErrors] = []
    scores: dict[tuple[int, int], Floats] = {}
    for rehearsal in rehearsals:
        origin = rehearsal.origin
        own = _reach(scores, origin, horizon, pace, rehearsal.growth) * _unrest(scores, origin, pace)
        own = own * (_LONGER if pace.has_tail else 1.0)
        own = own * _mending(past, origin, horizon, pace)
        reach = np.maximum.accumulate(own, axis=1)
        counts = tuple(sum(int(p.counts[h]) for p in past if h < p.known(origin)) for h in range(horizon))
        yield Calibration(reach, _common_share(past, origin), counts, _longest(past, origin, horizon))
        if origin >= pace.least:
            promised = np.stack([np.interp([_AT_80, _AT_95], COVERAGES, row) for row in reach])
            past.append(keep(origin, rehearsal.errors[:, :horizon], rehearsal.deviation, promised))
            scores |= _score_grids(rehearsal)


def known_before(past: Scored, origin: int) -> Floats:
    """(n, h) errors of a past origin that were known when `origin` periods had passed."""
    return past.errors[:, : max(origin - past.origin, 0)]


def _score_grids(rehearsal: Scored) -> dict[tuple[int, int], Floats]:
    """Hundred evenly spaced quantiles of the absolute errors at each horizon: all that is kept.

    Absolute, because the sign of the last common shock does not foretell the next one's.
    """
    grids = {}
    for h, errors in enumerate(np.abs(rehearsal.errors).T):
        known = errors[~np.isnan(errors)]
        if known.size:
            grids[rehearsal.origin, h] = np.quantile(known, _GRID)
    return grids


def _reach(
    scores: dict[tuple[int, int], Floats], origin: int, horizon: int, pace: Pace, growth: float
) -> Floats:
    """(H, C) reach from the scores known at `origin`: spread by horizon × one shape for all."""
    years = np.arange(1, horizon + 1)
    belief = growth * np.log(years)
    known = {key: grid for key, grid in scores.items() if key[0] + key[1] < origin}
    seen, spread = np.zeros(horizon), np.zeros(horizon)
    for h in range(horizon):
        grids = {then: grid for (then, at), grid in known.items() if at == h}
        if grids:
            weights = np.repeat([_age_weight(origin, then, h, pace) for then in grids], len(_GRID))
            at_80 = conformal_quantiles(np.concatenate(list(grids.values())), np.array([_AT_80]), weights)[0]
            if at_80 > 0:
                seen[h], spread[h] = len(grids), np.log(at_80)
    prior = np.quantile(_student(_GRID), _AT_80)
    if seen.any():
        start = (seen * (spread - belief)).sum() / seen.sum()
        spread = (seen * spread + GROWTH_ORIGINS * (start + belief)) / (seen + GROWTH_ORIGINS)
    else:
        spread = belief + np.log(prior)
    width = np.exp(np.maximum.accumulate(spread))
    pooled = [_student(_GRID) / prior] + [grid / width[h] for (_, h), grid in known.items()]
    weights = np.repeat([1.0] + [_age_weight(origin, t, h, pace) for t, h in known], len(_GRID))
    shape = conformal_quantiles(np.concatenate(pooled), COVERAGES, weights)
    shock = np.interp(COVERAGES, [MENDED_FROM, _AT_80], [1.0, pace.new_shock])
    reach: Floats = width[:, None] * (shock * shape)[None]
    return reach


def _unrest(scores: dict[tuple[int, int], Floats], origin: int, pace: Pace) -> float:
    """Factor on every reach: the spread of late one-step errors over that of earlier ones, damped.

    Errors one year ahead are known first, and restless years come together (Engle 1982, Econometrica
    50), so that they foretell the width of longer ranges whose own errors are still to come.
    """
    then = [(at, grid) for (at, h), grid in scores.items() if h == 0 and at < origin]
    spread = np.array([np.interp(_AT_80, _GRID, grid) for _, grid in then])
    if len(then) < UNREST_LEAST or pace.unrest == 0 or (spread <= 0).any():
        return 1.0
    age = origin - 1 - np.array([at for at, _ in then])
    late, before = (np.average(np.log(spread), weights=memory**age) for memory in (LATE, BEFORE))
    return float(np.exp(pace.unrest * np.clip(late - before, -UNREST_MOST, UNREST_MOST)))


def _longest(past: list[KeptErrors], origin: int, horizon: int) -> Floats:
    """(H,) what hardly any error of any series exceeded, with room; grows like √h beyond what is seen.

    A wild series multiplies a wild deviation by the reach that other wild series asked for.
    """
    longest = np.full(horizon, np.inf)
    for h in range(horizon):
        errors = np.concatenate([np.empty(0)] + [p.log_sizes[h] for p in past if h < p.known(origin)])
        if len(errors) >= LONGEST_LEAST:
            longest[h] = LONGEST_ROOM * np.quantile(errors, LONGEST_RANK)
        elif h and np.isfinite(longest[h - 1]):
            longest[h] = longest[h - 1] * np.sqrt((h + 1) / h)
    rising: Floats = np.maximum.accumulate(longest)
    return rising


def _age_weight(origin: int, then: int, h: int, pace: Pace) -> float:
    """Weight of the errors h+1 years ahead made `then`: 1 if they have just become known."""
    return float(pace.memory ** (origin - then - 1 - h))


def _student(coverages: Floats) -> Floats:
    """Half-width of the central range of Student's t."""
    return np.asarray(stdtrit(SHAPE_FREEDOM, 0.5 + coverages / 2), dtype=np.float64)


def _mending(past: list[KeptErrors], origin: int, horizon: int, pace: Pace) -> Floats:
    """(H, C) factor on the reach: past ranges that held too little widen the next, and conversely."""
    factor = np.ones((horizon, len(COVERAGES)))
    for h in range(horizon):
        short = np.zeros(2)
        for then in past:
            if h < then.known(origin) and then.counts[h]:
                short = pace.gain_memory * short + [_AT_80, _AT_95] - then.held[h]
        gains = np.array([pace.gain, pace.gain_95])
        wanted = np.clip([_AT_80, _AT_95] + gains * short, [0.55, 0.85], [0.97, 0.995])
        at_80, at_95 = _student(wanted) / _student(np.array([_AT_80, _AT_95]))
        factor[h] = np.interp(COVERAGES, [MENDED_FROM, _AT_80, _AT_95], [1.0, at_80, at_95])
    return factor


def _common_share(past: list[KeptErrors], origin: int) -> float:
    """Variance of the yearly mean error over total variance, over past origins (0 with one)."""
    known = [p for p in past if p.known(origin) and p.counts[0] > 1]
    if len(known) < 2:
        return 0.0
    between = float(np.mean([p.first_mean**2 for p in known]))
    return between / (between + float(np.mean([p.first_variance for p in known])) + 1e-12)
