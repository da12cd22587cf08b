"""The quarantine: what the door refused, where it lay, which rule it broke, and the record with everything masked.

Belongs here: the table's rows and files. Does not belong here: the decision to refuse (`orchestration/door/`).
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.contracts.ledger import QUARANTINE, ledger_schema
from orchestration.sources.source import Refusal

QUARANTINE_SCHEMA = ledger_schema(QUARANTINE)


class Quarantine:
    """Refused and warned records of one contract, in the order they were met."""

    def __init__(self, contract: str, source_system: str, batch_id: str) -> None:
        """Start empty."""
        self.contract, self.source_system, self.batch_id = contract, source_system, batch_id
        self.rows: list[dict[str, object]] = []

    def add(
        self, refusals: Iterable[Refusal], file: str, month: date | None, severity: str = "critical"
    ) -> None:
        """Keep records of one file."""
        for refusal in refusals:
            self.rows.append(
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

    def reasons(self) -> dict[str, int]:
        """Refused records by rule."""
        counts: dict[str, int] = {}
        for row in self.rows:
            if row["severity"] == "critical":
                counts[str(row["rule"])] = counts.get(str(row["rule"]), 0) + 1
        return dict(sorted(counts.items()))

    def write(self, path: Path) -> None:
        """Write the Parquet file, beside and then renamed; a file without rows keeps the table readable."""
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".writing")
        pq.write_table(pa.Table.from_pylist(self.rows, QUARANTINE_SCHEMA), aside, compression="zstd")
        aside.replace(path)
