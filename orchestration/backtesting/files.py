"""A panel file in, forecasts and marks out.

Belongs here: reading the CSV with the line of every fault, and writing the results. Does not belong
here: the check of a panel (`planning.trends.panel`) and what the marks mean (`planning.trends.scoreboard`).
"""

import csv
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from orchestration.errors import UserError
from planning.frames import FrameError
from planning.trends.backtest import Answers, actuals
from planning.trends.panel import Frequency, Panel, to_panel

_SHOWN = 5
QUANTILE_COLUMNS = [f"q{10 * i}" for i in range(1, 10)]
COLUMNS = [
    "unique_id", "origin", "ds", "y", "model", "mean",
    *QUANTILE_COLUMNS, "lo80", "hi80", "lo95", "hi95",
]  # fmt: skip


def read_panel(path: Path, frequency: Frequency | None) -> Panel:
    """Read and check a panel file.

    Raises:
        UserError: No such file, not a CSV, or rows at fault, each with its line.
    """
    if not path.is_file():
        raise UserError("There is no such panel file", where=str(path), mend="Give a CSV file.")
    frame = pd.DataFrame()
    try:
        frame = _read_text(path)
        return to_panel(frame, frequency)
    except FrameError as error:
        lines = ", ".join(str(frame.index[row]) for row in error.rows[:_SHOWN])
        more = f" and {len(error.rows) - _SHOWN} more" if len(error.rows) > _SHOWN else ""
        where = f"{path}, line {lines}{more}" if lines else str(path)
        if error.rows:
            first = frame.iloc[error.rows[0]]
            where += f" (first: {first['unique_id']}, {first['ds']}, {first['y']})"
        raise UserError(
            f"The panel cannot be used: {error.problem}",
            where=where,
            why="A backtest on guessed rows would measure the guess.",
            mend="Correct these lines; a panel is a CSV of unique_id, ds, y, one row a period."
            if error.rows
            else "A panel is a CSV of unique_id, ds, y, one row a period, separated by commas or semicolons.",
        ) from None
    except UnicodeDecodeError:
        if path.read_bytes()[:2] == b"PK":
            raise UserError(
                "The panel is a workbook or an archive, not a CSV",
                where=str(path),
                why="A workbook has many sheets and dates of its own; which is meant would be a guess.",
                mend='Save the sheet as "CSV UTF-8".',
            ) from None
        raise UserError(
            "The panel is not a text in UTF-8",
            where=f"{path}, line {_first_line_not_utf8(path)}",
            why="In another encoding (CP1251, UTF-16) a letter or a number may be read as another one.",
            mend='Save it as UTF-8; spreadsheets call it "CSV UTF-8".',
        ) from None
    except _UnreadableError as error:
        raise UserError(
            "The panel is not a readable CSV",
            where=f"{path}, line {error.line}",
            why=error.why,
            mend="Give a CSV of unique_id, ds, y in UTF-8, cells separated by commas or semicolons.",
        ) from None


