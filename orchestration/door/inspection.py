"""The door's look at one chunk: typed good rows on one side, refused rows with their reasons on the other.

Belongs here: running the checks of `checks.py` over a chunk with DuckDB. Does not belong here: the checks
themselves, and what needs more than one chunk (`duplicates.py`).
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.contracts import Contract
from orchestration.door.casts import raw_name, text_sql, type_checks, typed_sql
from orchestration.door.checks import Check, fast_condition, row_checks, sql_name
from orchestration.door.control_totals import nation
from orchestration.door.personal import mask_personal, mask_shape
from orchestration.sources.source import Chunk, Refusal


@dataclass(frozen=True)
class Inspected:
    """A chunk after the door.

    Attributes:
        good: Rows that land, typed as the contract, without the common columns.
        positions: Index of each good row in the chunk.
        refused: Rows and records that do not land.
        warned: Rows that land although a rule of severity `warning` does not hold.
        control: Rows of the nation itself, which do not land (`control_totals.py`).
    """

    good: pa.Table
    positions: np.ndarray
    refused: list[Refusal]
    warned: list[Refusal]
    control: pa.Table | None = None


class Inspector:
    """Checks chunks of one contract.

    Args:
        contract: The contract.
        as_of: The day the data describe; nothing may lie after it.
        connection: DuckDB connection that holds the reference tables of the contract.
    """

    def __init__(self, contract: Contract, as_of: date, connection: duckdb.DuckDBPyConnection) -> None:
        """Prepare the conditions once."""
        self.contract, self.connection = contract, connection
        self.checks = row_checks(contract, as_of)
        self.schema = pa.schema([(c.name, c.arrow_type) for c in contract.columns])

    def inspect(self, chunk: Chunk) -> Inspected:
        """Divide a chunk into rows that land and rows that do not."""
        refused = list(chunk.refused)
        if chunk.rows.num_rows == 0:
            return Inspected(self.schema.empty_table(), np.empty(0, np.int64), refused, [])
        checks, batch = self._read(chunk)
        is_good = batch["_ok"].to_numpy(zero_copy_only=False).astype(bool)
        warned: list[Refusal] = []
        control = None
        suspects = np.flatnonzero(~is_good)
        if self.contract.total_column and len(suspects):
            control, suspects = self._take_control(batch, suspects, checks)
        if len(suspects):
            is_critical, rows_refused, warned = self._judge(
                chunk, batch.take(pa.array(suspects)), suspects, checks
            )
            refused += rows_refused
            is_good[suspects] = ~is_critical
        good = batch.select(self.schema.names)
        if not is_good.all():
            good = good.filter(pa.array(is_good))
        return Inspected(good.cast(self.schema), np.flatnonzero(is_good), refused, warned, control)

    def _take_control(
        self, batch: pa.Table, suspects: np.ndarray, checks: list[Check]
    ) -> tuple[pa.Table, np.ndarray]:
        """Rows of the nation that break no other rule, and the suspects that are left."""
        others = [f"coalesce(({c.holds}), true)" for c in checks if c.column != "region_code"]
        self.connection.register("suspects", batch.take(pa.array(suspects)))
        is_control = self.connection.sql(
            f"select coalesce(region_code = '{nation()}', false) and {' and '.join(others)} as is_control"  # noqa: S608
            " from suspects"
        ).to_arrow_table()["is_control"]
        self.connection.unregister("suspects")
        mask = is_control.to_numpy(zero_copy_only=False).astype(bool)
        return batch.take(pa.array(suspects[mask])).select(self.schema.names), suspects[~mask]

    def _read(self, chunk: Chunk) -> tuple[list[Check], pa.Table]:
        """The chunk typed, with `_ok` for rows that surely pass."""
        columns = self.contract.columns
        checks = self.checks
        if not chunk.is_text:
            relation = "incoming"
        else:
            texts = ", ".join(f"{text_sql(c)} as {raw_name(c.name)}" for c in columns)
            values = ", ".join(
                f"{typed_sql(c, chunk.decimal, chunk.date_format)} as {sql_name(c.name)}" for c in columns
            )
            relation = f"(select *, {values} from (select {texts} from incoming))"  # noqa: S608
            checks = type_checks(columns, chunk.decimal, chunk.date_format) + [
                # A text that does not fit its type is named once, by its type.
                replace(check, holds=f"{raw_name(check.column)} is not null")
                if check.rule == "required"
                else check
                for check in checks
            ]
        self.connection.register("incoming", chunk.rows)
        batch = self.connection.sql(
            f"select *, {fast_condition(self.contract, checks)} as _ok from {relation}"  # noqa: S608
        ).to_arrow_table()
        self.connection.unregister("incoming")
        return checks, batch

    def _judge(
        self, chunk: Chunk, suspects: pa.Table, positions: np.ndarray, checks: list[Check]
    ) -> tuple[np.ndarray, list[Refusal], list[Refusal]]:
        """Which suspects are refused, and every rule they break (the first critical one counts)."""
        self.connection.register("suspects", suspects)
        holds = ", ".join(f"coalesce(({check.holds}), true) as c{i}" for i, check in enumerate(checks))
        answers = self.connection.sql(f"select {holds} from suspects").to_arrow_table()  # noqa: S608
        self.connection.unregister("suspects")
        holding = np.column_stack([c.to_numpy(zero_copy_only=False).astype(bool) for c in answers.columns])
        critical = np.array([check.severity == "critical" for check in checks])
        is_critical = (~holding & critical).any(axis=1)
        broken_at = np.flatnonzero((~holding).any(axis=1))
        lines: list[int | None] = [None] * len(broken_at)
        if chunk.lines is not None:
            lines = chunk.lines.take(pa.array(positions[broken_at])).to_pylist()
        refused: list[Refusal] = []
        warned: list[Refusal] = []
        values = self._values(suspects.take(pa.array(broken_at)))
        for at, line, row in zip(broken_at, lines, values, strict=True):
            broken = [checks[i] for i in np.flatnonzero(~holding[at])]
            first = next((check for check in broken if check.severity == "critical"), broken[0])
            others = sorted({check.message for check in broken if check is not first})
            message = "; ".join([first.message, *(f"also: {other}" for other in others)])
            text = masked_row(self.contract, row, {check.column for check in broken})
            refusal = Refusal(line, first.rule, message, text, first.column)
            (refused if is_critical[at] else warned).append(refusal)
        return is_critical, refused, warned

    def _values(self, rows: pa.Table) -> list[dict[str, Any]]:
        """The rows as they came: the text where there is one, blanks left out."""
        names = self.contract.column_names
        raw = [raw_name(name).strip('"') for name in names]
        columns = [
            rows[text if text in rows.column_names else name] for text, name in zip(raw, names, strict=True)
        ]
        named = pa.table(columns, names=list(names)).to_pylist()
        return [{name: value for name, value in row.items() if value is not None} for row in named]


def masked_row(contract: Contract, values: dict[str, Any], columns_at_fault: set[str]) -> str:
    """A row as JSON fit for the quarantine.

    In a restricted contract a value at fault may be anything, a name in a shifted column for one, so only its
    shape is kept, but for a reference that looks like an identifier; values that passed a closed check stay.
    Elsewhere text is kept unless a pattern matches it.
    """
    shown = {}
    for column in contract.columns:
        if column.name not in values:
            continue
        text = str(values[column.name])
        is_closed = bool(column.vocabulary or column.code_list or column.pattern) or column.type not in (
            "text",
            "code",
            "key",
        )
        is_closed = is_closed or bool(column.references)
        is_trusted = column.name not in columns_at_fault or (column.references and _is_identifier(text))
        is_safe = is_closed and bool(is_trusted)
        keeps = is_safe or not contract.is_restricted
        shown[column.name] = mask_personal(text) if keeps else mask_shape(text)
    return json.dumps(shown, ensure_ascii=False)


def _is_identifier(text: str) -> bool:
    """Whether a text reads like a facility's identifier: letters and digits, no space; no name, no date."""
    return re.fullmatch(r"(?=.*[A-Za-z])(?=.*\d)[\w.:/|-]{1,64}", text) is not None
