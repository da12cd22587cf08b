"""A Parquet file written aside, row group by row group, and silent after a full disk.

Belongs here: opening at the first row, writing, closing. Does not belong here: what is written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


class AsideFile:
    """One file that grows.

    Args:
        path: Where it lies.
        schema: Its columns.
        compression: Codec of its pages.
    """

    def __init__(self, path: Path, schema: pa.Schema, compression: str = "zstd") -> None:
        """Open nothing yet."""
        self.path, self._schema, self._compression = path, schema, compression
        self._writer: pq.ParquetWriter | None = None

    def write(self, rows: pa.Table) -> None:
        """Append rows as one row group."""
        with self._quiet_on_failure():
            self._opened().write_table(rows.combine_chunks())

    def close(self) -> None:
        """Finish the file; one without rows still has its columns."""
        with self._quiet_on_failure():
            self._opened().close()

    @contextmanager
    def _quiet_on_failure(self) -> Iterator[None]:
        """After a full disk the writer's destructor would try to write once more and complain of it."""
        try:
            yield
        except OSError:
            if self._writer:
                self._writer.is_open = False
            raise

    def _opened(self) -> pq.ParquetWriter:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, self._schema, compression=self._compression)
        return self._writer
