"""The registry in a FHIR export: facilities (Organization, Location) and what roles say of places.

The shape is that of the Mobile Care Services Discovery profile (mCSD). An Organization is a facility; a
Location of that organisation gives it a place and is folded into it; a Location of no organisation in the
export is a facility of its own. Elements named here are all that is read of these resources.
Does not belong here: patients' records (`passports.py`).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orchestration.door.personal import mask_personal
from orchestration.sources.crosswalk import Codes, Geography, Place
from orchestration.sources.fhir.elements import (
    Target,
    codings,
    each,
    identifiers,
    know,
    target_of,
    text_of,
)
from orchestration.sources.fhir.export import Export
from orchestration.sources.source import Refusal

# Organizations that are no facilities: payers, insurers, employers, jurisdictions and the like
# (code system organization-type of HL7, and the mCSD code jurisdiction).
NOT_FACILITIES = {"pay", "ins", "edu", "reli", "crs", "cg", "bus", "govt", "jurisdiction", "jdn"}
# Physical types of a Location that is no facility: a house, vehicle, jurisdiction, area, road.
NOT_PLACES = {"ho", "ve", "jdn", "area", "rd"}
# Physical types of a Location, and kinds of Organization, inside a facility: wing, ward, room, department ...
INNER_PLACES = {"wi", "wa", "lvl", "co", "ro", "bd", "ca"}
INNER_ORGANIZATIONS = {"dept", "team"}
LOCATION_STATUS = {"active": "active", "suspended": "suspended", "inactive": "closed"}


@dataclass
class Registry:
    """Which facility a reference means, and what stands at it.

    Attributes:
        facility_of: Facility by target of a reference, of Organizations and Locations alike.
        location_of: One Location (its allowed elements) of each facility that has one.
        folded: Ids of Locations and departments that belong to a facility of the export.
        areas: Locations by target, for the chain of `partOf` up to the jurisdictions.
    """

    export: Export
    identifier_system: str
    facility_of: dict[Target, str | None] = field(default_factory=dict)
    location_of: dict[str, dict[str, Any]] = field(default_factory=dict)
    folded: set[tuple[str, str]] = field(default_factory=set)
    areas: dict[Target, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read organisations, then locations."""
        for location in self.export.resources("Location"):
            know(self.areas, location, location)
        inner = []
        for organization in self.export.resources("Organization"):
            if INNER_ORGANIZATIONS & {code for _, code in codings(organization.get("type"))}:
                inner.append(organization)
            elif is_facility(organization):
                know(self.facility_of, organization, self.facility_id(organization))
        for location in self.export.resources("Location"):
            if is_no_place(location):
                continue
            owner = self.find(target_of(location.get("managingOrganization")))
            if INNER_PLACES & physical_types(location) and not owner:
                inner.append(location)
            elif owner:
                self.folded.add(("Location", location["id"]))
                self.location_of.setdefault(owner, location)
                know(self.facility_of, location, owner)
            else:
                know(self.facility_of, location, self.facility_id(location))
        self._fold_inner(inner)
        for service in self.export.resources("HealthcareService"):
            places = [service.get("providedBy"), *each(service.get("location"))]
            owner = next((found for place in places if (found := self.find(target_of(place)))), None)
            know(self.facility_of, service, owner)

    def _fold_inner(self, inner: list[dict[str, Any]]) -> None:
        """Departments, wards, rooms belong to what they are part of; an orphan is a facility of its own."""
        while inner:
            known = [(one, owner) for one in inner if (owner := self.find(target_of(one.get("partOf"))))]
            if not known:
                for one in inner:
                    know(self.facility_of, one, self.facility_id(one))
                return
            for one, owner in known:
                self.folded.add((one["resourceType"], one["id"]))
                know(self.facility_of, one, owner)
            inner = [one for one in inner if (one["resourceType"], one["id"]) not in self.folded]

    def facility_id(self, resource: dict[str, Any]) -> str:
        """The identifier of the configured system, else the first identifier, else the resource's id."""
        found = identifiers(resource)
        wanted = [value for system, value in found if system == self.identifier_system]
        return (wanted or [value for _, value in found] or [resource["id"]])[0]

    def place_of(
        self, resource: dict[str, Any], location: dict[str, Any], geography: Geography
    ) -> tuple[Place | None, str]:
        """Where a facility lies: by its address, its Location's, else the areas it is part of, inner first.

        Returns:
            The place, or None; and what was looked up, in words, for the refusal.
        """
        asked = []
        for address in (*each(resource.get("address")), *each(location.get("address"))):
            texts = [text_of(address.get(name)) or "" for name in ("state", "city", "postalCode")]
            if any(texts):
                asked.append(f"state {texts[0]!r}, city {texts[1]!r}, postal code {texts[2]!r}")
                if found := geography.place(*texts):
                    return found, asked[-1]
        for area in self._areas_above(location):
            names = [text_of(area.get("name")) or "", *(value for _, value in identifiers(area))]
            asked.append(f"area {names[0]!r}")
            if found := next((p for name in names if name and (p := geography.place(name, "", ""))), None):
                return found, asked[-1]
        return None, "; ".join(asked) or "no address and no area"

    def _areas_above(self, location: dict[str, Any]) -> list[dict[str, Any]]:
        """The chain of `partOf`, nearest first; a ring ends it."""
        chain: list[dict[str, Any]] = []
        area = location
        while (target := target_of(area.get("partOf"))) and (area := self.areas.get(target) or {}):
            if any(area is known for known in chain):
                break
            chain.append(area)
        return chain

    def find(self, target: Target | None) -> str | None:
        """Facility that a reference means; None where the export does not hold it."""
        return self.facility_of.get(target) if target else None


