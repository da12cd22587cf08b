"""Posts and staff members from PractitionerRole.

A role says who works where in which specialty. It knows neither established posts nor the share of a post, so
the share is declared (`role_fte`), and established posts stay blank: vacancies are unknown, not zero.
Does not belong here: facilities (`registry.py`).
"""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from orchestration.door.positions import position_of_specialty, staff_category
from orchestration.sources.anonymise import KeyRing
from orchestration.sources.crosswalk import Codes
from orchestration.sources.fhir.elements import Target, codings, identifiers, know, target_of, year_of
from orchestration.sources.fhir.export import Export
from orchestration.sources.fhir.registry import Registry, role_places, role_specialty, role_start
from orchestration.sources.source import Refusal

DEPARTMENT = "all"


class StaffReader:
    """Maps roles; a post gathers all roles of one facility, position and specialty."""

    def __init__(  # noqa: PLR0917
        self,
        export: Export,
        registry: Registry,
        codes: Codes,
        role_fte: float,
        as_of: date,
        ring: KeyRing | None,
    ) -> None:
        """Keep what the mapping needs."""
        self.export, self.registry, self.codes = export, registry, codes
        self.fte, self.as_of, self.ring = Decimal(str(role_fte)).quantize(Decimal("0.01")), as_of, ring
        self._told: set[tuple[str, str, str]] = set()

    def post(self, role: dict[str, Any]) -> dict[str, Any] | Refusal | None:
        """The post of a role; None where an earlier role brought it."""
        place = self._place(role)
        if isinstance(place, Refusal):
            return place
        if place in self._told:
            return None
        self._told.add(place)
        facility, position, specialty = place
        count, persons = self._roles_count[place]
        return {
            "post_id": "/".join(place),
            "facility_id": facility,
            "department": DEPARTMENT,
            "position_code": position,
            "specialty_code": specialty,
            "staff_category": staff_category(position),
            "budgeted_fte": None,
            "filled_fte": self.fte * count,
            "persons_count": persons,
            "month": self.as_of.replace(day=1),
        }

    def member(self, role: dict[str, Any]) -> dict[str, Any] | Refusal:
        """The staff member of a role: sex and birth year of the Practitioner, nothing else of the person."""
        place = self._place(role)
        if isinstance(place, Refusal):
            return place
        target = target_of(role.get("practitioner"))
        if target is None or self.ring is None:
            return Refusal(None, "no_practitioner", "the role names no practitioner", column="practitioner")
        person = self._practitioners.get(target) or {"key": target[2]}
        start = role_start(role)
        facility, position, specialty = place
        return {
            "staff_key": self.ring.pseudonym("staff", person["key"]),
            "birth_year": year_of(person.get("birthDate")),
            "sex": person["gender"] if person.get("gender") in ("male", "female") else "unknown",
            "facility_id": facility,
            "position_code": position,
            "specialty_code": specialty,
            "fte": self.fte,
            "hired_month": start.replace(day=1) if start else None,
        }

    def _place(self, role: dict[str, Any]) -> tuple[str, str, str] | Refusal:
        if role.get("active") is False:
            return Refusal(None, "not_active", "the role is no longer active", column="active")
        facility = role_places(role, self.registry)
        if facility is None:
            message = "its organisation is not a facility of the export; deliver the Organization"
            return Refusal(None, "facility_not_delivered", message, column="organization")
        specialty = role_specialty(role, self.codes)
        if specialty is None:
            message = (
                "no specialty of ours is known for its codes; add them to code_crosswalk (list specialty)"
            )
            return Refusal(None, "specialty_not_covered", message, column="specialty")
        position = self.codes.target("position", codings(role.get("code"))) or position_of_specialty(
            specialty
        )
        if position is None:
            message = f"{specialty} has several positions; add rows of the list position to code_crosswalk"
            return Refusal(None, "position_not_covered", message, column="code")
        return facility, position, specialty

    @cached_property
    def _roles_count(self) -> dict[tuple[str, str, str], tuple[int, int]]:
        """Roles and different persons of each post; a role that names nobody counts as one of its own."""
        roles: dict[tuple[str, str, str], list[str]] = {}
        for role in self.export.resources("PractitionerRole"):
            place = self._place(role)
            if not isinstance(place, Refusal):
                target = target_of(role.get("practitioner"))
                person = (self._practitioners.get(target) or {"key": target[2]}) if target else None
                roles.setdefault(place, []).append(person["key"] if person else f"role {role['id']}")
        return {place: (len(persons), len(set(persons))) for place, persons in roles.items()}

    @cached_property
    def _practitioners(self) -> dict[Target, dict[str, Any]]:
        """Key, gender and birth date by reference; the first identifier is the key, so references agree."""
        found: dict[Target, dict[str, Any]] = {}
        for resource in self.export.resources("Practitioner"):
            known = identifiers(resource)
            person = {
                "key": known[0][1] if known else resource["id"],
                "gender": resource.get("gender"),
                "birthDate": resource.get("birthDate"),
            }
            know(found, resource, person)
        return found
