"""How far forecasts have been wrong, and so how far a range must reach.

Belongs here: conformal scores of past forecasts pooled over all series, their shape, and the reach of a
range by coverage and horizon. Does not belong here: the spread by horizon (`spread.py`), the feedback from
coverage (`mending.py`), ranges in the unit of the values, and draws (`intervals.py`).

Method: a range promised by a model is too narrow on short series; a range made of the model's own
past errors is not (split conformal prediction, Vovk et al. 2005). One short series has too few
errors, so the scores of all series are pooled, each divided by its series' own yearly deviation;
younger errors weigh more. Every step uses what was known at the origin. See docs/methods/intervals.md.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from planning.trends.kept_errors import KeptErrors, keep
from planning.trends.mending import MENDED_FROM, PROMISED, Gains, mended, student
from planning.trends.spread import expected_spread

Floats = NDArray[np.float64]

# Scores of fits to fewer values are not used: their deviation is hardly known.
MIN_TRAIN = 4
# Weight of an origin's errors against the next younger origin's.
MEMORY = 0.7
# The panel's errors are a sample too: a new common shock is a little larger than the seen ones. It widens
# the promised ranges; those of 60 % and less are narrower without it and nearer to the truth.
NEW_SHOCK = 1.1
# No range is longer than this much of the error that 1 of 100 exceeded, where so many are known.
LONGEST_ROOM, LONGEST_RANK, LONGEST_LEAST = 1.5, 0.99, 40
# Shape of the errors before any is seen: Student's t, worth so many origins.
SHAPE_ORIGINS = 3.0
# Unrest of late against before, one year ahead, that is believed to go on, at every horizon; memories
# of "late" and "before"; least origins to tell; largest change on the log scale.
UNREST = 0.6
LATE, BEFORE = 0.5, 0.9
UNREST_LEAST = 3
UNREST_MOST = 0.7
# The 95 % range rests on few large errors, and few errors make it too short: a fifth longer.
TAIL = 1.2
# Central coverage at which the reach is kept; values between are interpolated.
COVERAGES = np.concatenate([np.linspace(0.0, 0.98, 50), [0.985, 0.99, 0.995, 0.999]])
_AT_80, _AT_95 = PROMISED


@dataclass(frozen=True)
class Pace:
    """What differs between years and months: least past, memory per period, and what is made good."""

    least: int
    memory: float
    tail: float
    gains: Gains


YEARLY_PACE = Pace(
    least=MIN_TRAIN,
    memory=MEMORY,
    tail=TAIL,
    gains=Gains(own=(0.2, 0.4), common=(0.6, 0.8), memory=0.5),
)
# A month forgets a twelfth of what a year forgets, and many origins have shown most of the tail.
MONTHLY_PACE = Pace(
    least=24,
    memory=0.97,
    tail=1.05,
    gains=Gains(own=(0.1, 0.1), common=(0.2, 0.2), memory=0.9),
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
        longest: (H,) half-width on the log scale that no range exceeds; inf where too little is seen, or
            nobody asked.
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
    rehearsals: Iterable[Scored],
    horizon: int,
    pace: Pace = YEARLY_PACE,
    *,
    asked: Container[int] | None = None,
) -> Iterator[Calibration]:
    """The calibration at every origin, oldest first, each from the errors known by then.

    Args:
        rehearsals: In the order of their origins.
        horizon: Periods ahead.
        pace: Years or months.
        asked: Origins whose ranges are wanted; None: all. What only ranges need is not sought for others.

    Yields:
        One calibration a rehearsal.
    """
    past: list[KeptErrors] = []
    scores: dict[tuple[int, int], Floats] = {}
    for rehearsal in rehearsals:
        origin = rehearsal.origin
        own = _reach(scores, origin, horizon, pace, rehearsal.growth) * _unrest(scores, origin)
        factors = mended(past, origin, horizon, pace.gains) * [1.0, pace.tail]
        reach = np.maximum.accumulate(own * _between(factors), axis=1)
        counts = tuple(sum(int(p.counts[h]) for p in past if h < p.known(origin)) for h in range(horizon))
        longest = np.full(horizon, np.inf)
        if asked is None or origin in asked:
            longest = _longest(past, origin, horizon)
        yield Calibration(reach, _common_share(past, origin), counts, longest)
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
            grids[rehearsal.origin, h] = np.interp(_GRID, np.linspace(0, 1, known.size), np.sort(known))
    return grids


def _reach(
    scores: dict[tuple[int, int], Floats], origin: int, horizon: int, pace: Pace, growth: float
) -> Floats:
    """(H, C) reach from the scores known at `origin`: spread by horizon × one shape for all."""
    known = {(then, h): grid for (then, h), grid in scores.items() if then + h < origin}
    sizes = {at: float(np.interp(_AT_80, _GRID, grid)) for at, grid in known.items()}
    belief = growth * np.log(np.arange(1, horizon + 1))
    width = expected_spread(sizes, origin, belief, pace.memory)
    pooled = [student(_GRID) / student(PROMISED)[0], *(grid / width[h] for (_, h), grid in known.items())]
    weights = [SHAPE_ORIGINS, *(pace.memory ** (origin - then - 1 - h) for then, h in known)]
    shape = conformal_quantiles(np.concatenate(pooled), COVERAGES, np.repeat(weights, len(_GRID)))
    shape = shape / np.interp(_AT_80, COVERAGES, shape)
    reach: Floats = width[:, None] * (_between(np.array([[NEW_SHOCK] * 2])) * shape)
    return reach


def _between(factors: Floats) -> Floats:
    """(…, C) factors at every coverage, of (…, 2) at 80 and 95 %: 1 up to MENDED_FROM."""
    whole = np.concatenate([np.ones((len(factors), 1)), factors], axis=1)
    return np.stack([np.interp(COVERAGES, [MENDED_FROM, _AT_80, _AT_95], row) for row in whole])


def _unrest(scores: dict[tuple[int, int], Floats], origin: int) -> float:
    """Factor on every reach: the spread of late one-step errors over that of earlier ones, damped.

    Errors one year ahead are known first, and restless years come together (Engle 1982, Econometrica
    50), so that they foretell the width of longer ranges whose own errors are still to come.
    """
    then = [(at, grid) for (at, h), grid in scores.items() if h == 0 and at < origin]
    spread = np.array([np.interp(_AT_80, _GRID, grid) for _, grid in then])
    if len(then) < UNREST_LEAST or (spread <= 0).any():
        return 1.0
    age = origin - 1 - np.array([at for at, _ in then])
    late, before = (np.average(np.log(spread), weights=memory**age) for memory in (LATE, BEFORE))
    return float(np.exp(UNREST * np.clip(late - before, -UNREST_MOST, UNREST_MOST)))


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


def _common_share(past: list[KeptErrors], origin: int) -> float:
    """Variance of the yearly mean error over total variance, over past origins (0 with one)."""
    known = [p for p in past if p.known(origin) and p.counts[0] > 1]
    if len(known) < 2:
        return 0.0
    between = float(np.mean([p.first_mean**2 for p in known]))
    return between / (between + float(np.mean([p.first_variance for p in known])) + 1e-12)
