"""The small family of trend models that a panel chooses from.

Belongs here: what differs between them – how long a level remembers, how long a drift remembers,
how fast it dies out – and their fit to the values before one origin. Does not belong here: the
mixture of them (`stacking.py`), ranges (`intervals.py`).

Every candidate is level + drift · damped years on the log scale; the drift is shrunk to the panel.
Damping follows Gardner & McKenzie (1985, Management Science 31): trends of health systems die out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.trends.growth import expected_growth
from planning.trends.short_series import find_jumps, logs_of, smallest_positive, zero_offset
from planning.trends.shrinkage import shrunk_drift, step_moments

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Candidate:
    """One model of the family.

    Attributes:
        level_weight: Weight of the newest value in the level: 1 believes it wholly (stocks), 0.3
            averages (small counts).
        drift_memory: Weight of a year's step against the next younger one in the drift.
        damping: Share of the drift that survives each further year; 0 is "no change".
    """

    level_weight: float
    drift_memory: float
    damping: float


# Few, and far apart: stacking mixes them, and near twins only cost time (28 did no better). No drift
# outlives its damping, so that nothing grows for ever.
FAMILY = (
    Candidate(1.0, 1.0, 0.0),
    Candidate(1.0, 1.0, 0.9),
    Candidate(1.0, 0.75, 0.97),
    Candidate(1.0, 0.5, 0.9),
    Candidate(0.5, 1.0, 0.0),
    Candidate(0.5, 0.75, 0.97),
    Candidate(0.3, 1.0, 0.97),
    Candidate(0.3, 0.5, 0.97),
)

_LATEST = 3


@dataclass(frozen=True)
class CandidateFits:
    """The family fitted at one origin; n series, G candidates.

    Attributes:
        level: (G, n) log scale, nan where a series has no value yet.
        drift: (G, n) a year, log scale.
        deviation: (n,) one-year standard deviation, log scale, shrunk to what is usual in the
            panel for the size.
        offset: (n,) added before the logarithm.
        floor: (n,) smallest value + offset that a logarithm is taken of.
        steps: (n,) year-on-year steps used.
        is_jump: (n, T) the step into this year looks like a change of definition.
        is_all_zero: (n,) values are known, and all are zero.
        latest: (n, 3) newest logs, oldest first; nan where there is none.
        growth: Exponent by which the panel's errors are expected to grow with the horizon.
    """

    level: Floats
    drift: Floats
    deviation: Floats
    offset: Floats
    floor: Floats
    steps: NDArray[np.int64]
    is_jump: Flags
    is_all_zero: Flags
    latest: Floats
    growth: float


def fit_candidates(values: Floats, family: tuple[Candidate, ...] = FAMILY) -> CandidateFits:
    """Fit every candidate to (n, T) values; only the values given are used."""
    offset = zero_offset(values)
    logs = logs_of(values, offset)
    steps = np.diff(logs, axis=1)
    is_jump = find_jumps(steps)
    is_known = ~np.isnan(logs)
    known = is_known.sum(axis=1)
    usual = np.where(is_known, logs, 0.0).sum(axis=1) / np.where(known > 0, known, np.nan)
    is_met = ~np.isnan(values)
    goes_on = is_met if is_met.all() else np.maximum.accumulate(is_met[:, ::-1], axis=1)[:, ::-1]
    is_used = goes_on[:, 1:] & ~is_jump
    moments = step_moments(np.where(is_used, steps, np.nan), usual, is_met[:, 1:])
    drifts = {m: shrunk_drift(moments, m) for m in {c.drift_memory for c in family}}
    levels = {w: _level_parts(logs, w) for w in {c.level_weight for c in family}}
    level, drift = [], []
    for candidate in family:
        slope = drifts[candidate.drift_memory] * (candidate.damping > 0)
        mean, age = levels[candidate.level_weight]
        level.append(mean + age * slope)
        drift.append(slope)
    floor = np.nan_to_num(smallest_positive(values) / 2, nan=1.0) + offset
    return CandidateFits(
        level=np.array(level),
        drift=np.array(drift),
        deviation=np.sqrt(moments.variance),
        offset=offset,
        floor=np.where(offset > 0, offset, floor),
        steps=moments.count,
        is_jump=np.pad(is_jump, ((0, 0), (1, 0)))[:, : values.shape[1]],
        is_all_zero=(values == 0).any(axis=1) & ~(values > 0).any(axis=1),
        latest=np.pad(logs, ((0, 0), (_LATEST, 0)), constant_values=np.nan)[:, -_LATEST:],
        growth=expected_growth(logs),
    )


def damped_years(horizon: int, damping: float) -> Floats:
    """Years of drift that count by horizon: φ, φ+φ², … (horizon,).

    >>> damped_years(3, 0.5).tolist()
    [0.5, 0.75, 0.875]
    """
    return np.cumsum(damping ** np.arange(1, horizon + 1))


def _level_parts(logs: Floats, weight: float) -> tuple[Floats, Floats]:
    """Exponentially weighted mean of (n, T) logs and the mean age of its values, in years.

    The drift times the age brings the mean up to date. The first value takes the weight that is
    left.
    """
    known = ~np.isnan(logs)
    age = np.arange(logs.shape[1] - 1, -1, -1.0)
    by_age = weight * (1 - weight) ** age
    share = known @ by_age
    first = np.argmax(known, axis=1)
    values = np.where(known, logs, 0.0)
    left = 1 - share
    mean = values @ by_age + left * values[np.arange(len(logs)), first]
    mean[~known.any(axis=1)] = np.nan
    return mean, known @ (by_age * age) + left * age[first]
