"""What the crosswalks do not cover of an export: foreign places and codes, with how many records have them.

Belongs here: counting them, and the templates that a user fills in. Does not belong here: looking up a place
or a code (`orchestration/sources/crosswalk.py`). Only the allow-list is read: no name, no display.
"""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from orchestration.sources.crosswalk import CODE_COLUMNS, PLACE_COLUMNS
from orchestration.sources.fhir.elements import codings, each, icd10, text_of
from orchestration.sources.fhir.fhir_source import FhirSource
from orchestration.sources.fhir.registry import is_facility, is_no_place, role_specialty

Place = tuple[str, str]
Code = tuple[str, str, str]


def uncovered_places(source: FhirSource) -> Counter[Place]:
    """(state, city) of patients' and facilities' addresses that no row of the crosswalk covers."""
    found: Counter[Place] = Counter()
    spelling: dict[Place, Place] = {}
    resources = [
        *(one for one in source.export.resources("Organization") if is_facility(one)),
        *(one for one in source.export.resources("Location") if not is_no_place(one)),
    ]
    for resource in (*resources, *source.export.resources("Patient")):
        for address in each(resource.get("address"))[:1]:
            state, city = text_of(address.get("state")) or "", text_of(address.get("city")) or ""
            postal = text_of(address.get("postalCode")) or ""
            if (state or city) and source.geography.place(state, city, postal) is None:
                # Crosswalks do not mind capitals, so one spelling is enough.
                found[spelling.setdefault((state.casefold(), city.casefold()), (state, city))] += 1
    return found


def uncovered_codes(source: FhirSource) -> Counter[Code]:
    """(list, system, code) without a code of ours: specialties, facility types, diagnoses outside ICD-10."""
    codes, found = source.codes, Counter[Code]()

    def count(of: str, concepts: list[tuple[str, str]]) -> None:
        if codes.target(of, concepts) is None:
            found.update((of, system, code) for system, code in concepts[:1])

    for role in source.export.resources("PractitionerRole"):
        if role_specialty(role, codes) is None:
            count("specialty", codings(role.get("specialty")) + codings(role.get("code")))
    if "facility_type" not in source.declaration.declared:
        for organization in source.export.resources("Organization"):
            if is_facility(organization):
                count("facility_type", codings(organization.get("type")))
    for condition in source.export.resources("Condition"):
        coded = codings(condition.get("code"))
        if icd10(coded) is None:
            count("icd10", coded)
    return found


def write_places(path: Path, places: Counter[Place]) -> None:
    """The template of a geography crosswalk: `region_code` is to be filled in."""
    rows: list[dict[str, Any]] = [
        {"foreign_state": state, "foreign_city": city, "settlement": "", "note": f"{count} records"}
        for (state, city), count in sorted(places.items(), key=lambda item: (-item[1], item[0]))
    ]
    _write(path, PLACE_COLUMNS, rows)


def write_codes(path: Path, codes: Counter[Code]) -> None:
    """The template of a code crosswalk: `target` is to be filled in."""
    rows = [
        {"list": of, "system": system, "code": code, "note": f"{count} records"}
        for (of, system, code), count in sorted(
            codes.items(), key=lambda item: (item[0][0], -item[1], item[0])
        )
    ]
    _write(path, CODE_COLUMNS, rows)


def _write(path: Path, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
