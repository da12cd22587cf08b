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
    """Group graduates by their admissible lines; a fixed contract is a graduate's only one."""
    seen: dict[bytes, int] = {}
    count: list[int] = []
    lists: list[Ints] = []
    for graduate in range(market.graduates_count):
        begin, end = market.first[graduate], market.first[graduate + 1]
        if fixed is not None and fixed[graduate] >= 0:
            begin, end = fixed[graduate], fixed[graduate] + 1
        admissible = np.sort(market.line[begin:end]).astype(np.int64)
        if not len(admissible):
            continue
        kind = seen.setdefault(admissible.tobytes(), len(count))
        if kind == len(count):
            count.append(0)
            lists.append(admissible)
        count[kind] += 1
    sizes = [len(one) for one in lists]
    pair_line = np.concatenate(lists) if lists else np.zeros(0, dtype=np.int64)
    pair_kind = np.repeat(np.arange(len(sizes)), sizes)
    return Kinds(np.array(count, dtype=np.int64), pair_kind, pair_line)
