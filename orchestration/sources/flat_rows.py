"""Rows of flat files as text with their physical lines: CSV, XLSX, Parquet and NDJSON.

Belongs here: one reader a format. Each yields batches of rows; a row that cannot be read is refused with its
line. Does not belong here: the meaning of columns (`files.py`) and the bytes of a file (`containers.py`).
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from orchestration.door.personal import mask_shape
from orchestration.source_config import FilesDeclaration
from orchestration.sources.containers import Container, refusal, refuse_blank_names
from orchestration.sources.source import Refusal

BATCH_ROWS = 50_000


@dataclass
class Batch:
    """Some rows: text (or None) by column name, with the physical line of each."""

    names: list[str]
    rows: list[tuple[str | None, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether it is time to hand it on."""
        return len(self.rows) + len(self.refused) >= BATCH_ROWS

    def refuse(self, line: int, rule: str, message: str, raw: str, column: str = "") -> None:
        """Refuse a row; only the shape of its text is kept."""
        self.refused.append(Refusal(line, rule, message, mask_shape(raw, 120), column))


def read_csv(container: Container, declaration: FilesDeclaration) -> Iterator[Batch]:
    """Rows of a CSV file as declared; lines are physical, breaks inside quotes included."""
    path, encoding = container.path, declaration.encoding
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        encoding = "utf-8-sig"
    with io.TextIOWrapper(container.open(), encoding=encoding, newline="") as text:
        reader = csv.reader(text, delimiter=declaration.delimiter, strict=True)
        try:
            names = next(reader, None)
            if names is None:
                raise refusal(path, "it has no header line", "put the column names into the first line")
            names = [name.strip() for name in names]
            refuse_blank_names(names, path)
            batch, start = Batch(names), reader.line_num + 1
            last_short = 0
            for row in reader:
                line, start = start, reader.line_num + 1
                if not row:
                    continue
                last_short = 0
                if len(row) == len(names):
                    batch.rows.append(tuple(row))
                    batch.lines.append(line)
                else:
                    last_short = line if len(row) < len(names) else 0
                    batch.refuse(
                        line,
                        "column_count",
                        f"the row has {len(row)} values, the header {len(names)}; mind delimiters and quotes",
                        declaration.delimiter.join(row),
                    )
                if batch.is_full:
                    yield batch
                    batch = Batch(names)
        except UnicodeDecodeError as error:
            raise _encoding_refusal(container, encoding, error) from None
        except csv.Error as error:
            why = f"its quotes or lines are broken ({error})"
            raise refusal(path, why, "close every quote; double a quote inside", reader.line_num) from None
    if last_short and not container.ends_with_newline:
        raise refusal(
            path, "its last line is cut", "transfer it again; rows at its end are missing", last_short
        )
    yield batch


def _encoding_refusal(container: Container, encoding: str, error: UnicodeDecodeError) -> Exception:
    line = None
    with container.open() as content:
        for number, raw in enumerate(content, 1):
            try:
                raw.decode(encoding)
            except UnicodeDecodeError:
                line = number
                break
    return refusal(
        container.path,
        f"a byte is not {error.encoding}",
        "declare the encoding it was written in, often `encoding: cp1251`",
        line,
    )


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
    except (zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise refusal(
            path, f"it is not a readable workbook ({error})", "save it again as .xlsx or CSV"
        ) from None
    if declaration.sheet and declaration.sheet not in book.sheetnames:
        raise refusal(
            path, f"it has no sheet {declaration.sheet!r}", f"use one of: {', '.join(book.sheetnames)}"
        )
    sheet = book[declaration.sheet] if declaration.sheet else book.worksheets[0]
    rows = sheet.iter_rows()
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


class NumberText(str):
    """Text that was a number in a workbook: in a code column its leading zeros may be lost."""

    __slots__ = ()


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


def read_parquet(container: Container, declaration: FilesDeclaration) -> Iterator[Batch]:
    """Rows of a Parquet file as text; nested columns are refused."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = container.path
    try:
        file = pq.ParquetFile(path)
        names = file.schema_arrow.names
        nested = [field.name for field in file.schema_arrow if pa.types.is_nested(field.type)]
        if nested:
            raise refusal(path, f"the column {nested[0]} is nested", "flatten it to one value a row")
        yield Batch(names)
        first = 1
        for rows in file.iter_batches(BATCH_ROWS):
            columns = [_arrow_text(column, declaration) for column in rows.columns]
            lines = list(range(first, first + rows.num_rows))
            yield Batch(names, list(zip(*columns, strict=True)), lines)
            first += rows.num_rows
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise refusal(
            path, f"it is not readable Parquet ({str(error)[:120]})", "write or transfer it again"
        ) from None


def _arrow_text(column: Any, declaration: FilesDeclaration) -> list[str | None]:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _arrow_text(column.dictionary_decode(), declaration)
    if pa.types.is_timestamp(kind) and kind.tz:
        return pc.strftime(column.cast(pa.timestamp("us", "UTC")), format="%Y-%m-%dT%H:%M:%SZ").to_pylist()
    if pa.types.is_date(kind) or (
        pa.types.is_timestamp(kind)
        and pc.all(pc.equal(pc.floor_temporal(column, unit="day"), column)).as_py()
    ):
        return pc.strftime(column, format=declaration.date_format).to_pylist()
    texts: list[str | None] = column.cast(pa.string()).to_pylist()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return [text and text.replace(".", declaration.decimal) for text in texts]
    return texts


def read_ndjson(container: Container, declaration: FilesDeclaration) -> Iterator[Batch]:  # noqa: ARG001
    """Rows of flat NDJSON: one object a line, named as in the contract; a key twice is refused."""
    path = container.path
    batch = Batch([])
    bad_last = 0
    with container.open() as content:
        for number, raw in enumerate(content, 1):
            line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
            if not line.strip():
                continue
            bad_last = 0
            try:
                row = json.loads(line.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_no_constant)
                if not isinstance(row, dict):
                    raise ValueError("it is not an object")
                nested = [key for key, value in row.items() if isinstance(value, dict | list)]
                if nested:
                    raise ValueError(f"{nested[0]} is nested")
            except UnicodeDecodeError:
                batch.refuse(number, "encoding", "the line is not UTF-8; NDJSON is UTF-8 by its standard", "")
            except (ValueError, RecursionError) as error:
                bad_last = number
                why = str(error).split(":", maxsplit=1)[0]
                batch.refuse(number, "not_json", f"the line is not a flat JSON object: {why}", "")
            else:
                for key in row:
                    if key not in batch.names:
                        batch.names.append(key)
                batch.rows.append(tuple(_json_text(row.get(name)) for name in batch.names))
                batch.lines.append(number)
            if batch.is_full:
                yield _padded(batch)
                batch = Batch(list(batch.names))
    if bad_last and not container.ends_with_newline:
        raise refusal(
            path, "its last line is cut", "transfer it again; records at its end are missing", bad_last
        )
    yield _padded(batch)


def _padded(batch: Batch) -> Batch:
    width = len(batch.names)
    batch.rows = [row + (None,) * (width - len(row)) for row in batch.rows]
    return batch


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a key stands twice")
    return row


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def _json_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


READERS = {"csv": read_csv, "xlsx": read_xlsx, "parquet": read_parquet, "ndjson": read_ndjson}
