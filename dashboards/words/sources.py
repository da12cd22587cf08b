"""Names of the sources that figures come from, as a reader knows them.

Belongs here: contract → name, and the line that names a mart's sources. Does not belong here: other code
values (`codes.py`). Contracts of one paper share its name, and what only serves the pipeline has none.
"""

from dashboards.words import N_, _, codes

NAMES: dict[str, str] = {
    "staff_post": N_("staffing tables"),
    "staff_member": N_("staff register"),
    "facility": N_("register of facilities"),
    "settlement": N_("register of settlements"),
    "population": N_("population statistics"),
    "passport_patient": N_("electronic health passports"),
    "passport_encounter": N_("electronic health passports"),
    "passport_condition": N_("electronic health passports"),
    "passport_procedure": N_("electronic health passports"),
    "passport_immunization": N_("electronic health passports"),
    "norm": N_("provision norms"),
    "network_norm": N_("network norms"),
    "equipment": N_("register of equipment"),
    "equipment_norm": N_("equipment standards"),
    "activity_standard": N_("workload standards"),
    "support_standard": N_("workload standards"),
    "leave_calendar": N_("working-time calendar"),
    "programme_standard": N_("programme standards"),
    "graduate": N_("lists of graduates"),
    "preference": N_("graduates' applications"),
    "university": N_("register of universities"),
    "university_seat": N_("study places of universities"),
    "campaign": N_("campaign rules"),
    "quota": N_("campaign rules"),
    "priority_rule": N_("campaign rules"),
    "placement_decision": N_("decisions of the commission"),
    "exemption": N_("decisions of the commission"),
    "obligation": N_("register of mandatory service"),
    "service_event": N_("register of mandatory service"),
    "quarantine": N_("quarantined records"),
    "published_figure": N_("published statistics"),
}
# They serve the count of records, or only say that a record was deleted.
_SILENT = {"delivery", "passport_tombstone"}


def named(contracts: str) -> str:
    """`staff_post, facility, delivery` → "staffing tables, register of facilities"; each name once."""
    wanted = [part.strip() for part in contracts.split(",")]
    known = [contract for contract in NAMES if contract in wanted]
    others = [part for part in wanted if part and part not in NAMES and part not in _SILENT]
    return ", ".join(dict.fromkeys([*(_(NAMES[c]) for c in known), *(codes.label(c) for c in others)]))


def contract(code: str) -> str:
    """One contract by name and code: the name tells what it is, the code what to look up."""
    return f"{_(NAMES[code])} ({code})" if code in NAMES else code
