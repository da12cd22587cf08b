"""Plain CSV in and out for `medkadr place`: reading with row numbers, writing the same bytes each time.

Belongs here: files, rows, encodings, hashes, the lock on the output folder. Does not belong here: what
the columns mean; `planning.placement` reads them and names the rows that cannot be meant.
"""

import contextlib
import csv
import fcntl
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import UserError

ROWS_SHOWN = 5
JOINT_COLUMNS = ("couple_id", "rank", "line_id_1", "line_id_2")
RESULT_NAMES = ("placements.csv", "explanations.csv", "lines.csv", "floors.csv", "couples.csv")


@dataclass(frozen=True)
class CsvTable:
    """A file as columns of text, and the line of the file that each row came from."""

    path: Path
    columns: dict[str, list[str]]
    line_numbers: list[int]
    sha256: str

    def where(self, rows: Sequence[int]) -> str:
        """File and line numbers of the rows, the first few of them."""
        numbers = [str(self.line_numbers[row]) for row in rows[:ROWS_SHOWN]]
        if not numbers:
            return str(self.path)
        more = f" and {len(rows) - ROWS_SHOWN} more" if len(rows) > ROWS_SHOWN else ""
        return f"{self.path}, row{'s' * (len(rows) > 1)} {', '.join(numbers)}{more}"


def read_csv(path: Path, encoding: str = "utf-8") -> CsvTable:
    """Read a CSV file with a header; comma, semicolon and tab are told apart by the header.

    Columns without a name and without a value, as spreadsheets leave them, are dropped.

    Raises:
        UserError: No such file, not in the encoding, no header, a column twice, a value without a column,
            a quote that does not end, a row of another length.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(
            "The file cannot be read.",
            where=str(path),
            why=str(error.strerror),
            mend="Check the path and the right to read it.",
        ) from None
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
        raise UserError(
            f"The file is not {encoding.upper()}.",
            where=f"{path}, row {row}",
            why="It begins as UTF-16 does."
            if wide
            else "Excel in Russian writes Windows-1251 unless told otherwise.",
            mend=f"Save it as CSV UTF-8, or add --encoding {'utf-16' if wide else 'cp1251'}.",
        ) from None
    except LookupError:
        raise UserError(
            f"No encoding is called {encoding!r}.", where="--encoding", mend="utf-8, cp1251, utf-16"
        ) from None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        mend = "Save it as CSV UTF-8; a file of zero bytes is often UTF-16: add --encoding utf-16."
        raise UserError("The file holds a zero byte.", where=f"{path}, row {row}", mend=mend)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    line_numbers: list[int] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, path)
        _read_rows(reader, header, path, rows, line_numbers)
    except csv.Error as error:
        raise UserError(
            "The file is no regular CSV.",
            where=f"{path}, row {line_numbers[-1] + 1 if line_numbers else 1} or below",
            why=f"A quotation mark does not end where it should ({error}).",
            mend='Write a quotation mark inside a cell twice ("") and quote the whole cell.',
        ) from None
    cells = zip(*rows, strict=True) if rows else ([] for _ in header)
    columns: dict[str, list[str]] = {}
    for name, column in zip(header, cells, strict=True):
        values = [cell.strip() for cell in column]
        if name:
            columns[name] = values
        elif any(values):
            row = line_numbers[next(at for at, value in enumerate(values) if value)]
            mend = "Name the column in the header, or empty it."
            raise UserError("A column without a name holds values.", where=f"{path}, row {row}", mend=mend)
    return CsvTable(path, columns, line_numbers, hashlib.sha256(content).hexdigest())


def _check_header(header: Sequence[str], path: Path) -> None:
    """Refuse a file without a header, and one with a column twice."""
    if not any(header):
        mend = "Write the names of the columns into the first row; the file may hold no row below it."
        raise UserError("The file has no header.", where=f"{path}, row 1", mend=mend)
    twice = next((name for at, name in enumerate(header) if name and name in header[:at]), None)
    if twice is not None:
        mend = "Keep one of the two columns."
        raise UserError(f"Column {twice!r} occurs twice.", where=f"{path}, row 1, column {twice}", mend=mend)


def _read_rows(
    reader: Any, header: Sequence[str], path: Path, rows: list[list[str]], line_numbers: list[int]
) -> None:
    """Append the rows that hold anything, and the line of the file that each ends on."""
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise UserError(
                f"The row has {len(row)} cells, the header {len(header)}.",
                where=f"{path}, row {reader.line_num}",
                mend="Quote cells that contain the separator.",
            )
        rows.append(row)
        line_numbers.append(reader.line_num)


def split_couples(table: CsvTable) -> tuple[CsvTable, CsvTable | None]:
    """Members and joint lists of one file: a row with a rank is an entry of a joint list.

    A row may be both: couple, member and entry together.
    """
    columns = table.columns
    if not all(name in columns for name in JOINT_COLUMNS):
        return table, None
    if "graduate_id" not in columns:
        mend = "Add the column graduate_id, with two rows a couple."
        raise UserError("The couples have no members.", where=str(table.path), mend=mend)
    seen: set[tuple[str, str]] = set()
    members, entries = [], []
    for at, graduate_id in enumerate(columns["graduate_id"]):
        if columns["rank"][at]:
            entries.append(at)
        elif not graduate_id:
            mend = "A row names a member (graduate_id), an entry of the joint list (rank), or both."
            raise UserError("The row has neither graduate_id nor rank.", where=table.where([at]), mend=mend)
        pair = (columns["couple_id"][at], graduate_id)
        if graduate_id and pair not in seen:
            seen.add(pair)
            members.append(at)
    names = [name for name in columns if name not in JOINT_COLUMNS[1:]]
    return _rows(table, members, names), _rows(table, entries, JOINT_COLUMNS)


def _rows(table: CsvTable, rows: Sequence[int], names: Sequence[str]) -> CsvTable:
    """Some rows and columns of a table."""
    columns = {name: [table.columns[name][row] for row in rows] for name in names}
    return CsvTable(table.path, columns, [table.line_numbers[row] for row in rows], table.sha256)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the output folder; a second run into it is refused, a killed one leaves it free."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        mend = "Choose another --out."
        raise UserError(
            "The folder cannot be made.", where=str(folder), why=str(error.strerror), mend=mend
        ) from None
    with (folder / ".running").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UserError(
                "Another run into this folder is under way.",
                where=str(folder),
                why="Two runs of one campaign would mix their results.",
                mend="Wait for it, or choose another --out.",
            ) from None
        yield


def write_results(
    folder: Path, tables: Mapping[str, Mapping[str, Sequence[Any]]], checker: Mapping[str, Any]
) -> None:
    """Write all files aside, then put them in place; tables of a refused run are removed."""
    aside = []
    for name, table in tables.items():
        path = folder / f".{name}.new"
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(table)
            writer.writerows(zip(*(map(_cell, column) for column in table.values()), strict=True))
        aside.append((path, folder / name))
    report = folder / ".checker.json.new"
    report.write_text(json.dumps(checker, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    aside.append((report, folder / "checker.json"))
    for name in RESULT_NAMES:
        if name not in tables:
            (folder / name).unlink(missing_ok=True)
    for path, target in aside:
        path.replace(target)


def _cell(value: Any) -> Any:
    """Nothing as an empty cell, truths in lower case, whole floats without a tail."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return int(value) if value.is_integer() else repr(value)
    return value
