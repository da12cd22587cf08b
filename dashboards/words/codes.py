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
    "state_republican": N_("State, republican"),
    "state_communal": N_("State, communal"),
    "ngo": N_("Non-governmental"),
    "private": N_("Private"),
    "quasi_state": N_("Quasi-state"),
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
    "place": N_("the place"),
    "profession": N_("the profession"),
    "awaiting": N_("Awaits the place"),
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
    "COUPLE_MOVED_ON": N_("The couple moved on to another locality"),
    "EMPTY_LIST": N_("The list holds no eligible option"),
    "ALL_OPTIONS_REFUSED": N_("Every option was refused"),
    "unplaced": N_("No place"),
    "active": N_("In the campaign"),
    "no_duty": N_("No duty"),
    "preplaced": N_("Placed by contract"),
    "placed_by_contract": N_("Placed by contract"),
    "contract": N_("Placed by contract"),
    "NOT_ON_LINE_LIST": N_("Not on the line's own list"),
    "RURAL_ONLY": N_("Rural quota: villages only"),
    "PAYING_REGION": N_("Regional grant: only the region that paid"),
    "PAYING_REGION_ONLY": N_("Regional grant: only the region that paid"),
    "SPOUSE_LOCALITY": N_("Only the spouse's locality"),
    "SPOUSE_LOCALITY_ONLY": N_("Only the spouse's locality"),
    "SPECIALTY_INCOMPATIBLE": N_("The specialty does not fit the post"),
    "STATE_OWNERSHIP_ONLY": N_("State facilities only"),
    "LINE_NOT_OPEN": N_("The line is not open"),
    "LINE_NOT_FUNDED": N_("The line is not funded"),
    "EXEMPT": N_("Exempt"),
    "DEFERRED": N_("Deferred"),
    "PLACED_BY_CONTRACT": N_("Placed by contract"),
    "CONTRACT": N_("Placed by contract"),
    # levels of area, acts
    "nation": N_("Country"),
    "region": N_("Region"),
    "specialty": N_("Specialty"),
    "district": N_("District"),
    "nation_regions": N_("Regions of the country"),
    "nation_districts": N_("Districts of the country"),
    "region_districts": N_("Districts of the region"),
    "gini": N_("Gini index"),
    "concentration_rurality": N_("Concentration by rurality"),
    "in_force": N_("in force"),
    "repealed": N_("repealed"),
    "user_supplied": N_("supplied by the user"),
    "assumed": N_("assumed"),
    "per_population": N_("per attached population"),
    "per_beds": N_("per beds"),
    "per_visits": N_("per visits"),
    # standing of a need by workload
    "complete": N_("work recorded in every month"),
    "partial": N_("work recorded in some months"),
    "no_data": N_("no work recorded"),
    "no_standard": N_("no activity standard"),
    "no_calendar": N_("no working-time calendar"),
    "incomplete_period": N_("fewer than twelve months delivered"),
    "invalid_allowances": N_("support takes all the time"),
    "end_of_service": N_("Service ends"),
    "pension_age": N_("Pension age"),
    # forecasts
    "need_fte": N_("Need by workload"),
    "supply_fte": N_("Filled posts"),
    "required_norm_fte": N_("Need by the norm"),
    "required_wisn_fte": N_("Need by workload"),
    "shortage_fte": N_("Shortage"),
    "surplus_fte": N_("Surplus"),
    "baseline": N_("Baseline"),
    "scenario": N_("Scenario"),
    "before": N_("before calibration"),
    "after": N_("after calibration"),
    "grant_places": N_("Grant places"),
    "residency_places": N_("Residency places"),
    "refusal": N_("Refusals of the place"),
    "rural_retention": N_("Rural retention after 5 years"),
    "retirement_age": N_("Later retirement"),
    "rural_pay": N_("Pay in rural posts"),
    "norm": N_("Norm"),
    "latent_need": N_("Latent need"),
    "emigration": N_("Emigration"),
    "contact_minutes": N_("Minutes a contact takes"),
    "share": N_("share"),
    "share_points": N_("share, difference"),
    "persons": N_("persons"),
    "posts": N_("posts"),
    "per 10,000": N_("per 10,000"),
    "specialty_leaves": N_("Specialties"),
    "leaves": N_("Region × specialty"),
    "region_leaves": N_("Specialties of the region"),
    "years": N_("years"),
    "school": N_("Bachelor's studies"),
    "bachelor": N_("Bachelor's studies"),
    "internship": N_("Internship"),
    "residency": N_("Residency"),
    "doctorate": N_("Doctorate"),
    "college": N_("College"),
    "service": N_("Three-year service"),
    "door": N_("At the door"),
    "warehouse": N_("In the warehouse"),
    "error": N_("Error"),
    "embedded": N_("embedded country"),
    "files": N_("files"),
    "fhir": N_("FHIR export"),
    # severity and states of checks
    "critical": N_("Critical"),
    "warning": N_("Warning"),
    "pass": N_("Passed"),
    "fail": N_("Failed"),
}


def label(code: object) -> str:
    """The code in words; codes joined by + or a comma one by one."""
    if code is None or code != code:  # noqa: PLR0124 - NaN is the one value unequal to itself
        return ""
    text = str(code)
    if text in LABELS:
        return _(LABELS[text])
    if "+" in text:  # several grounds of one duty: state_grant+rural_payment
        return " + ".join(label(part) for part in text.split("+"))
    if ", " in text:  # standings of several acts: repealed, user_supplied
        return ", ".join(label(part) for part in text.split(", "))
    return text.replace("_", " ")
