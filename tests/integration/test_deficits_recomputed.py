"""The three deficits of facilities chosen at random, computed anew in pandas from landed Parquet."""

import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from landed import Landing

pytestmark = pytest.mark.integration

CHOSEN = 25
CLASS_OF = {
    "ambulatory_visit": "AMB",
    "home_visit": "HH",
    "remote_visit": "VR",
    "inpatient_day": "IMP",
    "emergency_call": "EMER",
}


@pytest.fixture(scope="module")
def landing(small_country) -> Landing:
    return Landing(small_country.landing)


@pytest.fixture(scope="module")
def marts(small_country):
    with duckdb.connect(str(small_country.warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def chosen(landing) -> list[str]:
    facilities = landing.table("facility")
    kinds = ["polyclinic", "ambulatory", "district_hospital", "city_hospital", "phc_centre"]
    working = facilities[facilities["status"].eq("active") & facilities["facility_type"].isin(kinds)]
    return list(np.random.default_rng(7).choice(working["facility_id"].sort_values(), CHOSEN, replace=False))


def of_facility(marts, facility: str, month: pd.Timestamp) -> pd.DataFrame:
    return marts.execute(
        "select * from staffing.fct_deficits_monthly where facility_id = ? and month = ?",
        [facility, month.date()],
    ).df()


def test_vacant_and_overfilled_posts_follow_from_the_staffing_lines(landing, marts, chosen):
    posts = landing.table("staff_post", f"month={landing.month:%Y-%m}", chosen)
    for facility in chosen:
        lines = posts[posts["facility_id"] == facility]
        gap = lines["budgeted_fte"].astype(float) - lines["filled_fte"].astype(float)
        expected = (
            pd.DataFrame(
                {
                    "specialty_code": lines["specialty_code"],
                    "vacant_fte": gap.clip(lower=0),
                    "overfilled_fte": (-gap).clip(lower=0),
                }
            )
            .groupby("specialty_code")
            .sum()
        )
        found = of_facility(marts, facility, landing.month).dropna(subset="budgeted_fte")
        found = found.set_index("specialty_code")[["vacant_fte", "overfilled_fte"]].sort_index()
        pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_the_norm_gap_follows_from_attachment_and_beds(landing, marts, chosen):
    norms = landing.holding("norm")
    norms = norms[norms["basis"] != "per_visits"]
    facilities = landing.table("facility").set_index("facility_id")
    compared = 0
    for facility in chosen:
        about = facilities.loc[facility]
        found = of_facility(marts, facility, landing.month).set_index("specialty_code")
        own = norms[norms["facility_type"].isna() | (norms["facility_type"] == about["facility_type"])]
        for specialty, rows in own.groupby("specialty_code"):
            if set(rows["basis"]) == {"per_population", "per_beds"} or rows.duplicated("basis").any():
                continue
            row = rows.iloc[0]
            amount = about["attached_persons" if row["basis"] == "per_population" else "beds_count"]
            if pd.isna(amount):
                continue
            required = amount / row["basis_units_count"]
            filled = float(found.loc[specialty, "filled_fte"])
            compared += 1
            assert found.loc[specialty, "required_norm_fte"] == pytest.approx(required)
            assert found.loc[specialty, "norm_shortage_fte"] == pytest.approx(max(required - filled, 0))
            assert found.loc[specialty, "norm_surplus_fte"] == pytest.approx(max(filled - required, 0))
    assert compared > CHOSEN


def test_the_need_by_workload_follows_from_the_passports(landing, marts, chosen):
    calendar = (
        landing.table("leave_calendar").query(f"year == {landing.month.year}").set_index("position_code")
    )
    activities, support = landing.holding("activity_standard"), landing.holding("support_standard")
    tombstones = set(landing.table("passport_tombstone")["record_key"])
    encounters = landing.table("passport_encounter", facilities=chosen)
    when = pd.to_datetime(encounters["event_month"])
    recent = (when <= landing.month) & (when > landing.month - pd.DateOffset(months=12))
    kept = ~encounters["encounter_key"].isin(tombstones) & ~encounters["patient_key"].isin(tombstones)
    encounters = encounters[recent & kept]
    compared = 0
    for facility in chosen:
        contacts = encounters[encounters["facility_id"] == facility]
        found = of_facility(marts, facility, landing.month).set_index("specialty_code")
        for specialty in ("gp", "therapy", "paediatrics", "surgery"):
            own = contacts[contacts["specialty_code"] == specialty]
            hours = 0.0
            for row in activities[activities["position_code"] == specialty].itertuples():
                done = own[own["class_code"] == CLASS_OF.get(row.activity_code, "")]
                units = len(done)
                if row.activity_code == "inpatient_day":
                    units = done["length_of_stay_days"].fillna(1).clip(lower=1).sum()
                minutes = row.unit_minutes if not pd.isna(row.unit_minutes) else 60 / row.units_per_hour
                hours += units / landing.fraction * minutes / 60
            if hours == 0:
                continue
            time = calendar.loc[specialty if specialty in calendar.index else None]
            time = time.iloc[0] if isinstance(time, pd.DataFrame) else time
            leave = ["holiday_days", "annual_leave_days", "sick_leave_days", "other_leave_days"]
            available = (time["possible_days"] - time[leave].sum()) * time["day_hours"]
            weeks = time["day_hours"] * time["week_days"]
            share = {"category": 0.0, "individual": 0.0}
            for row in support[support["position_code"] == specialty].itertuples():
                of_period = {"day": 1 / time["day_hours"], "week": 1 / weeks, "month": 12 / available,
                             "year": 1 / available}  # fmt: skip
                share[row.allowance] += row.hours * of_period[row.period]
            required = hours / available / (1 - share["category"]) + share["individual"]
            compared += 1
            assert found.loc[specialty, "required_wisn_fte"] == pytest.approx(required, rel=1e-7)
    assert compared > 5
