"""Pieces every page is made of: question, answer, headline figures, tables with downloads, "no data".

All text that reaches a markdown surface passes `escape.markdown` here, so pages call these instead of
Streamlit's own. Belongs here: what is seen. Does not belong here: charts (`charts/`), choices
(`choices.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import choices, escape, exports, session
from dashboards import columns as columns_
from dashboards.words import N_, _, formats, language, sources

MAX_ROWS = 500  # a longer table is read in the download, not on the page
ROW_HEIGHT = 33  # pixels
MAX_HEIGHT = 780  # pixels; twenty regions and their heading fit

_VERSION_LETTERS = 10  # of a commit's hash: unique in any repository of this size

DEMONSTRATION = N_(
    "Demonstration data: an invented country built on published totals. No person stands behind a row."
)
SYNTHETIC = N_("Demonstration data: declared synthetic by their source. No person stands behind a row.")


def demonstration_note(meta: Mapping[str, Any]) -> str:
    """What kind of demonstration this is: the embedded country, or data declared synthetic alone."""
    return _(DEMONSTRATION) if "embedded country" in str(meta["source_note"]) else _(SYNTHETIC)


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


def capital(text: str) -> str:
    """A line that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def title(question: str) -> None:
    """The page's question, as its only first-level heading."""
    st.title(escape.markdown(question), anchor=False)


def section(text: str) -> None:
    """A heading below the answer."""
    st.subheader(escape.markdown(text), anchor=False)


def answer(text: str) -> None:
    """The answer in one or two sentences, before anything else: the second-level heading of the page."""
    st.markdown(f"## {escape.markdown(capital(text))}")


def note(text: str) -> None:
    """A quiet line: a method, a limit, a way to read a chart."""
    st.caption(escape.markdown(text))


def warn(text: str) -> None:
    """Something the reader must know before using the figures."""
    st.warning(escape.markdown(text), icon=":material/warning:")


def banner() -> None:
    """The mark of demonstration data, above every page."""
    if session.snapshot().meta["is_demonstration"]:
        st.info(escape.markdown(demonstration_note(session.snapshot().meta)), icon=":material/science:")


def figure(name: str, value: str, unit: str) -> None:
    """One number with its unit beside it."""
    st.metric(escape.markdown(name), f"{escape.markdown(value)} :small[{escape.markdown(unit)}]")


def figures(shown: Sequence[Figure]) -> None:
    """Headline figures in a row, each with unit, date and method; below them their sources."""
    for column, figure in zip(st.columns(len(shown)), shown, strict=True):
        with column.container(border=True, height="stretch"):
            st.metric(escape.markdown(figure.label), escape.markdown(figure.value))
            note(f"{figure.unit} · {figure.date or as_of(figure.table)}")
            note(capital(figure.method))
    named = dict.fromkeys(source for figure in shown if (source := source_of(figure.table)))
    for source in named:
        note(_("Source: {source}", source=source))


def as_of(table: str) -> str:
    """The as-of date of a mart, else of the snapshot."""
    snapshot = session.snapshot()
    own = snapshot.tables["as_of"].get(table) if "as_of" in snapshot.tables else None
    return _("as of {day}", day=formats.day(snapshot.meta["as_of"] if formats.is_blank(own) else own))


def source_of(table: str) -> str:
    """The sources of a mart by their names; empty where it names none."""
    tables = session.snapshot().tables
    found = tables["source"].get(table) if "source" in tables else None
    return "" if formats.is_blank(found) else sources.named(str(found))


def origin(table: str, method: str = "") -> None:
    """The line under a chart or table: as-of date, source, method."""
    source = source_of(table)
    parts = [capital(as_of(table)), _("source: {source}", source=source) if source else "", method]
    note(" · ".join(part for part in parts if part))


