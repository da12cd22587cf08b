"""Landing: a contract's records go through the door into the anonymised Parquet lake, counted to the unit.

Law, for every file and for the whole: records in = landed + superseded + quarantined.
Belongs here: the order of the steps and the counting. Does not belong here: reading
(`orchestration/sources/`), the checks and the file layout (`orchestration/door/`), the asset definitions.
"""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.contracts import CONTRACTS, Contract, contract_named
from orchestration.contracts.ledger import DELIVERY, ledger_schema
from orchestration.door.checks import reference_table, sql_name
from orchestration.door.control_totals import add_totals
from orchestration.door.districts import blank_small_districts
from orchestration.door.duplicates import Dropped, drop_duplicates, drop_orphans
from orchestration.door.inspection import Inspector
from orchestration.door.lake import Lake, lay_out, month_folder
from orchestration.door.months import landed_by_month
from orchestration.door.spool import Spool
from orchestration.errors import UserError
from orchestration.quarantine import QUARANTINE_SCHEMA, Quarantine
from orchestration.settings import ROOT, Settings
from orchestration.sources.ahead import read_ahead
from orchestration.sources.source import Chunk, Source

DELIVERY_SCHEMA = ledger_schema(DELIVERY)
CONTRACT_VERSION = 1


@dataclass
class Part:
    """What one file brought for one period: a row of the delivery table."""

    contract: str
    source_kind: str
    source_system: str
    batch_id: str
    as_of: str
    month: str | None
    file: str
    records_in: int = 0
    landed: int = 0
    superseded: int = 0
    quarantined: int = 0
    sampling_fraction: float = 1.0
    is_demonstration: bool = False
    sha256: str = ""


@dataclass(frozen=True)
class Delivery:
    """What landing one contract came to.

    Attributes:
        contract: Contract name.
        parts: One per period and file.
        reasons: Quarantined records by rule.
        warned_count: Rows that landed with a warning.
        is_unchanged: The input was the same as last time, so the lake was left as it is.
    """

    contract: str
    parts: tuple[Part, ...]
    reasons: dict[str, int] = field(default_factory=dict)
    warned_count: int = 0
    is_unchanged: bool = False

    @property
    def records_in(self) -> int:
        """Physical records read."""
        return sum(part.records_in for part in self.parts)

    @property
    def landed(self) -> int:
        """Rows of the landing table."""
        return sum(part.landed for part in self.parts)

    @property
    def superseded(self) -> int:
        """Records replaced by a newer version, an exact copy, or folded into another record's row."""
        return sum(part.superseded for part in self.parts)

    @property
    def quarantined(self) -> int:
        """Refused records."""
        return sum(part.quarantined for part in self.parts)

    def sentence(self) -> str:
        """The law in words and numbers."""
        return (
            f"{self.contract}: {self.records_in:,} in = {self.landed:,} landed"
            f" + {self.superseded:,} superseded + {self.quarantined:,} quarantined"
        )


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
    fingerprint = _fingerprint(contract, source, lake)
    before = lake.manifest(contract.name)
    if list(source.periods(contract)) == [None]:
        months = None
    if months is None and fingerprint and before.get("fingerprint") == fingerprint:
        return _delivery(before, is_unchanged=True)
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
                files = lay_out(contract, [], {}, prepared, connection)
                _write_manifest(prepared, contract, files, [], "", {}, 0, {})
                lake.replace(contract.name, prepared, None)
        manifest = lake.manifest(contract.name)
        rows += manifest["deliveries"]
        deliveries.append(_delivery(manifest, is_unchanged=False))
    _write_delivery_table(lake, rows)
    if not any(lake.folder("quarantine").rglob("*.parquet")):
        Quarantine("", "", "").write(lake.folder("quarantine") / "none" / "all.parquet")
    return deliveries


