"""Density, indices, accessibility, programmes, equipment and warnings, computed anew from landed Parquet."""

import datetime as dt
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from landed import Landing

from orchestration.settings import SEEDS_DIR

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def landing(small_country) -> Landing:
    return Landing(small_country.landing)


@pytest.fixture(scope="module")
def marts(small_country):
    with duckdb.connect(str(small_country.warehouse), read_only=True) as connection:
        yield connection


def seed(name: str) -> pd.DataFrame:
    return pd.read_csv(SEEDS_DIR / f"{name}.csv", dtype=str)


@pytest.fixture(scope="module")
def doctors(landing) -> pd.DataFrame:
    """Doctors' lines of the latest month with their facility."""
    is_doctor = seed("positions").query("staff_category == 'doctor'")["position_code"]
    lines = landing.posts()
    facilities = landing.table("facility")[["facility_id", "region_code", "district_kato", "settlement_kato",
                                            "status", "latitude", "longitude"]]  # fmt: skip
    return lines[lines["position_code"].isin(is_doctor)].merge(facilities, on="facility_id")


@pytest.fixture(scope="module")
def people(landing) -> pd.DataFrame:
    """Inhabitants of the latest year."""
    population = landing.table("population")
    return population[population["year"] == min(population["year"].max(), landing.day.year)]


def weighted_gini(staff: np.ndarray, persons: np.ndarray) -> float:
    """Half the relative mean difference of densities, by persons."""
    density = staff / persons
    spread = np.abs(density[:, None] - density[None]) * persons[:, None] * persons[None]
    return spread.sum() / (2 * persons.sum() * staff.sum())


@pytest.mark.parametrize("area", ["region_code", "district_kato"])
@pytest.mark.parametrize("specialty", ["all", "gp", "neurosurgery"])
def test_density_and_gini_follow_from_posts_and_inhabitants(marts, doctors, people, area, specialty):
    mine = doctors if specialty == "all" else doctors[doctors["specialty_code"] == specialty]
    persons = people.groupby(area)["population_persons"].sum()
    reported = doctors[area].dropna().unique()
    persons = persons[persons.index.isin(reported)]
    staff = mine.groupby(area)["filled_fte"].sum().reindex(persons.index, fill_value=0.0)
    level = "region" if area == "region_code" else "district"
    found = marts.execute(
        """select area_code, filled_fte_per_10k from staffing.fct_density
        where level = ? and settlement = 'all' and staff_category = 'doctor' and specialty_code = ?
        and month = (select as_of_month from intermediate.int_as_of) and population_persons > 0""",
        [level, specialty],
    ).df()
    expected = (staff / persons * 10_000).rename("filled_fte_per_10k")
    pd.testing.assert_series_equal(
        found.set_index("area_code")["filled_fte_per_10k"].sort_index(),
        expected.sort_index(),
        check_names=False,
    )
    (index,) = marts.execute(
        """select index_value from staffing.fct_distribution_indices
        where index_code = 'gini' and scope = ? and staff_category = 'doctor' and specialty_code = ?
        and month = (select as_of_month from intermediate.int_as_of)""",
        [f"nation_{level}s", specialty],
    ).fetchone()
    assert index == pytest.approx(weighted_gini(staff.to_numpy(), persons.to_numpy()), abs=1e-9)


def test_the_concentration_index_follows_from_the_covariance_with_rank(marts, doctors, people):
    """2 cov(h, R) / mean, R the mid-rank by rurality: the convenient form, no curve."""
    persons = people.groupby("region_code")["population_persons"].sum()
    rural = people[people["settlement"] == "rural"].groupby("region_code")["population_persons"].sum()
    frame = pd.DataFrame({"n": persons, "rank_by": (rural / persons).fillna(0.0)})
    frame["staff"] = doctors.groupby("region_code")["filled_fte"].sum()
    frame = frame.groupby("rank_by")[["n", "staff"]].sum().sort_index()
    share = frame["n"] / frame["n"].sum()
    middle = share.cumsum() - share / 2
    density, mean = frame["staff"] / frame["n"], frame["staff"].sum() / frame["n"].sum()
    expected = 2 * (share * (density - mean) * (middle - 0.5)).sum() / mean
    (index,) = marts.execute(
        """select index_value from staffing.fct_distribution_indices
        where index_code = 'concentration_rurality' and scope = 'nation_regions'
        and staff_category = 'doctor' and specialty_code = 'all'
        and month = (select as_of_month from intermediate.int_as_of)"""
    ).fetchone()
    assert index == pytest.approx(expected, abs=1e-9)


