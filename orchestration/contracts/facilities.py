"""Registry contracts: settlements, facilities, posts, staff members and equipment.

One file because they are delivered by one register of staff and resources and refer to each other. Does not
belong here: norms and standards they are judged by (`reference.py`).
"""

from orchestration.contracts.contract import Column, Contract, Rule
from orchestration.contracts.shared_columns import (
    DISTRICT,
    FACILITY,
    LATITUDE,
    LONGITUDE,
    POSITION,
    REGION,
    SETTLEMENT_KIND,
    SEX,
    SPECIALTY,
    keyed,
    optional,
)

FACILITY_TYPES = (
    "medical_point", "fap", "ambulatory", "phc_centre", "polyclinic", "district_hospital", "city_hospital",
    "multiprofile_hospital", "dispensary", "perinatal", "emergency", "republican_centre", "laboratory",
    "other",
)  # fmt: skip
STAFF_CATEGORIES = ("doctor", "nurse_mid", "junior", "pharmacist", "manager", "other")

SETTLEMENT = Contract(
    name="settlement",
    title="Settlements",
    grain="One row per settlement.",
    key=("settlement_kato",),
    columns=(
        Column(
            "settlement_kato",
            "code",
            "Settlement, KATO code or the register's own.",
            pattern=r"[0-9A-Za-z-]{3,20}",
        ),
        Column("settlement_name_kk", "text", "Name in Kazakh.", required=False),
        Column("settlement_name_ru", "text", "Name in Russian."),
        REGION,
        DISTRICT,
        SETTLEMENT_KIND,
        Column(
            "inhabitants_persons",
            "integer",
            "Inhabitants.",
            required=False,
            minimum=0,
            unit="persons",
        ),
        LATITUDE,
        LONGITUDE,
    ),
    rules=(
        Rule(
            "coordinates_together",
            "(latitude is null) = (longitude is null)",
            "Latitude and longitude come together; fill in the other one.",
        ),
        Rule(
            "has_coordinates",
            "latitude is not null",
            "No coordinates: the settlement is left out of accessibility.",
            "warning",
        ),
    ),
)

FACILITY_REGISTRY = Contract(
    name="facility",
    title="Facilities",
    grain="One row per facility, latest state.",
    key=("facility_id",),
    columns=(
        keyed(FACILITY),
        Column(
            "bin",
            "text",
            "Business identification number, twelve digits.",
            required=False,
            pattern=r"\d{12}",
        ),
        Column("facility_name_ru", "text", "Name in Russian."),
        Column("facility_name_kk", "text", "Name in Kazakh.", required=False),
        Column("facility_type", "code", "Type of facility.", vocabulary=FACILITY_TYPES),
        Column("care_level", "code", "Level of care.", vocabulary=("primary", "secondary", "tertiary")),
        Column(
            "ownership",
            "code",
            "Who owns it.",
            vocabulary=("state_republican", "state_communal", "quasi_state", "private", "ngo"),
        ),
        Column(
            "parent_facility_id",
            "text",
            "Facility it is a branch of.",
            required=False,
            references="facility.facility_id",
        ),
        REGION,
        DISTRICT,
        Column(
            "settlement_kato",
            "code",
            "Settlement it stands in.",
            required=False,
            references="settlement.settlement_kato",
        ),
        SETTLEMENT_KIND,
        LATITUDE,
        LONGITUDE,
        Column("beds_count", "integer", "Beds.", required=False, minimum=0, unit="beds"),
        Column(
            "attached_persons",
            "integer",
            "Attached population.",
            required=False,
            minimum=0,
            unit="persons",
        ),
        Column("licence_no", "text", "Licence number.", required=False),
        Column("licence_until", "date", "Last day of the licence.", required=False),
        Column(
            "has_osms_contract",
            "boolean",
            "Whether it has a contract with the insurance fund.",
            required=False,
        ),
        Column("status", "code", "Whether it works.", vocabulary=("active", "suspended", "closed")),
        Column("opened_on", "date", "Day of opening.", required=False),
        Column("closed_on", "date", "Day of closing.", required=False),
        Column("valid_from", "date", "First day this state holds.", required=False),
        Column("valid_to", "date", "Last day this state holds.", required=False),
    ),
    rules=(
        Rule(
            "coordinates_together",
            "(latitude is null) = (longitude is null)",
            "Latitude and longitude come together; fill in the other one.",
        ),
        Rule(
            "no_beds_in_outpatient",
            "facility_type not in ('fap', 'medical_point', 'ambulatory') or coalesce(beds_count, 0) = 0",
            "A FAP, medical point or ambulatory has no beds; mend the type or the beds.",
        ),
        Rule(
            "closed_after_opened",
            "closed_on >= opened_on",
            "The day of closing lies before the day of opening; mend one of them.",
        ),
        Rule(
            "closed_has_day",
            "status <> 'closed' or closed_on is not null",
            "A closed facility needs its day of closing.",
            "warning",
        ),
    ),
)

