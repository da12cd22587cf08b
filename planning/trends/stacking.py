"""Which mixture of forecasts would have erred least so far: convex weights from past errors.

Belongs here: what is kept of past errors, and the weights made of it. Does not belong here: the forecasts
that are mixed (`candidates.py`, `trend.py`).

Method: stacking (Wolpert 1992, Neural Networks 5; Breiman 1996, Machine Learning 24) with weights that
are positive and sum to one, and a ridge that pulls them to equal weights until several origins have
spoken. A choice by each candidate's own error takes near twins of the best; a mixture is judged
whole, so that two candidates that err to opposite sides help each other. Squared errors decide, but an
error above one yearly deviation counts by its size only, so that one broken series does not choose for
all.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

Floats = NDArray[np.float64]

# Pull to equal weights, in units of the loss of the equal mixture, and how many origins it is worth.
RIDGE = 0.1
PRIOR_ORIGINS = 2.0
_SUM_WEIGHT = 1e3


@dataclass(frozen=True)
class PastErrors:
    """What one origin's errors teach, whichever mixture is asked about later.

    Attributes:
        origin: Years known when the forecasts were made.
        products: (H, G, G) weighted sums over series of products of candidates' errors.
        counts: (H,) errors known.
    """

    origin: int
    products: Floats
    counts: Floats


def past_errors(origin: int, errors: Floats) -> PastErrors:
    """Sum up the errors made at one origin.

    Args:
        origin: Years known.
        errors: (G, n, H) actual less forecast in yearly deviations of the series; nan where unknown.
    """
    known = ~np.isnan(errors[0])
    clean = np.where(known, errors, 0.0)
    weight = known / np.maximum(np.abs(clean).mean(axis=0), 1.0)
    by_year = np.moveaxis(clean * np.sqrt(weight), 2, 0)
    return PastErrors(origin, by_year @ by_year.swapaxes(1, 2), known.sum(axis=0).astype(np.float64))


def stacked_weights(past: list[PastErrors], origin: int, candidates: int) -> Floats:
    """(G,) weights ≥ 0 that sum to 1, from the errors known at `origin`; equal where none is.

    An error h years ahead counts 1/h.

    Args:
        past: Of earlier origins.
        origin: Years known now.
        candidates: G.
    """
    equal = np.full(candidates, 1.0 / candidates)
    total, count, heard = np.zeros((candidates, candidates)), 0.0, 0
    for then in past:
        share = 1.0 / np.arange(1, len(then.counts) + 1)
        share[max(origin - then.origin, 0) :] = 0.0
        total += np.tensordot(share, then.products, axes=1)
        count += float(share @ then.counts)
        heard += bool(then.counts @ share)
    loss = equal @ total @ equal
    if not count or loss <= 0:
        return equal
    own = heard / (heard + PRIOR_ORIGINS)
    ridge = RIDGE * (1.0 - own)
    return least_on_simplex(own * total / loss + ridge * np.eye(candidates), ridge * equal)


def least_on_simplex(square: Floats, linear: Floats) -> Floats:
    """Minimise ½ w'Sw − b'w over w ≥ 0, Σw = 1, as non-negative least squares (Lawson & Hanson 1974).

    The sum stands among the squares with a weight that leaves it 1e-6 of play, which is then taken out.

    Args:
        square: (G, G) symmetric, positive definite.
        linear: (G,).

    >>> least_on_simplex(np.eye(2), np.array([1.0, 0.0])).round(6).tolist()
    [1.0, 0.0]
    """
    root = np.linalg.cholesky(square)
    sum_weight = _SUM_WEIGHT * np.sqrt(np.trace(square))
    rows = np.vstack([root.T, np.full(len(linear), sum_weight)])
    weights, _ = nnls(rows, np.append(np.linalg.solve(root, linear), sum_weight))
    shares: Floats = weights / weights.sum()
    return shares
