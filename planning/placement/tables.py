"""Named tables turned into numbers, or refused: ids, ranks, seats, and the draw of the lottery.

Belongs here: the reading of plain columns, each problem told with its table and rows. Does not belong
here: files (the command reads them) and any rule about who may take which line.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np

from planning.errors import FrameError
from planning.placement.market import Codes, Floats, Ints

MOST = 1_000_000_000  # seats or ranks in one cell; sums of them still fit the flow's whole numbers
Columns = Mapping[str, Sequence[Any]]
"""A table without pandas: column name to values, all of one length. Importing pandas takes longer than
the whole command for outsiders may."""


@dataclass(frozen=True, eq=False)
class Coded(Sequence[str]):
    """A column of ids as positions among its distinct names, -1 where blank.

    A million options name a few thousand ids: looked up once a name, not once a row.
    """

    names: Sequence[str]
    codes: Codes

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.codes)

    def __getitem__(self, row: Any) -> Any:
        """The id of a row; blank is None."""
        return self.names[self.codes[row]] if self.codes[row] >= 0 else None


@dataclass(frozen=True)
class Roll:
    """Ids in a fixed order, their numbers, and the row of the table each came from."""

    ids: tuple[str, ...]
    number: Mapping[str, int]
    row: Ints


@dataclass(frozen=True)
class Options:
    """What graduates list: (m,) graduate, line and rank, and the row of the table."""

    graduate: Ints
    line: Ints
    rank: Ints
    row: Ints


def length(table: Columns) -> int:
    """Number of rows."""
    return len(next(iter(table.values()), ()))


def demand(table: Columns, name: str, columns: Iterable[str]) -> None:
    """Refuse a table that lacks a column."""
    missing = [column for column in columns if column not in table]
    if missing:
        found = ", ".join(column for column in table if column)
        raise FrameError(
            name,
            f"column {', '.join(missing)} is missing",
            column=missing[0],
            mend=f"Name the columns as documented, in lower case; the file has: {found or 'none'}.",
        )


def draw(seed: int | str, graduate_id: str) -> bytes:
    """The lottery ticket of a graduate: smaller comes first.

    It depends on the seed and the graduate's own id only, so nobody's place in the draw changes
    because another graduate joins or leaves.
    """
    return hashlib.sha256(f"{seed}:{graduate_id}".encode()).digest()


def graduate_roll(graduates: Columns, seed: int | str) -> Roll:
    """Graduates in the order of the lottery."""
    demand(graduates, "graduates", ["graduate_id"])
    ids = _unique(graduates["graduate_id"], "graduates", "graduate_id")
    return _roll(ids, sorted(range(len(ids)), key=lambda i: draw(seed, ids[i])))


def line_roll(lines: Columns) -> tuple[Roll, Ints]:
    """Lines by id, and (l,) their seats.

    Raises:
        FrameError: A line twice; a capacity that is blank, negative or no whole number.
    """
    demand(lines, "lines", ["line_id", "capacity"])
    ids = _unique(lines["line_id"], "lines", "line_id")
    roll = _roll(ids, sorted(range(len(ids)), key=ids.__getitem__))
    return roll, whole(lines["capacity"], "lines", "capacity")[roll.row]


def options(preferences: Columns, graduates: Roll, lines: Roll) -> Options:
    """Lists of graduates in numbers.

    Raises:
        FrameError: Unknown id; a line twice in one list; a rank twice in one list; rank below 1.
    """
    demand(preferences, "preferences", ["graduate_id", "line_id", "rank"])
    graduate = numbers(preferences["graduate_id"], graduates, "preferences", "graduate_id")
    line = numbers(preferences["line_id"], lines, "preferences", "line_id")
    rank = whole(preferences["rank"], "preferences", "rank", at_least=1)
    refuse_repeats("preferences", "graduate lists the same line twice", graduate, line, column="line_id")
    refuse_repeats("preferences", "graduate uses the same rank twice", graduate, rank, column="rank")
    return Options(graduate, line, rank, np.arange(len(rank)))


def append(asked: Options, new: Ints, source: int) -> Options:
    """Options with more of them; a negative row tells that no table holds the row, and why."""
    return Options(
        np.concatenate((asked.graduate, new[:, 0])),
        np.concatenate((asked.line, new[:, 1])),
        np.concatenate((asked.rank, new[:, 2])),
        np.concatenate((asked.row, np.full(len(new), source))),
    )


def line_ranks(priorities: Columns, graduates: Roll, lines: Roll, asked: Options) -> Floats:
    """(m,) the rank that the line gives to the graduate of each option, nan where unacceptable.

    Equal ranks of one line are a tie, left to the lottery.
    """
    demand(priorities, "priorities", ["line_id", "graduate_id", "rank"])
    line = numbers(priorities["line_id"], lines, "priorities", "line_id")
    graduate = numbers(priorities["graduate_id"], graduates, "priorities", "graduate_id")
    rank = whole(priorities["rank"], "priorities", "rank", at_least=1)
    repeated = "line ranks the same graduate twice"
    refuse_repeats("priorities", repeated, line, graduate, column="graduate_id")
    return pair_values(line, graduate, rank.astype(float), asked, len(graduates.ids))


def pair_scores(scores: Columns, graduates: Roll, lines: Roll, asked: Options) -> Floats:
    """(m,) the score of each option, nan where none is given."""
    demand(scores, "scores", ["graduate_id", "line_id", "score"])
    line = numbers(scores["line_id"], lines, "scores", "line_id")
    graduate = numbers(scores["graduate_id"], graduates, "scores", "graduate_id")
    refuse_repeats("scores", "graduate has two scores with the same line", graduate, line)
    return pair_values(
        line, graduate, decimals(scores["score"], "scores", "score"), asked, len(graduates.ids)
    )


def pair_values(line: Ints, graduate: Ints, value: Floats, asked: Options, graduates_count: int) -> Floats:
    """(m,) value of the (line, graduate) pair of each option, nan where the pair is absent."""
    found = np.full(len(asked.line), np.nan)
    if not len(line):
        return found
    pair = line * graduates_count + graduate
    order = np.argsort(pair)
    wanted = asked.line * graduates_count + asked.graduate
    at = order[np.minimum(np.searchsorted(pair[order], wanted), len(pair) - 1)]
    is_there = pair[at] == wanted
    found[is_there] = value[at[is_there]]
    return found


def numbers(ids: Sequence[Any], roll: Roll, table: str, column: str) -> Ints:
    """Numbers of ids.

    Raises:
        FrameError: An id that its own table does not hold.
    """
    names = ids.names if isinstance(ids, Coded) else ids
    coded = np.fromiter(map(roll.number.get, map(str, names), repeat(-1)), np.int64, len(names))
    if isinstance(ids, Coded):
        coded = np.append(coded, -1)[ids.codes]
    unknown = np.flatnonzero(coded < 0)
    if len(unknown):
        shown = ids[unknown[0]]
        raise FrameError(
            table,
            f"{column} is blank" if is_blank(shown) else f"unknown {column} {shown!s}",
            tuple(unknown.tolist()),
            column=column,
            mend=f"Add it to the {column.split('_', 1)[0]}s, or remove the row; every letter counts.",
        )
    return coded


def whole(values: Sequence[Any], table: str, column: str, *, at_least: int = 0) -> Ints:
    """Whole numbers, none below the least allowed."""
    found = decimals(values, table, column)
    wrong = np.flatnonzero((found < at_least) | (found > MOST) | (found % 1 != 0))
    if len(wrong):
        shown = values[wrong[0]]
        problem = f"{column} must be a whole number, {at_least} or more, not {shown}"
        if found[wrong[0]] > MOST:
            problem = f"{column} must be a whole number of at most {MOST:,}, not {shown}"
        mend = f"Write a whole number from {at_least}" + (", 1 the best." if column == "rank" else ".")
        raise FrameError(table, problem, tuple(wrong.tolist()), column=column, mend=mend)
    return found.astype(np.int64)


def decimals(values: Sequence[Any], table: str, column: str) -> Floats:
    """Finite numbers, none blank."""
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        found = np.array([_decimal(value) for value in values])
    wrong = np.flatnonzero(~np.isfinite(found))
    if len(wrong):
        shown = values[wrong[0]]
        problem = f"{column} is blank" if is_blank(shown) else f"{column} is no number: {shown}"
        mend = "Write a number, with a point before its decimals and no space between its digits."
        raise FrameError(table, problem, tuple(wrong.tolist()), column=column, mend=mend)
    return found


def truths(values: Sequence[Any], table: str, column: str) -> list[bool]:
    """Yes or no, in the spellings that spreadsheets write."""
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    found = [words.get(str(value).strip().lower()) for value in values]
    wrong = tuple(i for i, value in enumerate(found) if value is None)
    if wrong:
        problem = f"{column} is neither true nor false: {values[wrong[0]]!s}"
        raise FrameError(table, problem, wrong, column=column, mend="Write true or false.")
    return [bool(value) for value in found]


def refuse_repeats(table: str, problem: str, *parts: Ints, column: str = "") -> None:
    """Refuse rows whose parts together occurred before."""
    if not len(parts[0]) or not _has_repeats(*parts):
        return
    order = np.lexsort(parts[::-1])
    same = np.all([part[order][1:] == part[order][:-1] for part in parts], axis=0)
    if same.any():
        rows = tuple(sorted(order[1:][same].tolist()))
        raise FrameError(table, problem, rows, column=column, mend="Keep one of the rows.")


def _has_repeats(*parts: Ints) -> bool:
    """Whether two rows are equal: packed into one number they sort ten times as fast as by several keys."""
    packed = parts[0].astype(np.int64)
    for part in parts[1:]:
        least, span = int(part.min()), int(part.max()) - int(part.min()) + 1
        if (int(np.abs(packed).max()) + 1) * span >= np.iinfo(np.int64).max:
            return True  # too many digits for one number: the slow way finds out
        packed = packed * span + (part - least)
    packed.sort()
    return bool((packed[1:] == packed[:-1]).any())


def _unique(values: Sequence[Any], table: str, column: str) -> list[str]:
    """Ids as text, none blank, none twice."""
    ids = ["" if is_blank(value) else str(value) for value in values]
    blank = tuple(i for i, value in enumerate(ids) if not value)
    if blank:
        mend = f"Give every row its {column}, or remove the row."
        raise FrameError(table, f"{column} is blank", blank, column=column, mend=mend)
    if len(set(ids)) < len(ids):
        first = {value: at for at, value in reversed(list(enumerate(ids)))}
        twice = tuple(at for at, value in enumerate(ids) if first[value] != at)
        problem, mend = f"{column} {ids[twice[0]]} occurs twice", "Keep one row for each id."
        raise FrameError(table, problem, twice, column=column, mend=mend)
    return ids


def _roll(ids: Sequence[str], order: Sequence[int]) -> Roll:
    ordered = tuple(ids[i] for i in order)
    row = np.array(order, dtype=np.int64)
    return Roll(ordered, {identity: at for at, identity in enumerate(ordered)}, row)


def is_blank(value: Any) -> bool:
    """None, an empty cell or nan."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _decimal(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")
