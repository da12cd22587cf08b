"""Rows of a worksheet as text with their row numbers.

Belongs here: which sheet is meant, cells that hold no value of their own. Does not belong here: other kinds
of files (`flat_rows.py`) and the meaning of columns (`files.py`).
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.errors import UserError
from orchestration.source_config import FilesDeclaration
from orchestration.sources.containers import Container, refusal
from orchestration.sources.flat_batch import Batch, NumberText


def read_xlsx(container: Container, declaration: FilesDeclaration) -> Iterator[Batch]:
    """Rows of one worksheet; formulas and error cells are refused, numbers in code columns are marked."""
    import zipfile

    import openpyxl

    path = container.path
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > 200 * max(path.stat().st_size, 1 << 20):
                raise refusal(path, "it unpacks to more than 200 times its size", "save the sheet as CSV")
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
    except UserError:
        raise
    except Exception as error:
        # A damaged workbook makes the reader fail anywhere, with any kind of error.
        raise _unreadable_workbook(path, error) from None
    rows = _whole_rows(_sheet_of(book, declaration, path), path)
    header = [cell.value for cell in next(rows, ())]
    while header and header[-1] is None:
        header.pop()
    if not header or any(name is None for name in header):
        place = f"column {header.index(None) + 1}" if header else "row 1"
        raise refusal(
            path,
            f"its header has a blank or merged cell ({place})",
            "one name a column in row 1, unmerge the cells",
            1,
        )
    names = [str(name).strip() for name in header]
    batch = Batch(names)
    for number, cells in enumerate(rows, 2):
        values = list(cells)
        if all(cell.value is None for cell in values):
            continue
        faults = [
            (index, cell.data_type)
            for index, cell in enumerate(values)
            if cell.data_type in ("f", "e") and cell.value
        ]
        if any(cell.value is not None for cell in values[len(names) :]):
            batch.refuse(number, "column_count", "a cell stands right of the last header; remove it", "")
        elif faults:
            index, kind = faults[0]
            name = names[index]
            words = (
                "holds a formula; paste its value" if kind == "f" else "holds an error like #REF!; mend it"
            )
            batch.refuse(number, "formula_cell" if kind == "f" else "error_cell", f"{name} {words}", "", name)
        else:
            texts = [_cell_text(cell.value, declaration) for cell in values[: len(names)]]
            batch.rows.append(tuple(texts + [None] * (len(names) - len(texts))))
            batch.lines.append(number)
        if batch.is_full:
            yield batch
            batch = Batch(names)
    book.close()
    yield batch


def _sheet_of(book: Any, declaration: FilesDeclaration, path: Path) -> Any:
    """The declared worksheet, or the only one with anything in it."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if declaration.sheet:
        if declaration.sheet not in sheets:
            raise refusal(path, f"it has no sheet {declaration.sheet!r}", f"use one of: {', '.join(sheets)}")
        return sheets[declaration.sheet]
    filled = [
        title
        for title, sheet in sheets.items()
        if any(cell.value is not None for cells in _whole_rows(sheet, path) for cell in cells)
    ]
    if len(filled) > 1:
        raise refusal(
            path,
            f"it has {len(filled)} sheets with rows: {', '.join(filled)}",
            "say which one is meant by `sheet:`; one table a file",
        )
    return sheets[filled[0]] if filled else book.worksheets[0]


def _whole_rows(sheet: Any, path: Path) -> Iterator[Any]:
    try:
        yield from sheet.iter_rows()
    except Exception as error:
        raise _unreadable_workbook(path, error) from None


def _unreadable_workbook(path: Path, error: Exception) -> UserError:
    return refusal(path, f"it is not a readable workbook ({error})", "save it again as .xlsx or CSV")


def _cell_text(value: Any, declaration: FilesDeclaration) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime | dt.date):
        return value.strftime(declaration.date_format)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return NumberText(str(value).replace(".", declaration.decimal))
