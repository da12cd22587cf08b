"""From sources to the lake, the delivery table, the suites and the report."""

import os
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from orchestration.contracts import CONTRACTS, contract_named
from orchestration.landing import finish_landing, land_contract
from orchestration.settings import ROOT, Settings
from orchestration.source_config import read_source_config
from orchestration.sources.anonymise import make_key
from orchestration.sources.opening import source_for
from orchestration.sources.source import MemorySource

pytestmark = pytest.mark.integration

SHARED = Path(os.environ.get("MEDKADR_SHARED_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture
def settings(tmp_path):
    return Settings(
        home=tmp_path / "home", config_path=None, boundaries_path=None, threads=1, memory_limit="500MB"
    )


def _read(settings, table):
    return duckdb.sql(
        f"from read_parquet('{settings.landing / table}/**/*.parquet', hive_partitioning = false)"
    ).to_arrow_table()


def test_contracts_that_nobody_brings_have_empty_tables_of_their_schema(settings):
    finish_landing(settings)
    for contract in CONTRACTS:
        table = _read(settings, contract.name)
        assert table.num_rows == 0
        assert table.column_names == contract.arrow_schema.names
    assert _read(settings, "delivery").num_rows == 0
    assert _read(settings, "quarantine").num_rows == 0


def _posts(rows):
    schema = pa.schema([(column.name, column.arrow_type) for column in contract_named("staff_post").columns])
    from decimal import Decimal

    return pa.Table.from_pylist(
        [
            {
                "post_id": f"P{i}", "facility_id": facility, "department": f"D{i}", "position_code": "gp",
                "specialty_code": "gp", "staff_category": "doctor", "budgeted_fte": Decimal("1.00"),
                "filled_fte": Decimal("1.00"), "month": month,
            }
            for i, (facility, month) in enumerate(rows)
        ],
        schema=schema,
    )  # fmt: skip


def _facilities(*names):
    schema = pa.schema([(column.name, column.arrow_type) for column in contract_named("facility").columns])
    return pa.Table.from_pylist(
        [
            {
                "facility_id": name, "facility_name_ru": name, "facility_type": "polyclinic", "care_level": "primary",  # noqa: E501
                "ownership": "private", "region_code": "KZ-10", "settlement": "urban", "status": "active",
            }
            for name in names
        ],
        schema=schema,
    )  # fmt: skip


def test_a_table_of_posts_that_loses_a_third_is_stopped_and_says_what_is_missing(settings):
    from orchestration.validation.facts import post_drop
    from orchestration.validation.suites import validate_contract

    august, september = date(2026, 8, 1), date(2026, 9, 1)
    rows = [("F1", august)] * 5 + [("F2", august)] * 5 + [("F1", september)] * 5
    tables = {"facility": _facilities("F1", "F2"), "staff_post": _posts(rows)}
    source = MemorySource(tables, system="test")
    for name in tables:
        assert land_contract(name, source, settings=settings).quarantined == 0
    drop = post_drop(settings)
    assert drop.is_too_large
    assert drop.missing == (("KZ-10", 1, 5),)
    result = validate_contract("staff_post", settings)
    assert not result.is_met
    assert [finding.column for finding in result.failed if finding.severity == "critical"] == ["drop_share"]
    page = (settings.reports / "validation.html").read_text()
    assert "drop_share" in page
    assert not [word for word in ("http://", "https://", "src=", "@import") if word in page]


def test_a_suite_finds_what_somebody_wrote_past_the_door(settings):
    import pyarrow.parquet as pq

    from orchestration.validation.suites import validate_contract

    source = MemorySource({"facility": _facilities("F1", "F2")}, system="test")
    land_contract("facility", source, settings=settings)
    assert validate_contract("facility", settings).is_met
    path = settings.landing / "facility" / "part-0.parquet"
    table = pq.read_table(path)
    index = table.column_names.index("region_code")
    pq.write_table(table.set_column(index, "region_code", pa.array(["KZ-10", "KZ-99"])), path)
    result = validate_contract("facility", settings)
    assert not result.is_met
    assert {finding.column for finding in result.failed if finding.severity == "critical"} == {"region_code"}


def test_large_tables_are_judged_by_counts_with_the_same_findings(settings, monkeypatch):
    from orchestration.validation import suites

    land_contract("facility", MemorySource({"facility": _facilities("F1")}, system="test"), settings=settings)
    by_frame = suites.validate_contract("facility", settings)
    monkeypatch.setattr(suites, "LARGEST_FRAME_ROWS", 0)
    by_counts = suites.validate_contract("facility", settings)
    assert (by_frame.method, by_counts.method) == ("frame", "counts")
    assert by_frame.is_met
    assert by_counts.is_met


def test_a_small_embedded_country_lands_with_its_planted_faults_explained(settings):
    from orchestration.sources.embedded_source import EmbeddedSource

    source = EmbeddedSource(seed=7, sampling_fraction=0.001)
    for name in ("settlement", "facility", "university", "graduate", "population", "passport_patient"):
        delivery = land_contract(name, source, settings=settings)
        assert delivery.landed > 0.99 * delivery.records_in
        assert sum(delivery.reasons.values()) == delivery.quarantined
    assert land_contract("facility", source, settings=settings).is_unchanged


@pytest.mark.skipif(
    not (SHARED / "fhir-sample").is_dir(),
    reason=f"the FHIR sample is not at {SHARED}; set MEDKADR_SHARED_DATA",
)
def test_the_real_fhir_sample_lands_through_a_crosswalk_to_the_unit(settings, tmp_path, capsys):
    make_key(tmp_path / "secret.key", settings.home)
    (tmp_path / "crosswalk.csv").write_text(
        "foreign_state,foreign_city,region_code,settlement,coordinates\n"
        "KS,,KZ-10,urban,blank\nKS,Emporia,KZ-11,rural,blank\nKS,Wichita,KZ-75,urban,blank\n"
    )
    names = (
        "facility, staff_post, passport_patient, passport_encounter, passport_condition, passport_procedure"
    )
    (tmp_path / "sources.yml").write_text(
        "as_of: 2023-03-31\npseudonym_key_file: secret.key\ncrosswalk: crosswalk.csv\nsources:\n"
        f"  - contracts: [{names}, passport_immunization]\n    kind: fhir\n    path: {SHARED / 'fhir-sample'}\n"  # noqa: E501
        "    role_fte: 1.0\n    declared: {facility_type: other, care_level: primary, ownership: private}\n"
    )
    config = read_source_config(tmp_path / "sources.yml")
    counts = {}
    for contract in CONTRACTS:
        delivery = land_contract(contract, source_for(contract, config, settings), settings=settings)
        print(delivery.sentence())
        assert delivery.records_in == delivery.landed + delivery.superseded + delivery.quarantined
        assert _read(settings, contract.name).num_rows == delivery.landed
        counts[contract.name] = (delivery.records_in, delivery.landed, delivery.quarantined)
    assert counts["facility"] == (87, 43, 1)  # 43 locations are folded into their organisations
    assert counts["passport_patient"] == (13, 13, 0)
    assert counts["passport_encounter"] == (1215, 1215, 0)
    # Coded in SNOMED CT: of the sample's codes only the common diagnoses have an ICD-10 code in our table.
    assert counts["passport_condition"] == (555, 57, 498)
    assert counts["passport_procedure"] == (2056, 2056, 0)
    assert counts["passport_immunization"] == (161, 161, 0)
    finish_landing(settings)
    everything = "".join(str(_read(settings, contract.name).to_pylist()) for contract in CONTRACTS)
    for person in ("Upton904", "999-94-5397", "1927-05-21", "129c6ac7-8d06-89de-ad63-0204a93e76c3"):
        assert person not in everything
