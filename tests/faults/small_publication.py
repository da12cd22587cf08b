"""A warehouse of a few rows and its publication, for tests of crashes; run as a program it publishes once.

Every table holds the version it was made with, so a reader that sees two versions has seen a mixture.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from orchestration.publishing.marts import Mart
from orchestration.publishing.publication import RunFacts, publish
from orchestration.settings import Settings

REGIONS = ("KZ-10", "KZ-35")
UNIVERSITIES = ("07",)
MARTS = [
    Mart("core", "dim_regions", "One row per region.", (), {"ministry": "all", "region": "all"}, {}),
    Mart("core", "dim_universities", "One row per university.", (), {"ministry": "all"}, {}),
    *(
        Mart("staffing", name, "One row per region and number.", ("facility",),
             {"ministry": "all", "region": "region_code"}, {"region_code": "", "version": ""})
        for name in ("fct_first", "fct_second")
    ),
]  # fmt: skip


def settings_of(home: Path) -> Settings:
    return Settings(home=home, config_path=None, boundaries_path=None, threads=1, memory_limit="500MB")


def build(home: Path, version: int) -> None:
    """A warehouse whose facts all say `version`, and a lake that balances."""
    settings = settings_of(home)
    home.mkdir(parents=True, exist_ok=True)
    settings.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(settings.warehouse)) as link:
        link.execute("create schema core; create schema staffing")
        link.execute("create table core.dim_regions as select unnest(?) as region_code", [list(REGIONS)])
        link.execute(
            "create table core.dim_universities as select unnest(?) as university_id", [list(UNIVERSITIES)]
        )
        for table in ("fct_first", "fct_second"):
            link.execute(
                f"create table staffing.{table} as select region_code, i as number, {version} as version"
                " from core.dim_regions, range(500) as numbers(i)"
            )
    counts = "3::bigint as records_in, 2::bigint as landed, 0::bigint as superseded, 1::bigint as quarantined"
    lake = {
        "delivery": f"select 'facility' as contract, 'f.csv' as file, {counts}",
        "facility": "select unnest([1, 2]) as facility_id",
        "quarantine": "select 'facility' as contract, 'critical' as severity",
    }
    for name, query in lake.items():
        (settings.landing / name).mkdir(parents=True, exist_ok=True)
        duckdb.execute(f"copy ({query}) to '{settings.landing / name}/part.parquet' (format parquet)")


def facts(number: int) -> RunFacts:
    """Facts of the n-th run; later numbers are later runs."""
    return RunFacts(
        run_id=f"20261001T{number // 60:02}{number % 60:02}00Z-{number:08x}",
        published_at=datetime(2026, 10, 1, tzinfo=UTC),
        as_of=date(2026, 9, 30),
        fingerprint=str(number),
        code_version="test",
        config_hash="test",
        lock_hash="test",
        inputs={},
        landed={"facility": 2},
        is_demonstration=True,
        sampling_fraction=1.0,
        source_note="a test",
    )


def publish_version(home: Path, number: int) -> Path:
    """Build the warehouse of this version and publish it."""
    build(home, number)
    return publish(settings_of(home), facts(number), MARTS)


if __name__ == "__main__":
    publish_version(Path(sys.argv[1]), int(sys.argv[2]))
