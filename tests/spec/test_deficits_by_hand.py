"""Vacant posts, norm gap and roll-ups drawn by hand: quarters, acts, shortage apart from surplus."""

import datetime as dt
from decimal import Decimal

import pytest

pytestmark = [pytest.mark.spec, pytest.mark.xdist_group("drawn")]


def test_a_department_with_too_many_hides_no_vacancy_in_another(drawn):
    """6.0 posts with 4.5 filled by 4 persons, and 3.5 posts with 4.0 filled."""
    (posts,) = drawn(
        """select * from staffing.fct_posts_monthly
        where facility_id = 'F1' and position_code = 'gp' and month = '2025-12-01'"""
    )
    assert posts["vacant_fte"] == Decimal("1.50")
    assert posts["overfilled_fte"] == Decimal("0.50")
    assert posts["combined_fte"] == Decimal("0.50")
    assert posts["funded_vacant_fte"] == posts["housed_vacant_fte"] == Decimal("1.50")
    assert posts["vacant_months"] == 6  # 15 June to 31 December


def test_unknown_persons_and_unknown_funding_are_not_zero(drawn):
    posts = drawn(
        "select * from staffing.fct_posts_monthly where facility_id = 'F1' and month = '2025-12-01'"
    )
    by_position = {row["position_code"]: row for row in posts}
    assert by_position["obgyn"]["persons_count"] is None
    assert by_position["obgyn"]["combined_fte"] is None
    assert by_position["paediatrics"]["funding_unknown_vacant_fte"] == 1
    assert by_position["paediatrics"]["vacant_months"] is None


def test_unknown_established_posts_leave_vacancies_unknown(drawn):
    """0.75 filled on a line without established posts, and half of one post filled on another."""
    rows = (
        drawn(f"select * from staffing.{table} where {where} and month = '2025-12-01'")
        for table, where in (
            ("fct_posts_monthly", "position_code = 'midwife'"),
            ("fct_deficits_monthly", "specialty_code = 'midwifery' and facility_id = 'F6'"),
            (
                "fct_deficit_rollups",
                "level = 'nation' and split = 'specialty' and specialty_code = 'midwifery'",
            ),
        )
    )
    for (row,) in rows:
        assert row["budgeted_fte"] is row["vacant_fte"] is row["overfilled_fte"] is None
        assert (row["filled_fte"], row["budget_unknown_filled_fte"]) == (Decimal("1.25"), Decimal("0.75"))


def test_a_rollup_keeps_the_known_vacancies_and_says_what_is_not_known(drawn):
    """Three posts of ward nurses are established and filled; the midwives' are not known."""
    (row,) = drawn(
        """select * from staffing.fct_deficit_rollups where level = 'nation' and split = 'all'
        and staff_category = 'nurse_mid' and month = '2025-12-01'"""
    )
    assert (row["budgeted_fte"], row["vacant_fte"], row["vacant_share"]) == (3, 0, 0)
    assert (row["filled_fte"], row["budget_unknown_filled_fte"]) == (Decimal("4.25"), Decimal("0.75"))


@pytest.mark.parametrize(
    ("where", "posts", "act", "status"),
    [
        (("F1", "gp"), (10.0, 8.5, 1.5, 0), "order 1", "in_force"),
        (("F2", "surgery"), (2.0, 2.5, 0, 0.5), "order 1", "in_force"),
        (("F1", "paediatrics"), (2.0, 0, 2.0, 0), "order 0", "repealed"),
        (("F1", "obgyn"), (2.0, 1.0, 1.0, 0), "own", "user_supplied"),
    ],
)
def test_norm_gaps_name_their_act_and_its_standing(drawn, where, posts, act, status):
    """Required, filled, shortage and surplus, in posts."""
    (gap,) = drawn(
        "select * from staffing.fct_norm_gaps where facility_id = ? and specialty_code = ?", *where
    )
    measures = ("required_norm_fte", "filled_fte", "norm_shortage_fte", "norm_surplus_fte")
    assert tuple(float(gap[name]) for name in measures) == posts
    assert (gap["norm_act_numbers"], gap["norm_status"]) == (act, status)
    assert gap["is_repealed"] == (status == "repealed")
    assert gap["is_user_supplied"] == (status == "user_supplied")


def test_norms_that_overlap_give_no_figure_and_are_named(drawn):
    gaps = drawn("select * from staffing.fct_norm_gaps where specialty_code = 'therapy'")
    assert {gap["data_status"] for gap in gaps} == {"overlapping_norms"}
    assert {gap["required_norm_fte"] for gap in gaps} == {None}
    (check,) = drawn("select * from quality.fct_quality_checks where check_code = 'norms_overlap'")
    assert check["subject_id"] == "N3; N4"


def test_a_polyclinic_without_attached_population_has_no_norm_figure(drawn):
    gaps = drawn("select * from staffing.fct_norm_gaps where facility_id = 'F5' and specialty_code = 'gp'")
    assert [gap["data_status"] for gap in gaps] == ["basis_missing"]
    assert gaps[0]["norm_shortage_fte"] is None


ROLLUP = """select * from staffing.fct_deficit_rollups
where split = 'specialty' and specialty_code = 'gp' and month = '2025-12-01' and area_code = ?"""


@pytest.mark.parametrize("area", ["KZ-10", "nation"])
def test_shortage_and_surplus_stay_apart_on_the_way_up(drawn, area):
    """F1 lacks 1.5 and F3 2.0 by norm, F6 has 1.0 too many: 3.5 and 1.0, never 2.5."""
    (row,) = drawn(ROLLUP, area)
    assert (row["norm_shortage_fte"], row["norm_surplus_fte"]) == (3.5, 1.0)
    assert row["vacant_fte"] == Decimal("1.50")
    assert row["overfilled_fte"] == Decimal("0.50")


MEASURES = ("vacant_fte", "overfilled_fte", "norm_shortage_fte", "norm_surplus_fte", "wisn_shortage_fte")


@pytest.mark.parametrize("level", ["nation", "region", "district"])
@pytest.mark.parametrize(
    "split", ["all", "specialty", "specialty_group", "care_level", "ownership", "settlement"]
)
def test_every_rollup_is_the_sum_of_its_facilities(drawn, level, split):
    sums = ", ".join(f"sum({name}) as {name}" for name in MEASURES)
    (rolled,) = drawn(
        f"select {sums} from staffing.fct_deficit_rollups where level = ? and split = ?", level, split
    )
    (facilities,) = drawn(f"select {sums} from staffing.fct_deficits_monthly")
    for name in MEASURES:
        assert float(rolled[name]) == pytest.approx(float(facilities[name]), abs=1e-5), name


def test_only_the_same_calendar_month_is_compared(drawn):
    pairs = drawn("select distinct month, earlier_month from staffing.fct_deficit_changes")
    assert pairs == [{"month": dt.date(2025, 12, 1), "earlier_month": dt.date(2024, 12, 1)}]
    refused = drawn("select * from quality.fct_comparable_months where not is_comparable")
    assert {row["earlier_month"] for row in refused} == {dt.date(2025, 11, 1), dt.date(2024, 12, 1)}
    assert all("Different calendar months" in row["refusal_reason"] for row in refused)
