"""WISN from landed rows to the mart: WHO's worked arithmetic, and the known faults of public tools."""

import pytest

pytestmark = [pytest.mark.spec, pytest.mark.xdist_group("drawn")]

GP = """select * from staffing.fct_wisn_needs
where facility_id = 'F1' and position_code = 'gp' and period_kind = ?"""


@pytest.mark.parametrize("period", ["year", "rolling_12_months"])
def test_the_worked_example_comes_out_to_five_decimals(drawn, period):
    """217 days of 7 hours; 8,000 x 10 and 4,000 x 20 minutes; 15 percent support; 600 hours of some."""
    (need,) = drawn(GP, period)
    assert need["available_hours"] == 1519
    assert need["workload_units_count"] == 12_000
    assert need["sampled_units_count"] == 120
    assert round(need["service_staff_fte"], 5) == 1.75554
    assert round(need["category_allowance_factor"], 6) == 1.176471
    assert round(need["service_staff_fte"] * need["category_allowance_factor"], 5) == 2.06534
    assert round(need["required_wisn_fte"], 5) == 2.46034


def test_the_published_table_of_a_clinic_in_kenya_comes_out_as_printed(drawn):
    """s12960-017-0186-3, table 3: 179 days of 8 h, 100,000 x 15 minutes make 17.46; ten days of training."""
    (need,) = drawn(
        "select * from staffing.fct_wisn_needs where position_code = 'infectious' and period_kind = 'year'"
    )
    assert need["available_hours"] == 179 * 8
    assert round(need["service_staff_fte"], 2) == 17.46
    assert need["category_allowance_share"] == pytest.approx(10 / 179)
    assert need["required_wisn_fte"] == pytest.approx(3_125 / 179 / (1 - 10 / 179), abs=1e-9)


def test_day_week_month_and_year_allowances_meet_in_one_share(drawn):
    """0.05 of the day, 0.05 of the week, 0.03 by the month and 0.02 by the year make 0.15."""
    (need,) = drawn(GP, "year")
    assert need["category_allowance_share"] == pytest.approx(0.15, abs=1e-12)


def test_allowances_do_not_leak_into_another_position(drawn):
    """The paediatrician has no support standard beside a GP who has five, and 2,400 visits at 4 an hour."""
    (need,) = drawn(
        "select * from staffing.fct_wisn_needs where position_code = 'paediatrics' and period_kind = 'year'"
    )
    assert need["category_allowance_factor"] == 1
    assert need["individual_allowance_fte"] == 0
    assert need["required_wisn_fte"] == pytest.approx(600 / 1519, abs=1e-9)


def test_support_that_takes_all_the_time_is_an_error_that_names_the_position(drawn):
    needs = drawn("select * from staffing.fct_wisn_needs where position_code = 'therapy'")
    assert {need["data_status"] for need in needs} == {"invalid_allowances"}
    assert {need["required_wisn_fte"] for need in needs} == {None}
    (check,) = drawn("select * from quality.fct_quality_checks where check_code = 'allowances_exceed_time'")
    assert check["severity"] == "error"
    assert check["subject_id"] == "therapy"
    assert "100.0 percent" in check["explanation"]


def test_work_that_nobody_recorded_is_no_data_and_not_zero(drawn):
    (need,) = drawn(
        "select * from staffing.fct_wisn_needs where position_code = 'obgyn' and period_kind = 'year'"
    )
    assert need["data_status"] == "no_data"
    assert need["required_wisn_fte"] is None
    assert need["wisn_shortage_fte"] is None
    assert need["pressure_class"] == "no_data"


def test_nobody_in_post_is_a_class_of_its_own_and_not_extreme_pressure(drawn):
    (need,) = drawn(
        "select * from staffing.fct_wisn_needs where position_code = 'paediatrics' and period_kind = 'year'"
    )
    assert need["filled_fte"] == 0
    assert need["pressure_class"] == "no_staff"
    assert need["wisn_shortage_fte"] == need["required_wisn_fte"]


def test_a_position_without_standard_says_so(drawn):
    needs = drawn("select * from staffing.fct_wisn_needs where position_code = 'radiology'")
    assert {need["data_status"] for need in needs} == {"no_standard"}


def test_the_sampling_error_is_stated(drawn):
    """80 visits of 10 and 40 of 20 minutes, each standing for 100: variance w(w - 1) each."""
    (need,) = drawn(GP, "year")
    hours = (100 * 99 * (80 * (10 / 60) ** 2 + 40 * (20 / 60) ** 2)) ** 0.5
    assert need["required_wisn_error_fte"] == pytest.approx(hours / 1519 / 0.85, rel=1e-9)
