"""Other exports than the one at hand: their shapes are read, or refused with the place and the reason."""

import csv
import json

import pytest
from door import Door
from test_fhir_at_the_door import DECLARED, ORGANIZATION, PATIENT, R4, R5

from orchestration.errors import UserError

pytestmark = pytest.mark.faults

CROSSWALK = "foreign_state,region_code,settlement,coordinates\nKS,KZ-10,urban,blank\n"
NO_PROVIDER = {key: value for key, value in R4.items() if key != "serviceProvider"}


class Export:
    """An export folder and the door behind it."""

    def __init__(self, door: Door) -> None:
        self.door, self.folder = door, door.folder / "export"
        self.folder.mkdir()
        self.head = door.key() + "crosswalk: crosswalk.csv\n"
        (door.folder / "crosswalk.csv").write_text(CROSSWALK)
        self.write("Patient", PATIENT)
        self.write("Organization", ORGANIZATION)

    def write(self, name: str, *records: dict | str) -> None:
        lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
        (self.folder / f"{name}.ndjson").write_text("".join(f"{line}\n" for line in lines))

    def land(self, contract: str, declared: str = DECLARED):
        return self.door.land(contract, declared, head=self.head)

    def encounters(self, *records: dict | str):
        """Land encounters; the rows by the number of their line that landed, and the rules of the others."""
        self.write("Encounter", *records)
        self.land("facility")
        self.land("passport_encounter")
        refused = {row["line"]: row["rule"] for row in self.door.quarantined() if row["line"]}
        return self.door.rows("passport_encounter"), refused


@pytest.fixture
def export(door):
    return Export(door)


def test_an_r5_encounter_is_known_by_its_period_where_it_states_no_class(export):
    bare = {key: value for key, value in R5.items() if key != "class"}
    rows, refused = export.encounters(R5, {**bare, "id": "e3"})
    assert [row["class_code"] for row in rows] == ["AMB"]
    assert refused == {2: "required"}
    export.land("passport_encounter", DECLARED.replace("{", "{class_code: OTHER, "))
    assert {row["class_code"] for row in export.door.rows("passport_encounter")} == {"AMB", "OTHER"}


def test_the_words_of_older_versions_are_classes_too(export):
    rows, _ = export.encounters(
        {**R4, "class": "inpatient"}, {**R4, "id": "e2", "class": {"code": "ambulatory"}}
    )
    assert sorted(row["class_code"] for row in rows) == ["AMB", "IMP"]


PATIENT_REFERENCES = {
    "absolute with a version": ({"reference": "https://h/fhir/Patient/p1/_history/3"}, None),
    "conditional": ({"reference": "Patient?identifier=urn:iin|800517400123"}, None),
    "conditional, percent-encoded": ({"reference": "Patient?identifier=urn%3Aiin%7C800517400123"}, None),
    "identifier without its system": ({"identifier": {"value": "800517400123"}}, None),
    "another type with the same id": ({"reference": "Group/p1"}, "patient_not_delivered"),
    "contained": ({"reference": "#c"}, "no_patient"),
    "text instead of an object": ("Patient/p1", "no_patient"),
}


@pytest.mark.parametrize("style", PATIENT_REFERENCES)
def test_a_reference_means_the_patient_or_nobody(export, style):
    reference, rule = PATIENT_REFERENCES[style]
    rows, refused = export.encounters({**R4, "subject": reference})
    assert (len(rows), refused) == ((0, {1: rule}) if rule else (1, {}))


def test_an_organisation_and_a_location_of_one_id_are_not_mixed_up(export):
    export.write("Organization", {**ORGANIZATION, "id": "1"})
    export.write("Location", {"resourceType": "Location", "id": "1", "name": "X", "address": {"state": "KS"}})
    rows, _ = export.encounters(
        {**R4, "serviceProvider": {"reference": "Organization/1"}},
        {**R4, "id": "e2", "serviceProvider": {"reference": "Location/1"}},
    )
    assert sorted(row["facility_id"] for row in rows) == ["1", "CL-1"]


