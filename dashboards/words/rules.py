"""Rules of the door in the reader's language: what each is called, and how a delivery is mended.

Belongs here: rule id → name and remedy. Does not belong here: the rules (they are checked where data arrive)
and the example that a quarantined record brings, which names columns and limits.
"""

from dashboards.words import N_, _, codes

_NAMES: dict[str, str] = {
    "required": N_("A required value is blank"),
    "vocabulary": N_("Value is not among the allowed ones"),
    "code_list": N_("Code is not in the code list"),
    "pattern": N_("Code has another form"),
    "not_a_number": N_("Not a number"),
    "minimum": N_("Value below the least possible"),
    "maximum": N_("Value above the largest possible"),
    "step": N_("Value between the allowed steps"),
    "reference": N_("The record referred to did not arrive"),
    "personal_number": N_("Personal number in a text"),
    "phone": N_("Phone number in a text"),
    "email": N_("E-mail address in a text"),
    "first_of_month": N_("Month is not given by its first day"),
    "future_month": N_("Date in the future"),
    "future_year": N_("Date in the future"),
    "duplicate_key": N_("Two records share one key and differ"),
    "column_count": N_("Wrong number of columns"),
    "encoding": N_("Letters that cannot be read"),
    "formula_cell": N_("Formula in a cell"),
    "error_cell": N_("Error in a cell"),
    "numeric_code": N_("Code turned into a number"),
    "not_json": N_("Line is not JSON"),
    "wrong_resource": N_("Resource of another type"),
    "missing_id": N_("Resource without an id"),
    "geography_not_covered": N_("Place is not in the crosswalk"),
    "position_not_covered": N_("Position is not in the crosswalk"),
    "specialty_not_covered": N_("Specialty is not in the crosswalk"),
    "facility_not_delivered": N_("The record referred to did not arrive"),
    "patient_not_delivered": N_("The record referred to did not arrive"),
    "period_reversed": N_("Ends before it begins"),
    "valid_from_before_to": N_("Ends before it begins"),
    "coordinates_together": N_("Only one of two coordinates"),
    "has_coordinates": N_("Settlement without coordinates"),
    "inside_its_region": N_("Point outside its region"),
    "swapped_coordinates": N_("Latitude and longitude swapped"),
    "closed_after_opened": N_("Ends before it begins"),
    "before_birth": N_("Date before birth"),
    "did_not_happen": N_("Event did not take place"),
    "no_month": N_("No date, so no month"),
    "no_patient": N_("Resource without a patient"),
    "no_practitioner": N_("Resource without a practitioner"),
    "not_a_facility": N_("Not a medical facility"),
    "not_a_passport": N_("Not a record of a health passport"),
    "not_a_resource": N_("Line is not a FHIR resource"),
    "not_active": N_("Record is not active"),
    "wrong_shape": N_("Element of another shape"),
    "modifier_extension": N_("Extension that changes the meaning"),
    "fhir_version": N_("Another version of FHIR"),
    "no_beds_in_outpatient": N_("Beds in an outpatient facility"),
    "closed_has_day": N_("Closed facility without its day of closing"),
    "filled_within_budgeted": N_("Filled posts far above the established ones"),
    "left_after_hired": N_("Left before being hired"),
    "reason_with_leaving": N_("Reason of leaving without its month"),
    "local_grant_names_region": N_("Regional grant without its region"),
    "facility_or_region": N_("A wish must name a facility or a region"),
    "minutes_or_rate": N_("A standard is minutes or a rate, one of them"),
    "time_left": N_("No working time is left after leave"),
    "floor_below_cap": N_("Floor above its cap"),
}
_REMEDIES: dict[str, str] = {
    "required": N_("Fill it in; a blank is not zero."),
    "vocabulary": N_("Use one of the contract's values."),
    "code_list": N_("Mend the code, or add it to the code list."),
    "pattern": N_("Mend the code; leading zeros may be lost."),
    "minimum": N_("Mend the value at the source."),
    "maximum": N_("Mend the value at the source."),
    "step": N_("Mend the value at the source."),
    "not_a_number": N_("Mend the value at the source."),
    "reference": N_("Deliver the record it refers to, or mend the code."),
    "personal_number": N_("Take it out of the text at the source."),
    "phone": N_("Take it out of the text at the source."),
    "email": N_("Take it out of the text at the source."),
    "first_of_month": N_("Write the month by its first day."),
    "future_month": N_("Mend the date, or the as-of day of the configuration."),
    "future_year": N_("Mend the date, or the as-of day of the configuration."),
    "duplicate_key": N_("Deliver one of them, or say which is newer."),
    "inside_its_region": N_("Mend the coordinates or the region."),
    "swapped_coordinates": N_("Exchange latitude and longitude."),
    "closed_after_opened": N_("Mend one of the two dates."),
    "no_beds_in_outpatient": N_("Mend the type of the facility or its beds."),
    "filled_within_budgeted": N_("Mend one of the two numbers."),
    "coordinates_together": N_("Fill in the other one."),
    "geography_not_covered": N_("Add it to the crosswalk file."),
    "position_not_covered": N_("Add it to the crosswalk file."),
    "specialty_not_covered": N_("Add it to the crosswalk file."),
}


def name(rule: str) -> str:
    """What a rule is called; a rule without a name by its own words."""
    return _(_NAMES[rule]) if rule in _NAMES else codes.label(rule)


def remedy(rule: str, example: object) -> str:
    """How to mend; where no remedy is written here, the example that the record brought."""
    return _(_REMEDIES[rule]) if rule in _REMEDIES else str(example)