def test_the_japanese_index_follows_from_staff_contacts_and_inhabitants(landing, marts, people):
    staff = landing.table("staff_member").merge(
        landing.table("facility")[["facility_id", "region_code"]], on="facility_id"
    )
    month = landing.month.date()
    is_doctor = seed("positions").query("staff_category == 'doctor'")["position_code"]
    staff = staff[
        staff["position_code"].isin(is_doctor)
        & (staff["hired_month"] <= month)
        & (staff["left_month"].isna() | (staff["left_month"].fillna(month) > month))
    ]
    staff = staff.astype({"fte": float}).groupby(["region_code", "staff_key"], as_index=False).agg(
        fte=("fte", "sum"), sex=("sex", "first"), born=("birth_year", "first")
    )  # fmt: skip
    decade = (landing.day.year - staff["born"]) // 10
    weight = staff.groupby([staff["sex"], decade])["fte"].transform("mean") / staff["fte"].mean()
    weighted = weight.groupby(staff["region_code"]).sum()
    contacts = landing.table("passport_encounter")
    when = pd.to_datetime(contacts["event_month"])
    gone = set(landing.table("passport_tombstone")["record_key"])
    contacts = contacts[
        (when <= landing.month)
        & (when > landing.month - pd.DateOffset(months=12))
        & ~contacts["encounter_key"].isin(gone)
        & ~contacts["patient_key"].isin(gone)
    ].merge(landing.table("passport_patient")[["patient_key", "sex"]], on="patient_key")
    cells = people.groupby(["region_code", "sex", "age_band"])["population_persons"].sum().reset_index()
    national = cells.groupby(["sex", "age_band"])["population_persons"].sum()
    used = contacts.groupby(["sex", "age_band"]).size().reindex(national.index, fill_value=0)
    rate = (used / landing.fraction / national).rename("rate")
    cells = cells.merge(rate.reset_index(), on=["sex", "age_band"])
    cells["expected"] = cells["rate"] * cells["population_persons"]
    sums = cells.groupby("region_code")[["expected", "population_persons"]].sum()
    ratio = (sums["expected"] / sums["population_persons"]) / (
        sums["expected"].sum() / sums["population_persons"].sum()
    )
    expected = weighted / (sums["population_persons"] / 100_000 * ratio)
    found = marts.execute(
        "select area_code, maldistribution_index from staffing.fct_maldistribution where level = 'region'"
    ).df()
    pd.testing.assert_series_equal(
        found.set_index("area_code")["maldistribution_index"].sort_index(),
        expected.sort_index(),
        check_names=False,
        rtol=1e-9,
    )


def test_accessibility_follows_from_all_pairs_of_settlements_and_facilities(landing, marts, doctors):
    group = seed("specialties").set_index("specialty_code")["specialty_group_code"]
    reach = seed("catchments").set_index("specialty_group_code")["catchment_km"].astype(float)
    places = landing.table("settlement").set_index("settlement_kato")
    working = doctors[doctors["status"] == "active"].copy()
    for axis in ("latitude", "longitude"):
        working[axis] = working[axis].fillna(working["settlement_kato"].map(places[axis]))
    working["group"] = working["specialty_code"].map(group)
    places = places[places["latitude"].notna()]
    for name in ("primary_care", "surgery"):
        supply = working[working["group"] == name].groupby("facility_id").agg(
            fte=("filled_fte", "sum"), latitude=("latitude", "first"), longitude=("longitude", "first")
        ).query("fte > 0 and latitude == latitude")  # fmt: skip
        a, b = np.radians(places["latitude"].to_numpy()), np.radians(supply["latitude"].to_numpy())
        c, d = np.radians(places["longitude"].to_numpy()), np.radians(supply["longitude"].to_numpy())
        angle = np.sin(a)[:, None] * np.sin(b) + np.cos(a)[:, None] * np.cos(b) * np.cos(c[:, None] - d)
        thirds = 6_371 * np.arccos(np.clip(angle, -1, 1)) / reach[name] * 3
        weight = np.select([thirds <= 1, thirds <= 2, thirds <= 3], [1.0, 0.68, 0.22], 0.0)
        demand = places["inhabitants_persons"].fillna(0).to_numpy() @ weight
        ratio = np.divide(supply["fte"], demand, where=demand > 0, out=np.zeros(len(supply)))
        expected = pd.Series(weight @ ratio * 10_000, index=places.index)
        found = marts.execute(
            """select settlement_kato, accessibility_per_10k from staffing.fct_accessibility
            where specialty_group_code = ?""",
            [name],
        ).df().set_index("settlement_kato")["accessibility_per_10k"]  # fmt: skip
        assert set(found.index) == set(expected.index)
        # A settlement on the very edge of a zone may fall to either side in the last digit of its distance.
        close = np.isclose(found.sort_index(), expected.sort_index(), rtol=1e-6, atol=1e-9)
        assert close.mean() > 0.999, name