def test_the_place_is_taken_from_a_contained_organisation_or_the_role_that_took_part(export):
    role = {"resourceType": "PractitionerRole", "id": "r1", "organization": {"reference": "Organization/o1"}}
    export.write("PractitionerRole", role)
    inside = {"resourceType": "Organization", "id": "o", "identifier": ORGANIZATION["identifier"]}
    rows, refused = export.encounters(
        {**R4, "serviceProvider": {"reference": "#o"}, "contained": [inside]},
        {**NO_PROVIDER, "id": "e2", "participant": [{"individual": {"reference": "PractitionerRole/r1"}}]},
        {**NO_PROVIDER, "id": "e3"},
    )
    assert [row["facility_id"] for row in rows] == ["CL-1", "CL-1"]
    assert refused == {3: "required"}


def test_records_that_must_not_be_understood_by_half_are_quarantined(export):
    rows, refused = export.encounters(
        {**R4, "modifierExtension": [{"url": "urn:not-done", "valueBoolean": True}]},
        '{"resourceType": "Encounter", "id": "a", "id": "b"}',
        {**R4, "id": "e3", "status": ["finished"]},
        {**R4, "id": "e4", "period": {"start": "0001-01-01T00:00:00+14:00"}},
        {**R4, "id": "e5"},
    )
    assert len(rows) == 1
    assert refused == {1: "modifier_extension", 2: "not_json", 3: "wrong_shape", 4: "no_month"}