def footer() -> None:
    """Which snapshot the page was drawn from: what a reader quotes to find the figures again."""
    meta = session.snapshot().meta
    parts = [
        _("Data as of {day}", day=formats.day(meta["as_of"])),
        _("published {moment}", moment=formats.moment(meta["published_at"])),
        _("run {run}", run=meta["run_id"]),
        _("code {version}", version=str(meta["code_version"])[:_VERSION_LETTERS]),
    ]
    if meta["is_demonstration"]:
        parts.append(_("demonstration data"))
    st.divider()
    note(" · ".join(parts))


def nothing(text: str) -> None:
    """Say that there is nothing to list, which is an answer and no lack of data."""
    st.success(escape.markdown(text), icon=":material/check_circle:")


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
    is_estimated: bool = False,
) -> None:
    """A table in the reader's language with its downloads under it.

    Args:
        frame: One row a line; column names carry their unit in the suffix.
        columns: Columns to show, in order: name → heading with unit.
        name: First words of the download's name; unique on the page.
        alt: What the table holds, for screen readers and the first line of the download.
        source: The mart, "schema.table".
        height: Height in pixels of a long table.
        is_estimated: Posts are estimates and shown without quarters; the downloads hold every digit.
    """
    written = pd.DataFrame({h: columns_.spoken(frame[name], name) for name, h in columns.items()})
    unit = columns_.common_unit(columns.values())
    if len(written) > MAX_ROWS:
        note(
            _(
                "The first {shown} of {all} rows; the downloads hold all of them.",
                shown=formats.whole(MAX_ROWS),
                all=formats.whole(len(written)),
            )
        )
    head = written.head(MAX_ROWS)
    shapes = columns_.shapes(frame, columns, is_estimated=is_estimated)
    # A short table is not stretched over empty rows: its rows, its head, its border.
    tall = min(height or MAX_HEIGHT, ROW_HEIGHT * (len(head) + 1) + 3)
    st.dataframe(
        head.style.format(shapes),
        hide_index=True,
        alt=alt,
        height=tall,
        placeholder="–",
        row_height=ROW_HEIGHT,
        key=f"table_{name}",
        column_config=columns_.settings(head, shapes, unit),
    )
    origin(source, _("unit: {unit}", unit=unit) if unit else "")
    downloads(written, name=name, about=alt, source=source, number_formats=columns_.workbook_formats(columns))


def downloads(
    written: pd.DataFrame,
    *,
    name: str,
    about: str,
    source: str,
    number_formats: Mapping[str, str] | None = None,
) -> None:
    """Two buttons, CSV and XLSX; on top of the file its origin, the choices made, the demonstration mark.

    Who holds the file alone can find the same table again: audience, run, code, configuration and choices.
    """
    snapshot = session.snapshot()
    meta = snapshot.meta
    notes = [demonstration_note(meta)] if meta["is_demonstration"] else []
    notes += [about, capital(as_of(source)), _("Source: {source}", source=source_of(source) or source)]
    if made := choices.made():
        notes.append(_("Chosen: {choices}", choices="; ".join(made)))
    notes.append(
        _(
            "Audience {audience}, run {run}, code {version}, configuration {configuration}",
            audience=snapshot.audience.name,
            run=snapshot.run_id,
            version=meta["code_version"],
            configuration=str(meta["config_hash"])[:_VERSION_LETTERS],
        )
    )
    export = exports.Export(
        name,
        snapshot.audience.name,
        snapshot.run_id,
        tuple(notes),
        written,
        number_formats=number_formats or {},
        decimal_mark="." if language() == "en" else ",",
    )
    side_by_side = st.container(horizontal=True, gap="small")
    side_by_side.download_button(
        "CSV",
        export.csv,
        export.file_name("csv"),
        "text/csv",
        key=f"csv_{name}",
        icon=":material/download:",
        help=_("Download {name} as CSV", name=about),
        on_click="ignore",
    )
    side_by_side.download_button(
        "XLSX",
        export.xlsx,
        export.file_name("xlsx"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=f"xlsx_{name}",
        icon=":material/download:",
        help=_("Download {name} as XLSX", name=about),
        on_click="ignore",
    )
