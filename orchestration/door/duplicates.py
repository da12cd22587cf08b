"""Rows that share a key, and rows that refer to a row that is gone: found over all spools of a contract.

Law: of one key the newest version stays and the older ones are superseded; exact copies are superseded by the
first; rows that differ and have no version to tell which is newer are all refused, because choosing one would
be a guess. Does not belong here: checks of a single row (`checks.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contracts import Column, Contract
from orchestration.door.checks import sql_name
from orchestration.door.masking import MaskedRows
from orchestration.door.refused import REFUSED_SCHEMA
from orchestration.door.spool import ROW_GROUP_ROWS, Spool

NOTHING = np.empty(0, np.int64)


@dataclass
class Dropped:
    """Rows that do not land after all.

    Attributes:
        refuse: Takes refused rows at once, in the order they were met: spool number, file number, rows of
            `REFUSED_SCHEMA`. A table may be refused as a whole, so they are not gathered here.
        superseded: Count by (spool number, file number).
    """

    refuse: Callable[[int, int, pa.Table], None]
    superseded: dict[tuple[int, int], int] = field(default_factory=dict)
    _rows: dict[int, np.ndarray] = field(default_factory=dict)

    def of(self, spool: int) -> np.ndarray:
        """Row numbers that are gone from a spool, ascending."""
        return self._rows.get(spool, NOTHING)

    def drop(self, spool: int, rows: np.ndarray) -> None:
        """Note that rows of a spool are gone."""
        self._rows[spool] = np.union1d(self.of(spool), rows)


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
    with_candidates = {
        number for (number,) in connection.execute("select distinct spool from candidates").fetchall()
    }
    if not with_candidates:
        return
    _load_candidates(contract, with_candidates, spools, connection)
    keys = ", ".join(sql_name(name) for name in contract.key)
    names = ", ".join(sql_name(name) for name in contract.column_names)
    # A key of one row only shares its hash with another key.
    connection.execute(
        f"""
        create or replace temp table judged as
        with ranked as (
            select spool, row_number, {keys}, hash({names}) as row_hash,
                dense_rank() over (partition by {keys} order by version desc nulls last) as age_rank
            from candidate_rows
        ),
        compared as (
            select spool, row_number, age_rank,
                count(*) over (partition by {keys}) as same_key_count,
                min(row_hash) over newest <> max(row_hash) over newest as is_conflict,
                row_number() over (partition by {keys}, age_rank order by spool, row_number) as copy_number
            from ranked
            window newest as (partition by {keys}, age_rank)
        )
        select spool, row_number, same_key_count, age_rank = 1 and is_conflict as is_refused
        from compared
        where same_key_count > 1 and (age_rank > 1 or is_conflict or copy_number > 1)
        """  # noqa: S608
    )
    for number in sorted(with_candidates):
        gone = connection.execute("select row_number from judged where spool = $spool", {"spool": number})
        dropped.drop(number, gone.fetchnumpy()["row_number"])
    counts = connection.execute(
        """
        select candidates.spool, candidates.file_number, count(*)
        from judged join candidates using (spool, row_number)
        where not judged.is_refused
        group by all
        """
    ).fetchall()
    dropped.superseded |= {(number, file_number): count for number, file_number, count in counts}
    refused = connection.sql(
        """
        select candidate_rows.*, judged.same_key_count
        from judged join candidate_rows using (spool, row_number)
        where judged.is_refused
        order by spool, row_number
        """
    ).to_arrow_reader(ROW_GROUP_ROWS)
    for batch in refused:
        _refuse_conflicts(contract, pa.Table.from_batches([batch]), dropped)


def _refuse_conflicts(contract: Contract, rows: pa.Table, dropped: Dropped) -> None:
    """Rows that share a key and differ, with nothing to say which is newer."""
    text = MaskedRows(contract, rows).json((), np.arange(rows.num_rows))
    counts = rows["same_key_count"].to_numpy()
    words = {
        count: f"{', '.join(contract.key)}: {count} records share this key and differ, and nothing says which"
        " is newer; deliver one of them"
        for count in set(counts.tolist())
    }
    refused = pa.table(
        [
            rows["line"].cast(pa.int64()),
            pa.repeat(pa.scalar("duplicate_key"), rows.num_rows),
            pa.repeat(pa.scalar(contract.key[0]), rows.num_rows),
            pa.array([words[count] for count in counts.tolist()], pa.string()),
            text,
        ],
        schema=REFUSED_SCHEMA,
    )
    _refuse_by_file(rows["spool"].to_numpy(), rows["file_number"].to_numpy(), refused, dropped)


def _refuse_by_file(spools: np.ndarray, files: np.ndarray, refused: pa.Table, dropped: Dropped) -> None:
    for number, file_number in dict.fromkeys(zip(spools.tolist(), files.tolist(), strict=True)):
        is_of_file = (spools == number) & (files == file_number)
        dropped.refuse(number, file_number, refused.filter(pa.array(is_of_file)))


def _load_candidates(
    contract: Contract, numbers: set[int], spools: list[Spool], connection: duckdb.DuckDBPyConnection
) -> None:
    names = ", ".join(sql_name(name) for name in contract.column_names)
    connection.execute("drop table if exists candidate_rows")
    is_first = True
    for spool in spools:
        if spool.number not in numbers:
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
        found = []
        for spool in spools:
            connection.register("gone_rows", pa.table({"row_number": dropped.of(spool.number)}))
            found.append(
                connection.execute(
                    f"""
                    select {sql_name(key)} as own, {sql_name(column.name)} as parent,
                        rows.file_row_number as row_number, {spool.number} as spool, file_number, line
                    from read_parquet($rows, file_row_number = true) as rows
                    join read_parquet($trail, file_row_number = true) as trail using (file_row_number)
                    anti join gone_rows on rows.file_row_number = gone_rows.row_number
                    order by rows.file_row_number
                    """,  # noqa: S608
                    {"rows": str(spool.path), "trail": str(spool.trail_path)},
                ).to_arrow_table()
            )
            connection.unregister("gone_rows")
        rows = pa.concat_tables(found)
        while True:
            is_orphan = pc.and_(
                pc.is_valid(rows["parent"]), pc.invert(pc.is_in(rows["parent"], rows["own"].combine_chunks()))
            )
            orphans = rows.filter(is_orphan)
            if not orphans.num_rows:
                break
            _refuse_orphans(contract, column, key, orphans, dropped)
            rows = rows.filter(pc.invert(is_orphan))


def _refuse_orphans(contract: Contract, column: Column, key: str, rows: pa.Table, dropped: Dropped) -> None:
    said = rows.select(["own", "parent"]).rename_columns([key, column.name])
    message = f"{column.name} is not in {column.references}; deliver the parent, or mend the code"
    refused = pa.table(
        [
            rows["line"].cast(pa.int64()),
            pa.repeat(pa.scalar("reference"), rows.num_rows),
            pa.repeat(pa.scalar(column.name), rows.num_rows),
            pa.repeat(pa.scalar(message), rows.num_rows),
            MaskedRows(contract, said).json((), np.arange(rows.num_rows)),
        ],
        schema=REFUSED_SCHEMA,
    )
    spools, at = rows["spool"].to_numpy(), rows["row_number"].to_numpy()
    for number in np.unique(spools).tolist():
        dropped.drop(number, at[spools == number])
    _refuse_by_file(spools, rows["file_number"].to_numpy(), refused, dropped)
