"""The instance that is matched: graduates, lines and the contracts between them, as flat arrays.

Belongs here: the layout that the engine, the couples' rule and the bound read. Does not belong here:
ids and their validation (`tables.py`), and any rule.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.integer[Any]]

UNPLACED = -1


@dataclass(frozen=True)
class Market:
    """n graduates, l lines, m contracts.

    Graduates are numbered in the order of the lottery, and a graduate's contracts lie together in the
    order of the graduate's own list. Two things follow that the engine lives on: the contract with
    the smaller number is the better one for its graduate, and a *stable* sort by score breaks ties by
    the lottery without ever looking at it.

    Attributes:
        first: (n + 1,) where each graduate's contracts begin.
        line: (m,) the line of each contract.
        score: (m,) standing of the contract with its line, higher first; `inf` is a held post.
        capacity: (l,) seats.
    """

    first: Ints
    line: Codes
    score: Floats
    capacity: Ints

    @property
    def graduates_count(self) -> int:
        """Number of graduates, those with an empty list included."""
        return len(self.first) - 1

    @property
    def lines_count(self) -> int:
        """Number of lines, those without a seat included."""
        return len(self.capacity)

    @cached_property
    def graduate(self) -> Ints:
        """(m,) the graduate of each contract."""
        return np.repeat(np.arange(self.graduates_count), np.diff(self.first))

    def position(self, contract: Ints) -> Ints:
        """Place of a contract in its graduate's list, 0 first; `UNPLACED` stays `UNPLACED`."""
        at = np.where(contract >= 0, contract, 0)
        start = self.first[self.graduate[at]] if len(self.line) else at
        return np.where(contract >= 0, at - start, UNPLACED)

    def only(self, is_open: Mask) -> tuple["Market", Ints]:
        """The market of the open contracts, and the number each of them had here."""
        kept = np.flatnonzero(is_open)
        first = np.concatenate(([0], np.cumsum(is_open)))[self.first]
        return Market(first, self.line[kept], self.score[kept], self.capacity), kept


def lay_out(
    graduate: Ints, line: Ints, rank: Ints, score: Floats, *, capacity: Ints, graduates_count: int
) -> tuple[Market, Ints]:
    """Lay contracts out by graduate and own rank; also returns the order that did it.

    Args:
        graduate: (m,) numbers in lottery order.
        line: (m,) line numbers.
        rank: (m,) rank in the graduate's list, small first.
        score: (m,) standing with the line, high first.
        capacity: (l,) seats.
        graduates_count: n, because a graduate may have no contract.
    """
    span = int(rank.max(initial=0)) + 1
    # Both in one number sort in half the time; ranks of a billion and their graduates still fit 64 bits.
    is_short = int(graduate.max(initial=0)) < np.iinfo(np.int64).max // span - 1
    order = np.argsort(graduate * span + rank, kind="stable") if is_short else np.lexsort((rank, graduate))
    counts = np.bincount(graduate, minlength=graduates_count)
    first = np.concatenate(([0], np.cumsum(counts)))
    return Market(first, line[order], score[order], capacity), order
