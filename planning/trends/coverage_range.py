"""How far a measured coverage may be from the coverage that more years would have shown.

Belongs here: the 95 % range of a share of values held, from the scatter between origins. Does not belong
here: the marks themselves (`scoreboard.py`).

All series of a panel share good and bad years, and origins next to each other share years of their
horizon. So origins are drawn, whole and in blocks, never single forecasts (Künsch 1989, Ann. Statist.
17): the variance of the circular block bootstrap in its closed form, which needs no draws and no seed.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]

_LEAST_ORIGINS = 3


class Range(NamedTuple):
    """Ends of a 95 % range, shares; nan where fewer than three origins have spoken."""

    low: float
    high: float


def coverage_range(held: Floats, block: int) -> Range:
    """Range of a coverage.

    The residual of an origin is its count of values held less what the mean share would give. Sums over
    circular blocks of origins give the variance; it is never below that of independent forecasts, and a
    share of 0 or 1 counts each origin as one draw. Wilson's range at that effective number of forecasts,
    with Student's quantile for the few blocks there are, stays between 0 and 1.

    Args:
        held: (K, …) 1 inside, 0 outside, nan where there is nothing to judge; first axis origins in order.
        block: Origins that share years with their neighbours: the farthest horizon, in origins.
    """
    known = ~np.isnan(held)
    axes = tuple(range(1, held.ndim))
    count = known.sum(axis=axes).astype(np.float64)
    inside = np.where(known, held, 0.0).sum(axis=axes)
    spoken = count > 0
    count, inside = count[spoken], inside[spoken]
    origins, total = len(count), count.sum()
    if origins < _LEAST_ORIGINS:
        return Range(np.nan, np.nan)
    length = int(np.clip(block, 1, origins // 2))
    share = inside.sum() / total
    residual = inside - share * count
    around = np.concatenate([residual, residual[: length - 1]])
    sums = np.convolve(around, np.ones(length), mode="valid")
    # Residuals add to zero, so that a block of b out of K shows only (1 − b/K) of its variance.
    variance = (sums**2).sum() / length / (1 - length / origins) / total**2
    freedom = origins * 3 * length / (2 * length**2 + 1) - 1
    drawn = min(share * (1 - share) / max(variance, 1e-300), total) if 0 < share < 1 else float(origins)
    z = float(stdtrit(freedom, 0.975)) ** 2 / drawn
    middle, half = (share + z / 2) / (1 + z), np.sqrt(z * share * (1 - share) + z**2 / 4) / (1 + z)
    return Range(float(max(middle - half, 0.0)), float(min(middle + half, 1.0)))
