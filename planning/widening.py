"""Ranges made wider or narrower, draw by draw, so that every figure made from the draws follows.

Belongs here: the factors by horizon and what they do to draws. Does not belong here: how they are learnt
(`calibration.py`).

Method: a draw's distance from the mean of the baseline is multiplied by the factor of its horizon. The shift
this takes is computed on the baseline and added to every scenario alike: scenarios stay on common random
numbers, means and their sums stay where they were, and what raises supply in every draw still does.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]


@dataclass(frozen=True)
class Widening:
    """Factors of the distance from the mean by years ahead, for either side; 1 changes nothing.

    Attributes:
        need, supply: (H,) factors; horizons beyond the last take the last.
        need_forecasts, supply_forecasts: (H,) past forecasts each rests on.
    """

    need: Floats = field(default_factory=lambda: np.ones(0))
    supply: Floats = field(default_factory=lambda: np.ones(0))
    need_forecasts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    supply_forecasts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def of(self, side: str) -> Floats:
        """The factors of "need_fte" or "supply_fte"."""
        return self.need if side == "need_fte" else self.supply


NO_WIDENING = Widening()


def shift_of(baseline: Draws, factors: Floats) -> Draws | None:
    """(D, H, R, S) what to add to draws, H horizons ahead; None where nothing changes.

    >>> drawn = np.array([[[[80.0]]], [[[100.0]]], [[[120.0]]]], dtype=np.float32)
    >>> (drawn + shift_of(drawn, np.array([1.5]))).ravel().tolist()
    [70.0, 100.0, 130.0]
    """
    if not len(factors) or np.all(factors == 1):
        return None
    ahead = np.minimum(np.arange(baseline.shape[1]), len(factors) - 1)
    more = (factors[ahead] - 1.0)[:, None, None].astype(np.float32)
    shift: Draws = (baseline - baseline.mean(axis=0)) * more
    return shift


def shifted(draws: Draws, shift: Draws | None) -> Draws:
    """Draws with the shift added; never below zero."""
    return draws if shift is None else np.maximum(draws + shift, np.float32(0.0))
