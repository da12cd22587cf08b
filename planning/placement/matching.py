"""Deferred acceptance over contracts: graduates proposing (with or without quotas), or lines proposing.

Belongs here: the rounds. Does not belong here: the choice (`choice.py`), couples, reasons.
"""

import copy

import numpy as np

from planning.placement.choice import LineChoice, QuotaChoice
from planning.placement.market import UNPLACED, Ints, Market, Mask
from planning.placement.quotas import QuotaTree

LOOKED_AT_ONCE = 200_000  # contracts; their work arrays stay below 10 MB


def graduate_proposing(market: Market, tree: QuotaTree | None = None) -> Ints:
    """(n,) the contract each graduate holds at the end, or `UNPLACED`.

    1. Every graduate who holds nothing proposes the best contract not yet refused.
    2. The lines (with quotas: the blocks of lines that share a scope) that receive a proposal choose
       among the contracts they hold and the new ones.
    3. What is not chosen is refused for good; its graduate is free again.
    4. Repeat until no free graduate has a contract left.

    Without quotas a line chooses its best up to capacity: the classic mechanism, whose result is the
    best stable one for every graduate. With nested caps and floors the choice is that of PLDA-RQ.

    Sources: Gale, Shapley (1962), "College admissions and the stability of marriage"; Goto, Iwasaki,
    Kawasaki, Kurata, Yasuda, Yokoo (2016), "Strategyproof matching with regional minimum and maximum
    quotas", Artificial Intelligence 235; contracts: Hatfield, Milgrom (2005).

    >>> market = Market(np.array([0, 2, 3]), np.array([0, 1, 0]), np.array([1., 1., 2.]),
    ...                 np.array([1, 1]))
    >>> graduate_proposing(market).tolist()
    [1, 2]
    """
    rounds = Rounds(market, tree)
    rounds.propose(np.arange(market.graduates_count))
    return rounds.held


class Rounds:
    """The rounds of deferred acceptance, which more graduates may join later.

    The result does not depend on the order of proposals: who joins late gets what joining at once would
    have brought. The couples' rule lives on that, because each of its runs differs by a few graduates.
    """

    def __init__(self, market: Market, tree: QuotaTree | None = None) -> None:
        """Nobody has proposed yet."""
        self._market = market
        self._choice = LineChoice(market) if tree is None else QuotaChoice(market, tree)
        self._following = market.first[:-1].copy()
        self.held = np.full(market.graduates_count, UNPLACED)

    def copy(self) -> "Rounds":
        """As things stand, to go on from more than once."""
        other = copy.copy(self)
        other._choice = self._choice.copy()
        other._following, other.held = self._following.copy(), self.held.copy()
        return other

    def is_hopeless(self, contracts: Ints) -> Mask:
        """Contracts that are refused already, whoever joins."""
        return self._choice.is_hopeless(contracts)

    def propose(self, free: Ints, is_open: Mask | None = None) -> None:
        """Let graduates propose until none of them, and none whom they displace, has a contract left.

        Args:
            free: graduates who hold nothing.
            is_open: (m,) contracts that may be proposed; None is all.
        """
        market, choice = self._market, self._choice
        block = choice.block_of_line
        is_asked = np.zeros(int(block.max(initial=0)) + 1, dtype=bool)
        while len(free):
            proposed = self._next_hopeful(free, is_open)
            if not len(proposed):
                break
            is_asked[block[market.line[proposed]]] = True
            in_hand = self.held[self.held != UNPLACED]
            in_hand = in_hand[is_asked[block[market.line[in_hand]]]]
            is_asked[:] = False
            contracts = np.sort(np.concatenate((in_hand, proposed)))
            is_chosen = choice.chosen(contracts)
            self.held[market.graduate[contracts]] = np.where(is_chosen, contracts, UNPLACED)
            free = market.graduate[contracts[~is_chosen]]

    def _next_hopeful(self, free: Ints, is_open: Mask | None) -> Ints:
        """The next contract of each free graduate that is not refused already; moves past it.

        Most proposals of a crowded market end here, without a sort. Who is refused at once is looked at
        further and further ahead: a completed list has thousands of lines that are full.
        """
        following, last = self._following, self._market.first[1:]
        found, ahead = [], 1
        free = free[following[free] < last[free]]
        while len(free):
            begin = following[free]
            span = np.minimum(last[free] - begin, ahead)
            starts = np.concatenate(([0], np.cumsum(span)[:-1]))
            contracts = np.repeat(begin - starts, span) + np.arange(span.sum())
            is_hopeless = self._choice.is_hopeless(contracts)
            if is_open is not None:
                is_hopeless |= ~is_open[contracts]
            first = np.minimum.reduceat(np.where(is_hopeless, len(self._market.line), contracts), starts)
            is_found = first < len(self._market.line)
            following[free] = np.where(is_found, first + 1, begin + span)
            found.append(first[is_found])
            free = free[~is_found]
            free = free[following[free] < last[free]]
            ahead = min(4 * ahead, max(LOOKED_AT_ONCE // max(len(free), 1), 1))
        return np.concatenate(found) if found else free


def line_proposing(market: Market) -> Ints:
    """(n,) the contract each graduate holds when lines propose: the best stable result for lines.

    1. Every line with an empty seat proposes to the next of its own list, as many as it has seats.
    2. A graduate keeps the better of what is held and what is offered; the rest is refused for good.
    3. Repeat until no line with an empty seat has anyone left to ask.

    Quotas are not defined on this side: floors are a promise about graduates moving, not lines.
    """
    by_line = np.lexsort((-market.score, market.line))
    ends = np.cumsum(np.bincount(market.line, minlength=market.lines_count))
    following = np.concatenate(([0], ends[:-1])) if len(ends) else ends
    empty_seats = market.capacity.copy()
    best = np.full(market.graduates_count, len(market.line))
    while True:
        asks = np.minimum(empty_seats, ends - following)
        if not asks.any():
            break
        start = np.repeat(following - np.concatenate(([0], np.cumsum(asks)[:-1])), asks)
        offered = by_line[start + np.arange(len(start))]
        following += asks
        empty_seats -= asks
        before = best.copy()
        np.minimum.at(best, market.graduate[offered], offered)
        lost = offered[best[market.graduate[offered]] != offered]
        let_go = before[(before != best) & (before < len(market.line))]
        freed = market.line[np.concatenate((lost, let_go))]
        empty_seats += np.bincount(freed, minlength=market.lines_count)
    return np.where(best < len(market.line), best, UNPLACED)
