"""Rows that share a key, and rows that refer to a row that is gone: found over all spools of a contract.

Law: of one key the newest version stays and the older ones are superseded; exact copies are superseded by the
first; rows that differ and have no version to tell which is newer are all refused, because choosing one would
be a guess. Does not belong here: checks of a single row (`checks.py`).
"""

from dataclasses import dataclass, field

import duckdb

from orchestration.contracts import Contract
from orchestration.door.checks import sql_name
from orchestration.door.inspection import masked_row
from orchestration.door.spool import Spool
from orchestration.sources.source import Refusal


@dataclass
class Dropped:
    """Rows that do not land after all.

    Attributes:
        rows: Row numbers by spool number.
        superseded: Count by (spool number, file index).
        refused: Refusals by (spool number, file index).
    """

    rows: dict[int, set[int]] = field(default_factory=dict)
    superseded: dict[tuple[int, int], int] = field(default_factory=dict)
    refused: dict[tuple[int, int], list[Refusal]] = field(default_factory=dict)

    def supersede(self, spool: int, row: int, file_number: int) -> None:
        """Drop a row for a newer or equal one."""
        self.rows.setdefault(spool, set()).add(row)
        self.superseded[spool, file_number] = self.superseded.get((spool, file_number), 0) + 1

    def refuse(self, spool: int, row: int, file_number: int, refusal: Refusal) -> None:
        """Drop a row with its reason."""
        self.rows.setdefault(spool, set()).add(row)
        self.refused.setdefault((spool, file_number), []).append(refusal)


def drop_duplicates(
    contract: Contract, spools: list[Spool], connection: duckdb.DuckDBPyConnection, dropped: Dropped
) -> None:
    """Find every key that occurs twice and decide which of its rows stay."""
    trails = [str(spool.trail_path) for spool in spools]
    connection.execute(
        """
        create or replace temp table candidates as
        with trail as (
            select spool, file_number, line, version, key_hash, file_row_number as row_number
            from read_parquet($trails, file_row_number = true)
        ),
        twice as (select key_hash from trail group by key_hash having count(*) > 1)
        select trail.* from trail semi join twice using (key_hash)
        """,
        {"trails": trails},
    )
    by_spool = connection.execute(
        "select spool, list(row_number) from candidates group by spool order by spool"
    ).fetchall()
    if not by_spool:
        return
    _load_candidates(contract, {number: rows for number, rows in by_spool}, spools, connection)
    keys = ", ".join(sql_name(name) for name in contract.key)
    names = ", ".join(sql_name(name) for name in contract.column_names)
    judged = connection.sql(
        f"""
        with ranked as (
            select *, hash({names}) as row_hash,
                dense_rank() over (partition by {keys} order by version desc nulls last) as age_rank
            from candidate_rows
        )
        select *,
            count(*) over (partition by {keys}) as same_key,
            case when age_rank = 1
                then min(row_hash) over newest <> max(row_hash) over newest end as is_conflict,
            row_number() over (partition by {keys}, age_rank order by spool, row_number) as copy_number
        from ranked
        window newest as (partition by {keys}, age_rank)
        order by spool, row_number
        """  # noqa: S608
    ).to_arrow_table()
    key_words = ", ".join(contract.key)
    for row in judged.to_pylist():
        if row["same_key"] == 1:  # two keys of one hash
            continue
        place = (row["spool"], row["row_number"], row["file_number"])
        if row["age_rank"] > 1 or (not row["is_conflict"] and row["copy_number"] > 1):
            dropped.supersede(*place)
        elif row["is_conflict"]:
            values = {name: row[name] for name in contract.column_names if row[name] is not None}
            message = (
                f"{key_words}: {row['same_key']} records share this key and differ, and nothing says which is"
                " newer; deliver one of them"
            )
            text = masked_row(contract, values, set())
            dropped.refuse(*place, Refusal(row["line"], "duplicate_key", message, text, contract.key[0]))


def _load_candidates(
    contract: Contract, rows: dict[int, list[int]], spools: list[Spool], connection: duckdb.DuckDBPyConnection
) -> None:
    names = ", ".join(sql_name(name) for name in contract.column_names)
    connection.execute("drop table if exists candidate_rows")
    is_first = True
    for spool in spools:
        if spool.number not in rows:
            continue
        head = "create temp table candidate_rows as" if is_first else "insert into candidate_rows"
        connection.execute(
            f"""{head}
            select candidates.spool, candidates.row_number, candidates.file_number, candidates.line,
                candidates.version, {names}
            from read_parquet($path, file_row_number = true) as landed
            join candidates on landed.file_row_number = candidates.row_number
                and candidates.spool = {spool.number}
            """,  # noqa: S608
            {"path": str(spool.path)},
        )
        is_first = False


def drop_orphans(
    contract: Contract, spools: list[Spool], connection: duckdb.DuckDBPyConnection, dropped: Dropped
) -> None:
    """Refuse rows that refer to a row of their own table which did not land; repeat until none is left."""
    for column in contract.columns:
        if not column.references.startswith(f"{contract.name}."):
            continue
        key = column.references.split(".")[1]
        rows = []
        for spool in spools:
            found = connection.execute(
                f"select {sql_name(key)}, {sql_name(column.name)}, rows.file_row_number, file_number, line"  # noqa: S608
                " from read_parquet($rows, file_row_number = true) as rows"
                " join read_parquet($trail, file_row_number = true) as trail using (file_row_number)"
                " order by rows.file_row_number",
                {"rows": str(spool.path), "trail": str(spool.trail_path)},
            ).fetchall()
            gone = dropped.rows.get(spool.number, set())
            rows += [(spool.number, *row) for row in found if row[2] not in gone]
        message = f"{column.name} is not in {column.references}; deliver the parent, or mend the code"
        while True:
            known = {row[1] for row in rows}
            orphans = [row for row in rows if row[2] is not None and row[2] not in known]
            if not orphans:
                break
            for number, own, parent, at, file_number, line in orphans:
                text = masked_row(contract, {key: own, column.name: parent}, set())
                dropped.refuse(
                    number, at, file_number, Refusal(line, "reference", message, text, column.name)
                )
            lost = {(row[0], row[3]) for row in orphans}
            rows = [row for row in rows if (row[0], row[3]) not in lost]
