"""The audit of a snapshot's counts of persons: nothing small is shown, nothing hidden can be had.

Belongs here: looking at the finished files as their readers do, with the exact counts at hand to see how near
they come. Does not belong here: the rule and what a reader can suppose (`planning/disclosure.py`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from orchestration.publishing.marts import Mart
from planning.disclosure import (
    LEAST_RANGE,
    ROUNDING_MULTIPLE,
    SUPPRESSION_THRESHOLD,
    attacker_ranges,
    pool_of,
    rounded,
)

REGISTERS = "staffing.fct_programme_coverage"

# What a reader sees of a pool beside what only the warehouse knows.
_POOLS = f"""
    with shown as (
        select *,
            case basis when 'own' then facility_id when 'district' then district_kato
                       when 'region' then region_code else basis end as pool_key
        from {REGISTERS} where basis <> 'withheld'
    )
    select shown.programme_code, shown.basis, shown.pool_key, shown.pool_sampled_persons_count,
        list(coalesce(exact.sampled_managed_count, 0)) as managed,
        list(coalesce(exact.sampled_persons_count - exact.sampled_managed_count, 0)) as unmanaged
    from shown
    left join warehouse.intermediate.int_chronic_registers as exact
        on shown.facility_id = exact.facility_id and shown.programme_code = exact.programme_code
    group by all
"""  # noqa: S608 - a name from above


def disclosure(
    link: duckdb.DuckDBPyConnection, folder: Path, marts: list[Mart], files: list[dict[str, Any]]
) -> Iterator[str]:
    """Every finding: a small or unrounded count in any file, a hidden one that can be placed closely."""
    for entry in files:
        with duckdb.connect(str(folder / entry["name"]), read_only=True) as file:
            for mart in marts:
                if f"{mart.schema}.{mart.name}" in entry["rows"]:
                    for column in mart.person_counts:
                        yield from _small(file, entry["name"], mart, column)
    ministry = next(entry for entry in files if entry["kind"] == "ministry")
    if REGISTERS in ministry["rows"]:
        yield from _recoverable(link, folder / ministry["name"])


def _small(file: duckdb.DuckDBPyConnection, name: str, mart: Mart, column: str) -> Iterator[str]:
    query = f"""select count(*) from {mart.relation} where "{column}" <> 0
        and ("{column}" < {SUPPRESSION_THRESHOLD} or "{column}" % {ROUNDING_MULTIPLE} <> 0)"""  # noqa: S608
    ((small,),) = file.execute(query).fetchall()
    if small:
        yield f"{name}: {mart.schema}.{mart.name}.{column} shows {small} counts under ten or unrounded"


def _recoverable(link: duckdb.DuckDBPyConnection, path: Path) -> Iterator[str]:
    """A pool whose count is not its cells', and a cell that a neighbour could place within five persons."""
    with link.cursor() as reader:
        reader.execute(f"attach '{path}' as shown_file (read_only)")
        try:
            reader.execute("use shown_file")
            pools = reader.execute(_POOLS).fetchall()
        finally:
            reader.execute("use memory")
            reader.execute("detach shown_file")
    for programme, basis, key, published, managed, unmanaged in pools:
        cells = np.array([managed, unmanaged], dtype=np.int64).T
        where = f"{REGISTERS}, {programme}, {basis} {key}"
        if rounded(cells.sum(axis=0)).sum() != published:
            yield f"{where}: shows {published} patients, its facilities have others"
        if basis != "own":
            low, high = attacker_ranges(pool_of(cells))
            hidden = cells.sum(axis=0) > 0
            if (high - low)[:, hidden].min(initial=np.inf) < LEAST_RANGE:
                yield f"{where}: a facility could place another's count within {LEAST_RANGE:g} persons"
