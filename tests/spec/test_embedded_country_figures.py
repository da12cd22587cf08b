"""The embedded country lands on the published figures it is built on."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from orchestration.sources.embedded import build_country

pytestmark = pytest.mark.spec


@pytest.fixture(scope="module")
def country():
    return build_country(sampling_fraction=0.001)


@pytest.fixture(scope="module")
def facilities(country):
    frame = country.table("facility").to_pandas()
    return frame[~frame.facility_id.str.startswith("F99")].drop_duplicates("facility_id")


def doctors(country, year, month):
    posts = country.table("staff_post", dt.date(year, month, 1)).to_pandas()
    posts = posts[~posts.post_id.str.startswith("P9")].drop_duplicates("post_id")
    posts = posts[posts.staff_category == "doctor"].copy()
    posts["vacant_fte"] = (posts.budgeted_fte - posts.filled_fte).astype(float)
    return posts


def people(country, year):
    frame = country.table("population").to_pandas()
    return frame[frame.year == year]


def test_the_nation_of_2026_is_counted_to_the_person(country):
    frame = people(country, 2026)
    assert frame.population_persons.sum() == 20_495_975
    kinds = frame.groupby("settlement").population_persons.sum()
    assert kinds["urban"] == pytest.approx(13_029_803, rel=1e-4)
    assert kinds["rural"] == pytest.approx(7_466_172, rel=1e-4)


@pytest.mark.parametrize(
    ("region", "persons"),
    [
        ("KZ-10", 595_676),
        ("KZ-61", 2_148_658),
        ("KZ-62", 218_993),
        ("KZ-71", 1_638_233),
        ("KZ-75", 2_347_924),
    ],
)
def test_regions_of_2026_match(country, region, persons):
    frame = people(country, 2026)
    assert frame[frame.region_code == region].population_persons.sum() == pytest.approx(persons, rel=1e-4)


def test_urban_and_rural_people_of_2023_match_by_region(country):
    kinds = people(country, 2023).groupby(["region_code", "settlement"]).population_persons.sum()
    assert kinds["KZ-11", "urban"] == pytest.approx(441_987, rel=1e-4)
    assert kinds["KZ-61", "rural"] == pytest.approx(1_599_909, rel=1e-4)


def test_doctors_and_mid_level_staff_of_2024_match_within_one_per_cent(country):
    posts = country.table("staff_post", dt.date(2024, 12, 1)).to_pandas()
    persons = posts.groupby("staff_category").persons_count.sum()
    assert persons["doctor"] == pytest.approx(83_379, rel=0.01)
    assert persons["nurse_mid"] == pytest.approx(191_728, rel=0.01)


@pytest.mark.parametrize(("year", "vacant"), [(2023, 4_864), (2024, 3_954)])
def test_vacant_posts_of_doctors_match_the_reported_deficit(country, year, vacant):
    assert doctors(country, year, 12).vacant_fte.sum() == pytest.approx(vacant, rel=0.02)


def test_the_scarcest_specialties_lack_about_as_many_posts_as_reported(country):
    vacant = doctors(country, 2025, 12).groupby("specialty_code").vacant_fte.sum()
    reported = {"therapy": 364.25, "gp": 290.5, "obgyn": 253.25, "anaesthesiology": 225.0,
                "surgery": 210.5, "laboratory": 189.5, "paediatrics": 184.25}  # fmt: skip
    for specialty, posts in reported.items():
        assert vacant[specialty] == pytest.approx(posts, rel=0.08), specialty
    assert set(vacant.nlargest(7).index) == set(reported)


def test_vacancies_fall_by_about_a_fifth_between_july_and_september(country):
    july, september = (doctors(country, 2025, month).vacant_fte.sum() for month in (7, 9))
    assert september / july == pytest.approx(4_122 / 5_201, abs=0.03)


def test_doctors_per_10k_are_highest_in_astana_and_lowest_in_almaty_region(country, facilities):
    posts = doctors(country, 2022, 12).merge(facilities[["facility_id", "region_code"]])
    density = (
        posts.groupby("region_code").persons_count.sum()
        / people(country, 2023).groupby("region_code").population_persons.sum()
        * 10_000
    )
    assert density.idxmax() == "KZ-71"
    assert density["KZ-71"] == pytest.approx(73.4, rel=0.02)
    assert density["KZ-75"] == pytest.approx(64.1, rel=0.02)
    assert density["KZ-35"] == pytest.approx(50.3, rel=0.02)
    assert density.nsmallest(3).index.isin(["KZ-19", "KZ-33", "KZ-11"]).all()
    assert density["KZ-19"] == pytest.approx(density.min(), rel=0.02)


def test_doctors_are_44_on_average_and_a_third_is_over_50(country):
    staff = country.table("staff_member").to_pandas()
    codes = doctors(country, 2026, 9).position_code.unique()
    now = staff[staff.left_month.isna() & staff.position_code.isin(codes)]
    age = 2026 - now.birth_year
    assert age.mean() == pytest.approx(44, abs=2)
    assert (age > 50).mean() == pytest.approx(1 / 3, abs=0.05)


def test_hospitals_match_and_about_3000_facilities_have_doctors(country, facilities):
    hospitals = facilities.facility_type.str.contains("hospital|dispensary|perinatal|republican")
    assert hospitals.sum() == pytest.approx(830, rel=0.05)
    assert doctors(country, 2026, 9).facility_id.nunique() == pytest.approx(3_000, rel=0.1)
    assert set(facilities.ownership) == {
        "state_republican",
        "state_communal",
        "quasi_state",
        "private",
        "ngo",
    }
    assert set(facilities.care_level) == {"primary", "secondary", "tertiary"}


def test_the_village_network_follows_the_network_norm_with_gaps(country, facilities):
    places = country.table("settlement").to_pandas()
    rural = places[places.settlement == "rural"]
    assert 5_500 <= len(rural) <= 6_500
    owed = rural[rural.inhabitants_persons.between(500, 1_499)]
    network = facilities.facility_type.isin(["fap", "medical_point", "ambulatory", "phc_centre"])
    stands = facilities[network].set_index("settlement_kato").facility_type
    got = owed.settlement_kato.map(stands)
    assert 0.85 < (got == "fap").mean() < 0.98


def test_campaign_of_2026_has_about_6000_graduates_of_all_levels(country):
    graduates = country.table("graduate").to_pandas().drop_duplicates("graduate_key")
    sizes = graduates.groupby("graduation_year").size()
    assert sizes[2026] == pytest.approx(6_000, rel=0.02)
    assert sorted(sizes.index) == list(range(2021, 2027))
    exempt = country.table("exemption").to_pandas().query("kind == 'exemption'")
    share = exempt[exempt.ground_code != "self_employment"].graduate_key.nunique() / len(graduates)
    assert share == pytest.approx(0.22 * 0.88, abs=0.03)  # fee-paying graduates have nothing to be let off


def test_july_brings_fewer_contacts_than_january_and_children_more_than_youths(country):
    volumes = pd.Series({m: country.table("passport_encounter", m).num_rows for m in country.months})
    by_month = volumes.groupby(lambda day: day.month).mean()
    assert by_month[1] > 1.2 * by_month[8]
    year = volumes[[m for m in country.months if m.year == 2025]].sum()
    assert 6 <= year / 0.001 / people(country, 2025).population_persons.sum() <= 7
    month = country.table("passport_encounter", country.months[24]).to_pandas().groupby("age_band").size()
    persons = people(country, 2025).groupby("age_band").population_persons.sum()
    rate = month / persons
    assert rate["00-04"] > 1.5 * rate["20-24"]
    assert rate["70-74"] > 1.5 * rate["20-24"]


def test_women_see_doctors_more_often(country):
    patients = country.table("passport_patient").to_pandas().set_index("patient_key").sex
    seen = country.table("passport_encounter", country.months[24]).to_pandas().patient_key.map(patients)
    ratio = (seen == "female").sum() / (seen == "male").sum()
    assert ratio > 1.2 * (patients == "female").sum() / (patients == "male").sum()
    assert np.isfinite(ratio)
