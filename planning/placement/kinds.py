"""Graduates with the same admissible lines, taken together: they are alike for seats, caps and floors.

Belongs here: the grouping. Does not belong here: what is counted or solved over the groups.
"""

from dataclasses import dataclass

import numpy as np

from planning.placement.market import Ints, Market


@dataclass(frozen=True)
class Kinds:
    """Graduates grouped by admissible lines: (k,) how many, and the (kind, line) pairs."""

    count: Ints
    pair_kind: Ints
    pair_line: Ints


def kinds(market: Market, fixed: Ints | None = None) -> Kinds:
    """Group graduates by their admissible lines; a fixed contract is a graduate's only one.

    Two sums of random 64-bit marks, one a line, stand for a set of lines: among 100,000 graduates two
    different sets share both sums with probability below 1e-28.
    """
    is_admissible = np.ones(len(market.line), dtype=bool)
    if fixed is not None:
        stands = np.flatnonzero(fixed >= 0)
        is_admissible &= ~np.isin(market.graduate, stands)
        is_admissible[fixed[stands]] = True
    open_market, _ = market.only(is_admissible) if fixed is not None else (market, None)
    counts = np.diff(open_market.first)
    listed = np.flatnonzero(counts)
    if not len(listed):
        none = np.zeros(0, dtype=np.int64)
        return Kinds(none, none, none)
    marks = np.random.default_rng(0).integers(0, 2**64, (2, market.lines_count), dtype=np.uint64)
    sums = np.stack([np.add.reduceat(m[open_market.line], open_market.first[listed]) for m in marks], 1)
    _, example, count = np.unique(sums, axis=0, return_index=True, return_counts=True)
    by_example = np.argsort(example)
    example, count = listed[example[by_example]], count[by_example]
    pair_line = np.concatenate(
        [np.sort(open_market.line[open_market.first[g] : open_market.first[g + 1]]) for g in example]
    )
    return Kinds(count, np.repeat(np.arange(len(count)), counts[example]), pair_line.astype(np.int64))