def test_registers_and_their_teams_follow_from_conditions_and_standards(landing, marts):
    gone = set(landing.table("passport_tombstone")["record_key"])
    patients = landing.table("passport_patient")
    alive = patients[patients["deceased_year"].isna() & patients["attached_facility_id"].notna()]
    ill = landing.table("passport_condition")
    ill = ill[ill["status"].isin(["active", "recurrence", "unknown"]) & ~ill["condition_key"].isin(gone)]
    ill = ill[~ill["patient_key"].isin(gone)]
    posts = landing.posts().groupby(["facility_id", "position_code"])["filled_fte"].sum()
    standards = landing.holding("programme_standard", landing.day)
    needs = []
    for programme in seed("chronic_programmes").itertuples():
        mine = ill[ill["icd10_code"].isin(programme.icd10_codes.split())]
        who = alive[alive["patient_key"].isin(mine["patient_key"])]
        registered = who.groupby("attached_facility_id").size() / landing.fraction
        found = marts.execute(
            """select facility_id, registered_persons from staffing.fct_programme_registers
            where programme_code = ?""",
            [programme.programme_code],
        ).df().set_index("facility_id")["registered_persons"]  # fmt: skip
        pd.testing.assert_series_equal(found.sort_index(), registered.sort_index(), check_names=False)
        for row in standards[standards["programme_code"] == programme.programme_code].itertuples():
            need = (registered / row.patients_per_fte).rename("required").rename_axis("facility_id")
            needs.append(need.reset_index().assign(position=row.position_code, programme=row.programme_code))
    needs = pd.concat(needs)
    whole = needs.groupby(["facility_id", "position"])["required"].transform("sum")
    filled = pd.MultiIndex.from_frame(needs[["facility_id", "position"]]).map(posts).fillna(0.0)
    needs["shortage"] = (needs["required"] - filled * needs["required"] / whole).clip(lower=0)
    reported = needs["facility_id"].isin(posts.index.get_level_values(0))
    (total,) = marts.execute("select sum(team_shortage_fte) from staffing.fct_programme_teams").fetchone()
    assert total == pytest.approx(needs.loc[reported, "shortage"].sum(), rel=1e-9)


def test_equipment_that_works_is_held_against_the_minimum_of_the_type(landing, marts):
    norms = landing.holding("equipment_norm", landing.day)
    items = landing.table("equipment").query("status == 'working'")
    working = items.groupby(["facility_id", "equipment_type_code"])["quantity_count"].sum()
    active = landing.table("facility").query("status == 'active'")
    asked = active.merge(norms, on="facility_type")[["facility_id", "equipment_type_code", "minimum_count"]]
    there = pd.MultiIndex.from_frame(asked[["facility_id", "equipment_type_code"]]).map(working).fillna(0)
    missing = (asked["minimum_count"].astype(float) - there).clip(lower=0)
    found = marts.execute(
        """select sum(missing_count), count(*) filter (where compliance = 'missing')
        from staffing.fct_equipment_compliance where compliance <> 'no_standard'"""
    ).fetchone()
    assert found == (missing.sum(), (missing > 0).sum())


def test_pension_warnings_name_every_last_doctor_due_within_a_year(landing, marts):
    """Only doctor of a specialty in a settlement, by the year in which the age is reached."""
    ages = seed("pension_ages").astype(
        {"birth_year_from": int, "birth_year_to": int, "pension_age_years": float}
    )
    is_doctor = seed("positions").query("staff_category == 'doctor'")["position_code"]
    places = landing.table("facility").query("status == 'active' and settlement_kato == settlement_kato")
    staff = landing.table("staff_member").merge(places[["facility_id", "settlement_kato"]], on="facility_id")
    day = landing.day
    here = staff["position_code"].isin(is_doctor) & (staff["hired_month"] <= day)
    staff = staff[here & (staff["left_month"].isna() | (staff["left_month"].fillna(day) > day))]
    staff = staff.drop_duplicates(["settlement_kato", "specialty_code", "staff_key"])
    alone = staff[~staff.duplicated(["settlement_kato", "specialty_code"], keep=False)].merge(ages, on="sex")
    alone = alone[alone["birth_year"].between(alone["birth_year_from"], alone["birth_year_to"])]
    year = np.floor(alone["birth_year"] + alone["pension_age_years"]).astype(int)
    limit = day + dt.timedelta(days=365)
    due = alone[[dt.date(y, 12, 1) <= limit for y in year]]
    found = marts.execute(
        "select settlement_kato, specialty_code from staffing.fct_early_warnings"
    ).fetchall()
    assert set(zip(due["settlement_kato"], due["specialty_code"], strict=True)) <= set(found)
    (pensions,) = marts.execute(
        "select count(*) from staffing.fct_early_warnings where warning_kind = 'pension_age'"
    ).fetchone()
    assert 0 <= len(due) - pensions <= len(found) - pensions
    # Past is past: the event lies before the month of the as-of day.
    past = {
        (row.settlement_kato, row.specialty_code)
        for row, y in zip(due.itertuples(), [y for y in year if dt.date(y, 12, 1) <= limit], strict=True)
        if dt.date(y, 12, 1) < day.replace(day=1)
    }
    flagged = marts.execute(
        "select settlement_kato, specialty_code from staffing.fct_early_warnings where is_past_pension_age"
    ).fetchall()
    assert set(flagged) == past
    (crowded,) = marts.execute(
        """select count(*) from staffing.fct_early_warnings past
        join staffing.fct_early_warnings ahead using (region_code)
        where past.standing <> 'within_12_months' and ahead.standing = 'within_12_months'
            and past.rank_in_region <= ahead.rank_in_region"""
    ).fetchone()
    assert crowded == 0
