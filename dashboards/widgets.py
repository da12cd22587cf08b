"""Pieces every page is made of: question, answer, headline figures, tables with downloads, "no data".

All text that reaches a markdown surface passes `escape.markdown` here, so pages call these instead of
Streamlit's own. Belongs here: what is seen. Does not belong here: charts (`charts/`), choices
(`choices.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboards import escape, exports, session
from dashboards.words import N_, _, formats
from dashboards.words.codes import label

MAX_ROWS = 500  # a longer table is read in the download, not on the page
ROW_HEIGHT = 33  # pixels
MAX_HEIGHT = 780  # pixels; twenty regions and their heading fit

DEMONSTRATION = N_(
    "Demonstration data: an invented country built on published totals. No person stands behind a row."
)


@dataclass(frozen=True)
class Figure:
    """A headline figure with all it takes to quote it.

    Attributes:
        label: What is counted.
        value: The number as text.
        unit: Its unit.
        method: How it was reckoned, in a few words.
        table: The mart it comes from ("schema.table"), which brings date and source.
        date: As-of date as text, where it differs from the mart's.
    """

    label: str
    value: str
    unit: str
    method: str
    table: str
    date: str = ""


def title(question: str) -> None:
    """The page's question, as its only first-level heading."""
    st.title(escape.markdown(question), anchor=False)


def section(text: str) -> None:
    """A second-level heading."""
    st.subheader(escape.markdown(text), anchor=False)


def answer(text: str) -> None:
    """The answer in one or two sentences, before anything else."""
    st.markdown(f"##### {escape.markdown(text[:1].upper() + text[1:])}")


def note(text: str) -> None:
    """A quiet line: a method, a limit, a way to read a chart."""
    st.caption(escape.markdown(text))


def warn(text: str) -> None:
    """Something the reader must know before using the figures."""
    st.warning(escape.markdown(text), icon=":material/warning:")


def banner() -> None:
    """The mark of demonstration data, above every page."""
    if session.snapshot().meta["is_demonstration"]:
        st.info(escape.markdown(_(DEMONSTRATION)), icon=":material/science:")


def figures(shown: Sequence[Figure]) -> None:
    """Headline figures in a row, each with unit, date, source and method."""
    for column, figure in zip(st.columns(len(shown)), shown, strict=True):
        with column.container(border=True, height="stretch"):
            st.metric(escape.markdown(figure.label), escape.markdown(figure.value))
            note(f"{figure.unit} · {figure.date or as_of(figure.table)}")
            note(figure.method + (f" · {source}" if (source := source_of(figure.table)) else ""))


def as_of(table: str) -> str:
    """The as-of date of a mart, else of the snapshot."""
    snapshot = session.snapshot()
    own = snapshot.tables["as_of"].get(table) if "as_of" in snapshot.tables else None
    return _("as of {day}", day=formats.day(snapshot.meta["as_of"] if formats.is_blank(own) else own))


def source_of(table: str) -> str:
    """The source of a mart, in the words of its own documentation; empty where it names none."""
    tables = session.snapshot().tables
    found = tables["source"].get(table) if "source" in tables else None
    return "" if formats.is_blank(found) else str(found)


def footer() -> None:
    """Which snapshot the page was drawn from: what a reader quotes to find the figures again."""
    meta = session.snapshot().meta
    parts = [
        _("Data as of {day}", day=formats.day(meta["as_of"])),
        _("published {moment}", moment=formats.moment(meta["published_at"])),
        _("run {run}", run=meta["run_id"]),
        _("code {version}", version=meta["code_version"]),
    ]
    if meta["is_demonstration"]:
        parts.append(_("demonstration data"))
    st.divider()
    note(" · ".join(parts))


def no_data(table: str, reason: str = "") -> None:
    """Say "no data" and why: not published here, published with no rows, or no row for the choice made."""
    reasons = {
        "absent": _("the table {table} is not part of this publication", table=table),
        "empty": _("the table {table} is published and has no rows: its sources brought none", table=table),
        "filled": _("no row fits the choice made"),
    }
    st.info(
        escape.markdown(_("No data: {reason}.", reason=reason or reasons[session.snapshot().state(table)])),
        icon=":material/info:",
    )


def table(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    *,
    name: str,
    alt: str,
    source: str,
    height: int | None = None,
) -> None:
    """A table in the reader's language with its downloads under it.

    Args:
        frame: One row a line; column names carry their unit in the suffix.
        columns: Columns to show, in order: name → heading with unit.
        name: First words of the download's name; unique on the page.
        alt: What the table holds, for screen readers and the first line of the download.
        source: The mart, "schema.table".
        height: Height in pixels of a long table.
    """
    shown = frame[list(columns)]
    written = pd.DataFrame({heading: shown[column] for column, heading in columns.items()})
    for column, heading in columns.items():
        if _is_code(column):
            written[heading] = shown[column].map({code: label(code) for code in shown[column].unique()})
    if len(written) > MAX_ROWS:
        note(
            _(
                "The first {shown} of {all} rows; the downloads hold all of them.",
                shown=formats.whole(MAX_ROWS),
                all=formats.whole(len(written)),
            )
        )
    head = written.head(MAX_ROWS)
    styler = head.style.format(
        {heading: formats.of_column(column) for column, heading in columns.items() if not _is_code(column)}
    )
    # A short table is not stretched over empty rows: its rows, its head, its border.
    tall = min(height or MAX_HEIGHT, ROW_HEIGHT * (len(head) + 1) + 3)
    st.dataframe(
        styler,
        hide_index=True,
        alt=alt,
        height=tall,
        placeholder="–",
        row_height=ROW_HEIGHT,
        key=f"table_{name}",
    )
    downloads(written, name=name, about=alt, source=source)


def downloads(written: pd.DataFrame, *, name: str, about: str, source: str) -> None:
    """Two buttons: the table as CSV and as XLSX, origin and demonstration mark on top."""
    snapshot = session.snapshot()
    notes = [about, as_of(source), _("Source: {source}", source=source_of(source) or source)]
    notes.append(_("Run {run}, code {version}", run=snapshot.run_id, version=snapshot.meta["code_version"]))
    if snapshot.meta["is_demonstration"]:
        notes.insert(0, _(DEMONSTRATION))
    export = exports.Export(name, snapshot.audience.name, snapshot.run_id, tuple(notes), written)
    left, right, _rest = st.columns([1, 1, 6], gap="small")
    left.download_button(
        "CSV",
        export.csv,
        export.file_name("csv"),
        "text/csv",
        key=f"csv_{name}",
        icon=":material/download:",
        help=_("Download {name} as CSV", name=about),
        on_click="ignore",
        width="stretch",
    )
    right.download_button(
        "XLSX",
        export.xlsx,
        export.file_name("xlsx"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=f"xlsx_{name}",
        icon=":material/download:",
        help=_("Download {name} as XLSX", name=about),
        on_click="ignore",
        width="stretch",
    )


def _is_code(column: str) -> bool:
    """Whether the column holds code values that have labels."""
    return column.endswith(("_status", "_kind", "_basis")) or column in {
        "state",
        "status",
        "stage",
        "severity",
        "ownership",
        "settlement",
        "unit",
    }
