"""Marks of past projections: every forecast of a cell, a region and the nation against what came.

Belongs here: which ranges held, before and after they were calibrated, and by how much a middle missed. Does
not belong here: projecting the past and the factors (`calibration.py`), means over the marks (the mart).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.projection.calibration import LEVELS, MEASURES, NOMINAL, PLACES, PastProjection, learn_widening


def past_scores(past: list[PastProjection]) -> pd.DataFrame:
    """Every past forecast of a cell, a region and the nation, before widening and after.

    "After" uses factors learnt from outcomes known at the origin alone; an origin before any outcome has
    no row "after".

    Returns:
        stage, origin, measure, area ("leaf", "region", "nation"), region_code, specialty_code,
        horizon_years, nominal_share, actual_fte, miss_fte (forecast less actual), is_covered.
    """
    parts = []
    for one in past:
        parts.append(_scored(one).assign(stage="before"))
        earlier = [other.known_by(one.origin) for other in past if other.origin < one.origin]
        if earlier:
            parts.append(_scored(one.widened(learn_widening(earlier))).assign(stage="after"))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _scored(one: PastProjection) -> pd.DataFrame:
    parts = []
    for measure in MEASURES:
        drawn, actual = one.measure(measure)
        blank = np.isnan(actual)
        drawn, actual = np.where(blank, 0.0, np.nan_to_num(drawn)), np.where(blank, 0.0, actual)
        ahead = range(1, len(actual) + 1)
        is_known: NDArray[np.bool_] = np.asarray(~blank.all(axis=(1, 2)))
        for area, over, regions, specialties in (
            ("leaf", (), one.regions, one.specialties),
            ("region", (3,), one.regions, ("all",)),
            ("nation", (2, 3), ("",), ("all",)),
        ):
            total = drawn.sum(axis=over, keepdims=True) if over else drawn
            came = actual.sum(axis=tuple(a - 1 for a in over), keepdims=True) if over else actual
            ranks = np.quantile(total, LEVELS, axis=0, method=PLACES)
            index = pd.MultiIndex.from_product(
                [ahead, regions, specialties], names=["horizon_years", "region_code", "specialty_code"]
            )
            # A cell that never had anybody is no forecast.
            anybody = np.asarray((came > 0) | (ranks[4] > 0))
            wanted = np.broadcast_to(is_known[:, None, None], came.shape) & anybody
            for nominal, (low, high) in NOMINAL.items():
                columns = {
                    "actual_fte": came,
                    "miss_fte": ranks[2] - came,
                    "is_covered": (came >= ranks[low] - 1e-6) & (came <= ranks[high] + 1e-6),
                }
                rows = pd.DataFrame({k: v.ravel() for k, v in columns.items()}, index=index).reset_index()
                rows = rows[wanted.ravel()]
                parts.append(rows.assign(measure=measure, area=area, nominal_share=nominal))
    scored: pd.DataFrame = pd.concat(parts, ignore_index=True).assign(origin=one.origin)
    return scored