def _write_delivery_table(lake: Lake, rows: list[dict[str, Any]]) -> None:
    path = lake.folder("delivery") / "delivery.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    typed = [
        {
            **row,
            "as_of": date.fromisoformat(row["as_of"]),
            "month": date.fromisoformat(row["month"]) if row["month"] else None,
        }
        for row in rows
    ]
    writing = path.with_suffix(".writing")
    pq.write_table(pa.Table.from_pylist(typed, DELIVERY_SCHEMA), writing, compression="zstd")
    writing.replace(path)


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
            with closing(read_ahead(self._read(periods))) as chunks:
                spools = [
                    self._spool(number, period, iter(chunks.__next__, None), aside, connection, progress)
                    for number, period in enumerate(periods)
                ]
            dropped = Dropped()
            drop_duplicates(self.contract, spools, connection, dropped)
            drop_orphans(self.contract, spools, connection, dropped)
            self._count_dropped(spools, dropped)
            prepared = aside / "prepared"
            prepared.mkdir()
            files = lay_out(self.contract, spools, dropped.rows, prepared, connection)
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
            _write_manifest(prepared, self.contract, files, parts, fingerprint, reasons, warned, facts)
            self.lake.replace(name, prepared, kept)
        return _delivery(self.lake.manifest(name), is_unchanged=False)

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

    def _spool(  # noqa: PLR0917
        self,
        number: int,
        period: date | None,
        chunks: Iterator[Chunk],
        aside: Path,
        connection: duckdb.DuckDBPyConnection,
        progress: Callable[[str], None] | None,
    ) -> Spool:
        contract = self.contract
        inspector = Inspector(contract, self.source.as_of, connection)
        spool = Spool(aside, number, period, contract.arrow_schema)
        hashes = f"select hash({', '.join(sql_name(key) for key in contract.key)}) as key_hash from good"  # noqa: S608
        quarantine = self.quarantine.setdefault(
            period, Quarantine(contract.name, self.source.system, self.batch_id)
        )
        for chunk in chunks:
            found = inspector.inspect(chunk)
            part = self._part(period, chunk.file, chunk.sha256)
            part.records_in += chunk.records
            part.superseded += chunk.folded
            if found.control is not None:
                part.superseded += found.control.num_rows
                add_totals(self.control_totals, contract, found.control)
            part.quarantined += len(found.refused)
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

    def _count_dropped(self, spools: list[Spool], dropped: Dropped) -> None:
        period_of = {spool.number: spool.period for spool in spools}
        for (number, file_number), count in dropped.superseded.items():
            part = self.parts[period_of[number], self.files[file_number]]
            part.landed -= count
            part.superseded += count
        for (number, file_number), refusals in dropped.refused.items():
            part = self.parts[period_of[number], self.files[file_number]]
            part.landed -= len(refusals)
            part.quarantined += len(refusals)
            self.quarantine[period_of[number]].add(refusals, part.file, period_of[number])

    def _tell_months(
        self, spools: list[Spool], dropped: Dropped, connection: duckdb.DuckDBPyConnection
    ) -> None:
        """Give rows that came without a period their months; what did not land stays without one."""
        if not self.contract.period:
            return
        for spool in spools:
            if spool.period is not None or not spool.rows_count:
                continue
            counts = landed_by_month(self.contract, spool, dropped.rows.get(spool.number, set()), connection)
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


def _write_manifest(  # noqa: PLR0917
    prepared: Path,
    contract: Contract,
    files: list[dict[str, Any]],
    parts: list[dict[str, Any]],
    fingerprint: str,
    reasons: dict[str, int],
    warned: int,
    facts: dict[str, Any],
) -> None:
    def total(name: str) -> int:
        return sum(part[name] for part in parts)

    if total("records_in") != total("landed") + total("superseded") + total("quarantined"):
        raise UserError(
            f"{contract.name}: records in are not landed + superseded + quarantined.",
            where=contract.name,
            why="a record was lost or counted twice, which must never happen",
            mend="report this with the delivery; nothing was published",
        )
    manifest = {
        "contract": contract.name,
        "version": CONTRACT_VERSION,
        "batches": sorted({part["batch_id"] for part in parts}),
        "as_of": max((part["as_of"] for part in parts), default=None),
        "sampling_fraction": min((part["sampling_fraction"] for part in parts), default=None),
        "source_kind": "+".join(sorted({part["source_kind"] for part in parts})),
        "files": files,
        "records_in": total("records_in"),
        "landed": total("landed"),
        "superseded": total("superseded"),
        "quarantined": total("quarantined"),
        "reasons": reasons,
        "warned": warned,
        "fingerprint": fingerprint,
        **facts,
        "deliveries": parts,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (prepared / "manifest.json").write_text(text, encoding="utf-8")


def _delivery(manifest: dict[str, Any], *, is_unchanged: bool) -> Delivery:
    parts = tuple(Part(**part) for part in manifest["deliveries"])
    return Delivery(manifest["contract"], parts, manifest["reasons"], manifest["warned"], is_unchanged)


def _fingerprint(contract: Contract, source: Source, lake: Lake) -> str:
    """Fingerprint of everything the landed table follows from; empty when the source is always read anew."""
    own = source.fingerprint(contract)
    if not own:
        return ""
    parents = sorted({c.references.split(".")[0] for c in contract.columns if c.references} - {contract.name})
    if contract.is_restricted:
        parents.append("population")
    upstream = {
        parent: [file["sha256"] for file in lake.manifest(parent).get("files", [])] for parent in parents
    }
    facts = [contract.name, own, str(source.as_of), source.system, upstream, code_fingerprint()]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


@cache
def code_fingerprint() -> str:
    """Fingerprint of the code that decides what lands, and of the code lists."""
    digest = hashlib.sha256()
    folders = [ROOT / "orchestration" / name for name in ("contracts", "door", "sources")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".csv")]
    files += [ROOT / "orchestration" / "landing.py", ROOT / "orchestration" / "quarantine.py"]
    files += (ROOT / "dbt_project" / "seeds").glob("*.csv")
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


__all__ = ["DELIVERY_SCHEMA", "QUARANTINE_SCHEMA", "Delivery", "Part", "finish_landing", "land_contract"]
