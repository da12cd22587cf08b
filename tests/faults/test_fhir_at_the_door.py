"""Faults of FHIR exports, and the promise that what is not on the allow-list never reaches the disk."""

import gzip
import json

import pytest

from orchestration.errors import UserError

pytestmark = pytest.mark.faults

CROSSWALK = "foreign_state,foreign_city,region_code,settlement,coordinates\nKS,,KZ-10,urban,blank\n"
DECLARED = "kind: fhir, path: export, role_fte: 1.0, declared: {facility_type: other, care_level: primary, ownership: private}"  # noqa: E501
PATIENT = {
    "resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1980-05-17",
    "identifier": [{"system": "urn:iin", "value": "800517400123"}], "address": [{"state": "KS", "city": "Emporia"}],  # noqa: E501
}  # fmt: skip
ORGANIZATION = {
    "resourceType": "Organization", "id": "o1", "name": "Clinic", "identifier": [{"system": "urn:org", "value": "CL-1"}],  # noqa: E501
    "address": [{"state": "KS"}],
}  # fmt: skip
R4 = {
    "resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "IMP"},
    "subject": {"reference": "Patient/p1"}, "serviceProvider": {"reference": "Organization?identifier=urn:org|CL-1"},  # noqa: E501
    "period": {"start": "2026-01-31T20:00:00Z", "end": "2026-02-05T09:00:00Z"},
    "reasonCode": [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "I10.9"}]}],
}  # fmt: skip
R5 = {
    "resourceType": "Encounter", "id": "e2", "status": "completed", "class": [{"coding": [{"code": "AMB"}]}],
    "subject": {"reference": "urn:uuid:p1"}, "serviceProvider": {"reference": "https://host/fhir/Organization/o1"},
    "actualPeriod": {"start": "2026-03-01"},
    "reason": [{"value": [{"concept": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "E11"}]}}]}],  # noqa: E501
}  # fmt: skip


@pytest.fixture
def fhir(door):
    head = door.key() + "crosswalk: crosswalk.csv\n"
    (door.folder / "crosswalk.csv").write_text(CROSSWALK)
    export = door.folder / "export"
    export.mkdir()

    def write(**files):
        for name, content in files.items():
            lines = [json.dumps(item) if isinstance(item, dict) else item for item in content]
            (export / f"{name}.ndjson").write_text("".join(f"{line}\n" for line in lines))

    def land(contract):
        return door.land(contract, DECLARED, head=head)

    door.write, door.land_fhir, door.export = write, land, export
    write(Patient=[PATIENT], Organization=[ORGANIZATION], Encounter=[R4, R5])
    return door


def test_encounters_of_both_versions_and_all_reference_styles_land(fhir):
    assert fhir.land_fhir("facility").landed == 1
    assert fhir.land_fhir("passport_encounter").landed == 2
    first, second = sorted(fhir.rows("passport_encounter"), key=lambda row: row["event_month"])
    # 20:00 UTC on 31 January is already February in Almaty.
    assert (str(first["event_month"]), first["class_code"], first["length_of_stay_days"]) == (
        "2026-02-01",
        "IMP",
        4,
    )
    assert (first["reason_icd10_code"], first["age_band"], first["facility_id"]) == ("I10", "45-49", "CL-1")
    assert (second["reason_icd10_code"], second["facility_id"], second["class_code"]) == (
        "E11",
        "CL-1",
        "AMB",
    )
    assert first["patient_key"] == second["patient_key"] != "p1"


def test_bad_lines_are_quarantined_with_their_number(fhir):
    fhir.write(
        Encounter=[
            R4,
            '{"resourceType": "Encounter", "id": ',
            {**R4, "resourceType": "Patient"},
            {key: value for key, value in R4.items() if key != "id"},
            {**R4, "id": "e3", "subject": {"reference": "Patient/unknown"}},
            {**R4, "id": "e4", "status": "cancelled"},
            {**R4, "id": "e5", "period": {"start": "2027-01-01"}},
            {**R4, "id": "e6", "period": {"start": "1970-01-01"}},
            {**R4, "id": "e7", "serviceProvider": {"reference": "Organization/unknown"}},
            '{"resourceType": "Encounter", "id": "e8", "length": NaN}',
        ]
    )
    fhir.land_fhir("facility")
    delivery = fhir.land_fhir("passport_encounter")
    assert delivery.landed == 1
    found = {row["line"]: row["rule"] for row in fhir.quarantined()}
    assert found == {
        2: "not_json", 3: "wrong_resource", 4: "missing_id", 5: "patient_not_delivered", 6: "did_not_happen",
        7: "future_month", 8: "before_birth", 9: "reference", 10: "not_json",
    }  # fmt: skip


