"""Passport rows from FHIR: the elements named here are the allow-list; nothing else of a record is read.

Belongs here: Patient, Encounter, Condition, Procedure, Immunization, each to one row without the person.
Does not belong here: files and lines (`export.py`), keys (`orchestration/sources/anonymise.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.sources.anonymise import KeyRing, age_band
from orchestration.sources.crosswalk import Codes, Geography
from orchestration.sources.fhir.elements import (
    Target,
    codings,
    each,
    encounter_class,
    icd10,
    identifiers,
    moment,
    period_of,
    target_of,
    text_of,
    when_of,
    year_of,
)
from orchestration.sources.fhir.export import Export
from orchestration.sources.fhir.indexes import (
    facilities_of_roles,
    icd10_of_conditions,
    patients,
    specialties_of_practitioners,
)
from orchestration.sources.fhir.registry import Registry
from orchestration.sources.source import Refusal

Row = dict[str, Any]

DID_NOT_HAPPEN = {"planned", "cancelled", "entered-in-error", "not-done", "preparation", "discontinued"}
LONGEST_STAY_DAYS = 60
CONDITION_STATUS = {"active", "recurrence", "remission", "inactive", "resolved"}


@dataclass
class PassportReader:
    """Turns records into rows; the indexes it builds live in memory only."""

    export: Export
    registry: Registry
    ring: KeyRing
    codes: Codes
    geography: Geography
    zone: ZoneInfo
    patient_identifier_system: str = ""
    version: str | None = None

    def mapper(self, resource_type: str) -> Callable[[dict[str, Any]], Row | Refusal]:
        """The function that maps a resource type."""
        return {
            "Patient": self.patient,
            "Encounter": self.encounter,
            "Condition": self.condition,
            "Procedure": self.procedure,
            "Immunization": self.immunization,
        }[resource_type]

    def record_key(self, resource_type: str, resource_id: str) -> str:
        """Pseudonym of a record; of a patient without the resource at hand it follows the id."""
        if resource_type == "Patient":
            known = self._patients.get(("id", "", resource_id))
            return known[0] if known else self.ring.pseudonym("patient", resource_id)
        return self.ring.pseudonym("patient", f"{resource_type}/{resource_id}")

    def patient(self, resource: dict[str, Any]) -> Row | Refusal:
        """Patient: gender, birthDate, address (state, city, postal code), deceased, managingOrganization."""
        addresses = each(resource.get("address"))
        address = next((a for a in addresses if a.get("use") == "home"), (addresses or [{}])[0])
        state, city, postal = (text_of(address.get(name)) or "" for name in ("state", "city", "postalCode"))
        place = self.geography.place(state, city, postal)
        if place is None:
            message = "the crosswalk does not cover the address; `medkadr crosswalk` lists what is missing"
            return Refusal(None, "geography_not_covered", message, column="address")
        gender = resource.get("gender")
        return {
            "patient_key": self._patient_key(resource),
            "birth_year": year_of(resource.get("birthDate")),
            "sex": gender if gender in ("male", "female") else "unknown",
            "region_code": place.region_code,
            "district_kato": place.district_kato,
            "settlement": place.settlement,
            "attached_facility_id": self.registry.find(target_of(resource.get("managingOrganization"))),
            "deceased_year": year_of(resource.get("deceasedDateTime")),
        }

    def encounter(self, resource: dict[str, Any]) -> Row | Refusal:
        """Encounter of R4 or R5, told apart by the shape of `class` and the name of the period."""
        is_r5 = isinstance(resource.get("class"), list) or "actualPeriod" in resource
        if self.version and is_r5 != (self.version == "R5"):
            message = f"it has the shape of {'R5' if is_r5 else 'R4'}; declare that version, or none"
            return Refusal(None, "fhir_version", message, column="class")
        found = self._event(resource, period_of(resource.get("actualPeriod" if is_r5 else "period")))
        if isinstance(found, Refusal):
            return found
        patient_key, birth, begin, end = found
        band = age_band(birth, begin) if birth else None
        if birth and band is None:
            return Refusal(
                None, "before_birth", "it lies before the patient's birth; mend one date", column="period"
            )
        if end and end < begin:
            return Refusal(None, "period_reversed", "its period ends before it begins", column="period")
        class_code = encounter_class(resource.get("class"), self.codes)
        return {
            "encounter_key": self.record_key("Encounter", resource["id"]),
            "patient_key": patient_key,
            "facility_id": self._facility(resource, "serviceProvider"),
            "event_month": begin.replace(day=1),
            "class_code": class_code,
            "specialty_code": self._specialty(resource),
            "reason_icd10_code": self._reason(resource),
            "age_band": band,
            "length_of_stay_days": min((end - begin).days, LONGEST_STAY_DAYS)
            if class_code == "IMP" and end
            else None,
            "funding": "unknown",
        }

    def condition(self, resource: dict[str, Any]) -> Row | Refusal:
        """Condition with its ICD-10 category; a register of chronic disease is not told by FHIR, so false."""
        verification = [code for _, code in codings(resource.get("verificationStatus"))]
        if verification and verification[0] in ("entered-in-error", "refuted"):
            return Refusal(None, "did_not_happen", f"its verification status is {verification[0]}")
        found = self._subject(resource)
        if isinstance(found, Refusal):
            return found
        icd10_code = self._icd10(resource.get("code"))
        if icd10_code is None:
            message = "none of its codes is ICD-10 or mapped to it; `medkadr crosswalk` lists what is missing"
            return Refusal(None, "not_icd10", message, column="code")
        status = [code for _, code in codings(resource.get("clinicalStatus"))]
        onset = resource.get("onsetDateTime") or period_of(resource.get("onsetPeriod"))[0]
        return {
            "condition_key": self.record_key("Condition", resource["id"]),
            "patient_key": found[0],
            "icd10_code": icd10_code,
            "status": status[0] if status and status[0] in CONDITION_STATUS else "unknown",
            "onset_year": year_of(onset),
            "dispensary": False,
        }

    def procedure(self, resource: dict[str, Any]) -> Row | Refusal:
        """Procedure: its code, month and the facility where it was done."""
        when = when_of(resource, "performed") or when_of(resource, "occurrence") or (None, None)
        found = self._event(resource, when)
        if isinstance(found, Refusal):
            return found
        patient_key, _, begin, _ = found
        coded = codings(resource.get("code"))
        system, code = coded[0] if coded else (None, None)
        encounter = target_of(resource.get("encounter"))
        return {
            "procedure_key": self.record_key("Procedure", resource["id"]),
            "patient_key": patient_key,
            "encounter_key": self.record_key("Encounter", encounter[2])
            if encounter and encounter[0] == "id" and encounter[1] in ("", "Encounter")
            else None,
            "facility_id": self._facility(resource, "location"),
            "code_system": system,
            "procedure_code": code,
            "event_month": begin.replace(day=1),
            "equipment_type_code": self.codes.target("equipment_type", coded),
        }

    def immunization(self, resource: dict[str, Any]) -> Row | Refusal:
        """Immunization: vaccine, month, dose and facility."""
        found = self._event(resource, when_of(resource, "occurrence") or (None, None))
        if isinstance(found, Refusal):
            return found
        patient_key, _, begin, _ = found
        vaccine = codings(resource.get("vaccineCode"))
        protocol = (each(resource.get("protocolApplied")) or [{}])[0]
        dose = protocol.get("doseNumberPositiveInt", protocol.get("doseNumber"))
        return {
            "immunization_key": self.record_key("Immunization", resource["id"]),
            "patient_key": patient_key,
            "facility_id": self._facility(resource, "location"),
            "vaccine_code": vaccine[0][1] if vaccine else None,
            "event_month": begin.replace(day=1),
            "dose_number": int(dose) if str(dose).isdecimal() and len(str(dose)) < 5 else None,
        }

    def _event(
        self, resource: dict[str, Any], when: tuple[Any, Any]
    ) -> tuple[str, date | None, date, date | None] | Refusal:
        status = resource.get("status")
        if status in DID_NOT_HAPPEN:
            return Refusal(None, "did_not_happen", f"its status is {status}", column="status")
        found = self._subject(resource)
        if isinstance(found, Refusal):
            return found
        begin = moment(when[0], self.zone)
        if begin is None:
            return Refusal(None, "no_month", "it has no date that names at least a month", column="period")
        return *found, begin, moment(when[1], self.zone)

    def _subject(self, resource: dict[str, Any]) -> tuple[str, date | None] | Refusal:
        target = target_of(resource.get("subject") or resource.get("patient"), resource.get("contained"))
        if target is None:
            return Refusal(None, "no_patient", "it names no patient", column="subject")
        known = self._patients.get(target)
        if known is None:
            message = "its patient is not in the export (or was deleted); deliver the Patient too"
            return Refusal(None, "patient_not_delivered", message, column="subject")
        return known

    def _patient_key(self, resource: dict[str, Any]) -> str:
        system = self.patient_identifier_system
        wanted = [value for its, value in identifiers(resource) if system and its == system]
        return self.ring.pseudonym("patient", wanted[0] if wanted else resource["id"])

    def _facility(self, resource: dict[str, Any], element: str) -> str | None:
        candidates = [resource.get(element)]
        for item in each(resource.get("location")):
            candidates += [item, item.get("location")]
        candidates += [item.get("actor") for item in each(resource.get("performer"))]
        contained = resource.get("contained")
        for candidate in candidates:
            if found := self.registry.find(target_of(candidate, contained)):
                return found
        encounter = target_of(resource.get("encounter"))
        if encounter and encounter[0] == "id":
            return self._facility_of_encounter.get(encounter[2])
        named = target_of(resource.get(element), contained)
        return named[2] if named else self._facility_of_roles(resource)

    def _facility_of_roles(self, resource: dict[str, Any]) -> str | None:
        """The facility of the PractitionerRoles that took part, where all of them work at one."""
        named = [item.get("individual") or item.get("actor") for item in each(resource.get("participant"))]
        named += [item.get("actor") for item in each(resource.get("performer"))]
        targets = [target for item in named if (target := target_of(item))]
        found = {place for target in targets if (place := self._facility_of_role.get(target))}
        return found.pop() if len(found) == 1 else None

    def _specialty(self, resource: dict[str, Any]) -> str | None:
        told = self.codes.target("specialty", codings(resource.get("serviceType")))
        if told:
            return told
        targets = (
            target_of(p.get("individual") or p.get("actor")) for p in each(resource.get("participant"))
        )
        known = self._specialty_of_practitioner
        return next((known[target] for target in targets if target in known), None)

    def _reason(self, resource: dict[str, Any]) -> str | None:
        concepts = each(resource.get("reasonCode"))
        for reason in each(resource.get("reason")):
            concepts += each(reason.get("value"))
        found = next((code for concept in concepts if (code := self._icd10(concept))), None)
        if found:
            return found
        references = each(resource.get("reasonReference"))
        for diagnosis in each(resource.get("diagnosis")):
            references += each(diagnosis.get("condition"))
        references += [each(c.get("reference"))[0] for c in concepts if each(c.get("reference"))]
        for reference in references:
            if code := self._icd10(reference.get("concept")):
                return code
            inner = reference["reference"] if isinstance(reference.get("reference"), dict) else reference
            target = target_of(inner)
            if target and (code := self._icd10_of_condition.get(target[2])):
                return code
        return None

    def _icd10(self, concept: Any) -> str | None:
        coded = codings(concept)
        return icd10(coded) or self.codes.target("icd10", coded)

    @cached_property
    def _patients(self) -> dict[Target, tuple[str, date | None]]:
        return patients(self.export, self._patient_key)

    @cached_property
    def _icd10_of_condition(self) -> dict[str, str]:
        return icd10_of_conditions(self.export, self._icd10)

    @cached_property
    def _facility_of_encounter(self) -> dict[str, str | None]:
        return {e["id"]: self._facility(e, "serviceProvider") for e in self.export.resources("Encounter")}

    @cached_property
    def _facility_of_role(self) -> dict[Target, str | None]:
        return facilities_of_roles(self.export, self.registry)

    @cached_property
    def _specialty_of_practitioner(self) -> dict[Target, str]:
        return specialties_of_practitioners(self.export, self.codes)
