"""Network, equipment, licences, programmes, early warnings and checks of bad input, drawn by hand."""

import datetime as dt

import pytest

pytestmark = [pytest.mark.spec, pytest.mark.xdist_group("drawn")]


def test_a_settlement_needs_the_facility_type_of_its_size_or_a_larger_one(drawn):
    gaps = {row["settlement_kato"]: row for row in drawn("select * from staffing.fct_network_gaps")}
    assert gaps["S1"]["is_met"] and gaps["S1"]["required_facility_type"] == "fap"
    assert not gaps["S2"]["is_met"]  # 2,000 inhabitants, an ambulatory where a PHC centre is asked for
    assert not gaps["S5"]["is_met"] and gaps["S5"]["required_facility_type"] == "medical_worker"
    assert "S4" not in gaps  # no norm holds for 300 inhabitants
    assert {row["act_number"] for row in gaps.values()} == {"order 1"}


def test_equipment_is_judged_by_the_standard_of_the_facility_type(drawn):
    rows = {
        (row["facility_id"], row["equipment_type_code"]): row
        for row in drawn("select * from staffing.fct_equipment_compliance")
    }
    assert rows["F1", "ultrasound_scanner"]["compliance"] == "met"
    assert rows["F1", "ultrasound_scanner"]["is_without_specialist"]
    assert rows["F1", "xray"]["missing_count"] == 1
    assert rows["F2", "ecg"]["compliance"] == "no_standard"
    assert rows["F5", "xray"]["compliance"] == "missing"


def test_the_control_list_is_ranked_by_points_that_are_shown(drawn):
    listed = {row["facility_id"]: row for row in drawn("select * from staffing.fct_control_list")}
    assert (listed["F1"]["risk_points"], listed["F1"]["rank_in_region"]) == (14, 1)
    assert listed["F1"]["explanation"] == (
        "no_doctor_in_post 5 (paediatrics); licence_ends_soon 4 (licence); equipment_missing 3 (xray);"
        " equipment_without_specialist 2 (ultrasound)"
    )
    assert (
        listed["F2"]["explanation"]
        == "licence_expired 10 (licence); specialist_without_equipment 2 (radiology)"
    )
    assert listed["F2"]["ownership"] == "private"
    assert listed["F4"]["explanation"] == "closed_with_staff 6 (facility)"
    assert "F3" not in listed
    points = drawn(
        "select facility_id, sum(points) as points from staffing.fct_control_findings group by all"
    )
    assert {row["facility_id"]: row["points"] for row in points} == {
        name: row["risk_points"] for name, row in listed.items()
    }


def test_a_patient_counts_once_in_each_programme(drawn):
    """One patient has I10 and I11, one E11 and a deleted I10, one has died: 100 each by weight."""
    registers = drawn("select * from staffing.fct_programme_registers")
    counted = {row["programme_code"]: (row["registered_persons"], row["coverage_share"]) for row in registers}
    assert counted == {"hypertension": (100, 1), "diabetes": (100, 0)}


def test_a_register_of_one_patient_is_withheld_from_what_is_published(drawn):
    """Blank, not zero, for every facility with attached people; its teams have no row."""
    shown = drawn("select * from staffing.fct_programme_coverage")
    assert {row["programme_code"] for row in shown} == {"hypertension", "diabetes"}
    assert {row["basis"] for row in shown} == {"withheld"}
    assert {row["registered_persons"] for row in shown} == {row["coverage_share"] for row in shown} == {None}
    assert drawn("select * from staffing.fct_programme_team_gaps") == []


def test_a_doctor_who_works_for_two_programmes_is_counted_once(drawn):
    teams = drawn("select * from staffing.fct_programme_teams order by programme_code")
    assert [row["required_team_fte"] for row in teams] == pytest.approx([0.2, 0.1])
    assert sum(row["allocated_filled_fte"] for row in teams) == pytest.approx(8.5)
    assert [row["allocated_filled_fte"] for row in teams] == pytest.approx([8.5 * 2 / 3, 8.5 / 3])


def test_the_last_doctor_of_a_village_is_announced_a_year_ahead(drawn):
    """S1 has two GPs of 63: no warning. S2's therapist was born in 1963. S4's GP arrived in June 2023."""
    warnings = {row["settlement_kato"]: row for row in drawn("select * from staffing.fct_early_warnings")}
    assert set(warnings) == {"S2", "S4"}
    assert (warnings["S2"]["warning_kind"], warnings["S2"]["months_left_count"]) == ("pension_age", 12)
    assert warnings["S4"]["warning_kind"] == "end_of_service"
    assert warnings["S4"]["event_month"] == dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("check", "subjects"),
    [
        ("norms_overlap", {"N3; N4"}),
        ("norm_without_basis", {"N8"}),
        ("attached_population_missing", {"F5"}),
        ("equipment_type_unknown", {"E3"}),
        ("settlement_without_coordinates", {"S5"}),
        ("closed_facility_with_staff", {"F4"}),
        ("posts_shrink", {"F2"}),
        ("position_without_standard", {"surgery", "radiology", "ward_nurse", "midwife"}),
    ],
)
def test_bad_input_is_named_with_what_was_done_and_how_to_mend_it(drawn, check, subjects):
    found = drawn("select * from quality.fct_quality_checks where check_code = ?", check)
    assert {row["subject_id"] for row in found} == subjects
    assert all(row["explanation"] and row["how_to_mend"] for row in found)
    summary = drawn("select * from quality.fct_quality_summary where check_code = ?", check)
    assert sum(row["failures_count"] for row in summary) == len(subjects)


def test_a_shrinking_staffing_table_is_listed_with_both_totals(drawn):
    (row,) = drawn("select * from quality.fct_post_shrinkage")
    assert (float(row["earlier_budgeted_fte"]), float(row["budgeted_fte"])) == (10, 6)
    assert row["shrinkage_share"] == pytest.approx(0.4)


def test_every_delivery_is_conserved_and_found_again_in_the_landing_table(drawn):
    rows = drawn("select * from quality.fct_conservation")
    assert rows
    assert all(row["is_conserved"] and row["is_landed_confirmed"] for row in rows)


def test_the_published_rural_table_is_reproduced_to_the_digit(drawn):
    rows = drawn("select * from quality.fct_rural_practitioners order by year")
    assert [
        (row["year"], float(row["practitioner_share_percent"]), float(row["practitioners_per_10k"]))
        for row in rows
    ] == [(2009, 4.32, 0.62), (2015, 20.90, 3.23), (2020, 26.71, 4.64)]
    assert all(row["is_reproduced"] for row in rows)


def test_published_figures_that_contradict_one_another_carry_the_warning(drawn):
    rows = {row["figure_code"]: row for row in drawn("select * from quality.fct_reconciliation")}
    assert "2,327" in rows["placed_2020_total"]["warning"]
    assert rows["doctor_density_2020_1"]["is_contradicted"]
    # December 2024 stands beside the published end of 2024; July 2020 is never subtracted from a December.
    assert rows["doctor_vacancies_2024_12"]["is_same_date"]
    assert rows["doctor_vacancies_2020_07"]["difference_value"] is None
    assert "must not be subtracted" in rows["doctor_vacancies_2020_07"]["warning"]
