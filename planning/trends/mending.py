"""What ranges of the past held, and how much longer or shorter that makes the next.

Belongs here: the feedback from coverage to reach. Does not belong here: the reach itself (`reach.py`).

Method: adaptive conformal inference (Gibbs & Candès 2021, NeurIPS 34) – where ranges held too few values the
next promise more, and conversely. Two misses are followed: each horizon's own, and that of all values which
became known in one period whatever their horizon, because a year that surprises one horizon surprises all,
and because errors one period ahead are known first. Old misses fade. See docs/methods/intervals.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from planning.trends.kept_errors import KeptErrors

Floats = NDArray[np.float64]

PROMISED = np.array([0.8, 0.95])
# Nothing is promised of ranges of 60 % and less; they are left alone, for mending costs sharpness.
MENDED_FROM = 0.6
# Bounds of what is aimed at in place of 80 and of 95 %: further out, sharpness is lost and nothing is won.
LEAST_AIM, MOST_AIM = np.array([0.65, 0.85]), np.array([0.92, 0.995])
# Quantiles are compared by Student's t.
FREEDOM = 5.0


@dataclass(frozen=True)
class Gains:
    """Shares of a miss that the next range makes good, at 80 and at 95 %.

    Attributes:
        own: Of the horizon's own misses.
        common: Of the mean miss of a period.
        memory: Weight of a miss that became known one period earlier.
    """

    own: tuple[float, float]
    common: tuple[float, float]
    memory: float


def mended(past: Sequence[KeptErrors], origin: int, horizon: int, gains: Gains) -> Floats:
    """(H, 2) factors on the 80 and the 95 % range, from what was known at `origin`; 1 where nothing was."""
    aim = np.clip(PROMISED + _short(past, origin, horizon, gains), LEAST_AIM, MOST_AIM)
    factors: Floats = student(aim) / student(PROMISED)
    return factors


def student(coverages: Floats) -> Floats:
    """Half-width of the central range of Student's t."""
    return np.asarray(stdtrit(FREEDOM, 0.5 + coverages / 2), dtype=np.float64)


def _short(past: Sequence[KeptErrors], origin: int, horizon: int, gains: Gains) -> Floats:
    """(H, 2) coverage to be made good."""
    short = np.zeros((horizon, 2))
    if not past:
        return short
    ages = origin - np.array([p.origin for p in past])[:, None] - 1 - np.arange(horizon)
    came = (ages >= 0) & (np.stack([p.counts for p in past]) > 0)
    if not came.any():
        return short
    missed = PROMISED - np.stack([p.held for p in past])[came]
    fading = gains.memory ** ages[came].astype(np.float64)
    weighted = fading[:, None] * missed
    np.add.at(short, np.nonzero(came)[1], weighted * gains.own)
    together = np.bincount(ages[came])[ages[came]]
    common: Floats = (weighted / together[:, None]).sum(axis=0) * gains.common
    return short + common
