"""Deferred acceptance over contracts: graduates proposing (with or without quotas), or lines proposing.

Belongs here: the rounds. Does not belong here: the choice (`choice.py`), couples, reasons.
"""

import numpy as np

from planning.placement.choice import LineChoice, QuotaChoice
from planning.placement.market import UNPLACED, Ints, Market
from planning.placement.quotas import QuotaTree


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
    choice = LineChoice(market) if tree is None else QuotaChoice(market, tree)
    block = choice.block_of_line
    last = market.first[1:]
    following = market.first[:-1].copy()
    held = np.full(market.graduates_count, UNPLACED)
    is_asked = np.zeros(int(block.max(initial=0)) + 1, dtype=bool)
    free = np.flatnonzero(following < last)
    while len(free):
        proposed = _next_hopeful(choice, following, last, free)
        if not len(proposed):
            break
        is_asked[block[market.line[proposed]]] = True
        in_hand = held[held != UNPLACED]
        in_hand = in_hand[is_asked[block[market.line[in_hand]]]]
        is_asked[:] = False
        contracts = np.sort(np.concatenate((in_hand, proposed)))
        is_chosen = choice.chosen(contracts)
        held[market.graduate[contracts]] = np.where(is_chosen, contracts, UNPLACED)
        free = market.graduate[contracts[~is_chosen]]
    return held


def _next_hopeful(choice: LineChoice | QuotaChoice, following: Ints, last: Ints, free: Ints) -> Ints:
    """The next contract of each free graduate that is not refused already; moves `following` past it.

    Most proposals of a crowded market end here, without a sort.
    """
    found = []
    free = free[following[free] < last[free]]
    while len(free):
        proposed = following[free]
        following[free] += 1
        is_hopeless = choice.is_hopeless(proposed)
        found.append(proposed[~is_hopeless])
        free = free[is_hopeless]
        free = free[following[free] < last[free]]
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
