"""How a column of a mart is shown and written: words for codes, width on the page, format in a workbook.

Belongs here: what follows from a column's name and values alone. Does not belong here: the table itself
(`widgets.py`) and the labels of codes (`words/codes.py`).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.words import formats
from dashboards.words.codes import label

_NARROWEST, _WIDEST = 70, 330  # pixels a column of text may take
_LETTER_WIDTH = 7.2  # pixels, the table's font on average
_PINNED_FROM = 6  # columns; a wider table scrolls, and its first column must stay
_CODES = {"state", "status", "stage", "severity", "ownership", "settlement", "unit"}


def spoken(values: pd.Series, column: str) -> pd.Series:
    """Codes and truths in words; all else as it is."""
    if _is_code(column):
        return values.map({code: label(code) for code in values.unique()})
    if _is_truth(values):
        return values.map(lambda value: "" if formats.is_blank(value) else formats.yes_no(value))
    return values


def shapes(
    frame: pd.DataFrame, headings: Mapping[str, str], *, is_estimated: bool = False
) -> dict[str, Callable[[object], str]]:
    """Heading → how the reader's language writes its values; columns turned into words are left out.

    Args:
        frame: The rows.
        headings: Column → heading.
        is_estimated: Posts are estimates, which quarters of a post would make look exact.
    """
    return {
        heading: formats.estimate
        if is_estimated and column.endswith("_fte")
        else formats.of_column(column, is_numeric=pd.api.types.is_numeric_dtype(frame[column]))
        for column, heading in headings.items()
        if not _is_code(column) and not _is_truth(frame[column])
    }


def common_unit(headings: Iterable[str]) -> str:
    """The unit that three or more headings end with ("Filled, posts"): it can be said once for the table."""
    ends = [heading.rpartition(", ")[2] for heading in headings if ", " in heading]
    unit = max(ends, key=ends.count, default="")
    return unit if ends.count(unit) >= 3 else ""


def settings(head: pd.DataFrame, written: Mapping[str, Callable[[object], str]], unit: str) -> dict[str, Any]:
    """Headings without the common unit, the first column pinned, text columns as wide as their text.

    Streamlit measures only the rows in sight, so that a long name further down would be cut off.

    Args:
        head: The rows to show, by heading.
        written: Heading → how a value is written (`shapes`).
        unit: The common unit, said elsewhere.
    """
    letters = {
        heading: int(head[heading].map(written.get(heading, formats.text)).map(len).max())
        for heading in head
        if len(head) and not pd.api.types.is_numeric_dtype(head[heading])
    }
    is_wide = len(head.columns) > _PINNED_FROM
    # In a table that fits, the longest text takes the room that is left over.
    loosest = "" if is_wide else max(letters, key=letters.__getitem__, default="")
    pinned = next((place for place, heading in enumerate(head) if heading in letters), -1) if is_wide else -1
    made = {}
    for place, heading in enumerate(head):
        short = heading.removesuffix(f", {unit}") if unit else heading
        needed = int(max(letters.get(heading, 0), len(short)) * _LETTER_WIDTH) + 24
        is_sized = heading in letters and heading != loosest
        made[heading] = st.column_config.Column(
            short,
            help=heading if short != heading else None,
            pinned=0 <= place <= pinned <= 1,
            width=min(max(needed, _NARROWEST), _WIDEST) if is_sized else None,
        )
    return made


def workbook_formats(headings: Mapping[str, str]) -> dict[str, str]:
    """Heading → number format of a workbook, by the suffix that carries the column's unit."""
    found = {}
    for column, heading in headings.items():
        if column.endswith("_share"):
            found[heading] = "0.0%"
        elif formats.of_column(column) is formats.whole:
            found[heading] = "#,##0"
        elif column.endswith(("_fte", "_posts", "_per_10k")):
            found[heading] = "#,##0.00"
        elif column.endswith("month"):
            found[heading] = "mm.yyyy"
    return found


def _is_code(column: str) -> bool:
    """Whether the column holds code values that have labels."""
    return column.endswith(("_status", "_kind", "_basis")) or column in _CODES


def _is_truth(values: pd.Series) -> bool:
    """Whether the column holds truths, blanks apart."""
    known = values.dropna()
    return values.dtype == bool or (len(known) > 0 and known.map(lambda value: isinstance(value, bool)).all())
