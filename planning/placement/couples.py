"""Two graduates who want to live in one place: the strike-off rule around the engine.

Belongs here: the steps of a couple's list and the loop. Does not belong here: spouses settled elsewhere,
who are an eligibility filter (`eligibility.py`). Not strategy-proof for couples, and stability with
couples is never promised: it need not exist (Roth 1984, "The evolution of the labor market").
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planning.placement.market import UNPLACED, Ints, Market, Mask
from planning.placement.matching import Rounds, line_proposing
from planning.placement.quotas import QuotaTree


@dataclass(frozen=True)
class Step:
    """One entry of a couple's list: the contracts each member may use while it is current.

    A member with no contract in the step is meant to stay without a seat. `entry` is its place in the
    list as given, 1 first.
    """

    label: str
    entry: int
    first: Ints
    second: Ints


@dataclass(frozen=True)
class Couple:
    """Members by number, the joint list, and what each may use alone once it is exhausted."""

    couple_id: str
    members: tuple[int, int]
    steps: tuple[Step, ...]
    alone: tuple[Ints, Ints]


@dataclass(frozen=True)
class CouplesRun:
    """(n,) contracts held; (c,) step reached; contracts that were open at the end; engine runs."""

    held: Ints
    step: Ints
    is_open: Mask
    runs_count: int


Match = Callable[[Mask], Ints]
"""(m,) contracts open in this run -> (n,) contract that each graduate holds."""


def resumed(market: Market, couples: Sequence[Couple], tree: QuotaTree | None) -> tuple[Match, list[Couple]]:
    """Deferred acceptance of the singles once, and from there of the couples in each run.

    Entries whose lines the singles alone have closed to a member are struck at once: cut-offs never fall,
    so no later run could seat both.
    """
    members = np.array([member for couple in couples for member in couple.members], dtype=np.int64)
    singles = Rounds(market, tree)
    singles.propose(np.setdiff1d(np.arange(market.graduates_count), members))

    def may_seat(contracts: Ints) -> bool:
        return not len(contracts) or not singles.is_hopeless(contracts).all()

    def match(is_open: Mask) -> Ints:
        rounds = singles.copy()
        rounds.propose(members, is_open)
        return rounds.held

    return match, [
        replace(couple, steps=tuple(s for s in couple.steps if may_seat(s.first) and may_seat(s.second)))
        for couple in couples
    ]


def lines_asking(market: Market) -> Match:
    """Deferred acceptance with lines proposing, anew in each run."""

    def match(is_open: Mask) -> Ints:
        open_market, number = market.only(is_open)
        held = line_proposing(open_market)
        return np.where(held == UNPLACED, UNPLACED, number[held] if len(number) else UNPLACED)

    return match


def strike_off(market: Market, couples: Sequence[Couple], match: Match) -> CouplesRun:
    """Place couples together where their list allows it.

    1. Each couple stands at the first entry of its list; both members apply inside it only.
    2. Run the engine. A couple without the seats its entry asks for has failed.
    3. Failed couples move to their next entry. Of those that compete for a line, one (first in the
       lottery) waits for one more run, because the others' leaving may free its seats.
    4. A couple whose list is exhausted applies with each member's own list, alone.
    5. Repeat until no couple fails. Entries are only ever struck off, so it ends.
    """
    step = np.zeros(len(couples), dtype=np.int64)
    runs = 0
    while True:
        is_open = np.ones(len(market.line), dtype=bool)
        for at, couple in enumerate(couples):
            for member, usable in zip(couple.members, _usable(couple, int(step[at])), strict=True):
                is_open[market.first[member] : market.first[member + 1]] = False
                is_open[usable] = True
        runs += 1
        held = match(is_open)
        failed = [at for at, couple in enumerate(couples) if _has_failed(couple, int(step[at]), held)]
        if not failed:
            return CouplesRun(held, step, is_open, runs)
        step[_movers(market, couples, step, failed)] += 1


def by_locality(
    market: Market, couple_id: str, members: tuple[int, int], locality_of_line: Sequence[str]
) -> Couple:
    """A couple without a joint list: localities in both lists, best sum of best ranks first."""
    spans = [np.arange(market.first[m], market.first[m + 1]) for m in members]
    best: list[dict[str, int]] = []
    for span in spans:
        places: dict[str, int] = {}
        for position, line in enumerate(market.line[span].tolist()):
            places.setdefault(locality_of_line[line], position)
        best.append(places)
    shared = sorted(best[0].keys() & best[1].keys(), key=lambda p: (best[0][p] + best[1][p], p))
    localities = [np.array([locality_of_line[i] for i in market.line[span]]) for span in spans]
    steps = tuple(
        Step(p, at, *(s[where == p] for s, where in zip(spans, localities, strict=True)))
        for at, p in enumerate(shared, 1)
    )
    return Couple(couple_id, members, steps, (spans[0], spans[1]))


def _usable(couple: Couple, step: int) -> tuple[Ints, Ints]:
    """Contracts of each member at this step."""
    if step < len(couple.steps):
        return couple.steps[step].first, couple.steps[step].second
    return couple.alone


def _has_failed(couple: Couple, step: int, held: Ints) -> bool:
    """Whether a member that the entry seats has no seat."""
    if step >= len(couple.steps):
        return False
    wanted = zip(couple.members, _usable(couple, step), strict=True)
    return any(len(usable) and held[member] == UNPLACED for member, usable in wanted)


def _movers(market: Market, couples: Sequence[Couple], step: Ints, failed: Sequence[int]) -> list[int]:
    """Failed couples that move on now; at least one does."""
    lines = {
        at: set(market.line[np.concatenate(_usable(couples[at], int(step[at])))].tolist()) for at in failed
    }
    asked: dict[int, int] = {}
    for wanted in lines.values():
        for line in wanted:
            asked[line] = asked.get(line, 0) + 1
    claimed: set[int] = set()
    movers = []
    for at in sorted(failed, key=lambda i: min(couples[i].members)):
        has_rival = any(asked[line] > 1 for line in lines[at])
        if has_rival and not claimed & lines[at]:
            claimed |= lines[at]
        else:
            movers.append(at)
    return movers
