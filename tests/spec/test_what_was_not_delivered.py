"""A registry that did not arrive leaves its figures unknown: no zero, no gap, and no run that breaks."""

from pathlib import Path

import drawn_country
import duckdb
import pytest

pytestmark = [pytest.mark.spec, pytest.mark.xdist_group("drawn")]

WITHOUT_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
MODELS = ["+path:models/marts/staffing", "+path:models/marts/service"]


def built_without(folder: Path, *contracts: str, **changed: list) -> duckdb.DuckDBPyConnection:
    """The drawn country of which some contracts never came, and some came otherwise."""
    tables = {name: rows for name, rows in drawn_country.rows().items() if name not in contracts}
    drawn_country.land(folder / "landing", tables | changed)
    drawn_country.build(folder, "build", *WITHOUT_TESTS, "--select", *MODELS)
    return duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)


def test_without_equipment_calendar_and_events_of_service(tmp_path):
    with built_without(tmp_path, "equipment", "leave_calendar", "service_event") as connection:
        equipment = connection.execute("from staffing.fct_equipment_compliance").fetchall()
        findings = connection.execute("select distinct finding_code from staffing.fct_control_findings")
        found = {row[0] for row in findings.fetchall()}
        allowances = connection.execute(
            """select count(*), count(category_allowance_share), count(category_allowance_factor),
                count(individual_allowance_fte) from staffing.fct_wisn_needs"""
        ).fetchone()
        ledger = connection.execute("select facility_id, served_months from service.fct_ledger").fetchall()
    assert equipment == [] and not {code for code in found if "equipment" in code}
    assert allowances[0] > 0 and allowances[1:] == (0, 0, 0)
    assert ledger == [(None, None)], "a duty of which nobody has told how far it is served"


def test_a_year_that_a_facility_does_not_tell_of_is_blank_and_no_fall(tmp_path):
    posts = [
        row | ({"budgeted_fte": None} if row["position_code"] == "paediatrics" else {})
        for row in drawn_country.posts()
        if row["month"] != drawn_country.DECEMBER or row["facility_id"] != "F6"
    ]
    for row in posts:
        if row["month"] != drawn_country.DECEMBER and row["position_code"] == "paediatrics":
            row["budgeted_fte"] = 1.0
    drawn_country.land(tmp_path / "landing", drawn_country.rows() | {"staff_post": posts})
    drawn_country.build(tmp_path, "build", *WITHOUT_TESTS, "--select", "+int_vacancies_yearly")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        yearly = connection.execute(
            """select specialty_code, filled_fte, vacant_fte from intermediate.int_vacancies_yearly
            where region_code = 'KZ-10' and year = $year order by all""",
            {"year": 2025},
        ).fetchall()
    told = {specialty: figures for specialty, *figures in yearly}
    # F6 held 2 of 10.5 filled posts of GPs and none that was vacant; F4 is closed and nobody misses it.
    assert told["gp"] == [None, 1.5]
    assert told["paediatrics"] == [0.0, None], "F1 does not tell its established posts any more"
    assert told["obgyn"] == [1.0, 0.0]


def test_without_the_register_of_facilities(tmp_path):
    with built_without(tmp_path, "facility") as connection:
        gaps = connection.execute(
            "select count(*), count(is_met), count(facilities_count) from staffing.fct_network_gaps"
        ).fetchone()
        coverage = connection.execute("from staffing.fct_programme_coverage").fetchall()
    assert gaps[0] > 0 and gaps[1:] == (0, 0)
    assert coverage == []


def test_without_staffing_tables_and_with_a_facility_at_an_unnamed_place(tmp_path):
    facilities = drawn_country.facilities()
    facilities[0]["settlement_kato"] = None  # F1, a polyclinic of the first district
    with built_without(tmp_path, "staff_post", facility=facilities) as connection:
        reach = connection.execute(
            """select count(*), count(accessibility_per_10k), count(facilities_in_reach_count)
            from staffing.fct_accessibility"""
        ).fetchone()
        gaps = dict(
            connection.execute("select settlement_kato, is_met from staffing.fct_network_gaps").fetchall()
        )
    assert reach[0] > 0 and reach[1:] == (0, 0)
    # The polyclinic may stand in either village of its district; S5 lies in another region.
    assert gaps == {"S1": None, "S2": None, "S3": True, "S5": False}
