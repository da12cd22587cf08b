"""Caps and floors on sets of lines that lie inside one another.

Belongs here: scopes, the check that they are nested, the tree with what each scope reserves. Does not
belong here: whether floors can be met at all (`feasibility.py`) and the choice (`choice.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planning.errors import FrameError
from planning.placement.kinds import Kinds, kinds
from planning.placement.market import Ints, Market

NO_SCOPE = -1


@dataclass(frozen=True)
class Scope:
    """A named set of lines with the fewest and the most graduates it may receive together."""

    name: str
    lines: Ints
    floor: int = 0
    cap: int | None = None


@dataclass(frozen=True)
class QuotaTree:
    """Nested scopes, ready for the choice function.

    Attributes:
        scopes: as published; unnamed pools come last.
        parent: (k,) the smallest scope around each scope, or `NO_SCOPE`.
        depth: (k,) 0 for a scope inside no other.
        scope_of_line: (l,) the smallest scope that holds the line, or `NO_SCOPE`.
        reserve: (k,) floor not already reserved by the scopes inside.
        limit: (k,) places left for graduates whom no floor inside asks for.
        block_of_line: (l,) lines in different blocks never compete.
    """

    scopes: tuple[Scope, ...]
    parent: Ints
    depth: Ints
    scope_of_line: Ints
    reserve: Ints
    limit: Ints
    block_of_line: Ints


def nested(scopes: Sequence[Scope], lines_count: int) -> tuple[Ints, Ints]:
    """Parent of each scope and smallest scope of each line; refuses scopes that cross.

    Raises:
        FrameError: A scope is empty, two scopes hold the same lines, or two overlap without one
            lying inside the other.
    """
    parent = np.full(len(scopes), NO_SCOPE)
    scope_of_line = np.full(lines_count, NO_SCOPE)
    for at in sorted(range(len(scopes)), key=lambda i: (-len(scopes[i].lines), i)):
        lines = scopes[at].lines
        if not len(lines):
            raise FrameError("quotas", f"{scopes[at].name} holds no line", (at,))
        around = np.unique(scope_of_line[lines])
        if len(around) > 1:
            other = scopes[int(around.max())].name
            raise FrameError(
                "quotas",
                f"{scopes[at].name} and {other} cross: each has lines that the other has not",
                (at,),
                column="scope_column",
                mend="Scopes must lie inside one another or apart. Write the one inside the other, value by "
                "value: a rural floor of a region is scope_column region_code|is_rural, scope_value R1|true, "
                "and a nationwide one is such a row for each region.",
            )
        parent[at] = around[0]
        if parent[at] != NO_SCOPE and len(scopes[parent[at]].lines) == len(lines):
            other = scopes[parent[at]].name
            raise FrameError(
                "quotas",
                f"{scopes[at].name} and {other} are the same lines",
                (at,),
                column="scope_value",
                mend="Keep one of the two rows, with the floor and the cap that are meant.",
            )
        scope_of_line[lines] = at
    return parent, scope_of_line


def validate(scopes: Sequence[Scope], lines_count: int) -> None:
    """Refuse quotas that contradict themselves, whoever applies.

    Raises:
        FrameError: Not nested; negative; floor above cap; floors inside a scope above its cap.
    """
    parent, _ = nested(scopes, lines_count)
    for at, scope in enumerate(scopes):
        if scope.floor < 0 or (scope.cap is not None and scope.cap < 0):
            raise FrameError("quotas", f"{scope.name} is negative", (at,))
        if scope.cap is not None and scope.floor > scope.cap:
            problem = f"{scope.name} has floor {scope.floor} above cap {scope.cap}"
            raise FrameError(
                "quotas", problem, (at,), column="floor", mend="Lower the floor or raise the cap."
            )
    depth = _depth(parent)
    inside = _floors_inside(scopes, parent, depth)
    for at, scope in enumerate(scopes):
        if scope.cap is not None and inside[at] > scope.cap:
            problem = f"floors inside {scope.name} sum to {inside[at]}, above its cap {scope.cap}"
            mend = "Raise this cap, or lower the floors inside it."
            raise FrameError("quotas", problem, (at,), column="cap", mend=mend)


def grow(scopes: Sequence[Scope], market: Market) -> QuotaTree | None:
    """The tree of the scopes over this market; None where there is no scope.

    A scope can receive no more than its seats or the graduates who list one of its lines, so its cap
    is lowered to them. Where floors stand, the lines among which graduates can move form a *pool*, an
    unnamed scope around all of them whose cap is the number of its graduates: each place that is not
    reserved for a floor is one that the pool can afford.
    """
    if not scopes:
        return None
    groups = kinds(market)
    scopes = [*scopes, *_pools(scopes, groups, market.lines_count)]
    parent, scope_of_line = nested_with_pools(scopes, market.lines_count)
    depth = _depth(parent)
    inside = _floors_inside(scopes, parent, depth)
    floor = np.maximum(np.array([s.floor for s in scopes]), inside)
    cap = _bounded_caps(
        scopes, market.capacity, groups, parent=parent, depth=depth, scope_of_line=scope_of_line
    )
    block = np.arange(market.lines_count) + len(scopes)
    for at in np.flatnonzero(depth == 0):
        block[scopes[at].lines] = at
    return QuotaTree(tuple(scopes), parent, depth, scope_of_line, floor - inside, cap - inside, block)


def are_floors_promised(tree: QuotaTree, market: Market, fixed: Ints) -> bool:
    """Whether the certificate is a promise: in each pool everyone may serve on every line.

    Places are counted, not names: where a reserved place fits only some of the graduates who are left,
    a floor can stay open although a placement exists that meets it. Posts that stand before the run are
    in their place already and do not matter.
    """
    stands = np.flatnonzero(fixed >= 0)
    groups = kinds(market.only(~np.isin(market.graduate, stands))[0])
    for scope in tree.scopes:
        if not scope.name:
            inside = np.isin(groups.pair_line, scope.lines[market.capacity[scope.lines] > 0])
            if len(np.unique(groups.pair_kind[inside])) > 1:
                return False
            if len(groups.count) and inside.sum() < (market.capacity[scope.lines] > 0).sum():
                return False
    return True


def with_floors(scopes: Sequence[Scope], floors: Sequence[int]) -> tuple[Scope, ...]:
    """The same scopes with other floors."""
    return tuple(replace(s, floor=int(f)) for s, f in zip(scopes, floors, strict=True))


def nested_with_pools(scopes: Sequence[Scope], lines_count: int) -> tuple[Ints, Ints]:
    """As `nested`, where a pool may hold exactly the lines of one scope: it then lies around it."""
    parent = np.full(len(scopes), NO_SCOPE)
    scope_of_line = np.full(lines_count, NO_SCOPE)
    for at in sorted(range(len(scopes)), key=lambda i: (-len(scopes[i].lines), bool(scopes[i].name), i)):
        parent[at] = scope_of_line[scopes[at].lines[0]]
        scope_of_line[scopes[at].lines] = at
    return parent, scope_of_line


def _pools(scopes: Sequence[Scope], groups: Kinds, lines_count: int) -> list[Scope]:
    """One unnamed scope a set of lines that graduates can move among, where a floor stands in it."""
    floors = [s for s in scopes if s.floor > 0]
    if not floors:
        return []
    label = np.arange(lines_count)
    starts = np.flatnonzero(np.diff(groups.pair_kind, prepend=-1))
    while True:
        before = label.copy()
        if len(starts):
            lowest = np.minimum.reduceat(label[groups.pair_line], starts)
            np.minimum.at(label, groups.pair_line, lowest[groups.pair_kind])
        for scope in scopes:
            label[scope.lines] = label[scope.lines].min()
        if (label == before).all():
            break
    wanted = np.unique([label[s.lines[0]] for s in floors])
    return [Scope("", np.flatnonzero(label == w)) for w in wanted]


def _bounded_caps(
    scopes: Sequence[Scope],
    capacity: Ints,
    groups: Kinds,
    *,
    parent: Ints,
    depth: Ints,
    scope_of_line: Ints,
) -> Ints:
    """(k,) the cap, the seats or the graduates who list a line of the scope, whichever is least."""
    people = np.zeros(len(scopes), dtype=np.int64)
    scope = scope_of_line[groups.pair_line]
    for level in range(int(depth.max()), -1, -1):
        here = np.flatnonzero((scope != NO_SCOPE) & (depth[scope] == level))
        pairs = np.unique(scope[here] * len(groups.count) + groups.pair_kind[here])
        at, kind = np.divmod(pairs, max(len(groups.count), 1))
        np.add.at(people, at, groups.count[kind])
        scope[here] = parent[scope[here]]
    seats = np.array([int(capacity[scope.lines].sum()) for scope in scopes])
    published = [int(capacity.sum()) if scope.cap is None else scope.cap for scope in scopes]
    caps: Ints = np.minimum(np.minimum(people, seats), published)
    return caps


def _depth(parent: Ints) -> Ints:
    """Number of scopes around each scope."""
    depth = np.zeros(len(parent), dtype=np.int64)
    above = parent.copy()
    while (above != NO_SCOPE).any():
        depth += above != NO_SCOPE
        above = np.where(above != NO_SCOPE, parent[above], NO_SCOPE)
    return depth


def _floors_inside(scopes: Sequence[Scope], parent: Ints, depth: Ints) -> Ints:
    """(k,) what the scopes directly inside reserve together, their own insides counted once."""
    inside = np.zeros(len(scopes), dtype=np.int64)
    for at in np.argsort(-depth, kind="stable"):
        if parent[at] != NO_SCOPE:
            inside[parent[at]] += max(scopes[at].floor, int(inside[at]))
    return inside
