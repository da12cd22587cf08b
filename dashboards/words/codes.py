"""Labels of code values that tables hold.

Belongs here: every code of the contracts and marts that a page may show. Does not belong here: names of
regions, specialties, facilities, which come from the data in three languages. A code without a label is
shown as it is, its underscores opened.
"""

from dashboards.words import N_, _

LABELS: dict[str, str] = {
    # methods and measures
    "vacant_fte": N_("Vacant posts"),
    "norm_shortage_fte": N_("Short of the norm"),
    "norm_surplus_fte": N_("Above the norm"),
    "wisn_shortage_fte": N_("Short of the workload need"),
    "wisn_surplus_fte": N_("Above the workload need"),
    # ownership, level of care, settlement
    "state": N_("State-owned"),
    "private": N_("Private"),
    "quasi_state": N_("Quasi-state"),
    "departmental": N_("Departmental"),
    "primary": N_("Primary care"),
    "secondary": N_("Secondary care"),
    "tertiary": N_("Tertiary care"),
    "urban": N_("Urban"),
    "rural": N_("Rural"),
    # staff categories
    "doctor": N_("Doctor"),
    "nurse_mid": N_("Mid-level staff"),
    "junior": N_("Junior staff"),
    "pharmacist": N_("Pharmacist"),
    "manager": N_("Manager"),
    "other": N_("Other staff"),
    # service
    "placed": N_("Placed"),
    "arrived": N_("Arrived"),
    "serving": N_("Serving"),
    "on_leave": N_("On leave"),
    "completed": N_("Completed"),
    "breached": N_("Broken off"),
    "exempt": N_("Exempt"),
    "deferred": N_("Deferred"),
    "ended": N_("Ended"),
    "not_arrived": N_("Did not arrive"),
    # duties
    "state_grant": N_("State grant"),
    "rural_quota": N_("Rural quota"),
    "local_grant": N_("Regional grant"),
    "rural_payment": N_("Rural payment"),
    "phd_order": N_("Doctoral order"),
    "fee": N_("Fee-paying"),
    # placement
    "FILLED_BY_HIGHER": N_("Filled by graduates with a higher score"),
    "FLOOR_RESERVED": N_("The seat was kept for a floor"),
    "CAP_REACHED": N_("A cap was reached"),
    "NOT_ELIGIBLE": N_("Not eligible"),
    "CLOSED": N_("The line was closed"),
    "PINNED": N_("Decided by the commission"),
    # severity and states of checks
    "critical": N_("Critical"),
    "warning": N_("Warning"),
    "pass": N_("Passed"),
    "fail": N_("Failed"),
}


def label(code: object) -> str:
    """The code in words."""
    if code is None or code != code:  # noqa: PLR0124 - NaN is the one value unequal to itself
        return ""
    found = LABELS.get(str(code))
    return _(found) if found else str(code).replace("_", " ")