STAFF_POST = Contract(
    name="staff_post",
    title="Posts",
    grain="One row per facility, department, position, specialty and month.",
    key=("facility_id", "department", "position_code", "specialty_code", "month"),
    period="month",
    columns=(
        Column("post_id", "text", "Line of the staffing table."),
        FACILITY,
        Column("department", "text", "Department of the facility."),
        POSITION,
        SPECIALTY,
        Column("isco08_code", "code", "Occupation, ISCO-08.", required=False, pattern=r"\d{4}"),
        Column("staff_category", "code", "Category of staff.", vocabulary=STAFF_CATEGORIES),
        Column("budgeted_fte", "posts", "Established posts.", minimum=0.25, step=0.25, unit="posts"),
        Column("filled_fte", "posts", "Filled posts.", minimum=0, step=0.25, unit="posts"),
        Column(
            "persons_count",
            "integer",
            "Persons who fill them.",
            required=False,
            minimum=0,
            unit="persons",
        ),
        Column("vacant_since", "date", "Day the vacancy arose.", required=False),
        Column("is_funded", "boolean", "Whether the vacancy is funded.", required=False),
        Column("has_housing", "boolean", "Whether housing comes with it.", required=False),
        Column("salary_band", "code", "Salary band of the employer.", required=False),
        Column("month", "month", "Month of the staffing table, first day."),
    ),
    rules=(
        Rule(
            "filled_within_budgeted",
            "filled_fte <= 1.5 * budgeted_fte",
            "Filled posts exceed 1.5 times the established ones; mend one of the two.",
        ),
    ),
)

STAFF_MEMBER = Contract(
    name="staff_member",
    title="Staff members",
    grain="One row per person, facility, position and hire.",
    key=("staff_key", "facility_id", "position_code", "hired_month"),
    is_restricted=True,
    columns=(
        Column(
            "staff_key",
            "key",
            "Pseudonym of the staff member.",
            pattern=r"[0-9a-f]{32}",
            pseudonym="staff",
        ),
        Column("birth_year", "year", "Year of birth.", required=False, minimum=1900, maximum=2100),
        SEX,
        FACILITY,
        POSITION,
        SPECIALTY,
        Column(
            "fte",
            "posts",
            "Share of a post held.",
            minimum=0.25,
            maximum=1.5,
            step=0.25,
            unit="posts",
        ),
        Column(
            "qualification",
            "code",
            "Qualification category.",
            required=False,
            vocabulary=("none", "second", "first", "highest"),
        ),
        Column("certificate_until", "date", "Last day of the certificate.", required=False),
        Column(
            "home_region_code",
            "code",
            "Region the person comes from.",
            required=False,
            code_list="regions",
        ),
        Column("hired_month", "month", "Month of hire, first day."),
        Column("left_month", "month", "Month of leaving, first day.", required=False),
        Column(
            "leave_reason",
            "code",
            "Why the person left.",
            required=False,
            vocabulary=("retire", "move", "sector_exit", "abroad", "death", "other"),
        ),
    ),
    rules=(
        Rule(
            "left_after_hired",
            "left_month is null or left_month >= hired_month",
            "The month of leaving lies before the month of hire.",
        ),
        Rule(
            "reason_with_leaving",
            "leave_reason is null or left_month is not null",
            "A reason of leaving needs its month.",
        ),
    ),
)

EQUIPMENT = Contract(
    name="equipment",
    title="Equipment",
    grain="One row per item or set of equal items in a facility.",
    key=("equipment_id",),
    columns=(
        Column("equipment_id", "text", "Inventory line."),
        FACILITY,
        Column(
            "equipment_type_code",
            "code",
            "Type, code of `equipment_types`.",
            code_list="equipment_types",
        ),
        Column("quantity_count", "integer", "Items.", minimum=0, unit="items"),
        Column(
            "commissioned_year",
            "year",
            "Year of commissioning.",
            required=False,
            minimum=1950,
            maximum=2100,
        ),
        Column("status", "code", "State.", vocabulary=("working", "repair", "idle", "written_off")),
        Column("wear_pct", "number", "Wear.", required=False, minimum=0, maximum=100, unit="percent"),
        optional(Column("required_specialty_code", "code", "Specialist it needs.", code_list="specialties")),
    ),
)

REGISTRY = (SETTLEMENT, FACILITY_REGISTRY, STAFF_POST, STAFF_MEMBER, EQUIPMENT)
