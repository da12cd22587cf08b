"""Disclosure control of counts of persons: what may be shown of a small cell, and what a reader could infer.

Belongs here: the rule (threshold, rounding, pooling) and the range in which an informed reader can place a
hidden count. Does not belong here: which tables hold counts of persons (the marts' `disclosure` in dbt) and
the audit of a snapshot (`orchestration/publishing/disclosure.py`).

Method: a count under the threshold is not shown; a small cell is pooled with its neighbours until the pool
can be shown; what is shown is rounded, and totals are sums of what is shown, so nothing can be had by
subtraction. A pool is shown only when a reader who knows the rule, knows which cells are hidden, and knows
one hidden cell exactly (its own) is left with a range of at least five persons for every other: threshold and
(n, k) dominance as in Hundepool et al., Statistical Disclosure Control (Wiley, 2012), ch. 4.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

SUPPRESSION_THRESHOLD = 10
"""Persons: a count of 1 to 9 is not shown."""
ROUNDING_MULTIPLE = 5
"""Persons: what is shown is a multiple of this."""
LEAST_RANGE = 5.0
"""Persons: so wide is at least the range in which a reader can place a hidden count."""
OWN, WITHHELD = "own", "withheld"
UNBOUNDED = 1e9


@dataclass(frozen=True)
class Pool:
    """Cells shown together.

    Attributes:
        parts: (U, P) true counts, persons; a cell's total is the sum of its parts.
        caps: (U,) the most a reader may suppose in one part of each cell, persons.
    """

    parts: Counts
    caps: Floats


def rounded(counts: Counts) -> Counts:
    """The nearest multiple of `ROUNDING_MULTIPLE`."""
    half = ROUNDING_MULTIPLE // 2
    return np.asarray((counts + half) // ROUNDING_MULTIPLE * ROUNDING_MULTIPLE)


def is_shown(parts: Counts) -> NDArray[np.bool_]:
    """(U,) whether each cell of `parts` (U, P) may be shown alone: every part zero or at the threshold."""
    fits = (parts == 0) | (parts >= SUPPRESSION_THRESHOLD)
    return np.asarray(fits.all(axis=1) & (parts.sum(axis=1) >= SUPPRESSION_THRESHOLD))


def pool_of(parts: Counts) -> Pool:
    """A pool with what a reader may suppose: under the threshold in total, or else anything."""
    total = parts.sum(axis=1)
    return Pool(parts, np.where(total < SUPPRESSION_THRESHOLD, SUPPRESSION_THRESHOLD - 1.0, UNBOUNDED))


def attacker_ranges(pool: Pool) -> tuple[Floats, Floats]:
    """Lowest and highest count a reader can suppose for each cell and part, at the reader's best.

    The reader sees the rounded sums of a pool's parts and knows one other cell of it exactly: of all such
    readers the one with the narrowest range counts.

    Returns:
        (U, P) low and high, persons. A part that is zero throughout is shown as zero: low = high = 0.
    """
    low = np.zeros(pool.parts.shape)
    high = np.zeros(pool.parts.shape)
    caps = pool.caps
    others = caps.sum() - caps[:, None] - caps[None, :]
    for part in range(pool.parts.shape[1]):
        counts = pool.parts[:, part].astype(float)
        total = counts.sum()
        if total == 0:
            continue
        half = ROUNDING_MULTIPLE // 2
        shown = float(rounded(pool.parts[:, part].sum()))
        if len(counts) == 1:
            low[0, part], high[0, part] = max(0.0, shown - half), shown + half
            continue
        least = np.maximum(0.0, shown - half - counts[None, :] - others)
        most = np.minimum(caps[:, None], shown + half - counts[None, :])
        width = most - least
        np.fill_diagonal(width, np.inf)
        best = width.argmin(axis=1)
        rows = np.arange(len(counts))
        low[:, part], high[:, part] = least[rows, best], most[rows, best]
    return low, high


def is_safe(parts: Counts) -> bool:
    """Whether the sums of these cells may be shown: over the threshold, and no cell can be placed closely."""
    sums = parts.sum(axis=0)
    if not is_shown(sums[None, :])[0]:
        return False
    low, high = attacker_ranges(pool_of(parts))
    return bool((high - low)[:, sums > 0].min() >= LEAST_RANGE)


def pooled(cells: pd.DataFrame, *, parts: list[str], levels: list[str]) -> pd.DataFrame:
    """Show each cell alone, or in the smallest pool of small neighbours that may be shown.

    Args:
        cells: One row a cell: whole counts in `parts` (persons), keys of ever wider areas in `levels`; a
            blank key leaves the cell to the next level.
        parts: Columns whose sum is the cell's total.
        levels: Columns of areas, narrowest first.

    Returns:
        On the index of `cells`: `basis` (`own`, a level's name, `withheld`), `pool` (key of the pool, text),
        and for each of `parts` the rounded count of the cell or its pool; blank where withheld.
    """
    counts = cells[parts].to_numpy(dtype=np.int64)
    shown = pd.DataFrame({"basis": WITHHELD, "pool": ""}, index=cells.index)
    values = np.full(counts.shape, np.nan)
    own = is_shown(counts)
    shown.loc[own, "basis"] = OWN
    values[own] = rounded(counts[own])
    hidden = ~own
    for level in levels:
        keys = cells[level].where(hidden)
        for key, rows in cells.groupby(keys.to_numpy(), sort=True).indices.items():
            if is_safe(counts[rows]):
                values[rows] = rounded(counts[rows].sum(axis=0))
                shown.iloc[rows, [0, 1]] = (level, str(key))
                hidden[rows] = False
    shown[parts] = values
    return shown
