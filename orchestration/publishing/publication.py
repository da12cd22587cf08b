"""Write, audit, publish: one immutable DuckDB file an audience, then one swap of the pointer.

Belongs here: building a snapshot from the warehouse, in the order in which a crash is harmless. Does not
belong here: the shelf and its pointer (`snapshots.py`), the questions asked before the swap (`audits.py`)
and which tables are published to whom (the marts' own `config.meta.audience`, read by `marts.py`).
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing import audits, snapshots
from orchestration.publishing.audience import Audience, audiences_in
from orchestration.publishing.marts import Mart
from orchestration.running.faults import fault_point
from orchestration.running.fingerprint import hash_file
from orchestration.settings import Settings


@dataclass(frozen=True)
class RunFacts:
    """What stands beside the figures, in every file and in the manifest.

    Attributes:
        run_id: Time of the run and eight characters of its Dagster id.
        published_at: When the snapshot was made, UTC.
        as_of: The day the data describe; None when nothing arrived.
        fingerprint: Hash of configuration, inputs, code and lock; equal fingerprints mean equal tables.
        code_version: Git commit, or a hash of the code.
        config_hash: Hash of the effective source configuration.
        lock_hash: Hash of the lock file.
        inputs: Input files and their SHA-256.
        landed: Rows landed by contract.
        is_demonstration: Whether any row comes from the embedded country or a source declared synthetic.
        sampling_fraction: Share of persons in the passports.
        source_note: Where the data come from, in a few words.
    """

    run_id: str
    published_at: datetime
    as_of: date | None
    fingerprint: str
    code_version: str
    config_hash: str
    lock_hash: str
    inputs: dict[str, str]
    landed: dict[str, int]
    is_demonstration: bool
    sampling_fraction: float
    source_note: str


def publish(
    settings: Settings, facts: RunFacts, marts: list[Mart], say: Callable[[str], None] = lambda _: None
) -> Path:
    """Build a snapshot aside, audit it, shelve it, swap the pointer, drop the oldest.

    Args:
        settings: Folders.
        facts: What this run is.
        marts: The tables to publish.
        say: Told each finished file.

    Returns:
        The folder of the snapshot now served.

    Raises:
        audits.AuditFailure: Something published would be wrong; the old snapshot stays served.
    """
    aside = snapshots.build_aside(settings.publication, facts.run_id)
    fault_point("publish.begin")
    limits = {"threads": settings.threads, "memory_limit": settings.memory_limit}
    with duckdb.connect(config={**limits, "preserve_insertion_order": False}) as link:
        # Codes repeat: the dictionary suits them, and trying FSST takes a fifth of the time of writing.
        link.execute("set disabled_compression_methods = 'fsst'")
        link.execute(f"attach '{settings.warehouse}' as warehouse (read_only)")

        def write(audience: Audience, source: str) -> dict[str, Any]:
            path = aside / audience.file_name
            with link.cursor() as cursor:
                rows = write_file(cursor, path, audience, marts, facts, source=source)
            say(f"{path.name}: {sum(rows.values()):,} rows")
            fault_point("publish.file")
            return {**asdict(audience), "name": path.name, "sha256": hash_file(path), "rows": rows}

        ministry, *others = audiences_in(link)
        # Checkpoint and hash of one file run on one core, so as many files as cores are under way.
        # Universities read little, from the warehouse; regions the ministry's finished file, a third of it.
        with ThreadPoolExecutor(settings.threads) as pool:
            begun = {ministry: pool.submit(write, ministry, "warehouse")}
            for audience in others:
                if audience.kind == "university":
                    begun[audience] = pool.submit(write, audience, "warehouse")
            begun[ministry].result()
            link.execute(f"attach '{aside / ministry.file_name}' as whole (read_only)")
            for audience in others:
                if audience.kind == "region":
                    begun[audience] = pool.submit(write, audience, "whole")
        files = [begun[audience].result() for audience in (ministry, *others)]
        passed = audits.audit(link, settings, aside, marts, files)
    manifest = {**asdict(facts), "audits": passed, "files": files}
    (aside / "manifest.json").write_text(json.dumps(manifest, default=str, indent=1, ensure_ascii=False))
    fault_point("publish.audited")
    named = snapshots.put_on_shelf(settings.publication, aside, facts.run_id)
    snapshots.serve(settings.publication, facts.run_id)
    snapshots.prune(settings.publication)
    return named


def write_file(
    link: duckdb.DuckDBPyConnection,
    path: Path,
    audience: Audience,
    marts: list[Mart],
    facts: RunFacts,
    *,
    source: str,
) -> dict[str, int]:
    """Write one audience's file: its rows of its tables, and what they are.

    Args:
        link: A connection with `source` attached.
        path: The file to write.
        audience: Whose file it is.
        marts: All published tables.
        facts: What this run is.
        source: `warehouse`, or `whole`, the ministry's file.

    Returns:
        Rows by `schema.table`.
    """
    shown = f'"{path.stem}"'
    # Many small tables: blocks of 16 kB instead of 256 halve the checkpoint of the smaller files.
    block_size = 262_144 if audience.kind == "ministry" else 16_384
    link.execute(f"attach '{path}' as {shown} (block_size {block_size})")
    link.execute("begin")
    rows: dict[str, int] = {}
    mine = [mart for mart in marts if audience.kind in mart.audience]
    for schema in sorted({mart.schema for mart in mine} | {"meta"}):
        link.execute(f'create schema {shown}."{schema}"')
    for mart in mine:
        column = mart.audience[audience.kind]
        where, values = ("", []) if column == "all" else (f'where "{column}" = ?', [audience.key])
        made = link.execute(
            f"create table {shown}.{mart.relation} as from ({rows_of(mart, source)}) {where}",
            values,
        ).fetchall()
        rows[f"{mart.schema}.{mart.name}"] = made[0][0]
    link.execute(f"use {shown}.meta")
    _write_meta(link, audience, mine, rows, facts)
    link.execute("commit")
    link.execute(f"checkpoint {shown}")
    link.execute("use memory")
    link.execute(f"detach {shown}")
    if path.with_name(path.name + ".wal").exists():
        raise RuntimeError(f"{path} was not written through: its log is still there.")
    path.chmod(0o444)
    return rows


def rows_of(mart: Mart, source: str) -> str:
    """SQL of the rows among which an audience finds its own.

    In the ministry's file the rows of a region lie together: a region's file is then read from a part of it.
    """
    region = mart.audience.get("region", "all")
    if source == "warehouse" and region != "all":
        return f'{mart.published_rows("warehouse")} order by "{region}"'
    if source == "whole" and mart.audience.get("ministry") == "all":
        return f"select * from whole.{mart.relation}"  # noqa: S608 - names from the manifest
    return mart.published_rows("warehouse")


def _write_meta(
    link: duckdb.DuckDBPyConnection,
    audience: Audience,
    marts: list[Mart],
    rows: dict[str, int],
    facts: RunFacts,
) -> None:
    """Say in the file itself what it is: `meta.snapshot`, `meta.tables`, `meta.delivered`.

    An empty table of what was delivered is an answer; of what was not delivered it is none.
    """
    link.execute(
        """create table snapshot as select
             ?::varchar as run_id, ?::date as as_of, ?::timestamptz as published_at,
             ?::varchar as code_version, ?::varchar as config_hash, ?::boolean as is_demonstration,
             ?::varchar as audience_kind, ?::varchar as audience_key,
             ?::double as sampling_fraction, ?::varchar as source_note""",
        [facts.run_id, facts.as_of, facts.published_at, facts.code_version, facts.config_hash,
         facts.is_demonstration, audience.kind, audience.key, facts.sampling_fraction, facts.source_note],
    )  # fmt: skip
    link.execute(
        """create table tables (
             schema varchar, "table" varchar, rows bigint, description varchar, as_of date, source varchar)"""
    )
    link.execute("create table delivered (contract varchar)")
    delivered = sorted(contract for contract, landed in facts.landed.items() if landed)
    if delivered:
        link.executemany("insert into delivered values (?)", [[contract] for contract in delivered])
    described = [
        [m.schema, m.name, rows[f"{m.schema}.{m.name}"], m.description, m.as_of or facts.as_of,
         ", ".join(m.contracts)]
        for m in marts
    ]  # fmt: skip
    if described:
        link.executemany("insert into tables values (?, ?, ?, ?, ?, ?)", described)
