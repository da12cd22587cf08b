"""Rows of flat files as text with their physical lines: CSV, Parquet and NDJSON.

Belongs here: one reader a format. Each yields batches of rows; a row that cannot be read is refused with its
line. Does not belong here: workbooks (`workbooks.py`), the meaning of columns (`files.py`) and the bytes of a
file (`containers.py`).
"""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from orchestration.source_config import FilesDeclaration
from orchestration.sources.containers import Container, refusal, refuse_blank_names
from orchestration.sources.flat_batch import BATCH_ROWS, Batch, NumberText
from orchestration.sources.workbooks import read_xlsx


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
        return [text and NumberText(text.replace(".", declaration.decimal)) for text in texts]
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
