"""Facts of a landed table as a whole, and the limits they must keep: what no single row can tell.

Belongs here: months that are missing, late or of an odd size, regions that are missing or do not add up, keys
that only look alike. Does not belong here: judging them with Great Expectations (`suites.py`), rules of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median, median_low
from typing import Any, Literal

import duckdb

from orchestration.contracts import Contract
from orchestration.door.checks import is_placed, sql_name
from orchestration.door.code_lists import code_list
from orchestration.door.extents import inside_sql
from orchestration.door.lake import Lake
from orchestration.settings import Settings

Severity = Literal["critical", "warning"]

# A table that loses more than this share of its rows within a month has lost a delivery, not staff.
LARGEST_DROP_SHARE = 0.30
WARN_QUARANTINED_SHARE = 0.05
FRESH_DAYS = 45
LARGEST_NATION_GAP = 0.005
# Fewer rows a month than this go up and down by chance and are not judged.
ENOUGH_ROWS = 30
# Registries of which every region has some rows.
WHOLE_COUNTRY = ("facility", "population")

# Smallest and largest value, severity, and what it means.
LIMITS: dict[str, tuple[float | None, float | None, Severity, str]] = {
    "unexplained_records": (0, 0, "critical", "records in = landed + superseded + quarantined"),
    "drop_share": (
        None,
        LARGEST_DROP_SHARE,
        "critical",
        "the last month lost rows: is a delivery missing?",
    ),
    "quarantined_share": (None, WARN_QUARANTINED_SHARE, "warning", "read the reasons in the quarantine"),
    "volume_ratio": (0.6, 1.4, "warning", "last month against the median of the six before"),
    "age_days": (None, FRESH_DAYS, "warning", "the day the data describe lies far back"),
    "last_month_age_days": (
        None,
        FRESH_DAYS,
        "warning",
        "days from the end of the last month to the day the data describe: is a month not there yet?",
    ),
    "missing_months": (
        0,
        0,
        "critical",
        "months without a row among months with many: fetch the missing delivery",
    ),
    "missing_regions": (0, 0, "warning", "regions of the country without a row"),
    "points_outside_region": (0, 0, "critical", "the point lies outside the box of its region"),
    "lookalike_keys": (
        0,
        0,
        "critical",
        "keys that differ only in Latin and Cyrillic letters of one look: use one alphabet",
    ),
    "regions_to_nation_gap_share": (
        None,
        LARGEST_NATION_GAP,
        "critical",
        "the regions must add up to the row of the nation within 0.5 %: is a region missing?",
    ),
}


def table_facts(
    contract: Contract,
    landed: duckdb.DuckDBPyRelation,
    manifest: dict[str, Any],
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, float]:
    """Facts of the whole table, by the names of `LIMITS`; a fact that cannot be told is left out."""
    records, rows = int(manifest.get("records_in", 0)), int(manifest.get("landed", 0))
    facts: dict[str, float] = {
        "unexplained_records": float(
            records - sum(int(manifest.get(name, 0)) for name in ("landed", "superseded", "quarantined"))
        ),
        "quarantined_share": manifest["quarantined"] / records if records else 0.0,
    }
    is_demonstration = all(part["is_demonstration"] for part in manifest.get("deliveries", []))
    if manifest.get("as_of") and not is_demonstration:
        facts["age_days"] = (datetime.now(UTC).date() - datetime.fromisoformat(manifest["as_of"]).date()).days
    if not rows:
        return facts
    connection.register("landed", landed)
    if contract.period:
        facts.update(_month_facts(contract, manifest, connection))
    facts.update(_place_facts(contract, manifest, connection))
    key = sql_name(contract.key[0])
    if len(contract.key) == 1 and contract.column(contract.key[0]).type in ("text", "code"):
        # Latin and Cyrillic letters of one look: two facilities to the database, one to every reader.
        alike = f"translate({key}, 'АВЕКМНОРСТХУІавекмнорстхуі', 'ABEKMHOPCTXYIabekmhopctxyi')"
        query = f"select count(distinct {key}) - count(distinct {alike}) from landed"  # noqa: S608
        facts["lookalike_keys"] = _count(connection, query)
    return facts


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    ((value,),) = connection.execute(query).fetchall()
    return float(value or 0)


def _month_facts(
    contract: Contract, manifest: dict[str, Any], connection: duckdb.DuckDBPyConnection
) -> dict[str, float]:
    """Months that are missing, late or of an odd size."""
    month = sql_name(contract.period)
    months: dict[date, int] = dict(
        connection.execute(f"select {month}, count(*) from landed group by 1 order by 1").fetchall()  # noqa: S608
    )
    first, last = min(months), max(months)
    every = [date(n // 12, n % 12 + 1, 1) for n in range(_ordinal(first), _ordinal(last) + 1)]
    counts = [months.get(one, 0) for one in every]
    facts: dict[str, float] = {"missing_months": float(len(missing_months(counts)))}
    as_of = datetime.fromisoformat(manifest["as_of"]).date()
    month_end = date(_ordinal(last) // 12 + (last.month == 12), last.month % 12 + 1, 1) - timedelta(days=1)
    facts["last_month_age_days"] = float(max((as_of - month_end).days, 0))
    if contract.name == "staff_post" and len(counts) > 1 and counts[-2]:
        facts["drop_share"] = 1 - counts[-1] / counts[-2]
    if contract.group == "passports" and len(counts) > 6 and median_low(counts[-7:-1]) >= ENOUGH_ROWS:
        facts["volume_ratio"] = counts[-1] / median(counts[-7:-1])
    return facts


def missing_months(counts: Sequence[int]) -> list[int]:
    """Places of months without a row among months that have many.

    Args:
        counts: (months,) rows of every month from the first to the last, none left out.

    Returns:
        Places without a row although most of the six months before and after have 30 or more. Where 30 are
        expected, none by chance has a probability of e^-30; a sparse table (ten patients, or rows in December
        only) is not judged.
    """
    return [
        place
        for place, count in enumerate(counts)
        if not count
        and median_low([*counts[max(place - 6, 0) : place], *counts[place + 1 : place + 7]]) >= ENOUGH_ROWS
    ]


def _ordinal(month: date) -> int:
    return month.year * 12 + month.month - 1


def _place_facts(
    contract: Contract, manifest: dict[str, Any], connection: duckdb.DuckDBPyConnection
) -> dict[str, float]:
    """Points outside their region, regions that are missing, regions that do not add up to the nation."""
    facts: dict[str, float] = {}
    if is_placed(contract):
        facts["points_outside_region"] = _count(
            connection,
            f"select count(*) from landed where not coalesce({inside_sql()}, true)",  # noqa: S608
        )
    if contract.name in WHOLE_COUNTRY:
        present = _count(connection, "select count(distinct region_code) from landed")
        facts["missing_regions"] = len(code_list("regions")) - present
    totals: dict[str, float] = manifest.get("control_totals", {})
    gaps = [
        abs(
            _count(
                connection,
                f"select sum({contract.total_column}) from landed where year = {int(year)}",  # noqa: S608
            )
            / total
            - 1
        )
        for year, total in totals.items()
        if total
    ]
    if gaps:
        facts["regions_to_nation_gap_share"] = max(gaps)
    return facts


@dataclass(frozen=True)
class PostDrop:
    """How the posts of the last month stand against the month before.

    Attributes:
        rows_before: Rows of the month before.
        rows_now: Rows of the last month.
        missing: Facilities that had posts and have none now, by region: (region_code, facilities, rows).
    """

    rows_before: int
    rows_now: int
    missing: tuple[tuple[str, int, int], ...]

    @property
    def is_too_large(self) -> bool:
        """Whether more than 30 % of the rows are gone."""
        return self.rows_before > 0 and self.rows_now < (1 - LARGEST_DROP_SHARE) * self.rows_before


def post_drop(settings: Settings) -> PostDrop:
    """Compare the last two months of `staff_post`; zero rows where there are not two."""
    lake = Lake(settings)
    rows = duckdb.execute(
        """
        with posts as (
            select facility_id, month, count(*) as rows_count
            from read_parquet($posts, hive_partitioning = false) group by all
        ),
        months as (select distinct month from posts order by month desc limit 2),
        sides as (
            select facility_id,
                coalesce(sum(rows_count) filter (month = (select max(month) from months)), 0) as rows_now,
                coalesce(sum(rows_count) filter (month = (select min(month) from months)), 0) as rows_before
            from posts where month in (select month from months) group by facility_id
        )
        select coalesce(region_code, '?') as region_code,
            sum(rows_now)::bigint, sum(rows_before)::bigint,
            count(*) filter (rows_now = 0 and rows_before > 0),
            coalesce(sum(rows_before) filter (rows_now = 0), 0)::bigint,
            (select count(*) from months)
        from sides left join read_parquet($facilities, hive_partitioning = false) using (facility_id)
        group by 1 order by 1
        """,
        {"posts": lake.glob("staff_post"), "facilities": lake.glob("facility")},
    ).fetchall()
    if not rows or rows[0][5] < 2:
        return PostDrop(0, sum(row[1] for row in rows), ())
    missing = tuple((row[0], row[3], row[4]) for row in rows if row[3])
    return PostDrop(sum(row[2] for row in rows), sum(row[1] for row in rows), missing)
