"""Posts that stand before the run: overrides pinned by a person, and posts held from an earlier run.

Belongs here: reading them, and how they stand among the contracts. Does not belong here: who decided what
(`decisions.py`), and the match, which needs to know no more than a score of `inf`.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from planning.errors import FrameError
from planning.placement import tables
from planning.placement.market import Floats, Ints, Mask
from planning.placement.quotas import Scope
from planning.placement.tables import Columns, Options, Roll

STANDING = -3  # a row of no table of preferences


def read_posts(
    table: Columns | None, name: str, graduates: Roll, lines: Roll, closed: Mask
) -> dict[int, int]:
    """Graduate -> line of posts that stand before the run."""
    if table is None or not tables.length(table):
        return {}
    tables.demand(table, name, ["graduate_id", "line_id"])
    graduate = tables.numbers(table["graduate_id"], graduates, name, "graduate_id")
    line = tables.numbers(table["line_id"], lines, name, "line_id")
    tables.refuse_repeats(name, "graduate stands on two lines", graduate, column="graduate_id")
    shut = np.flatnonzero(closed[line])
    if len(shut):
        problem = f"line {lines.ids[line[shut[0]]]} is closed or has no seat"
        mend = "Open the line with a seat, name another line, or remove the row."
        raise FrameError(name, problem, tuple(shut.tolist()), column="line_id", mend=mend)
    return dict(zip(graduate.tolist(), line.tolist(), strict=True))


def refuse_overfull(
    overrides: Columns | None,
    held: Columns | None,
    standing: Mapping[int, int],
    capacity: Ints,
    lines: Roll,
) -> None:
    """More standing posts on a line than it has seats is a mistake of the tables."""
    taken = np.bincount(np.array(list(standing.values()), dtype=np.int64), minlength=len(capacity))
    over = np.flatnonzero(taken > capacity)
    if not len(over):
        return
    at = lines.ids[over[0]]
    seats = int(capacity[over[0]])
    problem = f"line {at} has {seats} seat{'s' * (seats != 1)}, {taken[over[0]]} stand on it"
    for name, table in (("overrides", overrides), ("held", held)):
        rows = [] if table is None else [i for i, v in enumerate(table["line_id"]) if str(v) == at]
        if rows:
            mend = "Add seats to the line, or remove rows."
            raise FrameError(name, problem, tuple(rows), column="line_id", mend=mend)


def refuse_beyond_caps(
    overrides: Columns | None, held: Columns | None, standing: Mapping[int, int], scopes: Sequence[Scope]
) -> None:
    """Standing posts that alone exceed a cap contradict the quotas."""
    lines = np.array(list(standing.values()), dtype=np.int64)
    for scope in scopes:
        count = int(np.isin(lines, scope.lines).sum())
        if scope.cap is None or count <= scope.cap:
            continue
        problem = f"{count} posts stand in {scope.name}, its cap is {scope.cap}"
        mend = "Raise the cap in the quotas, or remove rows."
        for name, table in (("overrides", overrides), ("held", held)):
            if table is not None and tables.length(table):
                raise FrameError(name, problem, column="line_id", mend=mend)


def put_on_top(
    asked: Options, score: Floats, kept: Mask, holds: Mapping[int, int], pins: Mapping[int, int]
) -> tuple[Mask, Options, Floats]:
    """Put standing posts on top of their line's order; a pinned graduate keeps that contract only.

    A graduate who holds a post keeps every option above it and loses those below: what is held is the
    worst that can come.
    """
    standing = {**holds, **pins}
    if not standing:
        return kept, asked, score
    last = int(asked.rank.max(initial=0))
    count = max(int(asked.graduate.max(initial=-1)), *standing) + 1
    line_of = np.full(count, -1)
    line_of[list(standing)] = list(standing.values())
    listed = np.full(count, -1)  # the option by which each graduate stands, where the list has it
    stands = np.flatnonzero(asked.line == line_of[asked.graduate])
    listed[asked.graduate[stands]] = stands
    new = [(g, line, last + 1) for g, line in standing.items() if listed[g] < 0]
    asked = tables.append(asked, np.array(new, dtype=np.int64).reshape(-1, 3), STANDING)
    score = np.concatenate((score, np.full(len(new), np.inf)))
    kept = np.concatenate((kept, np.ones(len(new), dtype=bool)))
    limit = np.full(count, np.iinfo(np.int64).max)
    limit[list(standing)] = last + 1
    known = np.flatnonzero(listed >= 0)
    score[listed[known]], kept[listed[known]] = np.inf, True
    limit[known] = asked.rank[listed[known]]
    kept &= asked.rank <= limit[asked.graduate]
    is_pinned = np.zeros(count, dtype=bool)
    is_pinned[list(pins)] = True
    kept &= ~is_pinned[asked.graduate] | np.isposinf(score)
    return kept, asked, score
