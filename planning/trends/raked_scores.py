"""How good the raked forecast was: past origins forecast again, and what came beside it.

Belongs here: quantiles of leaves and totals, before and after raking, at every past origin. Does not
belong here: the forecast (`raked_trend.py`), means over them (the mart's writer).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.trends.raked_trend import LEVELS, MIN_YEARS, draw_raked, raked_origins, with_totals

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PastScore:
    """What one past origin said about later years; arrays (R, S, h), h = years that came.

    Attributes:
        origin: Years known.
        actual: What came.
        scale: (R, S) mean absolute yearly step before the origin: the unit of MASE.
        base: (R, S, h, 5) quantiles before raking.
        raked: (R, S, h, 5) quantiles after raking.
        region, specialty, nation: (R, h, 5), (S, h, 5), (h, 5) quantiles of the raked totals.
        margin_scale: (R + S + 1,) the unit of MASE of the totals.
        own_margins: (R + S + 1, h, 5) quantiles of the totals on their own, before raking.
    """

    origin: int
    actual: Floats
    scale: Floats
    base: Floats
    raked: Floats
    region: Floats
    specialty: Floats
    nation: Floats
    margin_scale: Floats
    own_margins: Floats


def score_past(values: Floats, horizon: int, *, first_origin: int, draws: int, seed: int) -> list[PastScore]:
    """Forecast again from every past origin with the years before it only.

    Args:
        values: As `forecast_raked`.
        horizon: Most years ahead.
        first_origin: Years that the first origin knows.
        draws: Draws an origin.
        seed: Of the draws.
    """
    scores = []
    for past, reaches in raked_origins(values, horizon):
        origin = past.origin
        ahead = values[:, :, origin : origin + horizon]
        count = ahead.shape[2]
        if origin < max(first_origin, MIN_YEARS) or not count:
            continue
        made = draw_raked(past, reaches, draws, np.random.default_rng([seed, origin]))
        drawn = made.draws[:, :count]
        scores.append(
            PastScore(
                origin,
                ahead,
                _mean_step(values[:, :, :origin]),
                made.base_quantiles[:, :, :count],
                _drawn_quantiles(np.moveaxis(drawn, 1, 3)),
                _drawn_quantiles(drawn.sum(axis=3).swapaxes(1, 2)),
                _drawn_quantiles(drawn.sum(axis=2).swapaxes(1, 2)),
                _drawn_quantiles(drawn.sum(axis=(2, 3))),
                _mean_step(with_totals(values[:, :, :origin])),
                made.base_margins[:, :count],
            )
        )
    return scores


def _mean_step(values: Floats) -> Floats:
    """Mean absolute yearly step along the last axis; 0 where there is none."""
    steps = np.abs(np.diff(values, axis=-1))
    mean: Floats = np.nansum(steps, axis=-1) / np.maximum((~np.isnan(steps)).sum(axis=-1), 1)
    return mean


def _drawn_quantiles(draws: Floats) -> Floats:
    """(D, …) to (…, 5) at LEVELS."""
    return np.moveaxis(np.quantile(draws, LEVELS, axis=0), 0, -1)
