"""Tables as files to take away: CSV and XLSX with their origin on top and no live formula inside.

Belongs here: bytes of a file and its name. Does not belong here: the buttons (`widgets.py`).

A name carries audience, run and a hash of the content. That is more than neatness: Streamlit keeps a
download of over 1 MiB under an address that it makes of name, length and samples of the content, so two
audiences' files of one name and length could be served for each other.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import xlsxwriter

from dashboards.escape import plain

_FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n")


@dataclass(frozen=True)
class Export:
    """One table with the lines that stand above it.

    Attributes:
        stem: First words of the file's name.
        audience: Name of the audience, as in its snapshot file.
        run_id: The run the figures come from.
        notes: Lines above the table: title, as-of date, source, units, demonstration mark.
        table: The table; column names are the headings.
    """

    stem: str
    audience: str
    run_id: str
    notes: Sequence[str]
    table: pd.DataFrame

    def file_name(self, suffix: str) -> str:
        """`deficits_ministry_<run>_<sha256, 12 digits>.csv`."""
        content = pd.util.hash_pandas_object(self.table, index=False).to_numpy().tobytes()
        headed = "\n".join((*self.notes, *map(str, self.table.columns))).encode()
        digest = hashlib.sha256(headed + content).hexdigest()[:12]
        return f"{self.stem}_{self.audience}_{self.run_id}_{digest}.{suffix}"

    def csv(self) -> bytes:
        """UTF-8 with a byte-order mark, as spreadsheet programs expect; comma and decimal point."""
        lines = pd.DataFrame([[inert(note)] for note in self.notes])
        head = lines.to_csv(index=False, header=False, lineterminator="\r\n") if len(lines) else ""
        return (
            "\ufeff" + head + _inert_table(self.table).to_csv(index=False, lineterminator="\r\n")
        ).encode()

    def xlsx(self) -> bytes:
        """A workbook of one sheet; text stays text, numbers stay numbers."""
        table = _inert_table(self.table)
        buffer = io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(buffer, {**options, "in_memory": True, "nan_inf_to_errors": True}) as book:
            sheet = book.add_worksheet("medkadr")
            bold, quiet = book.add_format({"bold": True}), book.add_format({"font_color": "#555555"})
            dated = book.add_format({"num_format": "yyyy-mm-dd"})
            for row, note in enumerate(self.notes):
                sheet.write_string(row, 0, inert(note), bold if row == 0 else quiet)
            top = len(self.notes)
            for column, name in enumerate(table.columns):
                sheet.write_string(top, column, str(name), bold)
                for row, value in enumerate(table.iloc[:, column], start=top + 1):
                    _write(sheet, row, column, value, dated)
            sheet.freeze_panes(top + 1, 0)
            sheet.autofit(300)
        return buffer.getvalue()


def inert(value: object) -> str:
    """Text that no spreadsheet takes for a formula: a leading = + - @ | % gets an apostrophe before it."""
    text = plain(value)
    raw = str(value)
    return "'" + text if text.startswith(_FORMULA) or raw.startswith(_FORMULA) else text


def _inert_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table with inert text and headings; numbers, dates and booleans as they are."""
    made = table.copy()
    for name in made.columns:
        if not pd.api.types.is_numeric_dtype(made[name]) and not pd.api.types.is_datetime64_any_dtype(
            made[name]
        ):
            made[name] = [None if pd.isna(v) else inert(v) if isinstance(v, str) else v for v in made[name]]
    return made.rename(columns=inert)


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object, dated: object
) -> None:
    """One cell, by the kind of its value; a blank stays blank."""
    if value is None or pd.isna(value):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) or pd.api.types.is_number(value):
        sheet.write_number(row, column, float(value))  # type: ignore[arg-type]
    elif hasattr(value, "year"):
        sheet.write_datetime(row, column, pd.Timestamp(value).to_pydatetime().replace(tzinfo=None), dated)
    else:
        sheet.write_string(row, column, str(value))
