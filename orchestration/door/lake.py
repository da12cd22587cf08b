"""The layout of the landing lake: folders, final Parquet files, the manifest of a contract.

Belongs here: paths, writing aside and renaming. Does not belong here: what the rows mean.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.contracts import Contract
from orchestration.door.checks import sql_name
from orchestration.door.spool import ROW_GROUP_ROWS, Spool
from orchestration.running.faults import fault_point
from orchestration.settings import Settings


@dataclass(frozen=True)
class Lake:
    """The landing folder of one installation."""

    settings: Settings

    def folder(self, contract: str) -> Path:
        """Folder of a contract's landing table."""
        return self.settings.landing / contract

    def glob(self, contract: str) -> str:
        """Pattern of its Parquet files."""
        return str(self.folder(contract) / "**" / "*.parquet")

    def has(self, contract: str) -> bool:
        """Whether the contract has landed, be it with zero rows."""
        return self.manifest_path(contract).exists()

    def manifest_path(self, contract: str) -> Path:
        """Manifest of a contract."""
        return self.folder(contract) / "manifest.json"

    def manifest(self, contract: str) -> dict[str, Any]:
        """Manifest of a contract as it was written; empty where there is none, or none just now."""
        try:
            return json.loads(self.manifest_path(contract).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}

    @contextmanager
    def aside(self, contract: str) -> Iterator[Path]:
        """A folder aside for one contract's work, gone afterwards; leftovers of a crash go first."""
        folder = self.settings.landing / ".aside" / contract
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def connect(self, aside: Path) -> duckdb.DuckDBPyConnection:
        """An in-memory DuckDB that may spill into the folder aside and loads nothing from outside."""
        connection = duckdb.connect(
            config={
                "threads": self.settings.threads,
                "memory_limit": self.settings.memory_limit,
                "temp_directory": str(aside),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        connection.execute("set TimeZone = 'UTC'")
        return connection

    def replace(self, contract: str, prepared: Path, months: list[date] | None) -> None:
        """Put the prepared folder in place: the whole table, or the month folders that were asked for."""
        target = self.folder(contract)
        if months is None:
            gone = prepared.parent / "replaced"
            fault_point("lake.prepared")
            if target.exists():
                target.rename(gone)
            fault_point("lake.away")
            prepared.rename(target)
            fault_point("lake.replaced")
            shutil.rmtree(gone, ignore_errors=True)
            return
        target.mkdir(parents=True, exist_ok=True)
        for month in months:
            shutil.rmtree(target / month_folder(month), ignore_errors=True)
        for entry in sorted(prepared.iterdir(), key=lambda path: path.name == "manifest.json"):
            destination = target / entry.name
            if entry.is_dir():
                shutil.rmtree(destination, ignore_errors=True)
            entry.rename(destination)


def month_folder(month: date) -> str:
    """Folder name of a month."""
    return f"month={month:%Y-%m}"


def lay_out(
    contract: Contract,
    spools: list[Spool],
    gone_of: Callable[[int], np.ndarray],
    prepared: Path,
    connection: duckdb.DuckDBPyConnection,
) -> list[dict[str, Any]]:
    """Write the final files of a contract into `prepared` and list them with rows and sha256."""
    files: list[Path] = []
    for spool in spools:
        gone = gone_of(spool.number)
        if spool.rows_count == len(gone):
            continue
        if contract.period and spool.period is None:
            files += _write_by_month(contract, spool, gone, prepared, connection)
            continue
        folder = prepared / month_folder(spool.period) if spool.period and contract.period else prepared
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "part-0.parquet"
        if len(gone):
            _write(path, spool.schema, _remaining(spool, gone, connection, ""))
        else:
            spool.path.rename(path)
        files.append(path)
    if not files:
        # A table without rows still has a file, so that read_parquet finds its columns.
        path = prepared / "part-0.parquet"
        pq.write_table(contract.arrow_schema.empty_table(), path)
        files.append(path)
    return [
        {
            "name": str(path.relative_to(prepared)),
            "rows": pq.read_metadata(path).num_rows,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(files)
    ]


def _remaining(
    spool: Spool, gone: np.ndarray, connection: duckdb.DuckDBPyConnection, order: str
) -> pa.RecordBatchReader:
    connection.register("gone_rows", pa.table({"row_number": gone}))
    names = ", ".join(sql_name(name) for name in spool.schema.names)
    return connection.sql(
        f"""
        select {names} from read_parquet('{spool.path}', file_row_number = true) as spooled
        anti join gone_rows on spooled.file_row_number = gone_rows.row_number
        order by {order} spooled.file_row_number
        """  # noqa: S608
    ).to_arrow_reader(ROW_GROUP_ROWS)


def _write(path: Path, schema: pa.Schema, batches: pa.RecordBatchReader) -> None:
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_batches([batch]).cast(schema))


def _write_by_month(
    contract: Contract, spool: Spool, gone: np.ndarray, prepared: Path, connection: duckdb.DuckDBPyConnection
) -> list[Path]:
    """One folder a month, from rows that came in any order; one writer is open at a time."""
    files: list[Path] = []
    writer: pq.ParquetWriter | None = None
    current: date | None = None
    for batch in _remaining(spool, gone, connection, f"{sql_name(contract.period)},"):
        table = pa.Table.from_batches([batch]).cast(spool.schema)
        months = table[contract.period].to_numpy()
        starts = [0, *(i for i in range(1, len(months)) if months[i] != months[i - 1]), len(months)]
        for start, end in zip(starts, starts[1:], strict=False):
            month = table[contract.period][start].as_py()
            if month != current:
                if writer:
                    writer.close()
                folder = prepared / month_folder(month)
                folder.mkdir(parents=True, exist_ok=True)
                files.append(folder / "part-0.parquet")
                writer, current = pq.ParquetWriter(files[-1], spool.schema, compression="zstd"), month
            writer.write_table(table.slice(start, end - start))
    if writer:
        writer.close()
    return files