def is_facility(organization: dict[str, Any]) -> bool:
    """Whether an Organization gives care."""
    return not any(code in NOT_FACILITIES for _, code in codings(organization.get("type")))


def is_no_place(location: dict[str, Any]) -> bool:
    """Whether a Location is a kind of place, a home, a vehicle or a jurisdiction."""
    return location.get("mode") == "kind" or bool(physical_types(location) & NOT_PLACES)


def physical_types(location: dict[str, Any]) -> set[str]:
    """Codes of the physical form of a Location, R4 or R5."""
    return {code for _, code in codings(location.get("physicalType") or location.get("form"))}


def facility_row(
    resource: dict[str, Any], registry: Registry, codes: Codes, geography: Geography
) -> dict[str, Any] | Refusal | None:
    """Facility of an Organization or Location; None for one that is folded into its facility."""
    is_location = resource["resourceType"] == "Location"
    if (resource["resourceType"], resource["id"]) in registry.folded:
        return None
    if (is_location and is_no_place(resource)) or not (is_location or is_facility(resource)):
        return Refusal(None, "not_a_facility", "it is a kind of place, a home, a payer or a jurisdiction")
    facility = registry.facility_id(resource)
    location = resource if is_location else registry.location_of.get(facility, {})
    place, asked = registry.place_of(resource, location, geography)
    if place is None:
        message = (
            f"the crosswalk has no row for {mask_personal(asked)}; add one with our region_code"
            " (`medkadr crosswalk` writes the rows that are missing)"
        )
        return Refusal(None, "geography_not_covered", message, column="address")
    position = location.get("position") if place.keeps_coordinates else None
    position = position if isinstance(position, dict) else {}
    has_own = place.latitude is None
    kinds = codings(resource.get("type")) + codings(location.get("type"))
    active = LOCATION_STATUS.get(str(location.get("status", "active")), "active")
    return {
        "facility_id": facility,
        "facility_name_ru": text_of(resource.get("name")),
        "facility_type": codes.target("facility_type", kinds),
        "care_level": codes.target("care_level", kinds),
        "ownership": codes.target("ownership", kinds),
        "parent_facility_id": _parent(resource, facility, registry),
        "region_code": place.region_code,
        "district_kato": place.district_kato,
        "settlement_kato": place.settlement_kato,
        "settlement": place.settlement,
        "latitude": _number(position.get("latitude")) if has_own else place.latitude,
        "longitude": _number(position.get("longitude")) if has_own else place.longitude,
        "status": "closed" if resource.get("active") is False else active,
    }


def _parent(resource: dict[str, Any], facility: str, registry: Registry) -> str | None:
    """The facility it is part of; an area or itself is none."""
    found = registry.find(target_of(resource.get("partOf")))
    return None if found == facility else found


def role_places(role: dict[str, Any], registry: Registry) -> str | None:
    """Facility at which a PractitionerRole works: its organisation, else its first known location."""
    references = [
        role.get("organization"),
        *each(role.get("location")),
        *each(role.get("healthcareService")),
    ]
    return next((found for ref in references if (found := registry.find(target_of(ref)))), None)


def role_specialty(role: dict[str, Any], codes: Codes) -> str | None:
    """Specialty of a PractitionerRole."""
    return codes.target("specialty", codings(role.get("specialty")) + codings(role.get("code")))


def role_start(role: dict[str, Any]) -> date | None:
    """First day of a role's period."""
    period = role.get("period")
    text = text_of(period.get("start")) if isinstance(period, dict) else None
    try:
        return date.fromisoformat(text[:10] if len(text) >= 10 else f"{text}-01") if text else None
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
