"""The independent checker: does a placement keep every promise? It shares no code with the engine.

Belongs here: counting breaches from the lists, seats and quotas alone. Does not belong here: anything
imported from the matching, quota or explanation modules; a mistake there must not be repeated here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Lists:
    """Admissible contracts (m,): graduate, line, rank in own list, score with the line.

    `draw` is (n,) the place of each graduate in the lottery, smaller first.
    """

    graduate: Array
    line: Array
    rank: Array
    score: Array
    draw: Array


@dataclass(frozen=True)
class Rule:
    """A scope to be kept: (s,) its lines, the certified floor, the cap (None is no cap)."""

    name: str
    lines: Array
    floor: int
    cap: int | None


@dataclass(frozen=True)
class Findings:
    """Counts that must be zero, and the claims to empty seats with the constraint that explains each.

    `waste_*`: (w,) graduate, line, code and scope name of each claim.
    """

    counts: dict[str, int]
    waste_graduate: Array
    waste_line: Array
    waste_code: list[str]
    waste_scope: list[str]
    floor_got: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether the run may be published."""
        return not any(self.counts.values())


def verify(lists: Lists, capacity: Array, placed_line: Array, rules: Sequence[Rule] = ()) -> Findings:
    """Check a placement against lists, seats and scopes.

    Args:
        lists: every admissible contract.
        capacity: (l,) seats.
        placed_line: (n,) line of each graduate, -1 if none.
        rules: nested scopes with the floors certified for this run.
    """
    n, lines_count = len(placed_line), len(capacity)
    is_placed = placed_line >= 0
    filled = np.bincount(placed_line[is_placed], minlength=lines_count)
    is_own = lists.line == placed_line[lists.graduate]
    own_rank = np.full(n, np.inf)
    own_rank[lists.graduate[is_own]] = lists.rank[is_own]
    own_score = np.full(n, np.nan)
    own_score[lists.graduate[is_own]] = lists.score[is_own]

    wants = np.flatnonzero(lists.rank < own_rank[lists.graduate])
    line, score = lists.line[wants], lists.score[wants]
    draw = lists.draw[lists.graduate[wants]]
    worst_score, worst_draw = _last_seat(placed_line, own_score, lists.draw, lines_count)
    stands_higher = (score > worst_score[line]) | ((score == worst_score[line]) & (draw < worst_draw[line]))
    envy = int((stands_higher & (filled[line] > 0)).sum())
    claims = wants[filled[line] < capacity[line]]
    codes, scopes = _explain_waste(lists, claims, capacity, placed_line, own_score, rules=rules)
    got = {rule.name: int(filled[rule.lines].sum()) for rule in rules}
    counts = {
        "over_capacity": int((filled > capacity).sum()),
        "outside_own_list": int((is_placed & ~np.isfinite(own_rank)).sum()),
        "over_cap": sum(got[r.name] > r.cap for r in rules if r.cap is not None),
        "under_certified_floor": sum(got[r.name] < r.floor for r in rules),
        "justified_envy_pairs": envy,
        "uncoded_waste": codes.count(""),
    }
    return Findings(counts, lists.graduate[claims], lists.line[claims], codes, scopes, got)


def _last_seat(placed_line: Array, score: Array, draw: Array, lines_count: int) -> tuple[Array, Array]:
    """(l,) score and draw of the lowest-standing graduate on each line."""
    worst_score = np.full(lines_count, np.inf)
    worst_draw = np.full(lines_count, -1)
    who = np.flatnonzero(placed_line >= 0)
    np.minimum.at(worst_score, placed_line[who], score[who])
    tied = who[score[who] == worst_score[placed_line[who]]]
    np.maximum.at(worst_draw, placed_line[tied], draw[tied])
    return worst_score, worst_draw


def _explain_waste(
    lists: Lists,
    claims: Array,
    capacity: Array,
    placed_line: Array,
    own_score: Array,
    *,
    rules: Sequence[Rule],
) -> tuple[list[str], list[str]]:
    """Code and scope of each claim to an empty seat; "" where nothing explains it.

    A claim is explained when its contract cannot join the placed contracts that stand above it in
    the published order: some scope around the line could then no longer hold its people and the
    floors still open inside it. Places are counted for every prefix of the published order at once.
    """
    if not rules or not len(claims):
        return [""] * len(claims), [""] * len(claims)
    rules = sorted(rules, key=lambda rule: (len(rule.lines), not rule.name))
    outside = len(rules)
    home = np.full(len(capacity), outside)
    around = [outside] * outside
    for at in range(outside - 1, -1, -1):
        around[at] = int(home[rules[at].lines[0]])
        home[rules[at].lines] = at

    who = np.flatnonzero(placed_line >= 0)
    who = who[np.lexsort((lists.draw[who], -own_score[who]))]
    # within[at, t]: places taken or owed inside the scope when the first t placed contracts stand.
    within = np.zeros((outside, len(who) + 1), dtype=np.int32)
    placed_home = home[placed_line[who]]
    floor = np.array([rule.floor for rule in rules], dtype=np.int32)
    for at in range(outside):
        within[at, 1:] += np.cumsum(placed_home == at, dtype=np.int32)
        if around[at] < outside:
            within[around[at]] += np.maximum(floor[at], within[at])
    limit = _hold_at_most(rules, lists, capacity, around)
    standing = _stands_after(lists, claims, who, own_score)

    scope_at = home[lists.line[claims]]
    blocked_by = np.full(len(claims), outside)
    walking = np.flatnonzero(scope_at < outside)
    while len(walking):
        scope, t = scope_at[walking], standing[walking]
        needs = np.maximum(floor[scope], within[scope, t])
        needs_with_claim = np.maximum(floor[scope], within[scope, t] + 1)
        is_blocked = needs_with_claim > limit[scope]
        blocked_by[walking[is_blocked]] = scope[is_blocked]
        goes_on = ~is_blocked & (needs_with_claim > needs)
        scope_at[walking] = np.array([*around, outside])[scope]
        walking = walking[goes_on & (scope_at[walking] < outside)]
    return _name(rules, blocked_by, home[lists.line[claims]], around, placed_home)


