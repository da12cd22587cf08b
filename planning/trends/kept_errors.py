"""What is kept of one origin's errors, so that later origins need not go through all of them again.

Belongs here: counts, sizes, and the share that the ranges issued there held, by horizon. Does not belong
here: what is learnt from them (`reach.py`).

All is computed once, when the origin is passed; whoever uses it asks `known` how many horizons were known.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class KeptErrors:
    """One origin's errors in sum.

    Attributes:
        origin: Periods known when the forecasts were made.
        counts: (H,) errors that came.
        log_sizes: H arrays of |error| on the log scale.
        held: (H, 2) share of the errors inside the ranges issued there; nan where none came.
        first_mean: Mean error one period ahead, in deviations.
        first_variance: Variance of those between series.
    """

    origin: int
    counts: NDArray[np.int64]
    log_sizes: tuple[Floats, ...]
    held: Floats
    first_mean: float
    first_variance: float

    def known(self, origin: int) -> int:
        """Horizons whose errors were known when `origin` periods had passed."""
        return min(max(origin - self.origin, 0), len(self.counts))


def keep(origin: int, errors: Floats, deviation: Floats, reach: Floats) -> KeptErrors:
    """Sum up the errors of an origin.

    Args:
        origin: Periods known.
        errors: (n, H) in deviations, nan where unknown.
        deviation: (n,) log scale.
        reach: (H, 2) half-widths of the ranges issued there, in deviations.
    """
    known = ~np.isnan(errors)
    sizes = np.abs(errors)
    came = [sizes[k, h] for h, k in enumerate(known.T)]
    held = np.array(
        [
            (s[:, None] <= r).mean(axis=0) if s.size else (np.nan, np.nan)
            for s, r in zip(came, reach, strict=True)
        ]
    )
    first = errors[known[:, 0], 0]
    return KeptErrors(
        origin,
        known.sum(axis=0),
        tuple(s * deviation[k] for s, k in zip(came, known.T, strict=True)),
        held.reshape(-1, 2),
        float(first.mean()) if first.size else np.nan,
        float(first.var()) if first.size else np.nan,
    )
