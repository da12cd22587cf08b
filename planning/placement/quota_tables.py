"""Quotas from a table: which lines a row means, and how many graduates they may receive.

Belongs here: reading rows into scopes. Does not belong here: what nested scopes do (`quotas.py`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from planning.errors import FrameError
from planning.placement import tables
from planning.placement.quotas import Scope, validate
from planning.placement.tables import Columns, Roll


def read_scopes(quotas: Columns | None, table: Columns, lines: Roll) -> tuple[Scope, ...]:
    """Scopes from rows of scope_column, scope_value, floor, cap; several columns are joined by `|`.

    They come back by `precedence` (an optional column, smaller first) and then by name, so that the order
    of rows means nothing: where floors cannot all be met, the later in this order gives way first.

    Raises:
        FrameError: A row names no column or no line; scopes contradict themselves or one another.
    """
    if quotas is None or not tables.length(quotas):
        return ()
    tables.demand(quotas, "quotas", ["scope_column", "scope_value", "floor", "cap"])
    floors = _bounds(quotas["floor"], "floor")
    caps = _bounds(quotas["cap"], "cap")
    scopes = []
    groups: dict[str, dict[str, list[int]]] = {}
    for row, (columns, values) in enumerate(zip(quotas["scope_column"], quotas["scope_value"], strict=True)):
        names, wanted = str(columns).split("|"), str(values).split("|")
        if len(names) != len(wanted):
            raise FrameError(
                "quotas",
                f"{columns} and {values} have different numbers of parts",
                (row,),
                column="scope_value",
                mend="Give one value for each column, both joined by |.",
            )
        unknown = [name for name in names if name not in table]
        if unknown:
            raise FrameError(
                "quotas",
                f"scope_column {unknown[0] or '(blank)'} is no column of lines",
                (row,),
                column="scope_column",
                mend=f"Use one of: {', '.join(table)}; join several by |.",
            )
        inside = np.ones(len(lines.ids), dtype=bool)
        for name, value in zip(names, wanted, strict=True):
            if name not in groups:
                groups[name] = _groups(name, [table[name][at] for at in lines.row.tolist()])
            has_value = np.zeros(len(lines.ids), dtype=bool)
            has_value[groups[name].get(_plain(name, value), [])] = True
            inside &= has_value
        if not inside.any():
            raise FrameError(
                "quotas",
                f"no line has {columns} {values}",
                (row,),
                column="scope_value",
                mend="Correct the value, or remove the quota.",
            )
        name = " ".join(f"{n}={v}" for n, v in zip(names, wanted, strict=True))
        scopes.append(Scope(name, np.flatnonzero(inside), floors[row] or 0, caps[row]))
    validate(scopes, len(lines.ids))
    precedence = [0] * len(scopes)
    if "precedence" in quotas:
        precedence = [value or 0 for value in _bounds(quotas["precedence"], "precedence")]
    order = sorted(range(len(scopes)), key=lambda at: (precedence[at], scopes[at].name))
    return tuple(scopes[at] for at in order)


def _groups(column: str, values: Sequence[Any]) -> dict[str, list[int]]:
    """Value -> numbers of the lines that have it."""
    found: dict[str, list[int]] = {}
    for at, value in enumerate(values):
        found.setdefault(_plain(column, value), []).append(at)
    return found


def _plain(column: str, value: Any) -> str:
    """Text without case and margins; the spellings of a truth that spreadsheets write are one."""
    text = str(value).strip().lower()
    if column.startswith(("is_", "has_")):
        return {"yes": "true", "1": "true", "no": "false", "0": "false"}.get(text, text)
    return text


def _bounds(values: Sequence[Any], column: str) -> list[int | None]:
    """Whole numbers; blank is no bound."""
    found: list[int | None] = []
    for row, value in enumerate(values):
        if tables.is_blank(value):
            found.append(None)
            continue
        try:
            found.append(int(tables.whole([value], "quotas", column)[0]))
        except FrameError as error:
            raise FrameError("quotas", error.problem, (row,), column=column, mend=error.mend) from None
    return found
