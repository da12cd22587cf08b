"""What lines choose among the contracts offered to them: alone, or under nested caps and floors.

Belongs here: the two choice functions, and the cut-offs by which an offer is known to be hopeless before
anything is sorted. Does not belong here: the rounds (`matching.py`) and the tree (`quotas.py`).
"""

import copy

import numpy as np

from planning.placement.market import Codes, Floats, Ints, Market, Mask
from planning.placement.quotas import NO_SCOPE, QuotaTree

NARROW = 1 << 16  # lines or scopes that a number of 16 bits can tell apart


class LineChoice:
    """Each line keeps its best up to capacity."""

    def __init__(self, market: Market) -> None:
        """Nobody has been offered yet: a line without a seat is closed, all others are open."""
        self._market = market
        self.block_of_line = np.arange(market.lines_count)
        self._cut_off = np.where(market.capacity > 0, -np.inf, np.inf)

    def copy(self) -> "LineChoice":
        """With cut-offs of its own."""
        other = copy.copy(self)
        other._cut_off = self._cut_off.copy()
        return other

    def is_hopeless(self, contracts: Ints) -> Mask:
        """Contracts below the cut-off of a full line; a cut-off never falls, so they are refused."""
        line = self._market.line[contracts]
        hopeless: Mask = self._market.score[contracts] < self._cut_off[line]
        return hopeless

    def chosen(self, contracts: Ints) -> Mask:
        """Chosen mask of contracts in ascending order; raises the cut-offs of lines now full."""
        line = self._market.line[contracts]
        seats = self._market.capacity
        # Most lines have no more contracts than seats: only the others need a sort.
        is_contested = np.bincount(line, minlength=len(seats)) >= seats
        contested = np.flatnonzero(is_contested[line])
        line, score = line[contested], self._market.score[contracts[contested]]
        order = best_first(score)
        # A stable sort of 16-bit numbers is a radix sort, several times faster than a comparison.
        narrow = line.astype(np.uint16) if len(seats) <= NARROW else line
        order = order[np.argsort(narrow[order], kind="stable")]
        line = line[order]
        place = place_in_sorted(line)
        is_chosen = np.ones(len(contracts), dtype=bool)
        is_chosen[contested[order]] = place < seats[line]
        is_last_seat = place == seats[line] - 1
        self._cut_off[line[is_last_seat]] = score[order[is_last_seat]]
        return is_chosen


class QuotaChoice:
    """The greedy choice by published order, vectorised.

    Taken one by one in published order (score, then lottery), a contract is kept while the floors
    still open fit into what is left of every cap around it. The same set is had scope by scope, from
    the innermost out: a line keeps its best up to capacity; of the contracts that come up to a scope,
    the best `reserve` of them fill its floor and are kept for good, the next go up to the scope
    around it, and those beyond `limit` are refused.
    """

    def __init__(self, market: Market, tree: QuotaTree) -> None:
        """Take the tree; no scope has a cut-off yet."""
        self._market, self._tree = market, tree
        self.block_of_line = tree.block_of_line
        self._line_cut_off = np.where(market.capacity > 0, -np.inf, np.inf)
        self._reserve_cut_off = np.where(tree.reserve > 0, -np.inf, np.inf)
        self._limit_cut_off = np.where(tree.limit > 0, -np.inf, np.inf)
        self._depths = [np.flatnonzero(tree.depth == d) for d in range(int(tree.depth.max()) + 1)]

    def copy(self) -> "QuotaChoice":
        """With cut-offs of its own."""
        other = copy.copy(self)
        other._line_cut_off = self._line_cut_off.copy()
        other._reserve_cut_off = self._reserve_cut_off.copy()
        other._limit_cut_off = self._limit_cut_off.copy()
        return other

    def is_hopeless(self, contracts: Ints) -> Mask:
        """Contracts that a line or a scope on their way up is known to refuse.

        What comes up to a scope only ever gets better, so its cut-offs never fall. A contract that may
        still be kept for a floor on the way is not hopeless.
        """
        tree, score = self._tree, self._market.score[contracts]
        line = self._market.line[contracts]
        hopeless = score < self._line_cut_off[line]
        scope = tree.scope_of_line[line]
        rising = np.flatnonzero(~hopeless & (scope != NO_SCOPE))
        while len(rising):
            at, own = scope[rising], score[rising]
            is_past_floor = own < self._reserve_cut_off[at]
            is_refused = is_past_floor & (own < self._limit_cut_off[at])
            hopeless[rising[is_refused]] = True
            scope[rising] = tree.parent[at]
            rising = rising[is_past_floor & ~is_refused & (tree.parent[at] != NO_SCOPE)]
        return hopeless

    def chosen(self, contracts: Ints) -> Mask:
        """Chosen mask of contracts in ascending order; raises the cut-offs."""
        tree = self._tree
        by_order = best_first(self._market.score[contracts])
        score = self._market.score[contracts[by_order]]
        line = self._market.line[contracts[by_order]]
        seats = self._market.capacity[line]
        place = place_in_group(line)
        is_kept = place < seats
        is_last = place == seats - 1
        self._line_cut_off[line[is_last]] = score[is_last]
        scope = np.where(is_kept, tree.scope_of_line[line], NO_SCOPE)
        for depth in range(len(self._depths) - 1, -1, -1):
            rising = np.flatnonzero((scope != NO_SCOPE) & (tree.depth[scope] == depth))
            if not len(rising):
                continue
            at = scope[rising]
            place = place_in_group(at)
            reserve, limit = tree.reserve[at], tree.limit[at]
            is_kept[rising[place >= limit]] = False
            scope[rising] = np.where((place >= reserve) & (place < limit), tree.parent[at], NO_SCOPE)
            for cut_off, is_last in (
                (self._reserve_cut_off, place == reserve - 1),
                (self._limit_cut_off, place == limit - 1),
            ):
                cut_off[at[is_last]] = score[rising[is_last]]
        is_chosen = np.empty(len(contracts), dtype=bool)
        is_chosen[by_order] = is_kept
        return is_chosen


def best_first(score: Floats) -> Ints:
    """Order from the highest score; equal scores stay as they stand.

    An unstable sort takes half the time and serves as long as no two scores are equal.
    """
    order = np.argsort(-score)
    ordered = score[order]
    if (ordered[1:] == ordered[:-1]).any():
        order = np.argsort(-score, kind="stable")
    return order


def place_in_group(group: Codes) -> Ints:
    """0, 1, 2 … for the first, second, third … member of each group in the order given."""
    order = np.argsort(group, kind="stable")
    place = np.empty(len(group), dtype=np.int64)
    place[order] = place_in_sorted(group[order])
    return place


def place_in_sorted(group: Codes) -> Ints:
    """0, 1, 2 … within each run of equal values."""
    at = np.arange(len(group))
    begins = np.zeros(len(group), dtype=np.int64)
    begins[1:] = np.where(group[1:] != group[:-1], at[1:], 0)
    return at - np.maximum.accumulate(begins)
