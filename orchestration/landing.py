"""Landing: a contract's records go through the door into the anonymised Parquet lake, counted to the unit.

Law, for every file and for the whole: records in = landed + superseded + quarantined.
Belongs here: the order of the steps and the counting. Does not belong here: reading
(`orchestration/sources/`), the checks and the file layout (`orchestration/door/`), the asset definitions.
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contracts import CONTRACTS, Contract, contract_named
from orchestration.door.behind import Behind
from orchestration.door.checks import reference_table, sql_name
from orchestration.door.control_totals import add_totals
from orchestration.door.delivery import Delivery, Part, delivery_of, write_delivery_table, write_manifest
from orchestration.door.districts import blank_small_districts
from orchestration.door.duplicates import NOTHING, Dropped, drop_duplicates, drop_orphans
from orchestration.door.fingerprint import fingerprint_of
from orchestration.door.inspection import Inspector
from orchestration.door.lake import Lake, lay_out, month_folder
from orchestration.door.months import landed_by_month
from orchestration.door.spool import Spool
from orchestration.quarantine import Quarantine
from orchestration.settings import Settings
from orchestration.sources.ahead import read_ahead
from orchestration.sources.source import Chunk, Source


def land_contract(
    contract: Contract | str,
    source: Source,
    *,
    settings: Settings,
    months: Sequence[date] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Delivery:
    """Pull a contract from its source through the door into the lake.

    Args:
        contract: The contract, or its name.
        source: Where its records come from; what it gives is already anonymised.
        settings: Folders and limits.
        months: Land only these months of a contract that arrives by month; the other months stay. A source
            that cannot be read by month lands as a whole.
        progress: Told after every period.

    Returns:
        The counts.

    Raises:
        UserError: The source cannot be read as declared; the lake is left as it was.
    """
    contract = contract_named(contract) if isinstance(contract, str) else contract
    lake = Lake(settings)
    fingerprint = fingerprint_of(contract, source, lake)
    before = lake.manifest(contract.name)
    if list(source.periods(contract)) == [None]:
        months = None
    if months is None and fingerprint and before.get("fingerprint") == fingerprint:
        return delivery_of(before, is_unchanged=True)
    return _Landing(contract, source, lake, fingerprint).run(months, progress)


def finish_landing(settings: Settings) -> list[Delivery]:
    """Write the delivery table from all manifests; contracts that never landed get their empty table.

    Returns:
        The deliveries, in the order of the contracts.
    """
    lake = Lake(settings)
    shutil.rmtree(lake.folder(".aside"), ignore_errors=True)  # what a killed run left behind
    rows: list[dict[str, Any]] = []
    deliveries = []
    for contract in CONTRACTS:
        if not lake.has(contract.name):
            with lake.aside(contract.name) as aside, lake.connect(aside) as connection:
                prepared = aside / "prepared"
                prepared.mkdir()
                files = lay_out(contract, [], lambda _: NOTHING, prepared, connection)
                write_manifest(prepared, contract, files, [], "", {}, 0, {})
                lake.replace(contract.name, prepared, None)
        manifest = lake.manifest(contract.name)
        rows += manifest["deliveries"]
        deliveries.append(delivery_of(manifest, is_unchanged=False))
    write_delivery_table(lake, rows)
    if not any(lake.folder("quarantine").rglob("*.parquet")):
        with lake.aside("quarantine") as aside:
            none = Quarantine("", "", "", aside / "none.parquet")
            none.write(lake.folder("quarantine") / "none" / "all.parquet")
    return deliveries


class _Landing:
    """One contract on its way; the steps stand in `run`."""

    def __init__(self, contract: Contract, source: Source, lake: Lake, fingerprint: str) -> None:
        self.contract, self.source, self.lake, self.fingerprint = contract, source, lake, fingerprint
        stamp = hashlib.sha256(f"{fingerprint or source.fingerprint(contract)}".encode()).hexdigest()[:12]
        self.batch_id = f"{source.system}-{source.as_of:%Y%m%d}-{stamp}"
        self.files: list[str] = []
        self.sha256: dict[str, str] = {}
        self.parts: dict[tuple[date | None, str], Part] = {}
        self.control_totals: Counter[str] = Counter()

    def run(self, months: Sequence[date] | None, progress: Callable[[str], None] | None) -> Delivery:
        name = self.contract.name
        with self.lake.aside(name) as aside, self.lake.connect(aside) as connection:
            self._load_references(connection)
            self.quarantine: dict[date | None, Quarantine] = {}
            periods = self._periods(months)
            with closing(read_ahead(self._read(periods))) as chunks, Behind() as behind:
                spools = [
                    self._spool(
                        Spool(aside, number, period, self.contract.arrow_schema, behind),
                        iter(chunks.__next__, None),
                        connection,
                        progress,
                    )
                    for number, period in enumerate(periods)
                ]
            dropped = Dropped(partial(self._refuse_dropped, spools))
            drop_duplicates(self.contract, spools, connection, dropped)
            drop_orphans(self.contract, spools, connection, dropped)
            self._count_superseded(spools, dropped)
            prepared = aside / "prepared"
            prepared.mkdir()
            files = lay_out(self.contract, spools, dropped.of, prepared, connection)
            self._tell_months(spools, dropped, connection)
            self._stamp(files)
            parts = [asdict(part) for part in self.parts.values()]
            reasons = dict(
                sorted(sum((kept.reasons for kept in self.quarantine.values()), Counter()).items())
            )
            warned = sum(kept.warned_count for kept in self.quarantine.values())
            self._write_quarantine(months)
            kept = None if months is None else list(months)
            fingerprint = self.fingerprint if months is None else ""
            if kept is not None:
                files, parts, reasons = self._merge_with_other_months(files, parts, reasons, kept)
            facts = {
                "key_id": self.source.key_id(self.contract),
                "control_totals": dict(sorted(self.control_totals.items())),
            }
            write_manifest(prepared, self.contract, files, parts, fingerprint, reasons, warned, facts)
            self.lake.replace(name, prepared, kept)
        return delivery_of(self.lake.manifest(name), is_unchanged=False)

    def _periods(self, months: Sequence[date] | None) -> list[date | None]:
        periods = list(self.source.periods(self.contract))
        if months is None or periods == [None]:
            return periods
        return [period for period in periods if period in set(months)]

    def _read(self, periods: list[date | None]) -> Iterator[Chunk | None]:
        """The chunks of all periods; None ends a period."""
        for period in periods:
            yield from self.source.read(self.contract, period)
            yield None

    def _load_references(self, connection: duckdb.DuckDBPyConnection) -> None:
        for reference in {c.references for c in self.contract.columns if c.references}:
            parent, column = reference.split(".")
            table = reference_table(reference)
            if parent == self.contract.name:
                continue
            if self.lake.has(parent):
                connection.execute(
                    f"create temp table {table} as select distinct {sql_name(column)} as value"  # noqa: S608
                    " from read_parquet($files, hive_partitioning = false)",
                    {"files": self.lake.glob(parent)},
                )
            else:
                connection.execute(f"create temp table {table} (value varchar)")

    def _spool(
        self,
        spool: Spool,
        chunks: Iterator[Chunk],
        connection: duckdb.DuckDBPyConnection,
        progress: Callable[[str], None] | None,
    ) -> Spool:
        contract, period = self.contract, spool.period
        inspector = Inspector(contract, self.source.as_of, connection)
        hashes = f"select hash({', '.join(sql_name(key) for key in contract.key)}) as key_hash from good"  # noqa: S608
        quarantine = self.quarantine.setdefault(
            period,
            Quarantine(
                contract.name,
                self.source.system,
                self.batch_id,
                spool.folder / f"refused-{spool.number}.parquet",
            ),
        )
        for chunk in chunks:
            found = inspector.inspect(chunk)
            part = self._part(period, chunk.file, chunk.sha256)
            part.records_in += chunk.records
            part.superseded += chunk.folded
            if found.control is not None:
                part.superseded += found.control.num_rows
                add_totals(self.control_totals, contract, found.control)
            part.quarantined += found.refused.num_rows
            part.landed += found.good.num_rows
            quarantine.add(found.refused, chunk.file, period)
            quarantine.add(found.warned, chunk.file, period, "warning")
            if not found.good.num_rows:
                continue
            good = blank_small_districts(contract, found.good, self.lake)
            connection.register("good", good)
            key_hashes = connection.sql(hashes).to_arrow_table()["key_hash"]
            connection.unregister("good")
            picked = pa.array(found.positions)
            spool.add(
                self._with_common_columns(good),
                self.files.index(chunk.file),
                pc.take(chunk.lines, picked) if chunk.lines is not None else None,
                pc.take(chunk.versions, picked) if chunk.versions is not None else None,
                key_hashes,
            )
        spool.close()
        if progress:
            progress(f"{contract.name}{f' {period:%Y-%m}' if period else ''}: {spool.rows_count:,} rows")
        return spool

    def _part(self, period: date | None, file: str, sha256: str) -> Part:
        if file not in self.files:
            self.files.append(file)
        if (period, file) not in self.parts:
            self.parts[period, file] = Part(
                contract=self.contract.name,
                source_kind=self.source.kind,
                source_system=self.source.system,
                batch_id=self.batch_id,
                as_of=self.source.as_of.isoformat(),
                month=period.isoformat() if period else None,
                file=file,
                sampling_fraction=self.source.sampling_fraction,
                is_demonstration=self.source.is_demonstration,
                sha256=sha256,
            )
        return self.parts[period, file]

    def _with_common_columns(self, rows: pa.Table) -> pa.Table:
        count = rows.num_rows
        common = (
            pa.repeat(self.source.system, count),
            pa.repeat(self.batch_id, count),
            pa.repeat(pa.scalar(self.source.as_of, pa.date32()), count),
        )
        return pa.table([*rows.columns, *common], schema=self.contract.arrow_schema)

    def _refuse_dropped(self, spools: list[Spool], number: int, file_number: int, refused: pa.Table) -> None:
        period, file = spools[number].period, self.files[file_number]
        part = self.parts[period, file]
        part.landed -= refused.num_rows
        part.quarantined += refused.num_rows
        self.quarantine[period].add(refused, file, period)

    def _count_superseded(self, spools: list[Spool], dropped: Dropped) -> None:
        for (number, file_number), count in dropped.superseded.items():
            part = self.parts[spools[number].period, self.files[file_number]]
            part.landed -= count
            part.superseded += count

    def _tell_months(
        self, spools: list[Spool], dropped: Dropped, connection: duckdb.DuckDBPyConnection
    ) -> None:
        """Give rows that came without a period their months; what did not land stays without one."""
        if not self.contract.period:
            return
        for spool in spools:
            if spool.period is not None or not spool.rows_count:
                continue
            counts = landed_by_month(self.contract, spool, dropped.of(spool.number), connection)
            for (file_number, month), count in counts.items():
                whole = self.parts[None, self.files[file_number]]
                part = self._part(month, whole.file, whole.sha256)
                part.records_in = part.landed = count
                whole.records_in -= count
                whole.landed -= count
            for key in [key for key, part in self.parts.items() if key[0] is None and not part.records_in]:
                if any(file == key[1] for period, file in self.parts if period is not None):
                    del self.parts[key]

    def _stamp(self, files: list[dict[str, Any]]) -> None:
        """Give parts of a source without files the fingerprint of what landed: other rows, another stamp."""
        landed = {file["name"]: file["sha256"] for file in files}
        for (period, _), part in self.parts.items():
            if not part.sha256:
                folder = f"{month_folder(period)}/" if period and self.contract.period else ""
                part.sha256 = landed.get(f"{folder}part-0.parquet", "")

    def _write_quarantine(self, months: Sequence[date] | None) -> None:
        folder = self.lake.folder("quarantine") / self.contract.name
        if months is None and folder.exists():
            for old in folder.glob("*.parquet"):
                old.unlink()
        for period, quarantine in self.quarantine.items():
            path = folder / f"{period:%Y-%m}.parquet" if period else folder / "all.parquet"
            if quarantine.is_empty:
                path.unlink(missing_ok=True)
            else:
                quarantine.write(path)

    def _merge_with_other_months(
        self,
        files: list[dict[str, Any]],
        parts: list[dict[str, Any]],
        reasons: dict[str, int],
        months: list[date],
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, int]]:
        before = self.lake.manifest(self.contract.name)
        landed_again = {month.isoformat() for month in months}
        folders = tuple(f"month={month:%Y-%m}/" for month in months)
        files += [file for file in before.get("files", []) if not file["name"].startswith(folders)]
        parts += [part for part in before.get("deliveries", []) if part["month"] not in landed_again]
        for rule, count in before.get("reasons", {}).items():
            reasons.setdefault(rule, count)
        unique = {file["name"]: file for file in reversed(files)}
        return sorted(unique.values(), key=lambda file: file["name"]), parts, reasons