def test_the_newest_version_stays_and_the_older_is_superseded(fhir):
    old = {**R4, "meta": {"lastUpdated": "2026-03-01T00:00:00Z"}}
    new = {**R4, "meta": {"lastUpdated": "2026-03-01T10:00:00+05:00"}, "class": {"code": "AMB"}}
    fhir.write(Encounter=[new, old])
    fhir.land_fhir("facility")
    delivery = fhir.land_fhir("passport_encounter")
    assert (delivery.landed, delivery.superseded) == (1, 1)
    assert fhir.rows("passport_encounter")[0]["class_code"] == "AMB"


def test_deleted_records_become_tombstones_and_do_not_land(fhir):
    entry = {"request": {"method": "DELETE", "url": "Encounter/e2"}}
    fhir.write(
        deleted=[
            {
                "resourceType": "Bundle",
                "type": "transaction",
                "timestamp": "2026-05-02T00:00:00Z",
                "entry": [entry],
            }
        ]
    )
    fhir.land_fhir("facility")
    delivery = fhir.land_fhir("passport_encounter")
    assert (delivery.landed, delivery.superseded) == (1, 1)
    assert fhir.land_fhir("passport_tombstone").landed == 1
    assert str(fhir.rows("passport_tombstone")[0]["deleted_month"]) == "2026-05-01"


def test_an_address_without_a_crosswalk_row_is_quarantined_with_that_reason(fhir):
    fhir.write(Patient=[PATIENT, {**PATIENT, "id": "p2", "address": [{"state": "TX"}]}])
    assert fhir.land_fhir("passport_patient").reasons == {"geography_not_covered": 1}


def test_a_file_cut_at_a_newline_is_found_by_the_manifest(fhir):
    manifest = {
        "transactionTime": "2026-06-01T00:00:00Z",
        "output": [{"type": "Encounter", "url": "https://host/Encounter.ndjson", "count": 3}],
    }
    (fhir.export / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UserError, match="has 2 records of Encounter, the manifest says 3"):
        fhir.land_fhir("passport_encounter")


def test_a_file_cut_inside_a_record_and_a_cut_gzip_are_refused(fhir):
    path = fhir.export / "Encounter.ndjson"
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    fhir.land_fhir("facility")
    with pytest.raises(UserError, match="cut"):
        fhir.land_fhir("passport_encounter")
    path.unlink()
    (fhir.export / "Encounter.ndjson.gz").write_bytes(gzip.compress(whole)[:-12])
    with pytest.raises(UserError, match="cut"):
        fhir.land_fhir("passport_encounter")


def _with_canaries(resource: dict, allowed: set[str], path: str = "") -> dict:
    """The resource with a canary in every element that is not allowed, and in unknown new ones everywhere."""
    planted = {}
    for key, value in resource.items():
        here = f"{path}.{key}" if path else key
        if here in allowed:
            planted[key] = value
        elif isinstance(value, dict):
            planted[key] = _with_canaries(value, allowed, here)
        elif isinstance(value, list):
            planted[key] = [
                _with_canaries(v, allowed, here) if isinstance(v, dict) else "CANARY-list" for v in value
            ]
        else:
            planted[key] = f"CANARY-{here}"
    planted.update(
        {
            "text": {"status": "generated", "div": "<div>CANARY-div</div>"},
            "extension": [
                {
                    "url": "urn:CANARY-url",
                    "valueString": "CANARY-extension",
                    "valueAddress": {"city": "CANARY-ext"},
                }
            ],
            "contained": [{"resourceType": "Patient", "id": "c", "name": [{"family": "CANARY-contained"}]}],
            "note": [{"text": "CANARY-note"}],
            "display": "CANARY-display",
            "unheardOf": {"deep": ["CANARY-deep"]},
        }
    )
    return planted


