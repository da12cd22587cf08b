"""Where doctors who change region go: a gravity law, corrected by what was seen.

Belongs here: the matrix of destinations and its draws. Does not belong here: how many move (`retention.py`).

Method: multinomial logit of gravity type – attraction grows with the destination's doctors and falls
with distance (McFadden 1974) – fitted by maximum likelihood, then each origin's own counts are
weighed against it (Dirichlet-multinomial). See docs/methods/supply.md.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from planning.axes import to_array

Floats = NDArray[np.float64]

PRIOR_MOVERS = 50.0  # an origin's own counts weigh as much as the law at 50 movers (own choice)


def moves_seen(moves: pd.DataFrame | None, regions: tuple[str, ...]) -> Floats | None:
    """(R, R) persons of a table of moves, from row to column; None where there is none."""
    if moves is None or moves.empty:
        return None
    return to_array(moves, "moves", {"from_region_code": regions, "to_region_code": regions}, "persons")


def move_shares(doctors: Floats, counts: Floats | None = None, distance_km: Floats | None = None) -> Floats:
    """(R, R) share of each origin's movers by destination; rows sum to 1, the diagonal is 0.

    Args:
        doctors: (R,) persons in post, the attraction; a region without any attracts as one doctor.
        counts: (R, R) moves seen, or None.
        distance_km: (R, R) between regional centres, or None to leave distance out.

    With a single region there is nowhere to go: its movers stay, the matrix is [[1]].
    """
    size = len(doctors)
    if size == 1:
        return np.ones((1, 1))
    counts = np.zeros((size, size)) if counts is None else np.where(np.eye(size, dtype=bool), 0.0, counts)
    mass = np.log(np.maximum(doctors, 1.0))
    far = np.zeros((size, size)) if distance_km is None else np.log(np.maximum(distance_km, 1.0))
    start = np.array([1.0, 0.0 if distance_km is None else 1.0])
    taste = start
    if counts.sum() > 0:
        fitted = minimize(_minus_log_likelihood, start, (counts, mass, far), method="L-BFGS-B")
        taste = fitted.x
    law = _logit_shares(taste, mass, far)
    blended: Floats = (counts + PRIOR_MOVERS * law) / (counts.sum(axis=1, keepdims=True) + PRIOR_MOVERS)
    return blended


def move_draws(
    shares: Floats, counts: Floats | None, draws: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """(D, R, R) destinations as unsure as the newcomers seen are few; rows sum to 1.

    A destination's pull is Gamma with the newcomers on record, and those its law stands for, as shape: all
    origins share it, because a region's newcomers miss or exceed together.

    Args:
        shares: What `move_shares` gave.
        counts: (R, R) moves seen, or None.
        draws: Number of draws.
        rng: Source of the draws.
    """
    came = np.zeros(len(shares)) if counts is None else counts.sum(axis=0) - np.diag(counts)
    weight = came + PRIOR_MOVERS
    pull = rng.standard_gamma(weight, (draws, len(shares))) / weight
    drawn = shares * pull[:, None, :]
    return np.asarray(drawn / drawn.sum(axis=2, keepdims=True), dtype=np.float32)


def _logit_shares(taste: Floats, mass: Floats, far: Floats) -> Floats:
    appeal = taste[0] * mass[None, :] - taste[1] * far
    np.fill_diagonal(appeal, -np.inf)
    weight = np.exp(appeal - appeal.max(axis=1, keepdims=True))
    shares: Floats = weight / weight.sum(axis=1, keepdims=True)
    return shares


def _minus_log_likelihood(taste: Floats, counts: Floats, mass: Floats, far: Floats) -> float:
    shares = _logit_shares(taste, mass, far)
    ridge = 0.5 * float(((taste - 1.0) ** 2).sum()) / 100.0  # keeps a column without spread at 1
    return -float((counts * np.log(np.maximum(shares, 1e-300))).sum()) + ridge
