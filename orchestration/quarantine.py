"""The quarantine: what the door refused, where it lay, which rule it broke, the record with persons masked.

Belongs here: the table's rows and files. Does not belong here: the refusal itself (`orchestration/door/`).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.contracts.ledger import QUARANTINE, ledger_schema
from orchestration.sources.source import Refusal

QUARANTINE_SCHEMA = ledger_schema(QUARANTINE)


FLUSH_ROWS = 50_000


class Quarantine:
    """Refused and warned records of one contract and period, in the order they were met.

    Rows are packed into Arrow every 50,000, so that a table refused as a whole still fits into memory.
    """

    def __init__(self, contract: str, source_system: str, batch_id: str) -> None:
        """Start empty."""
        self.contract, self.source_system, self.batch_id = contract, source_system, batch_id
        self.reasons: Counter[str] = Counter()
        self.warned_count = 0
        self._rows: list[dict[str, object]] = []
        self._packed: list[pa.Table] = []

    def add(
        self, refusals: Iterable[Refusal], file: str, month: date | None, severity: str = "critical"
    ) -> None:
        """Keep records of one file."""
        for refusal in refusals:
            if severity == "critical":
                self.reasons[refusal.rule] += 1
            else:
                self.warned_count += 1
            self._rows.append(
                {
                    "contract": self.contract,
                    "source_system": self.source_system,
                    "batch_id": self.batch_id,
                    "file": file,
                    "line": refusal.line,
                    "rule": refusal.rule,
                    "severity": severity,
                    "column_name": refusal.column or None,
                    "message": refusal.message,
                    "raw_text": refusal.raw_text or None,
                    "month": month,
                }
            )
        if len(self._rows) >= FLUSH_ROWS:
            self._pack()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was kept."""
        return not (self._rows or self._packed)

    def write(self, path: Path) -> None:
        """Write the Parquet file, beside and then renamed; a file without rows keeps the table readable."""
        self._pack()
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".writing")
        pq.write_table(pa.concat_tables(self._packed), aside, compression="zstd")
        aside.replace(path)

    def _pack(self) -> None:
        self._packed.append(pa.Table.from_pylist(self._rows, QUARANTINE_SCHEMA))
        self._rows = []
