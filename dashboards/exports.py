"""Tables as files to take away: CSV and XLSX with their origin on top and no live formula inside.

Belongs here: bytes of a file and its name. Does not belong here: the buttons (`widgets.py`).

A name carries audience, run and a hash of the content. That is more than neatness: Streamlit keeps a
download of over 1 MiB under an address that it makes of name, length and samples of the content, so two
audiences' files of one name and length could be served for each other.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

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
        number_formats: Heading → number format of the workbook.
        decimal_mark: Of the CSV. With a comma the fields are parted by semicolons: that is how a spreadsheet
            program of such a language reads and writes CSV; with commas it would show one column.
    """

    stem: str
    audience: str
    run_id: str
    notes: Sequence[str]
    table: pd.DataFrame
    number_formats: Mapping[str, str] = field(default_factory=dict)
    decimal_mark: str = "."

    def file_name(self, suffix: str) -> str:
        """`deficits_ministry_<run>_<sha256, 12 digits>.csv`."""
        content = pd.util.hash_pandas_object(self.table, index=False).to_numpy().tobytes()
        headed = "\n".join((*self.notes, *map(str, self.table.columns))).encode()
        digest = hashlib.sha256(headed + content).hexdigest()[:12]
        return f"{self.stem}_{self.audience}_{self.run_id}_{digest}.{suffix}"

    def csv(self) -> bytes:
        """UTF-8 with a byte-order mark, as spreadsheet programs expect."""
        style = {
            "index": False,
            "lineterminator": "\r\n",
            "decimal": self.decimal_mark,
            "sep": ";" if self.decimal_mark == "," else ",",
        }
        lines = pd.DataFrame([[inert(note)] for note in self.notes])
        head = lines.to_csv(header=False, **style) if len(lines) else ""
        return ("\ufeff" + head + _inert_table(self.table).to_csv(**style)).encode()

    def xlsx(self) -> bytes:
        """A workbook of one sheet; text stays text, numbers stay numbers."""
        table = _inert_table(self.table)
        buffer = io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(buffer, {**options, "in_memory": True, "nan_inf_to_errors": True}) as book:
            sheet = book.add_worksheet("medkadr")
            bold, quiet = book.add_format({"bold": True}), book.add_format({"font_color": "#555555"})
            heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
            dated = book.add_format({"num_format": "dd.mm.yyyy"})
            shapes = {name: book.add_format({"num_format": f}) for name, f in self.number_formats.items()}
            for row, note in enumerate(self.notes):
                sheet.write_string(row, 0, inert(note), bold if row == 0 else quiet)
            top = len(self.notes)
            for column, name in enumerate(table.columns):
                sheet.write_string(top, column, str(name), heading)
                shape = shapes.get(self.table.columns[column])
                for row, value in enumerate(table.iloc[:, column], start=top + 1):
                    _write(sheet, (row, column), value, shape, dated)
                longest = table.iloc[:200, column].map(lambda v: len(str(v))).max() if len(table) else 0
                sheet.set_column(column, column, min(max(longest, 11), 45) + 1)
            sheet.freeze_panes(top + 1, 1)
            if len(table):
                sheet.autofilter(top, 0, top + len(table), len(table.columns) - 1)
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(top)
            sheet.set_footer("&L" + inert(self.run_id).replace("&", "&&") + "&R&P / &N")
        return buffer.getvalue()


def inert(value: object) -> str:
    """Text that no spreadsheet takes for a formula: a leading = + - @ | % gets an apostrophe before it."""
    text = plain(value)
    raw = str(value)
    return "'" + text if text.startswith(_FORMULA) or raw.startswith(_FORMULA) else text


def _inert_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table with inert text and headings; numbers to the millionth, dates and booleans as they are."""
    made = table.copy()
    for name in made.columns:
        if pd.api.types.is_float_dtype(made[name]):
            made[name] = made[name].round(6)
        elif not pd.api.types.is_numeric_dtype(made[name]) and not pd.api.types.is_datetime64_any_dtype(
            made[name]
        ):
            made[name] = [None if pd.isna(v) else inert(v) if isinstance(v, str) else v for v in made[name]]
    return made.rename(columns=inert)


def _write(sheet: Worksheet, at: tuple[int, int], value: object, shape: Format | None, dated: Format) -> None:
    """One cell, by the kind of its value; a blank stays blank."""
    if value is None or pd.isna(value):
        return
    if isinstance(value, bool):
        sheet.write_boolean(*at, value)
    elif isinstance(value, int | float) or pd.api.types.is_number(value):
        sheet.write_number(*at, float(value), shape)
    elif hasattr(value, "year"):
        day = pd.Timestamp(value).to_pydatetime().replace(tzinfo=None)
        sheet.write_datetime(*at, day, shape or dated)
    else:
        sheet.write_string(*at, str(value))
