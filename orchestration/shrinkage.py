"""Deliveries that shrank: a lost file looks like a country without doctors.

Belongs here: landed rows against the served snapshot, staffing tables against the month before. Does not
belong here: the checks that stop the run (`defs/checks.py`) and the list of every facility and month
(`quality.fct_post_shrinkage`).
"""

import json

import duckdb

from orchestration.publishing import snapshots
from orchestration.running.run_facts import hash_config, landed_rows
from orchestration.settings import Settings
from orchestration.source_config import SourceConfig

LARGEST_LOSS_SHARE = 0.30
MOST_LISTED = 20


def shrunken(settings: Settings, config: SourceConfig) -> list[str]:
    """Sentences on contracts that lost too many rows; empty when nothing comparable is served."""
    name = snapshots.current(settings.publication)
    if name is None:
        return []
    manifest = snapshots.shelf(settings.publication) / name / "manifest.json"
    served = json.loads(manifest.read_bytes())
    # Another country, seed or fraction is no loss.
    if served["config_hash"] != hash_config(config):
        return []
    now = landed_rows(settings)
    return [
        f"{contract}: {before:,} rows in the served snapshot, {now.get(contract, 0):,} now"
        for contract, before in sorted(served["landed"].items())
        if now.get(contract, 0) < before * (1 - LARGEST_LOSS_SHARE)
    ]


def shrunken_posts(settings: Settings, config: SourceConfig) -> list[str]:
    """Regions whose established posts lost too much against last month, each with its facilities.

    A single facility that shrinks is a finding (`quality.fct_post_shrinkage`): a reform does that. A region
    that loses more than `LARGEST_LOSS_SHARE` of its posts within a month has lost a file.

    Args:
        settings: Says where the lake lies.
        config: Its `confirmed_shrinkage` names months that were looked at.

    Returns:
        A sentence a region with at most `MOST_LISTED` facilities; empty when no neighbouring month landed.
    """
    months = sorted((settings.landing / "staff_post").glob("month=*"))[-2:]
    if len(months) < 2 or months[-1].name.removeprefix("month=") in config.confirmed_shrinkage:
        return []
    with duckdb.connect() as connection:
        lost = connection.execute(
            SHRUNKEN_POSTS,
            {
                "posts": [f"{month}/*.parquet" for month in months],
                "facilities": f"{settings.landing}/facility/**/*.parquet",
                "limit": LARGEST_LOSS_SHARE,
                "most": MOST_LISTED,
            },
        ).fetchall()
    return [
        f"{region} {month:%Y-%m}: {now:,.2f} established posts, {before:,.2f} the month before; "
        f"{count} facilities shrank: {facilities}"
        for region, month, before, now, count, facilities in lost
    ]


SHRUNKEN_POSTS = """
with posts as (
    select
        facility_id, month, sum(budgeted_fte)::double as budgeted_fte,
        count(budgeted_fte) < count(*) as is_unknown
    from read_parquet($posts, union_by_name = true, hive_partitioning = false)
    group by all
),
latest as (select max(month) as month from posts),
facilities as (
    select
        coalesce(facility.region_code, 'unknown') as region_code, posts.facility_id, latest.month,
        coalesce(sum(budgeted_fte) filter (where posts.month < latest.month), 0) as before_fte,
        coalesce(sum(budgeted_fte) filter (where posts.month = latest.month), 0) as now_fte
    from posts
    cross join latest
    left join read_parquet($facilities, union_by_name = true, hive_partitioning = false) as facility
        using (facility_id)
    where posts.month >= latest.month - interval 1 month
    group by all
    -- Established posts that the source does not know have not shrunk.
    having not bool_or(is_unknown)
)
select
    region_code, month, sum(before_fte), sum(now_fte), count(*) filter (where now_fte < before_fte),
    list_aggregate(
        (list(
            facility_id || ' ' || before_fte || ' to ' || now_fte
            order by before_fte - now_fte desc, facility_id
        ) filter (where now_fte < before_fte))[:$most], 'string_agg', ', '
    )
from facilities
group by region_code, month
having sum(now_fte) < sum(before_fte) * (1 - $limit)
order by region_code
"""