def test_a_canary_in_every_element_off_the_allow_list_appears_nowhere_on_disk(fhir, capfd):
    person = {
        "name": [{"family": "F", "given": ["G"]}], "telecom": [{"system": "phone", "value": "v"}], "photo": [{"url": "u"}],  # noqa: E501
        "maritalStatus": {"text": "t"}, "contact": [{"name": {"family": "f"}}], "communication": [{"language": {"text": "l"}}],  # noqa: E501
    }  # fmt: skip
    patient = {
        **PATIENT,
        **person,
        "address": [
            {**PATIENT["address"][0], "line": ["l"], "text": "t", "district": "d", "postalCode": "1"}
        ],
    }
    allowed = {
        "resourceType", "id", "gender", "birthDate", "address.state", "address.city", "address.postalCode", "status",  # noqa: E501
        "class.code", "subject.reference", "serviceProvider.reference", "period.start", "period.end",
        "reasonCode.coding.system", "reasonCode.coding.code", "code.coding.system", "code.coding.code",
        "vaccineCode.coding.code", "patient.reference", "performedDateTime", "occurrenceDateTime", "clinicalStatus",  # noqa: E501
        "identifier.system", "identifier.value", "encounter.reference",
    }  # fmt: skip
    extra = {
        "subject": {"reference": "Patient/p1", "display": "d"},
        "participant": [{"individual": {"display": "d"}}],
    }
    coded = {
        "coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "I10", "display": "d"}],
        "text": "t",
    }
    condition = {
        "resourceType": "Condition",
        "id": "c1",
        "code": coded,
        "recorder": {"display": "d"},
        **extra,
    }
    procedure = {"resourceType": "Procedure", "id": "r1", "status": "completed", "performedDateTime": "2026-03-01",  # noqa: E501
                 "code": coded, "encounter": {"reference": "Encounter/e1"}, **extra}  # fmt: skip
    dose = {"resourceType": "Immunization", "id": "i1", "status": "completed", "occurrenceDateTime": "2026-03-01",  # noqa: E501
            "vaccineCode": {"coding": [{"code": "62", "display": "d"}]}, "lotNumber": "l",
            "encounter": {"reference": "Encounter/e1"}, "patient": {"reference": "Patient/p1"}}  # fmt: skip
    refused = {
        **R4,
        **extra,
        "id": "e9",
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2030-01-01"},
    }
    fhir.write(
        Patient=[_with_canaries(patient, allowed), _with_canaries({**patient, "id": "p2", "address": [{"state": "TX", "line": ["l"]}]}, allowed)],  # noqa: E501
        Encounter=[_with_canaries({**R4, **extra}, allowed), _with_canaries(refused, allowed), '{"resourceType": "Encounter", "x": "CANARY-broken'],  # noqa: E501
        Condition=[_with_canaries(condition, allowed)],
        Procedure=[_with_canaries(procedure, allowed)],
        Immunization=[_with_canaries(dose, allowed)],
    )  # fmt: skip
    planted = "".join(path.read_text() for path in fhir.export.glob("*.ndjson")).count("CANARY")
    assert planted > 100, "the test must plant what it looks for"
    landed = 0
    for contract in (
        "facility",
        "passport_patient",
        "passport_encounter",
        "passport_condition",
        "passport_procedure",
        "passport_immunization",
    ):
        landed += fhir.land_fhir(contract).landed
    assert landed == 6
    assert len(fhir.quarantined()) == 3
    out = capfd.readouterr()
    assert "CANARY" not in out.out + out.err
    identifiers = (b"CANARY", b"800517400123", b"1980-05-17", b'"p1"')
    for path in fhir.settings.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".parquet":
                content += json.dumps(_everything(path), default=str).encode()
            assert not [word for word in identifiers if word in content], path


def _everything(path):
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    return [table.to_pylist(), str(table.schema.metadata)]
