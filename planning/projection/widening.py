"""Ranges made wider or narrower, draw by draw, so that every figure made from the draws follows.

Belongs here: the factors by horizon and what they do to draws. Does not belong here: how they are learnt
(`calibration.py`).

Method: a draw's distance from the mean of the baseline is multiplied by the factor of its horizon. The shift
this takes is computed on the baseline and added to every scenario alike: scenarios stay on common random
numbers, means and their sums stay where they were, and what raises supply in every draw still does.

What all cells miss together does not show in the cells one by one, but in the nation: a factor that all
cells of a draw share adds it. It grows like the error of a drift that dies out, as yearly flows err.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.projection.chance import even_normals
from planning.trends.candidates import damped_years

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]

COMMON_DAMPING = (
    0.9  # share of a flow's error that survives each further year, as of a drift (docs/methods/trend.md)
)


@dataclass(frozen=True)
class Widening:
    """Factors of the distance from the mean by years ahead, for either side; 1 changes nothing.

    Attributes:
        need, supply: (H,) factors; horizons beyond the last take the last.
        need_forecasts, supply_forecasts: (H,) past forecasts each rests on.
        need_common, supply_common: Log spread of what all cells miss together one year ahead.
    """

    need: Floats = field(default_factory=lambda: np.ones(0))
    supply: Floats = field(default_factory=lambda: np.ones(0))
    need_forecasts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    supply_forecasts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    need_common: float = 0.0
    supply_common: float = 0.0

    def of(self, side: str) -> Floats:
        """The factors of "need_fte" or "supply_fte"."""
        return self.need if side == "need_fte" else self.supply

    def shift(self, side: str, baseline: Draws) -> Draws | None:
        """What to add to the draws of a side; None where nothing changes."""
        common = self.need_common if side == "need_fte" else self.supply_common
        return shift_of(baseline, self.of(side), common, stream=side == "need_fte")


NO_WIDENING = Widening()


def shift_of(baseline: Draws, factors: Floats, common: float = 0.0, *, stream: int = 0) -> Draws | None:
    """(D, H, R, S) what to add to draws, H horizons ahead; None where nothing changes.

    Args:
        baseline: (D, H, R, S) draws.
        factors: (H,) of the distance from the mean.
        common: Log spread of a factor that all cells of a draw share, one year ahead.
        stream: Number of the shared factor's random numbers: those of the two sides are independent.

    >>> drawn = np.array([[[[80.0]]], [[[100.0]]], [[[120.0]]]], dtype=np.float32)
    >>> (drawn + shift_of(drawn, np.array([1.5]))).ravel().tolist()
    [70.0, 100.0, 130.0]
    """
    if common == 0 and (not len(factors) or np.all(factors == 1)):
        return None
    mean = baseline.mean(axis=0)
    shift: Draws = np.zeros_like(baseline)
    if len(factors):
        ahead = np.minimum(np.arange(baseline.shape[1]), len(factors) - 1)
        shift += (baseline - mean) * (factors[ahead] - 1.0)[:, None, None].astype(np.float32)
    if common > 0:
        years = damped_years(baseline.shape[1], COMMON_DAMPING)
        shared = np.exp(
            common * years * even_normals(len(baseline), np.random.default_rng([7, stream]))[:, None]
        )
        shift += mean * (shared / shared.mean(axis=0) - 1.0)[:, :, None, None].astype(np.float32)
    return shift


def shifted(draws: Draws, shift: Draws | None) -> Draws:
    """Draws with the shift added; never below zero."""
    return draws if shift is None else np.maximum(draws + shift, np.float32(0.0))
