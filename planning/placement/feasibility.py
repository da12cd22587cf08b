"""The yardstick: can the floors be met, which obstacle stands, and how much deficit could be covered.

Belongs here: the min-cost flows and their certificates. Does not belong here: the placement itself;
a flow has no notion of fairness. Graduates with the same admissible lines are one node of the flow,
which leaves the optimum as it is and makes the network of a campaign small.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.errors import FrameError
from planning.placement.kinds import Kinds, kinds
from planning.placement.market import Floats, Ints, Market
from planning.placement.quotas import NO_SCOPE, Scope, nested

WEIGHT_UNITS = 1_000_000  # the flow counts in whole numbers: a weight keeps six decimals


@dataclass(frozen=True)
class LoweredFloor:
    """A floor that no placement can meet, and the cut that shows it.

    Attributes:
        scope: its name.
        floor: as published.
        lowered_to: the most that can be met beside the others.
        floors: names of the floors that compete for the same graduates or seats.
        needed: what these floors ask for together.
        graduates: who can serve under them.
        seats: what there is.
    """

    scope: str
    floor: int
    lowered_to: int
    floors: tuple[str, ...]
    needed: int
    graduates: int
    seats: int

    @property
    def cut(self) -> str:
        """The obstacle in words."""
        names = ", ".join(self.floors)
        return (
            f"floors {names} need {self.needed}; {self.graduates} graduates can serve there, "
            f"{self.seats} seats"
        )


@dataclass(frozen=True)
class Coverage:
    """The most deficit that any placement can cover, and (l,) how it fills the lines."""

    bound: float
    filled: Ints


def certify(
    market: Market, scopes: Sequence[Scope], fixed: Ints | None = None, *, groups: Kinds | None = None
) -> tuple[Ints, list[LoweredFloor]]:
    """(k,) floors that can be met together, and the log of those that had to be lowered.

    The rule: the seats by which floors are lowered are as few as possible; where several ways are
    equally short, the floor that stands later in the published order gives way first. `groups` are the
    market's kinds where they are at hand.

    Raises:
        FrameError: Fixed contracts alone breach a cap.
    """
    floors = np.array([scope.floor for scope in scopes], dtype=np.int64)
    if not floors.any():
        return floors, []
    groups = kinds(market, fixed) if groups is None else groups
    # One seat of any floor outweighs every preference between floors.
    first = int(floors.sum()) * len(scopes) + 1
    reward = first + len(scopes) - np.arange(len(scopes))
    into_line, met = _flow(market, scopes, groups, floor_reward=reward)
    lowered = [
        LoweredFloor(scopes[i].name, int(floors[i]), int(met[i]), *_cut(i, scopes, groups, into_line, market))
        for i in np.flatnonzero(met < floors).tolist()
    ]
    return met, lowered


def coverage_bound(
    market: Market,
    scopes: Sequence[Scope],
    weight: Floats,
    fixed: Ints | None = None,
    *,
    groups: Kinds | None = None,
) -> Coverage:
    """The greatest Σ weight × filled seats over placements that keep capacity and caps.

    Args:
        market: the instance; only listed (or completed) contracts count.
        scopes: caps are kept, floors are not asked for.
        weight: (l,) deficit that one filled seat covers.
        fixed: (n,) contracts that stand whatever happens, or -1.
        groups: the market's kinds where they are at hand.
    """
    groups = kinds(market, fixed) if groups is None else groups
    units = np.round(weight * WEIGHT_UNITS).astype(np.int64)
    into_line, _ = _flow(market, scopes, groups, line_reward=units)
    filled = np.bincount(groups.pair_line, weights=into_line, minlength=market.lines_count).astype(np.int64)
    return Coverage(float(filled @ weight), filled)


def _flow(
    market: Market,
    scopes: Sequence[Scope],
    groups: Kinds,
    *,
    floor_reward: Ints | None = None,
    line_reward: Ints | None = None,
) -> tuple[Ints, Ints]:
    """Solve; (pairs,) graduates of each kind on each line, and (k,) floor seats met."""
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415  loaded only when asked for

    parent, scope_of_line = nested(scopes, market.lines_count)
    kinds_count, lines_count, k = len(groups.count), market.lines_count, len(scopes)
    source, sink = 0, 1 + kinds_count + lines_count + k
    line_node = 1 + kinds_count + np.arange(lines_count)
    scope_node = 1 + kinds_count + lines_count + np.arange(k)
    above_line = np.where(scope_of_line == NO_SCOPE, sink, scope_node[scope_of_line] if k else sink)
    above_scope = np.where(parent == NO_SCOPE, sink, scope_node[parent] if k else sink)
    seats = market.capacity
    floors = np.array([s.floor for s in scopes], dtype=np.int64)
    most = int(groups.count.sum())
    caps = np.array([most if s.cap is None else s.cap for s in scopes], dtype=np.int64)
    floors_in_cap = np.minimum(floors, caps) if floor_reward is not None else floors * 0

    flow = min_cost_flow.SimpleMinCostFlow()

    def arcs(tail: Ints, head: Ints, capacity: Ints, cost: Ints) -> Ints:
        found: Ints = flow.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
        return found

    free = np.zeros
    arcs(np.full(kinds_count, source), 1 + np.arange(kinds_count), groups.count, free(kinds_count, int))
    pairs = arcs(
        1 + groups.pair_kind,
        line_node[groups.pair_line],
        np.minimum(groups.count[groups.pair_kind], seats[groups.pair_line]),
        free(len(groups.pair_line), int),
    )
    arcs(line_node, above_line, seats, -line_reward if line_reward is not None else free(lines_count, int))
    met = arcs(
        scope_node, above_scope, floors_in_cap, -floor_reward if floor_reward is not None else free(k, int)
    )
    arcs(scope_node, above_scope, caps - floors_in_cap, free(k, int))
    arcs(np.array([source]), np.array([sink]), np.array([most]), np.array([0]))
    flow.set_nodes_supplies(np.array([source, sink]), np.array([most, -most]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise FrameError("quotas", f"the flow over the scopes ended as {status}")
    solved = flow.flows(pairs).astype(np.int64)
    return solved, flow.flows(met).astype(np.int64) if k else np.zeros(0, dtype=np.int64)


def _cut(
    at: int, scopes: Sequence[Scope], groups: Kinds, into_line: Ints, market: Market
) -> tuple[tuple[str, ...], int, int, int]:
    """The obstacle: floors that compete for the same graduates, what they need, and what there is.

    Start from the floor that falls short; every kind of graduate that could serve there, and now
    serves under another floor without slack, brings that floor in, until nothing is added.
    """
    filled = np.bincount(groups.pair_line, weights=into_line, minlength=market.lines_count)
    joined = [at]
    while True:
        lines = np.unique(np.concatenate([scopes[i].lines for i in joined]))
        able = np.unique(groups.pair_kind[np.isin(groups.pair_line, lines)])
        serves = np.isin(groups.pair_kind, able) & (into_line > 0)
        used = np.unique(groups.pair_line[serves])
        more = [
            i
            for i, scope in enumerate(scopes)
            if i not in joined
            and scope.floor
            and filled[scope.lines].sum() <= scope.floor
            and np.isin(scope.lines, used).any()
        ]
        if not more:
            break
        joined += more
    outer = [i for i in joined if not any(_is_inside(scopes[i], scopes[j]) for j in joined if j != i)]
    needed = sum(scopes[i].floor for i in outer)
    seats = int(market.capacity[lines].sum())
    names = tuple(f"{scopes[i].name} ({scopes[i].floor})" for i in sorted(outer))
    return names, needed, int(groups.count[able].sum()), seats


def _is_inside(inner: Scope, outer: Scope) -> bool:
    """Whether all lines of one scope belong to the other."""
    return len(inner.lines) < len(outer.lines) and bool(np.isin(inner.lines, outer.lines).all())
