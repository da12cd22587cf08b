"""A staffing table that arrives cut: a region that lost a third of its posts stops the run, with the list."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.settings import Settings
from orchestration.shrinkage import shrunken_posts
from orchestration.source_config import SourceConfig

pytestmark = pytest.mark.faults


def land(settings: Settings, **months: dict[str, float]) -> None:
    """Facilities A1, A2 (KZ-10) and B1 (KZ-11), and their established posts of each month."""
    regions = {"A1": "KZ-10", "A2": "KZ-10", "B1": "KZ-11"}
    rows = [{"facility_id": name, "region_code": region} for name, region in regions.items()]
    write(settings.landing / "facility", rows)
    for name, posts in months.items():
        month = dt.date(int(name[1:5]), int(name[6:]), 1)
        rows = [{"facility_id": f, "month": month, "budgeted_fte": posts[f]} for f in posts]
        write(settings.landing / "staff_post" / f"month={month:%Y-%m}", rows)


def write(folder: Path, rows: list[dict]) -> None:
    folder.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows), folder / "part.parquet")


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(tmp_path, config_path=None, boundaries_path=None, threads=1, memory_limit="1GB")


FULL = {"A1": 10.0, "A2": 6.0, "B1": 8.0}


def test_a_region_that_lost_a_file_is_named_with_its_facilities(settings):
    land(settings, m2026_08=FULL, m2026_09={"A2": 6.0, "B1": 8.0})
    (told,) = shrunken_posts(settings, SourceConfig())
    assert told.startswith("KZ-10 2026-09: 6.00 established posts, 16.00 the month before")
    assert told.endswith("1 facilities shrank: A1 10.0 to 0.0")


def test_a_facility_that_shrinks_inside_a_region_that_holds_stops_nothing(settings):
    land(settings, m2026_08=FULL, m2026_09=FULL | {"A2": 3.0})
    assert shrunken_posts(settings, SourceConfig()) == []


def test_only_neighbouring_months_are_compared(settings):
    land(settings, m2025_12=FULL, m2026_09={"B1": 1.0})
    assert shrunken_posts(settings, SourceConfig()) == []


def test_a_loss_that_was_looked_at_is_confirmed_by_its_month(settings):
    land(settings, m2026_08=FULL, m2026_09={"B1": 8.0})
    assert shrunken_posts(settings, SourceConfig(confirmed_shrinkage=("2026-09",))) == []


def test_established_posts_that_nobody_states_any_more_have_not_shrunk(settings):
    land(settings, m2026_08=FULL, m2026_09=FULL | {"A1": None})
    assert shrunken_posts(settings, SourceConfig()) == []
