"""A district is kept beside a person only where it holds enough people to hide in.

Threshold: 20,000 inhabitants, the size below which a geographic unit counts as identifying under the Safe
Harbor method of the US HIPAA Privacy Rule (45 CFR 164.514(b)(2)(i)(B)). Where the population of districts is
not delivered, no district is kept: unknown is not large.
"""

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contracts import Contract
from orchestration.door.lake import Lake

SMALLEST_DISTRICT_PERSONS = 20_000


def blank_small_districts(contract: Contract, rows: pa.Table, lake: Lake) -> pa.Table:
    """Rows of a restricted contract without the districts that are too small or of unknown size."""
    if not contract.is_restricted or "district_kato" not in rows.column_names:
        return rows
    large = pa.array(_large_districts(lake), pa.string())
    kept = pc.if_else(pc.is_in(rows["district_kato"], value_set=large), rows["district_kato"], None)
    return rows.set_column(rows.column_names.index("district_kato"), "district_kato", kept.cast(pa.string()))


def _large_districts(lake: Lake) -> list[str]:
    if not lake.has("population"):
        return []
    found = duckdb.execute(
        """
        with totals as (
            select district_kato, year, sum(population_persons) as persons
            from read_parquet($files, hive_partitioning = false)
            where district_kato is not null
            group by all
        )
        select district_kato from totals
        group by district_kato having max_by(persons, year) >= $smallest
        order by district_kato
        """,
        {"files": lake.glob("population"), "smallest": SMALLEST_DISTRICT_PERSONS},
    ).fetchall()
    return [row[0] for row in found]
