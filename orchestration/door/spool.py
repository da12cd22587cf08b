"""Good rows on their way to the lake: Parquet aside, with a trail of file, line and version for each row.

Belongs here: writing rows aside and knowing where each came from. Does not belong here: which rows lose to a
duplicate (`duplicates.py`) and the final layout (`lake.py`).
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from orchestration.door.aside_file import AsideFile
from orchestration.door.behind import Behind

# Row groups of about 100,000 rows scan well; smaller chunks are gathered first.
ROW_GROUP_ROWS = 100_000
TRAIL_SCHEMA = pa.schema(
    [
        ("spool", pa.int32()),
        ("file_number", pa.int32()),
        ("line", pa.int64()),
        ("version", pa.string()),
        ("key_hash", pa.uint64()),
    ]
)


@dataclass
class Spool:
    """Rows of one period (or of everything, where a source has no periods), in the order they came.

    They are written behind: the files are whole once `behind` has been waited for.
    """

    folder: Path
    number: int
    period: date | None
    schema: pa.Schema
    behind: Behind
    rows_count: int = 0
    _waiting: list[tuple[pa.Table, pa.Table]] = field(default_factory=list)
    _waiting_rows: int = 0

    def __post_init__(self) -> None:
        """Name both files; they are opened with the first rows."""
        self._files = (
            AsideFile(self.path, self.schema),
            AsideFile(self.trail_path, TRAIL_SCHEMA, compression="lz4"),
        )

    @property
    def path(self) -> Path:
        """The rows, in the schema of the landing table."""
        return self.folder / f"rows-{self.number:05d}.parquet"

    @property
    def trail_path(self) -> Path:
        """Where each row came from, in the same order."""
        return self.folder / f"trail-{self.number:05d}.parquet"

    def add(
        self,
        rows: pa.Table,
        file_number: int,
        lines: pa.Array | None,
        versions: pa.Array | None,
        key_hashes: pa.ChunkedArray,
    ) -> None:
        """Append rows."""
        count = rows.num_rows
        if not count:
            return
        trail = pa.table(
            [
                pa.array(np.full(count, self.number, np.int32)),
                pa.array(np.full(count, file_number, np.int32)),
                lines if lines is not None else pa.nulls(count, pa.int64()),
                versions if versions is not None else pa.nulls(count, pa.string()),
                key_hashes,
            ],
            schema=TRAIL_SCHEMA,
        )
        self._waiting.append((rows, trail))
        self._waiting_rows += count
        self.rows_count += count
        if self._waiting_rows >= ROW_GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        """Finish both files behind; a spool without rows still has them."""
        self._flush()
        self.behind.do(self._close)

    def _flush(self) -> None:
        if self._waiting:
            self.behind.do(self._write, self._waiting)
        self._waiting, self._waiting_rows = [], 0

    def _write(self, waiting: list[tuple[pa.Table, pa.Table]]) -> None:
        for file, tables in zip(self._files, zip(*waiting, strict=True), strict=True):
            file.write(pa.concat_tables(tables))

    def _close(self) -> None:
        for file in self._files:
            file.close()
