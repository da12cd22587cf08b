"""The quarantine: what the door refused, where it lay, which rule it broke, the record with persons masked.

Belongs here: the table's rows and files. Does not belong here: the refusal itself (`orchestration/door/`).
"""

from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contracts.ledger import QUARANTINE, ledger_schema
from orchestration.door.aside_file import AsideFile

QUARANTINE_SCHEMA = ledger_schema(QUARANTINE)
# As many rows wait in memory; a table refused as a whole lies on disk.
FLUSH_ROWS = 50_000


class Quarantine:
    """Refused and warned records of one contract and period, in the order they were met.

    Args:
        contract: Contract name.
        source_system: The system they came from.
        batch_id: The delivery.
        aside: File aside that takes the rows until all are known.
    """

    def __init__(self, contract: str, source_system: str, batch_id: str, aside: Path) -> None:
        """Start empty."""
        self.contract, self.source_system, self.batch_id = contract, source_system, batch_id
        self.reasons: Counter[str] = Counter()
        self.warned_count = 0
        self._aside = AsideFile(aside, QUARANTINE_SCHEMA)
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0

    def add(self, refused: pa.Table, file: str, month: date | None, severity: str = "critical") -> None:
        """Keep records of one file.

        Args:
            refused: Rows of `REFUSED_SCHEMA`.
            file: Name of the file.
            month: Its period, or None.
            severity: `critical` for rows that did not land, `warning` for rows that did.
        """
        count = refused.num_rows
        if not count:
            return
        if severity == "critical":
            for rule in pc.value_counts(refused["rule"].combine_chunks()).to_pylist():
                self.reasons[rule["values"]] += rule["counts"]
        else:
            self.warned_count += count
        same = {
            "contract": self.contract,
            "source_system": self.source_system,
            "batch_id": self.batch_id,
            "file": file,
            "severity": severity,
            "month": month,
        }
        self._waiting.append(
            pa.table(
                [
                    pa.repeat(pa.scalar(same[field.name], field.type), count)
                    if field.name in same
                    else refused[field.name]
                    for field in QUARANTINE_SCHEMA
                ],
                schema=QUARANTINE_SCHEMA,
            )
        )
        self._waiting_rows += count
        if self._waiting_rows >= FLUSH_ROWS:
            self._flush()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was kept."""
        return not (self.reasons or self.warned_count)

    def write(self, path: Path) -> None:
        """Put the Parquet file in its place; a file without rows keeps the table readable."""
        self._flush()
        self._aside.close()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._aside.path.replace(path)

    def _flush(self) -> None:
        if self._waiting:
            self._aside.write(pa.concat_tables(self._waiting))
        self._waiting, self._waiting_rows = [], 0
