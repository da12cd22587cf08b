"""The registry in a FHIR export: facilities (Organization, Location) and what roles say of places.

The shape is that of the Mobile Care Services Discovery profile (mCSD). An Organization is a facility; a
Location of that organisation gives it a place and is folded into it; a Location of no organisation in the
export is a facility of its own. Elements named here are all that is read of these resources.
Does not belong here: patients' records (`passports.py`).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orchestration.sources.crosswalk import Codes, Geography
from orchestration.sources.fhir.elements import Target, codings, each, identifiers, target_of, text_of
from orchestration.sources.fhir.export import Export
from orchestration.sources.source import Refusal

# Organizations that are no facilities: payers, insurers, employers, jurisdictions and the like
# (code system organization-type of HL7, and the mCSD code jurisdiction).
NOT_FACILITIES = {"pay", "ins", "edu", "reli", "crs", "cg", "bus", "govt", "jurisdiction", "jdn"}
# Physical types of a Location that is no facility: a house, vehicle, jurisdiction, area, road.
NOT_PLACES = {"ho", "ve", "jdn", "area", "rd"}
LOCATION_STATUS = {"active": "active", "suspended": "suspended", "inactive": "closed"}


@dataclass
class Registry:
    """Which facility a reference means, and what stands at it.

    Attributes:
        facility_of: Facility by target of a reference, of Organizations and Locations alike.
        location_of: One Location (its allowed elements) of each facility that has one.
        folded: Ids of Locations that belong to an Organization of the export.
    """

    export: Export
    identifier_system: str
    facility_of: dict[Target, str] = field(default_factory=dict)
    location_of: dict[str, dict[str, Any]] = field(default_factory=dict)
    folded: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Read organisations, then locations."""
        for organization in self.export.resources("Organization"):
            if is_facility(organization):
                self._know(organization, self.facility_id(organization))
        for location in self.export.resources("Location"):
            owner = self.find(target_of(location.get("managingOrganization")))
            if owner and not is_no_place(location):
                self.folded.add(location["id"])
                self.location_of.setdefault(owner, location)
                self._know(location, owner)
            elif not is_no_place(location):
                self._know(location, self.facility_id(location))

    def facility_id(self, resource: dict[str, Any]) -> str:
        """The identifier of the configured system, else the first identifier, else the resource's id."""
        found = identifiers(resource)
        wanted = [value for system, value in found if system == self.identifier_system]
        return (wanted or [value for _, value in found] or [resource["id"]])[0]

    def find(self, target: Target | None) -> str | None:
        """Facility that a reference means; None where the export does not hold it."""
        return self.facility_of.get(target) if target else None

    def _know(self, resource: dict[str, Any], facility: str) -> None:
        self.facility_of["id", "", resource["id"]] = facility
        for system, value in identifiers(resource):
            self.facility_of["identifier", system, value] = facility
            self.facility_of.setdefault(("identifier", "", value), facility)


def is_facility(organization: dict[str, Any]) -> bool:
    """Whether an Organization gives care."""
    return not any(code in NOT_FACILITIES for _, code in codings(organization.get("type")))


def is_no_place(location: dict[str, Any]) -> bool:
    """Whether a Location is a kind of place, a home, a vehicle or a jurisdiction."""
    physical = {code for _, code in codings(location.get("physicalType") or location.get("form"))}
    return location.get("mode") == "kind" or bool(physical & NOT_PLACES)


def facility_row(
    resource: dict[str, Any], registry: Registry, codes: Codes, geography: Geography
) -> dict[str, Any] | Refusal | None:
    """Facility of an Organization or Location; None for a Location that is folded into its organisation."""
    is_location = resource["resourceType"] == "Location"
    if is_location and resource["id"] in registry.folded:
        return None
    if (is_location and is_no_place(resource)) or not (is_location or is_facility(resource)):
        return Refusal(None, "not_a_facility", "it is a kind of place, a home, a payer or a jurisdiction")
    facility = registry.facility_id(resource)
    location = resource if is_location else registry.location_of.get(facility, {})
    address = (each(resource.get("address")) or each(location.get("address")) or [{}])[0]
    state, city = text_of(address.get("state")) or "", text_of(address.get("city")) or ""
    place = geography.place(state, city, text_of(address.get("postalCode")) or "")
    if place is None:
        message = f"the crosswalk has no row for state {state!r}, city {city!r}; add one with our region_code"
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
        "parent_facility_id": registry.find(target_of(resource.get("partOf"))),
        "region_code": place.region_code,
        "district_kato": place.district_kato,
        "settlement": place.settlement,
        "latitude": _number(position.get("latitude")) if has_own else place.latitude,
        "longitude": _number(position.get("longitude")) if has_own else place.longitude,
        "status": "closed" if resource.get("active") is False else active,
    }


def role_places(role: dict[str, Any], registry: Registry) -> str | None:
    """Facility at which a PractitionerRole works: its organisation, else its first known location."""
    references = [role.get("organization"), *each(role.get("location"))]
    return next((found for ref in references if (found := registry.find(target_of(ref)))), None)


def role_specialty(role: dict[str, Any], codes: Codes) -> str | None:
    """Specialty of a PractitionerRole."""
    return codes.target("specialty", codings(role.get("specialty")) + codings(role.get("code")))


def role_start(role: dict[str, Any]) -> date | None:
    """First day of a role's period."""
    period = role.get("period")
    text = period.get("start") if isinstance(period, dict) else None
    try:
        return date.fromisoformat(text[:10] if len(text) >= 10 else f"{text}-01") if text else None
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
