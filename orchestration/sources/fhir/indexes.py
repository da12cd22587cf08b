"""What a reference in a passport means: patients, and the places and specialties of roles.

The indexes live in memory only; they hold pseudonyms and birth dates, which are needed to count ages.
Does not belong here: facilities (`registry.py`), the rows that use the indexes (`passports.py`).
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from orchestration.sources.crosswalk import Codes
from orchestration.sources.fhir.elements import Target, birth_date, know, target_of, targets_of, version_of
from orchestration.sources.fhir.export import Export
from orchestration.sources.fhir.registry import Registry, role_places, role_specialty


def patients(
    export: Export, key_of: Callable[[dict[str, Any]], str]
) -> dict[Target, tuple[str, date | None]]:
    """Pseudonym and birth date by reference; of a patient's versions the newest counts."""
    found: dict[Target, tuple[str, date | None]] = {}
    versions: dict[str, str] = {}
    for resource in export.resources("Patient"):
        version = version_of(resource) or ""
        if version < versions.get(resource["id"], ""):
            continue
        versions[resource["id"]] = version
        know(found, resource, (key_of(resource), birth_date(resource.get("birthDate"))))
    return found


def facilities_of_roles(export: Export, registry: Registry) -> dict[Target, str | None]:
    """Facility by reference to a PractitionerRole."""
    found: dict[Target, str | None] = {}
    for role in export.resources("PractitionerRole"):
        know(found, role, role_places(role, registry))
    return found


def specialties_of_practitioners(export: Export, codes: Codes) -> dict[Target, str]:
    """Specialty by practitioner, where all their roles agree; by role too, which encounters may name."""
    told: dict[Target, set[str]] = {}
    for role in export.resources("PractitionerRole"):
        specialty = role_specialty(role, codes)
        for target in (*targets_of(role), target_of(role.get("practitioner"))):
            if specialty and target:
                told.setdefault(target, set()).add(specialty)
    for practitioner in export.resources("Practitioner"):
        known = targets_of(practitioner)
        specialties = set().union(*(told.get(target, set()) for target in known))
        for target in known:
            if specialties:
                told[target] = specialties
    return {target: next(iter(found)) for target, found in told.items() if len(found) == 1}


def icd10_of_conditions(export: Export, icd10_of: Callable[[Any], str | None]) -> dict[str, str]:
    """ICD-10 category by the id of a Condition, of those that have one."""
    conditions = ((one["id"], icd10_of(one.get("code"))) for one in export.resources("Condition"))
    return {resource_id: code for resource_id, code in conditions if code}
