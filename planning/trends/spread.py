"""How large a panel's errors are at each horizon: the spread that ranges start from.

Belongs here: the expected size of the next errors, from the sizes seen at past origins. Does not belong here:
their shape and the ranges made of both (`reach.py`), the mending of ranges by how they held (`mending.py`).

Method: the spread of one origin's errors is a noisy sign of the next, because all series share what befalls
a year. A pooled quantile is made by the worst year alone, so that a panel which has just seen a shock gets
ranges that are far too wide, and one that has not yet seen any too narrow ones. Logs of spread are averaged
instead, and pulled to what is usual by empirical Bayes (Morris 1983, JASA 78): a level for all horizons
first, then each horizon's own distance from it. See docs/methods/intervals.md.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# What is usual – one deviation at the first horizon – is worth so many origins, and so is the panel's level
# against a horizon's own.
PRIOR_ORIGINS = 3.0


def expected_spread(
    seen: Mapping[tuple[int, int], float], origin: int, growth: Floats, memory: float
) -> Floats:
    """(H,) spread to expect, rising with the horizon.

    Args:
        seen: 80 % quantile of |error|, in deviations, by (origin, horizon − 1); those not known at `origin`
            and those of 0 are not used.
        origin: Periods known.
        growth: (H,) log of the spread that is usual, against the first horizon's.
        memory: Weight of an error that became known one period earlier.

    >>> expected_spread({(5, 0): 2.0}, 6, np.zeros(1), 1.0).round(3).tolist()
    [1.355]
    """
    known = [(h, size, origin - then - 1 - h) for (then, h), size in seen.items() if size > 0]
    known = [one for one in known if one[2] >= 0]
    if not known:
        return np.exp(np.maximum.accumulate(growth))
    at = np.array([h for h, _, _ in known])
    away = np.log([size for _, size, _ in known]) - growth[at]
    weight = memory ** np.array([float(age) for _, _, age in known])
    # An error h periods ahead shares its years with the h before it.
    share = weight / (at + 1)
    level = (share @ away) / (share.sum() + PRIOR_ORIGINS)
    own = np.bincount(at, weight * (away - level), len(growth))
    heard = np.bincount(at, weight, len(growth))
    spread: Floats = np.exp(np.maximum.accumulate(growth + level + own / (heard + PRIOR_ORIGINS)))
    return spread
