"""Every roll-up of every month summed anew: posts from landed lines, needs from the rows of facilities."""

import sys
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.dataset as ds
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from landed import Landing

from orchestration.settings import DBT_PROJECT_DIR

pytestmark = pytest.mark.integration

SPLITS = {
    "all": [],
    "specialty": ["specialty_code"],
    "specialty_group": ["specialty_group_code"],
    "care_level": ["care_level"],
    "ownership": ["ownership"],
    "settlement": ["settlement"],
    "specialty_settlement": ["specialty_code", "settlement"],
}
LEVELS = {"nation": [], "region": ["region_code"], "district": ["district_kato"]}
POSTS = ["budgeted_fte", "filled_fte", "vacant_fte", "overfilled_fte"]
NEEDS = ["norm_shortage_fte", "norm_surplus_fte", "wisn_shortage_fte", "wisn_surplus_fte"]
KINDS = ["region_code", "district_kato", "care_level", "ownership", "settlement"]
CASES = [
    (level, split)
    for level in LEVELS
    for split in SPLITS
    if (level, split) != ("district", "specialty_settlement")
]


@pytest.fixture(scope="module")
def marts(small_country):
    with duckdb.connect(str(small_country.warehouse), read_only=True) as connection:
        yield connection


def named(rows: pd.DataFrame, landing: Landing) -> pd.DataFrame:
    """Rows of facilities with where and what the facility is, and what the specialty belongs to."""
    facilities = landing.table("facility")[["facility_id", *KINDS]]
    specialties = pd.read_csv(DBT_PROJECT_DIR / "seeds" / "specialties.csv")
    specialties = specialties[["specialty_code", "specialty_group_code", "staff_category"]]
    joined = rows.merge(facilities, on="facility_id").merge(specialties, on="specialty_code")
    assert len(joined) == len(rows)
    keys = ["month", "specialty_code", "specialty_group_code", "staff_category", *KINDS]
    joined[KINDS] = joined[KINDS].fillna("unknown")
    return joined.drop(columns="facility_id").groupby(keys, as_index=False).sum(min_count=1)


@pytest.fixture(scope="module")
def posts(small_country) -> pd.DataFrame:
    """Posts of all months out of the landed lines; no line nets the vacancy of another."""
    landing = Landing(small_country.landing)
    files = sorted((landing.root / "staff_post").rglob("*.parquet"))
    columns = ["facility_id", "specialty_code", "month", "budgeted_fte", "filled_fte"]
    lines = ds.dataset(files).to_table(columns=columns).to_pandas()
    lines[["budgeted_fte", "filled_fte"]] = lines[["budgeted_fte", "filled_fte"]].astype(float)
    gap = lines["budgeted_fte"] - lines["filled_fte"]
    lines = lines.assign(vacant_fte=gap.clip(lower=0), overfilled_fte=(-gap).clip(lower=0))
    return named(lines.groupby(["facility_id", "specialty_code", "month"], as_index=False).sum(), landing)


@pytest.fixture(scope="module")
def needs(small_country, marts) -> pd.DataFrame:
    """Shortages and surpluses of single facilities, whose oracle is `test_deficits_recomputed.py`."""
    rows = marts.execute(
        f"select facility_id, specialty_code, month, {', '.join(NEEDS)} from staffing.fct_deficits_monthly"
    ).df()
    return named(rows, Landing(small_country.landing))


@pytest.mark.parametrize(("level", "split"), CASES)
def test_every_month_of_a_rollup_is_what_its_facilities_add_up_to(marts, posts, needs, level, split):
    keys = ["month", "staff_category", *LEVELS[level], *SPLITS[split]]
    names = [*LEVELS[level], *SPLITS[split]]
    found = marts.execute(
        f"""select month, staff_category, {"".join(f"{name}, " for name in names if name != "district_kato")}
            {"area_code as district_kato, " if level == "district" else ""} {", ".join([*POSTS, *NEEDS])}
        from staffing.fct_deficit_rollups where level = ? and split = ?""",
        [level, split],
    ).df()
    found["month"] = pd.to_datetime(found["month"])
    for source, measures in ((posts, POSTS), (needs, NEEDS)):
        rows = source.assign(month=pd.to_datetime(source["month"]))
        expected = rows.groupby(keys)[measures].sum(min_count=1)
        assert expected.index.get_level_values("month").nunique() > 12
        ours = found.set_index(keys)[measures].astype(float).reindex(expected.index)
        pd.testing.assert_frame_equal(ours, expected, check_dtype=False, rtol=1e-9, atol=2e-6)
