"""Faults that no single row shows: missing months and regions, sums that do not close, twins by look."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest
from door import GOOD_FACILITY, csv_text

from orchestration.contracts import contract_named
from orchestration.door.extents import region_boxes
from orchestration.door.lake import Lake
from orchestration.landing import land_contract
from orchestration.sources.source import MemorySource
from orchestration.validation.facts import LIMITS, table_facts
from orchestration.validation.results import kept_results
from orchestration.validation.suites import validate_contract

pytestmark = pytest.mark.faults

FAP = GOOD_FACILITY.replace("polyclinic", "fap").replace("urban", "rural")


def _failed(contract: str, settings) -> dict[str, str]:
    """Severity of the facts of the table that are not kept; its age, which grows by itself, is left out."""
    result = validate_contract(contract, settings)
    return {f.column: f.severity for f in result.failed if f.column != "age_days"}


def _broken_limits(contract: str, settings) -> dict[str, str]:
    """The same without Great Expectations, which takes its seconds: the facts against their limits."""
    lake = Lake(settings)
    with duckdb.connect() as connection:
        landed = connection.read_parquet(lake.glob(contract), hive_partitioning=False)
        facts = table_facts(contract_named(contract), landed, lake.manifest(contract), connection)
    return {
        name: LIMITS[name][2]
        for name, value in facts.items()
        if name != "age_days" and not (LIMITS[name][0] or 0) <= value <= LIMITS[name][1]
    }


def _immunizations(rows_by_month: dict[date, int]) -> MemorySource:
    schema = pa.schema([(c.name, c.arrow_type) for c in contract_named("passport_immunization").columns])
    months = [month for month, count in rows_by_month.items() for _ in range(count)]
    rows = [
        {
            "immunization_key": f"{i:032x}", "patient_key": f"{i:032x}", "facility_id": "F1",
            "vaccine_code": "62", "event_month": month,
        }
        for i, month in enumerate(months)
    ]  # fmt: skip
    return MemorySource({"passport_immunization": pa.Table.from_pylist(rows, schema=schema)}, system="test")


def _months(counts: list[int]) -> dict[date, int]:
    """Counts of the months up to September 2026, the day the memory source describes."""
    first = 2026 * 12 + 9 - len(counts)
    return {date((first + i) // 12, (first + i) % 12 + 1, 1): count for i, count in enumerate(counts)}


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ([40] * 14, {}),
        ([40] * 8 + [0] + [40] * 5, {"missing_months": "critical"}),
        ([40] * 8 + [0, 0, 0] + [40] * 5, {"missing_months": "critical"}),
        ([2] * 8 + [0] + [2] * 5, {}),
        ([40] + [0] * 11 + [40], {}),
        ([40] * 13 + [20], {"volume_ratio": "warning"}),
        ([40] * 13 + [60], {"volume_ratio": "warning"}),
        ([40] * 13 + [30], {}),
        ([40] * 10 + [0, 0], {"last_month_age_days": "warning"}),
    ],
)
def test_months_that_are_missing_late_or_of_an_odd_size_are_told(door, counts, found):
    door.land_file(csv_text(GOOD_FACILITY))
    land_contract("passport_immunization", _immunizations(_months(counts)), settings=door.settings)
    assert _broken_limits("passport_immunization", door.settings) == found


def _people(*rows: tuple[str, int, float]) -> str:
    header = "region_code,settlement,year,sex,age_band,population_persons"
    return csv_text(*(f"{r},urban,{y},male,30-34,{n}" for r, y, n in rows), header=header)


def _land_people(door, *rows: tuple[str, int, float]):
    return door.land_file(_people(*rows), name="population.csv", contract="population")


def test_a_row_of_the_nation_is_folded_and_its_regions_must_add_up_to_it(door):
    regions = [(code, year, 1000.0) for code in region_boxes() for year in (2025, 2026)]
    nation = [("KZ", 2025, 20_000.0), ("KZ", 2026, 20_050.0)]
    delivery = _land_people(door, *regions, *nation)
    assert (delivery.landed, delivery.superseded, delivery.quarantined) == (40, 2, 0)
    assert _failed("population", door.settings) == {}
    _land_people(door, *regions[:-1], *nation)
    assert _failed("population", door.settings) == {"regions_to_nation_gap_share": "critical"}
    _land_people(door, *(row for row in regions if row[0] != "KZ-79"))
    assert _broken_limits("population", door.settings) == {"missing_regions": "warning"}


def test_a_row_of_the_nation_that_breaks_another_rule_is_quarantined(door):
    delivery = _land_people(door, ("KZ-10", 2026, 1000.0), ("KZ", 2026, -5.0), ("KG", 2026, 5.0))
    assert (delivery.landed, delivery.superseded, delivery.quarantined) == (1, 0, 2)


PLACES = {
    "swapped near the western border": ("KZ-23,51.9,47.1", "swapped_coordinates"),
    "in another region": ("KZ-10,43.25,76.9", "inside_its_region"),
    "region code swapped": ("KZ-75,50.4,80.25", "inside_its_region"),
}


@pytest.mark.parametrize("fault", PLACES)
def test_a_point_outside_its_own_region_is_quarantined(door, fault):
    place, rule = PLACES[fault]
    region, latitude, longitude = place.split(",")
    row = GOOD_FACILITY.replace("KZ-10", region).replace("50.4,80.25", f"{latitude},{longitude}")
    delivery = door.land_file(csv_text(GOOD_FACILITY.replace("F1", "F2"), row))
    assert delivery.reasons == {rule: 1}
    [found] = door.quarantined()
    assert (found["line"], found["column_name"]) == (3, "latitude")


def test_a_kept_result_that_a_crash_has_cut_is_no_result_and_stops_nothing(door):
    door.land_file(csv_text(GOOD_FACILITY))
    validate_contract("facility", door.settings)
    [kept] = (door.settings.reports / "validation").iterdir()
    kept.write_text(kept.read_text()[:100])
    assert kept_results(door.settings) == []
    validate_contract("facility", door.settings)
    assert [result.contract for result in kept_results(door.settings)] == ["facility"]


def test_identifiers_that_differ_only_in_the_alphabet_stop_the_run(door):
    door.land_file(csv_text(GOOD_FACILITY.replace("F1", "A1"), FAP.replace("F1", "А1")))  # noqa: RUF001
    assert _failed("facility", door.settings)["lookalike_keys"] == "critical"
    door.land_file(csv_text(GOOD_FACILITY.replace("F1", "A1"), FAP.replace("F1", "A2")))
    assert "lookalike_keys" not in _broken_limits("facility", door.settings)


@pytest.mark.parametrize(("days", "is_old"), [(44, False), (46, True)])
def test_data_older_than_forty_five_days_are_told_by_a_warning(door, days, is_old):
    as_of = datetime.now(UTC).date() - timedelta(days=days)
    schema = pa.schema([(c.name, c.arrow_type) for c in contract_named("university").columns])
    source = MemorySource({"university": schema.empty_table()}, as_of=as_of, system="test")
    land_contract("university", source, settings=door.settings)
    failed = validate_contract("university", door.settings).failed
    assert [(f.column, f.severity) for f in failed] == ([("age_days", "warning")] if is_old else [])


def test_a_settlement_of_a_facility_is_checked_where_settlements_were_delivered(door):
    header = "facility_id,facility_name_ru,facility_type,care_level,ownership,region_code,settlement,status,settlement_kato"  # noqa: E501
    facilities = csv_text(
        "F1,Поликлиника 1,polyclinic,primary,state_communal,KZ-10,urban,active,101000000",
        "F2,Поликлиника 2,polyclinic,primary,state_communal,KZ-10,urban,active,999999999",
        header=header,
    )
    delivery = door.land_file(facilities)
    assert (delivery.landed, delivery.quarantined) == (2, 0), "no list of settlements came: nothing is wrong"

    places = csv_text(
        "101000000,Семей,KZ-10,urban", header="settlement_kato,settlement_name_ru,region_code,settlement"
    )
    door.land_file(places, name="settlements.csv", contract="settlement")
    delivery = door.land_file(facilities, name="again.csv")
    assert (delivery.landed, delivery.quarantined, delivery.reasons) == (1, 1, {"reference": 1})