def _hold_at_most(rules: Sequence[Rule], lists: Lists, capacity: Array, around: list[int]) -> Array:
    """(r,) the cap, the seats or the graduates with a contract in the scope, whichever is least.

    People are counted only where they might be the fewest: a scope has at least as many of them as its
    most wanted line. Scopes that do not lie in one another are counted in one pass.
    """
    lines_count = len(capacity)
    wanted = np.bincount(lists.line, minlength=lines_count)
    seats = [int(capacity[rule.lines].sum()) for rule in rules]
    limit = np.array([s if r.cap is None else min(s, r.cap) for s, r in zip(seats, rules, strict=True)])
    is_unsure = limit > np.array([wanted[rule.lines].max() for rule in rules])
    depth = np.zeros(len(rules), dtype=np.int64)
    for at in range(len(rules) - 1, -1, -1):
        if around[at] < len(rules):
            depth[at] = depth[around[at]] + 1
    for level in np.unique(depth[is_unsure]).tolist():
        here = np.flatnonzero(is_unsure & (depth == level))
        scope_of_line = np.full(lines_count, -1)
        for at in here.tolist():
            scope_of_line[rules[at].lines] = at
        scope = scope_of_line[lists.line]
        is_first = np.ones(len(scope), dtype=bool)
        is_first[1:] = (scope[1:] != scope[:-1]) | (lists.graduate[1:] != lists.graduate[:-1])
        first = np.flatnonzero(is_first & (scope >= 0))
        pairs = np.unique(lists.graduate[first] * len(rules) + scope[first])
        people = np.bincount(pairs % len(rules), minlength=len(rules))
        limit[here] = np.minimum(limit[here], people[here])
    return limit


def _stands_after(lists: Lists, claims: Array, who: Array, own_score: Array) -> Array:
    """How many placed contracts stand above each claim; a graduate's own better wish comes first."""
    score = np.concatenate((lists.score[claims], own_score[who]))
    draw = np.concatenate((lists.draw[lists.graduate[claims]], lists.draw[who]))
    is_placed = np.arange(len(score)) >= len(claims)
    order = np.lexsort((is_placed, draw, -score))
    counted = np.cumsum(is_placed[order])
    above = np.empty(len(score), dtype=np.int64)
    above[order] = counted
    return above[: len(claims)]


def _name(
    rules: Sequence[Rule], blocked_by: Array, home: Array, around: list[int], placed_home: Array
) -> tuple[list[str], list[str]]:
    """CAP_REACHED or FLOOR_RESERVED, and the scope whose cap or floor it is."""
    outside = len(rules)
    chain: list[set[int]] = []
    for at in range(outside):
        chain.append({at})
        step = at
        while around[step] < outside:
            step = around[step]
            chain[at].add(step)
    got = np.bincount(placed_home, minlength=outside + 1)[:outside]
    for at in range(outside):  # smallest first, so that what lies inside is complete
        if around[at] < outside:
            got[around[at]] += got[at]
    named: dict[tuple[int, int], tuple[str, str]] = {}
    codes, names = [], []
    for block, line_home in zip(blocked_by.tolist(), home.tolist(), strict=True):
        if block == outside:
            codes.append("")
            names.append("")
            continue
        if (block, line_home) not in named:
            rule = rules[block]
            if rule.cap is not None and got[block] >= rule.cap:
                named[block, line_home] = ("CAP_REACHED", rule.name)
            else:
                inner = [i for i in range(outside) if block in chain[i] and i not in chain[line_home]]
                owed = [i for i in inner if rules[i].floor and got[i] <= rules[i].floor]
                owed = owed or [i for i in inner if rules[i].floor]
                best = max(owed, key=lambda i: (rules[i].floor, rules[i].name), default=block)
                named[block, line_home] = ("FLOOR_RESERVED", rules[best].name)
        code, name = named[block, line_home]
        codes.append(code)
        names.append(name)
    return codes, names
