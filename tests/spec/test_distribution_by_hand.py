"""Density, Gini, concentration, the Japanese index and accessibility against sums done another way."""

from itertools import product

import duckdb
import pytest

pytestmark = [pytest.mark.spec, pytest.mark.xdist_group("drawn")]


def pairwise_gini(staff: list[float], persons: list[float]) -> float:
    """Half the mean absolute difference of densities over their mean, by persons: no curve, no order."""
    densities = [doctors / people for doctors, people in zip(staff, persons, strict=True)]
    total, mean = sum(persons), sum(staff) / sum(persons)
    pairs = product(zip(densities, persons, strict=True), repeat=2)
    return sum(p * q * abs(a - b) for (a, p), (b, q) in pairs) / (2 * total**2 * mean)


def test_density_counts_persons_and_posts_apart(drawn):
    rows = drawn(
        """select area_code, persons_per_10k, filled_fte_per_10k from staffing.fct_density
        where level = 'region' and settlement = 'all' and staff_category = 'doctor' and specialty_code = 'all'
        and month = '2025-12-01'"""
    )
    found = {row["area_code"]: (row["persons_per_10k"], row["filled_fte_per_10k"]) for row in rows}
    assert found == {"KZ-10": (17.0, 18.5), "KZ-11": (0.5, 0.5)}


def test_gini_equals_half_the_relative_mean_difference(drawn):
    (row,) = drawn(
        """select * from staffing.fct_distribution_indices
        where index_code = 'gini' and scope = 'nation_regions'
        and staff_category = 'doctor' and specialty_code = 'all' and month = '2025-12-01'"""
    )
    assert row["index_value"] == pytest.approx(pairwise_gini([18.5, 1.0], [10_000, 20_000]), abs=1e-12)


def test_an_area_that_reported_and_has_none_counts_as_zero(drawn):
    """The only radiologist works in KZ-10; KZ-11 with its 20,000 people reported and has none."""
    (row,) = drawn(
        """select * from staffing.fct_distribution_indices where index_code = 'gini'
        and scope = 'nation_regions' and specialty_code = 'radiology' and month = '2025-12-01'"""
    )
    assert row["areas_count"] == 2
    assert row["index_value"] == pytest.approx(pairwise_gini([1.0, 0.0], [10_000, 20_000]), abs=1e-12)


def test_the_first_five_numbers_have_the_gini_of_the_textbook(drawn_folder):
    """1, 2, 3, 4, 5 for five areas of equal size: (n² − 1) / (3 n (n + 1)) = 4/15."""
    (sql,) = (drawn_folder / "target" / "compiled").rglob("fct_distribution_indices.sql")
    with duckdb.connect() as connection:
        connection.execute("""
            attach ':memory:' as warehouse;
            create schema warehouse.staffing;
            create schema warehouse.intermediate;
            create table warehouse.staffing.fct_density as
            select 'region' as level, 'R' || i as area_code, 'R' || i as region_code, 'all' as settlement,
                'doctor' as staff_category, 'all' as specialty_code, 2025 as population_year,
                1000.0 as population_persons, i as filled_fte, i * 10.0 as filled_fte_per_10k,
                date '2025-12-01' as month
            from range(1, 6) as numbers(i);
            create table warehouse.intermediate.int_population_areas as
            select level, area_code, population_year as year, settlement, population_persons
            from warehouse.staffing.fct_density""")
        found = connection.execute(
            f"""select index_value from ({sql.read_text()})
            where index_code = 'gini' and scope = 'nation_regions'"""
        ).fetchall()
    assert found == [(pytest.approx(4 / 15),)]


def test_staff_who_gather_in_towns_make_the_rural_concentration_negative(drawn):
    """Two areas ranked by rural share (0.4, 1.0): 1 - s/3 - 2/3 (1 + s), s = 18.5 / 19.5."""
    (row,) = drawn(
        """select * from staffing.fct_distribution_indices where index_code = 'concentration_rurality'
        and scope = 'nation_regions' and staff_category = 'doctor' and specialty_code = 'all'
        and month = '2025-12-01'"""
    )
    share = 18.5 / 19.5
    assert row["index_value"] == pytest.approx(1 - share / 3 - (1 + share) * 2 / 3, abs=1e-12)


def test_the_japanese_index_divides_by_what_ages_and_sexes_would_use(drawn):
    """11,000 men make 114,000 contacts, 19,000 women 4,000: rates by hand, then each region's expected."""
    contacts = {"male": (80 + 24 + 24 + 12 + 1_000) * 100, "female": 40 * 100}
    persons = {"KZ-10": {"male": 6_000, "female": 4_000}, "KZ-11": {"male": 5_000, "female": 15_000}}
    national = {sex: contacts[sex] / sum(cell[sex] for cell in persons.values()) for sex in contacts}
    mean = sum(contacts.values()) / 30_000
    rows = {row["area_code"]: row for row in drawn("select * from staffing.fct_maldistribution")}
    for region, doctors in (("KZ-10", 5), ("KZ-11", 1)):
        cell = persons[region]
        ratio = sum(national[sex] * cell[sex] for sex in cell) / sum(cell.values()) / mean
        assert rows[region]["standardised_utilisation_ratio"] == pytest.approx(ratio)
        weighted = rows[region]["hours_weighted_doctors_fte"]
        assert rows[region]["doctors_persons"] == doctors
        assert rows[region]["maldistribution_index"] == pytest.approx(
            weighted / (sum(cell.values()) / 100_000 * ratio)
        )
    assert rows["KZ-11"]["rank_from_worst"] == 1


def test_two_villages_share_a_polyclinic_in_proportion_to_the_decay_of_distance(drawn):
    """S1 (1,000) stands at F1, S2 (2,000) 15 km away with weight 0.68 and 1.0 doctor of its own."""
    polyclinic = (8.5 + 2.0) / (1_000 + 0.68 * 2_000)
    ambulatory = 1.0 / (2_000 + 0.68 * 1_000)
    rows = {
        row["settlement_kato"]: row
        for row in drawn(
            "select * from staffing.fct_accessibility where specialty_group_code = 'primary_care'"
        )
    }
    assert rows["S1"]["accessibility_per_10k"] == pytest.approx((polyclinic + 0.68 * ambulatory) * 10_000)
    assert rows["S2"]["accessibility_per_10k"] == pytest.approx((0.68 * polyclinic + ambulatory) * 10_000)
    assert "S5" not in rows


def test_who_can_reach_shares_all_posts_in_reach(drawn):
    """The defining property of the two steps: accessibility times inhabitants adds up to the posts."""
    (total,) = drawn(
        """select sum(accessibility_per_10k * inhabitants_persons) / 10000 as fte
        from staffing.fct_accessibility
        where specialty_group_code = 'primary_care'"""
    )
    # Every filled primary-care post of a facility that works: F1 10.5, F3 1.0, F5 1.0, F6 2.0.
    assert total["fte"] == pytest.approx(14.5)