def _first_line_not_utf8(path: Path) -> int:
    """Number of the first line that cannot be decoded."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


class _UnreadableError(Exception):
    """A text that is no table, with the line."""

    def __init__(self, line: int, why: str) -> None:
        self.line, self.why = line, why
        super().__init__(why)


def _read_text(path: Path) -> pd.DataFrame:
    """Every cell as text, blank lines left out; the index is the line on which a row ends.

    Semicolons between cells mean commas in numbers, as spreadsheets of this region save them. "NA" is an
    id like any other (Namibia), never a blank.
    """
    with path.open(encoding="utf-8-sig") as lines:
        head = lines.readline()
    has_semicolons = ";" in head and "," not in head
    names, rows, at = _cells(path, ";" if has_semicolons else ",")
    twice = sorted({name for name in ("unique_id", "ds", "y") if names.count(name) > 1})
    if twice:
        raise FrameError("panel", f"column {', '.join(twice)} stands twice in the header")
    frame = pd.DataFrame(rows, columns=names, index=at, dtype="str")
    if has_semicolons and "y" in frame:
        frame["y"] = frame["y"].str.replace(",", ".")
    return frame


def _cells(path: Path, between: str) -> tuple[list[str], list[list[str]], list[int]]:
    """Header, rows that are not blank, and the line of each.

    A row shorter than the header ends in blanks. One with more values is refused: a comma inside a number
    has moved its cells.
    """
    names: list[str] | None = None
    rows, at = [], []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.reader(lines, delimiter=between, skipinitialspace=True, strict=True)
        try:
            for row in table:
                if not any(row):
                    continue
                if names is None:
                    names = [cell.strip() for cell in row]
                    continue
                if any("\0" in cell for cell in row):
                    raise _UnreadableError(table.line_num, "It holds a zero byte, which no text has.")
                if any(row[len(names) :]):
                    raise _UnreadableError(
                        table.line_num,
                        f"It has {len(row)} cells under {len(names)} names: {between.join(row)[:80]}. "
                        "A number has a decimal point; an id with a comma stands in quotes.",
                    )
                rows.append((row + [""] * len(names))[: len(names)])
                at.append(table.line_num)
        except csv.Error as error:
            raise _UnreadableError(table.line_num, f"{error} (is a quotation mark left open?)") from None
    if not names:
        raise _UnreadableError(1, "It has no header of unique_id, ds, y.")
    return names, rows, at


def folder_for(out: Path | None, panel: Path) -> Path:
    """The folder for results, made and found writable before any model works.

    Raises:
        UserError: It cannot be made or written to.
    """
    folder = out or Path(f"backtest_{panel.stem}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UserError(
            "The results cannot be written",
            where=str(folder),
            why=error.strerror or str(error),
            mend="Give another folder with --out.",
        ) from None
    return folder


def forecasts_table(panel: Panel, origins: range, horizon: int, answers: dict[str, Answers]) -> pd.DataFrame:
    """Every forecast that has met its truth, one row a series × origin × period × model."""
    actual = actuals(panel, origins, horizon)
    tables = []
    for name, model in answers.items():
        at, series, ahead = np.nonzero(~np.isnan(actual) & ~np.isnan(model.point))
        ends = np.array(origins)[at]
        quantiles = model.quantiles[at, series, ahead]
        table = pd.DataFrame(
            {
                "unique_id": np.array(panel.ids)[series],
                "origin": np.array(panel.labels)[ends - 1],
                "ds": np.array(panel.labels)[ends + ahead],
                "y": actual[at, series, ahead],
                "model": name,
                "mean": model.point[at, series, ahead],
            }
        )
        table[QUANTILE_COLUMNS] = quantiles[:, :9]
        table[["lo80", "hi80", "lo95", "hi95"]] = quantiles[:, [0, 8, 9, 10]]
        tables.append(table[COLUMNS])
    return pd.concat(tables, ignore_index=True)


def write_forecasts(table: pd.DataFrame, path: Path) -> None:
    """Write a long table: a tenth of the time that pandas takes, every digit kept, unknown blank.

    Quotes stand only in files in which an id needs them.
    """
    cells = pa.Table.from_pandas(table, preserve_index=False)
    try:
        plain = arrow_csv.WriteOptions(quoting_style="none", quoting_header="none")
        arrow_csv.write_csv(cells, path, plain)
    except pa.ArrowInvalid:
        arrow_csv.write_csv(cells, path, arrow_csv.WriteOptions(quoting_style="needed"))


def fallbacks_table(panel: Panel, origins: range, answers: dict[str, Answers]) -> pd.DataFrame:
    """Series × origin where a model had too little to be fitted and a simpler one answered."""
    tables = []
    for name, model in answers.items():
        at, series = np.nonzero(model.is_fallback)
        tables.append(
            pd.DataFrame(
                {
                    "unique_id": np.array(panel.ids)[series],
                    "origin": np.array(panel.labels)[np.array(origins)[at] - 1],
                    "model": name,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def jumps_table(panel: Panel) -> pd.DataFrame:
    """Years whose step looks like a change of definition (yearly panels; the latest window)."""
    from planning.trends.short_series import find_jumps, logs_of, zero_offset

    columns = ["unique_id", "ds", "y_before", "y"]
    if panel.frequency == "M" or panel.matrix.shape[1] < 2:
        return pd.DataFrame(columns=columns)
    logs = logs_of(panel.matrix, zero_offset(panel.matrix))
    series, at = np.nonzero(find_jumps(np.diff(logs, axis=1)))
    return pd.DataFrame(
        {
            "unique_id": np.array(panel.ids)[series],
            "ds": np.array(panel.labels)[at + 1],
            "y_before": panel.matrix[series, at],
            "y": panel.matrix[series, at + 1],
        }
    )