def test_the_newest_version_of_a_patient_gives_the_age_wherever_it_stands(export):
    new = {**PATIENT, "meta": {"lastUpdated": "2026-02-01T00:00:00Z"}, "birthDate": "1950-05-17"}
    old = {**PATIENT, "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}}
    export.write("Patient", new, old)
    rows, _ = export.encounters(R4)
    assert rows[0]["age_band"] == "75-79"


WRONG_FILES = {
    "a Bundle as .json": ("Encounter.json", {"resourceType": "Bundle"}, "neither NDJSON nor the manifest"),
    "broken JSON": ("notes.json", "{", "no readable JSON"),
    "a Bundle of resources": (
        "b.ndjson", {"resourceType": "Bundle", "entry": [{"resource": R4}]}, "a Bundle that holds resources",
    ),
    "pretty-printed": ("Encounter.ndjson", json.dumps(R4, indent=1), "over many lines"),
    "the server's error in the place of the records": (
        "Encounter.ndjson", {"resourceType": "OperationOutcome"}, "holds OperationOutcome and not Encounter",
    ),
    "no FHIR": ("b.ndjson", "hello", "none of its first lines"),
    "packed otherwise": ("Encounter.ndjson.zip", "PK", "no NDJSON by its name"),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG_FILES)
def test_a_file_that_would_not_be_read_is_refused_and_not_left_out_in_silence(export, fault):
    name, content, why = WRONG_FILES[fault]
    text = content if isinstance(content, str) else json.dumps(content)
    (export.folder / name).write_text(text + "\n")
    with pytest.raises(UserError, match=why) as told:
        export.land("passport_encounter")
    assert name in told.value.where
    assert told.value.mend


OUTPUT = [
    {"type": name, "url": f"https://h/x?file={name}"} for name in ("Patient", "Organization", "Encounter")
]
MANIFESTS = {
    "a deleted file that was not fetched": (
        {"deleted": [{"type": "Bundle", "url": "https://h/d.ndjson"}]}, "lists 1 file.* of Bundle",
    ),
    "an error of the server": (
        {"error": [{"type": "OperationOutcome", "url": "https://h/e.ndjson"}]},
        "reports 1 error.*exception",
    ),
    "a file too many": ({"output": OUTPUT[:2]}, "lists no file of Encounter"),
    "a count that differs": (
        {"output": [*OUTPUT[:2], {**OUTPUT[2], "count": 9}]}, "has 1 records of Encounter",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", MANIFESTS)
def test_an_export_that_differs_from_its_manifest_is_refused(export, fault):
    changes, why = MANIFESTS[fault]
    export.write("Encounter", R4)
    if "error" in changes:
        issue = {"severity": "error", "code": "exception", "diagnostics": "Ivanov Ivan"}
        export.write("e", {"resourceType": "OperationOutcome", "issue": [issue]})
    content = {"transactionTime": "2026-06-01T00:00:00Z", "output": OUTPUT, **changes}
    (export.folder / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(UserError, match=why) as told:
        export.land("passport_encounter")
    assert "Ivanov" not in str(told.value)


def test_an_export_that_agrees_with_its_manifest_lands_whatever_its_files_are_called(export):
    export.write("Encounter", R4)
    (export.folder / "manifest.json").write_text(
        json.dumps({"transactionTime": "2026-06-01T00:00:00Z", "output": OUTPUT, "error": []})
    )
    export.land("facility")
    assert export.land("passport_encounter").landed == 1


def area(name: str, part_of: str = "", kind: str = "jdn") -> dict:
    above = {"partOf": {"reference": f"Location/{part_of}"}} if part_of else {}
    physical = {"physicalType": {"coding": [{"code": kind}]}}
    return {"resourceType": "Location", "id": name, "name": name, **physical, **above}


def test_a_care_services_registry_lands_by_its_areas_wards_and_services(export):
    site = {
        "resourceType": "Location", "id": "site", "name": "Site",
        "partOf": {"reference": "Location/district"}, "managingOrganization": {"reference": "Organization/h"},
    }  # fmt: skip
    hospital = {
        "resourceType": "Organization",
        "id": "h",
        "name": "Hospital",
        "identifier": [{"value": "H-1"}],
    }
    department = {
        "resourceType": "Organization", "id": "d", "name": "Surgery",
        "partOf": {"reference": "Organization/h"}, "type": [{"coding": [{"code": "dept"}]}],
    }  # fmt: skip
    service = {
        "resourceType": "HealthcareService",
        "id": "s",
        "providedBy": {"reference": "Organization/h"},
    }
    cardiology = [{"coding": [{"system": "http://snomed.info/sct", "code": "394579002"}]}]
    roles = [
        {"resourceType": "PractitionerRole", "id": name, "specialty": cardiology, key: value}
        for name, key, value in (
            ("r1", "organization", {"reference": "Organization/d"}),
            ("r2", "location", [{"reference": "Location/room"}]),
            ("r3", "healthcareService", [{"reference": "HealthcareService/s"}]),
        )
    ]
    export.write("Organization", hospital, department)
    export.write(
        "Location", area("KS"), area("district", "KS"), site, area("ward", "site", "wa"),
        area("room", "ward", "ro"), {"resourceType": "Location", "id": "post", "name": "Post",
                                     "partOf": {"reference": "Location/district"}},
    )  # fmt: skip
    export.write("HealthcareService", service)
    export.write("PractitionerRole", *roles)
    facilities = export.land("facility")
    # Hospital and post land; department, site, ward and room are folded; two areas are no facilities.
    assert (facilities.landed, facilities.superseded, facilities.quarantined) == (2, 4, 2)
    assert {row["facility_id"]: row["region_code"] for row in export.door.rows("facility")} == {
        "H-1": "KZ-10",
        "post": "KZ-10",
    }
    posts = export.land("staff_post")
    assert (posts.landed, posts.superseded) == (1, 2)
    assert float(export.door.rows("staff_post")[0]["filled_fte"]) == 3
    assert export.door.rows("staff_post")[0]["budgeted_fte"] is None, "a role knows no established post"


def test_the_template_of_a_crosswalk_lists_what_is_missing_and_once_filled_in_covers_it(export, capsys):
    from orchestration.commands.crosswalk import crosswalk

    texan = {**PATIENT, "id": "p2", "address": [{"state": "TX", "city": "Waco"}]}
    export.write(
        "Patient", PATIENT, texan, {**texan, "id": "p3", "address": [{"state": "tx", "city": "WACO"}]}
    )
    assert export.land("passport_patient").reasons == {"geography_not_covered": 2}
    crosswalk(export.door.folder / "sources.yml")
    assert "1 places, 2 records" in capsys.readouterr().out
    template = export.door.folder / "missing_places.csv"
    [row] = csv.DictReader(template.read_text().splitlines())
    assert (row["foreign_state"], row["foreign_city"], row["region_code"]) == ("TX", "Waco", "")
    (export.door.folder / "crosswalk.csv").write_text(template.read_text())
    assert export.land("passport_patient").landed == 0
    filled = template.read_text().replace("TX,Waco,,,,,", "TX,Waco,,KZ-11,,,rural")
    (export.door.folder / "crosswalk.csv").write_text(filled)
    assert export.land("passport_patient").landed == 2
    with pytest.raises(SystemExit):
        crosswalk(export.door.folder / "sources.yml")
