"""Small readings of FHIR elements that R4 and R5 share: references, codings, identifiers, times.

Belongs here: what one element says. Does not belong here: which elements a contract takes (`passports.py`,
`registry.py`: together they are the allow-list; what they do not name is never read).
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from orchestration.sources.crosswalk import Codes

ICD10_SYSTEM = re.compile(r"icd-?10|2\.16\.840\.1\.113883\.6\.(3|90)$", re.IGNORECASE)
ICD10_CATEGORY = re.compile(r"[A-Z]\d[0-9A-Z]")
# v3 ActCode of Encounter.class to ours, and the words of the versions before R4; any other class is OTHER.
CLASSES = {
    "AMB": "AMB", "IMP": "IMP", "ACUTE": "IMP", "NONAC": "IMP", "EMER": "EMER", "HH": "HH", "VR": "VR",
    "AMBULATORY": "AMB", "OUTPATIENT": "AMB", "INPATIENT": "IMP", "EMERGENCY": "EMER", "HOME": "HH",
    "VIRTUAL": "VR",
}  # fmt: skip
_REFERENCE = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]+)?$")

Target = tuple[str, str, str]
"""A reference: ("id", resource type, id), the type blank in `urn:uuid`; or ("identifier", system, value)."""


def target_of(reference: Any, contained: Any = None) -> Target | None:
    """What a reference points to; all styles: relative, absolute, conditional, `urn:uuid`, logical.

    Args:
        reference: The FHIR Reference.
        contained: The `contained` resources of the record, for a reference like `#o`: of these only the first
            identifier is read.
    """
    if not isinstance(reference, dict):
        return None
    text = reference.get("reference")
    if isinstance(text, str) and text:
        if text.startswith("#"):
            return _contained_target(text[1:], contained)
        if text.startswith("urn:uuid:"):
            return "id", "", text.removeprefix("urn:uuid:")
        _, is_conditional, query = text.partition("?identifier=")
        if is_conditional:
            system, _, value = unquote(query).rpartition("|")
            return "identifier", system, value
        if found := _REFERENCE.search(text):
            return "id", found[1], found[2]
    return _logical_target(reference)


def _contained_target(resource_id: str, contained: Any) -> Target | None:
    inner = next((item for item in each(contained) if item.get("id") == resource_id), {})
    return next((("identifier", *found) for found in identifiers(inner)), None)


def _logical_target(reference: dict[str, Any]) -> Target | None:
    identifier = reference.get("identifier")
    if isinstance(identifier, dict) and identifier.get("value"):
        return "identifier", str(identifier.get("system", "")), str(identifier["value"])
    return None


def targets_of(resource: dict[str, Any]) -> list[Target]:
    """Every reference that means this resource, by its id and by its identifiers with their system.

    A `urn:uuid` names no type, hence the one with a blank type; an identifier without its system is added by
    `know`, which watches that it means one resource only.
    """
    resource_id = resource["id"]
    own: list[Target] = [("id", str(resource.get("resourceType", "")), resource_id), ("id", "", resource_id)]
    return own + [("identifier", system, value) for system, value in identifiers(resource)]


def know(index: dict[Target, Any], resource: dict[str, Any], meaning: Any) -> None:
    """Put a resource into an index of references; an identifier's value alone counts where it is unique."""
    for target in targets_of(resource):
        if target[:2] == ("id", ""):
            index.setdefault(target, meaning)
        else:
            index[target] = meaning
    for _, value in identifiers(resource):
        bare = ("identifier", "", value)
        index[bare] = meaning if index.get(bare, meaning) == meaning else None


def each(value: Any) -> list[dict[str, Any]]:
    """The objects of an element that may be one, many or absent."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def codings(concepts: Any) -> list[tuple[str, str]]:
    """(system, code) of CodeableConcepts; an R5 CodeableReference is looked into; a bare Coding counts."""
    found = []
    for concept in each(concepts):
        inner = concept.get("concept", concept)
        bare = [inner] if isinstance(inner, dict) and "code" in inner and "coding" not in inner else []
        for coding in [*each(inner.get("coding") if isinstance(inner, dict) else None), *bare]:
            if isinstance(coding.get("code"), str):
                found.append((str(coding.get("system", "")), coding["code"]))
    return found


def icd10(found: Iterable[tuple[str, str]]) -> str | None:
    """The three-character ICD-10 category of the first ICD-10 coding."""
    for system, code in found:
        if ICD10_SYSTEM.search(system) and ICD10_CATEGORY.match(code.upper()):
            return code.upper()[:3]
    return None


def identifiers(resource: dict[str, Any]) -> list[tuple[str, str]]:
    """(system, value) of a resource's identifiers."""
    return [
        (str(item.get("system", "")), str(item["value"]))
        for item in each(resource.get("identifier"))
        if item.get("value")
    ]


def moment(text: Any, zone: ZoneInfo) -> date | None:
    """The local day of a FHIR date or dateTime; a month alone counts as its first day, a year is none."""
    if not isinstance(text, str):
        return None
    try:
        if len(text) == 7:
            return date.fromisoformat(f"{text}-01")
        if len(text) <= 10:
            return date.fromisoformat(text)
        stamp = datetime.fromisoformat(text)
        return stamp.astimezone(zone).date() if stamp.tzinfo else stamp.date()
    except (ValueError, OverflowError):
        return None


def birth_date(text: Any) -> date | None:
    """A birth date; where only the year or month is known, its middle (1 July, the 15th)."""
    if not isinstance(text, str):
        return None
    try:
        return date.fromisoformat({4: f"{text}-07-01", 7: f"{text}-15"}.get(len(text), text[:10]))
    except ValueError:
        return None


def year_of(text: Any) -> int | None:
    """Year of a FHIR date."""
    return int(text[:4]) if isinstance(text, str) and re.match(r"\d{4}", text) else None


def version_of(resource: dict[str, Any]) -> str | None:
    """Sortable version of a resource, of meta.lastUpdated and meta.versionId; None without both."""
    meta = resource.get("meta")
    if not isinstance(meta, dict):
        return None
    stamp, number = meta.get("lastUpdated"), str(meta.get("versionId", ""))
    try:
        moment_utc = (
            datetime.fromisoformat(stamp).astimezone(UTC).isoformat() if isinstance(stamp, str) else ""
        )
    except (ValueError, OverflowError):
        moment_utc = ""
    return f"{moment_utc}|{number.zfill(20)}" if moment_utc or number else None


def text_of(value: Any) -> str | None:
    """A text, or None for anything else."""
    return value.strip() or None if isinstance(value, str) else None


def period_of(period: Any) -> tuple[Any, Any]:
    """Start and end of a Period."""
    return (period.get("start"), period.get("end")) if isinstance(period, dict) else (None, None)


def when_of(resource: dict[str, Any], prefix: str) -> tuple[Any, Any] | None:
    """Start and end of a choice of dateTime and Period; None where it is neither."""
    if resource.get(f"{prefix}DateTime"):
        return resource[f"{prefix}DateTime"], None
    return period_of(resource[f"{prefix}Period"]) if resource.get(f"{prefix}Period") else None


def encounter_class(value: Any, codes: Codes) -> str | None:
    """Our class: by the user's code crosswalk, else by the standard code; None where none is stated."""
    found = [("", value)] if isinstance(value, str) else codings(value)
    standard = CLASSES.get(found[0][1].upper(), "OTHER") if found else None
    return codes.target("encounter_class", found) or standard
