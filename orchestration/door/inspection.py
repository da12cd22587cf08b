"""The door's look at one chunk: typed good rows on one side, refused rows with their reasons on the other.

Belongs here: running the checks of `checks.py` over a chunk with DuckDB. Does not belong here: the checks
themselves, and what needs more than one chunk (`duplicates.py`).
"""

from dataclasses import dataclass, replace
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contracts import Contract
from orchestration.door.casts import raw_name, text_sql, type_checks, typed_sql
from orchestration.door.checks import Check, fast_condition, row_checks, sql_name, suspect_condition
from orchestration.door.control_totals import nation
from orchestration.door.masking import MaskedRows
from orchestration.door.personal import PERSONAL_PATTERNS
from orchestration.door.refused import REFUSED_SCHEMA, refused_table
from orchestration.sources.source import Chunk


@dataclass(frozen=True)
class Inspected:
    """A chunk after the door.

    Attributes:
        good: Rows that land, typed as the contract, without the common columns.
        positions: Index of each good row in the chunk.
        refused: Rows and records that do not land, as `REFUSED_SCHEMA`.
        warned: Rows that land although a rule of severity `warning` does not hold, likewise.
        control: Rows of the nation itself, which do not land (`control_totals.py`).
    """

    good: pa.Table
    positions: np.ndarray
    refused: pa.Table
    warned: pa.Table
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
        refused, warned = refused_table(chunk.refused), REFUSED_SCHEMA.empty_table()
        if chunk.rows.num_rows == 0:
            return Inspected(self.schema.empty_table(), np.empty(0, np.int64), refused, warned)
        checks, batch = self._read(chunk)
        is_good = batch["_ok"].to_numpy(zero_copy_only=False).astype(bool)
        control = None
        suspects = np.flatnonzero(~is_good)
        if self.contract.total_column and len(suspects):
            control, suspects = self._take_control(batch, suspects, checks)
        if len(suspects):
            is_critical, rows_refused, warned = self._judge(
                chunk, batch.take(pa.array(suspects)), suspects, checks
            )
            refused = pa.concat_tables([refused, rows_refused])
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
    ) -> tuple[np.ndarray, pa.Table, pa.Table]:
        """Which suspects are refused, and every rule they break (the first critical one counts)."""
        self.connection.register("suspects", suspects)
        named = self._with_personal(checks)
        holds = ", ".join(f"coalesce(({check.holds}), true) as c{i}" for i, check in enumerate(named))
        answers = self.connection.sql(f"select {holds} from suspects").to_arrow_table()  # noqa: S608
        self.connection.unregister("suspects")
        holding = np.column_stack([c.to_numpy(zero_copy_only=False).astype(bool) for c in answers.columns])
        critical = np.array([check.severity == "critical" for check in checks])
        is_critical = (~holding & critical).any(axis=1)
        broken_at = np.flatnonzero((~holding).any(axis=1))
        found = self._reasons(self._values(suspects), broken_at, ~holding[broken_at], checks)
        if chunk.lines is not None:
            lines = chunk.lines.take(pa.array(positions[broken_at])).cast(pa.int64())
            found = found.set_column(0, REFUSED_SCHEMA.field("line"), lines)
        are_refused = pa.array(is_critical[broken_at])
        return is_critical, found.filter(are_refused), found.filter(pc.invert(are_refused))

    def _with_personal(self, checks: list[Check]) -> list[Check]:
        """The checks; where no suspect could hold personal text its patterns need not even be compiled."""
        found = self.connection.sql(f"select bool_or({suspect_condition(self.contract)}) from suspects")  # noqa: S608
        if found.fetchone() == (True,):
            return checks
        return [
            replace(check, holds="true") if check.rule in PERSONAL_PATTERNS else check for check in checks
        ]

    def _reasons(
        self, values: pa.Table, positions: np.ndarray, broken: np.ndarray, checks: list[Check]
    ) -> pa.Table:
        """Why the rows at `positions` are named, without lines: those that break the same checks at once."""
        masked = MaskedRows(self.contract, values)
        packed = np.packbits(broken, axis=1)
        patterns = pa.Array.from_buffers(
            pa.binary(packed.shape[1]), len(packed), [None, pa.py_buffer(packed)]
        ).dictionary_encode()
        pattern_of = patterns.indices.to_numpy()
        parts, order = [REFUSED_SCHEMA.empty_table()], [np.empty(0, np.int64)]
        for number in range(len(patterns.dictionary)):
            at = np.flatnonzero(pattern_of == number)
            these = [checks[i] for i in np.flatnonzero(broken[at[0]])]
            first = next((check for check in these if check.severity == "critical"), these[0])
            others = sorted({check.message for check in these if check is not first})
            message = "; ".join([first.message, *(f"also: {other}" for other in others)])
            said = (None, first.rule, first.column or None, message)
            parts.append(
                pa.table(
                    [
                        *(
                            pa.repeat(pa.scalar(word, field.type), len(at))
                            for word, field in zip(said, REFUSED_SCHEMA, strict=False)
                        ),
                        masked.json({check.column for check in these}, positions[at]),
                    ],
                    schema=REFUSED_SCHEMA,
                )
            )
            order.append(at)
        return pa.concat_tables(parts).take(pa.array(np.argsort(np.concatenate(order))))

    def _values(self, rows: pa.Table) -> pa.Table:
        """The rows as they came: the text where there is one."""
        names = self.contract.column_names
        raw = [raw_name(name).strip('"') for name in names]
        columns = [
            rows[text if text in rows.column_names else name] for text, name in zip(raw, names, strict=True)
        ]
        return pa.table(columns, names=list(names))
