"""Couples and their joint lists from tables.

Belongs here: reading members and entries into steps. Does not belong here: the rule (`couples.py`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from planning.errors import FrameError
from planning.placement import tables
from planning.placement.couples import Couple, Step, by_locality
from planning.placement.market import UNPLACED, Ints, Market, Mask
from planning.placement.tables import Columns, Options, Roll

LOCALITY_COLUMNS = ("locality_id", "locality_kato", "district_kato", "region_code")


def joint_options(
    couples: Columns | None, joint: Columns | None, asked: Options, graduates: Roll, lines: Roll
) -> Ints:
    """(j, 3) graduate, line, rank of the lines that only a joint list names, behind the own list."""
    if couples is None or joint is None or not tables.length(joint):
        return np.zeros((0, 3), dtype=np.int64)
    members = _members(couples, joint, graduates)
    last = np.zeros(len(graduates.ids), dtype=np.int64)
    np.maximum.at(last, asked.graduate, asked.rank)
    known = set(zip(asked.graduate.tolist(), asked.line.tolist(), strict=True))
    new: list[tuple[int, int, int]] = []
    for couple_id, pairs in _joint_lists(joint, members, lines).items():
        for pair in pairs:
            for member, line in zip(members[couple_id], pair, strict=True):
                if line != UNPLACED and (member, line) not in known:
                    known.add((member, line))
                    last[member] += 1
                    new.append((member, line, int(last[member])))
    return np.array(new, dtype=np.int64).reshape(-1, 3)


def _members(table: Columns, joint: Columns | None, graduates: Roll) -> dict[str, tuple[int, int]]:
    """Couple -> its two members by id; with a joint list by column `member` (1, 2) or as they stand.

    A joint list speaks of a first and a second member: it is the one place where the order of rows
    means something, and only where `member` is not given.
    """
    tables.demand(table, "couples", ["couple_id", "graduate_id"])
    graduate = tables.numbers(table["graduate_id"], graduates, "couples", "graduate_id")
    rows: dict[str, list[int]] = {}
    for row, couple_id in enumerate(table["couple_id"]):
        rows.setdefault(str(couple_id), []).append(row)
    has_list = set() if joint is None else {str(value) for value in joint.get("couple_id", ())}
    for couple_id, own in rows.items():
        if couple_id not in has_list:
            own.sort(key=lambda row: str(table["graduate_id"][row]))
        elif "member" in table:
            own.sort(key=lambda row: str(table["member"][row]))
    repeated = "graduate belongs to two couples, or twice to one"
    tables.refuse_repeats("couples", repeated, graduate, column="graduate_id")
    for couple_id, own in rows.items():
        if len(own) != 2:
            problem = f"couple {couple_id} has {len(own)} member{'s' * (len(own) != 1)}, not two"
            mend = "Give each couple two rows, one for each member, or remove the couple."
            raise FrameError("couples", problem, tuple(own), column="graduate_id", mend=mend)
    return {c: (int(graduate[own[0]]), int(graduate[own[1]])) for c, own in sorted(rows.items())}


def _joint_lists(
    joint: Columns, members: Mapping[str, tuple[int, int]], lines: Roll
) -> dict[str, list[tuple[int, int]]]:
    """Couple -> pairs of lines by rank; a blank line means that the member stays without a seat."""
    tables.demand(joint, "joint", ["couple_id", "rank", "line_id_1", "line_id_2"])
    couple = [str(value) for value in joint["couple_id"]]
    stray = tuple(row for row, value in enumerate(couple) if value not in members)
    if stray:
        mend = "Add the couple's two members, or remove the row."
        raise FrameError(
            "joint", f"unknown couple_id {couple[stray[0]]}", stray, column="couple_id", mend=mend
        )
    number = {couple_id: at for at, couple_id in enumerate(members)}
    rank = tables.whole(joint["rank"], "joint", "rank", at_least=1)
    codes = np.array([number[value] for value in couple], dtype=np.int64)
    tables.refuse_repeats("joint", "couple uses the same rank twice", codes, rank, column="rank")
    sides = [_line_or_none(joint[column], column, lines) for column in ("line_id_1", "line_id_2")]
    tables.refuse_repeats("joint", "couple lists the same pair twice", codes, *sides, column="line_id_2")
    found: dict[str, list[tuple[int, int]]] = {}
    for row in np.lexsort((rank, codes)).tolist():
        pair = (int(sides[0][row]), int(sides[1][row]))
        if pair == (UNPLACED, UNPLACED):
            mend = "Name at least one line; a blank one leaves its member without a seat."
            raise FrameError("joint", "both lines are blank", (row,), column="line_id_1", mend=mend)
        found.setdefault(couple[row], []).append(pair)
    return found


def _line_or_none(values: Sequence[Any], column: str, lines: Roll) -> Ints:
    """Line numbers, -1 where blank."""
    found = np.full(len(values), UNPLACED)
    there = [i for i, value in enumerate(values) if not tables.is_blank(value)]
    try:
        found[there] = tables.numbers([values[i] for i in there], lines, "joint", column)
    except FrameError as error:
        rows = tuple(there[i] for i in error.rows)
        raise FrameError("joint", error.problem, rows, column=column, mend=error.mend) from None
    return found


def read_couples(
    couples: Columns | None,
    joint: Columns | None,
    market: Market,
    *,
    is_own: Mask,
    fixed: Ints,
    graduates: Roll,
    lines: Roll,
    line_table: Columns,
) -> list[Couple]:
    """Couples with the steps of their lists; a couple with a pinned or held member stays out.

    Args:
        couples: couple_id, graduate_id and, if wanted, member (1 or 2).
        joint: couple_id, rank, line_id_1, line_id_2.
        market: the instance.
        is_own: (m,) contracts that a member may use alone: not those of a joint list only.
        fixed: (n,) contracts that stand before the run, or -1.
        graduates: names of graduates.
        lines: names of lines.
        line_table: the lines as given, for their locality.
    """
    if couples is None or not tables.length(couples):
        return []
    members = _members(couples, joint, graduates)
    entries: dict[str, list[tuple[int, int]]] = {}
    if joint is not None and tables.length(joint):
        entries = _joint_lists(joint, members, lines)
    locality = next((c for c in LOCALITY_COLUMNS if c in line_table), None)
    found = []
    for couple_id, pair in members.items():
        if (fixed[list(pair)] != UNPLACED).any():
            continue
        if couple_id in entries:
            found.append(
                _with_entries(couple_id, pair, entries[couple_id], market=market, is_own=is_own, lines=lines)
            )
        elif locality is None:
            problem = (
                f"couple {couple_id} has no joint list, and lines have none of the columns "
                f"{', '.join(LOCALITY_COLUMNS)} to tell what lies together"
            )
            mend = "Give the couple a joint list, or add one of these columns to the lines."
            raise FrameError("couples", problem, column="couple_id", mend=mend)
        else:
            where = [str(line_table[locality][row]) for row in lines.row.tolist()]
            found.append(by_locality(market, couple_id, pair, where))
    return found


def _with_entries(
    couple_id: str,
    pair: tuple[int, int],
    entries: Sequence[tuple[int, int]],
    *,
    market: Market,
    is_own: Mask,
    lines: Roll,
) -> Couple:
    """A couple with a joint list; entries with a line that is not admissible are left out."""
    spans = [np.arange(market.first[g], market.first[g + 1]) for g in pair]
    contract = [dict(zip(market.line[span].tolist(), span.tolist(), strict=True)) for span in spans]
    steps = []
    for at, (first, second) in enumerate(entries, 1):
        usable = [
            np.zeros(0, dtype=np.int64) if line == UNPLACED else np.array([own[line]])
            for own, line in zip(contract, (first, second), strict=True)
            if line == UNPLACED or line in own
        ]
        if len(usable) == 2:
            steps.append(Step(_label((first, second), lines), at, usable[0], usable[1]))
    alone = [span[is_own[span]] for span in spans]
    return Couple(couple_id, pair, tuple(steps), (alone[0], alone[1]))


def _label(pair: tuple[int, int], lines: Roll) -> str:
    return " + ".join("–" if line == UNPLACED else lines.ids[line] for line in pair)
