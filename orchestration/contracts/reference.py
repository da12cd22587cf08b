"""Reference contracts: population, and the dated norms, standards and rules that facilities are judged by.

One file of small tables of one kind: dated rows with their act. Does not belong here: code lists, which are
seeds of `dbt_project`.
"""

from orchestration.contracts.contract import Column, Contract, Rule
from orchestration.contracts.facilities import FACILITY_TYPES
from orchestration.contracts.shared_columns import (
    AGE_BAND,
    DISTRICT,
    POSITION,
    REGION,
    SETTLEMENT_KIND,
    SPECIALTY,
    optional,
)

ACT = (
    Column("act_number", "text", "Act that sets it."),
    Column("valid_from", "date", "First day it holds."),
    Column("valid_to", "date", "Last day it holds; blank while it holds.", required=False),
    Column(
        "act_status",
        "code",
        "Standing of the act.",
        vocabulary=("in_force", "repealed", "user_supplied", "assumed"),
    ),
)

POPULATION = Contract(
    name="population",
    title="Population",
    grain="One row per region, settlement kind, district (or blank), year, sex and age band; 1 January.",
    key=("region_code", "district_kato", "settlement", "year", "sex", "age_band"),
    group="reference",
    total_column="population_persons",
    columns=(
        REGION,
        DISTRICT,
        SETTLEMENT_KIND,
        Column("year", "year", "Year, 1 January.", minimum=1950, maximum=2100),
        Column("sex", "code", "Sex.", vocabulary=("male", "female")),
        AGE_BAND,
        Column("population_persons", "number", "Inhabitants.", minimum=0, unit="persons"),
    ),
)

NORM = Contract(
    name="norm",
    title="Provision norms",
    grain="One row per norm, basis and validity.",
    key=("norm_id",),
    group="reference",
    columns=(
        Column("norm_id", "text", "Norm."),
        SPECIALTY,
        Column(
            "basis",
            "code",
            "What the norm counts by.",
            vocabulary=("per_population", "per_beds", "per_visits"),
        ),
        Column(
            "basis_units_count",
            "number",
            "Persons, beds or visits a year that ask for one post.",
            minimum=0.0001,
            unit="persons, beds or visits a post",
        ),
        optional(
            Column(
                "facility_type",
                "code",
                "Facility type it holds for; blank for all.",
                vocabulary=FACILITY_TYPES,
            )
        ),
        *ACT,
    ),
    rules=(
        Rule(
            "valid_from_before_to",
            "valid_to is null or valid_to >= valid_from",
            "The norm ends before it begins.",
        ),
    ),
)

NETWORK_NORM = Contract(
    name="network_norm",
    title="Network norms",
    grain="One row per range of inhabitants and validity.",
    key=("network_norm_id",),
    group="reference",
    columns=(
        Column("network_norm_id", "text", "Norm."),
        Column(
            "from_inhabitants_persons",
            "integer",
            "Smallest settlement it holds for.",
            minimum=0,
            unit="persons",
        ),
        Column(
            "below_inhabitants_persons",
            "integer",
            "It holds below this size.",
            required=False,
            minimum=1,
            unit="persons",
        ),
        Column(
            "required_facility_type",
            "code",
            "Facility type it asks for; `medical_worker` asks for a worker only.",
            vocabulary=("medical_worker", *FACILITY_TYPES),
        ),
        *ACT,
    ),
)

EQUIPMENT_NORM = Contract(
    name="equipment_norm",
    title="Minimum equipment",
    grain="One row per facility type, equipment type and validity.",
    key=("facility_type", "equipment_type_code", "valid_from"),
    group="reference",
    columns=(
        Column("facility_type", "code", "Facility type.", vocabulary=FACILITY_TYPES),
        Column("equipment_type_code", "code", "Equipment type.", code_list="equipment_types"),
        Column("minimum_count", "number", "Items a facility needs at least.", minimum=0, unit="items"),
        *ACT,
    ),
)

ACTIVITY_STANDARD = Contract(
    name="activity_standard",
    title="Activity standards",
    grain="One row per position, activity and validity.",
    key=("position_code", "activity_code", "valid_from"),
    group="reference",
    columns=(
        POSITION,
        Column("activity_code", "code", "Activity, code of `activities`.", code_list="activities"),
        Column(
            "unit_minutes",
            "number",
            "Minutes a unit takes.",
            required=False,
            minimum=0.01,
            unit="minutes",
        ),
        Column(
            "units_per_hour",
            "number",
            "Units an hour, where the standard is a rate.",
            required=False,
            minimum=0.0001,
            unit="units an hour",
        ),
        *ACT,
    ),
    rules=(
        Rule(
            "minutes_or_rate",
            "(unit_minutes is null) <> (units_per_hour is null)",
            "A standard is minutes a unit or units an hour, exactly one.",
        ),
    ),
)

SUPPORT_STANDARD = Contract(
    name="support_standard",
    title="Support standards",
    grain="One row per position, support activity and validity.",
    key=("position_code", "support_code", "valid_from"),
    group="reference",
    columns=(
        POSITION,
        Column("support_code", "text", "Support activity."),
        Column(
            "allowance",
            "code",
            "Done by all of the category, or by some members.",
            vocabulary=("category", "individual"),
        ),
        Column(
            "hours",
            "number",
            "Hours a period (for an individual allowance: of all such members together).",
            minimum=0,
            unit="hours",
        ),
        Column("period", "code", "The period.", vocabulary=("day", "week", "month", "year")),
        *ACT,
    ),
)

LEAVE_CALENDAR = Contract(
    name="leave_calendar",
    title="Working time",
    grain="One row per year and position (blank position: all).",
    key=("year", "position_code"),
    group="reference",
    columns=(
        Column("year", "year", "Year.", minimum=2000, maximum=2100),
        optional(POSITION),
        Column("possible_days", "number", "Possible working days.", minimum=1, maximum=366, unit="days"),
        Column("holiday_days", "number", "Public holidays.", minimum=0, unit="days"),
        Column("annual_leave_days", "number", "Annual leave.", minimum=0, unit="days"),
        Column("sick_leave_days", "number", "Sick leave.", minimum=0, unit="days"),
        Column("other_leave_days", "number", "Other leave and training.", minimum=0, unit="days"),
        Column("day_hours", "number", "Working hours a day.", minimum=0.5, maximum=24, unit="hours"),
        Column("week_days", "number", "Working days a week.", minimum=1, maximum=7, unit="days"),
    ),
    rules=(
        Rule(
            "time_left",
            "possible_days > holiday_days + annual_leave_days + sick_leave_days + other_leave_days",
            "No working time is left after leave.",
        ),
    ),
)

PROGRAMME_STANDARD = Contract(
    name="programme_standard",
    title="Chronic-disease team standards",
    grain="One row per programme, position and validity.",
    key=("programme_code", "position_code", "valid_from"),
    group="reference",
    columns=(
        Column(
            "programme_code",
            "code",
            "Programme, code of `chronic_programmes`.",
            code_list="chronic_programmes",
        ),
        POSITION,
        Column(
            "patients_per_fte",
            "number",
            "Registered patients one post looks after.",
            minimum=1,
            unit="patients a post",
        ),
        *ACT,
    ),
)

PRIORITY_RULE = Contract(
    name="priority_rule",
    title="Priority rules",
    grain="One row per rule version and criterion.",
    key=("rule_version", "criterion"),
    group="reference",
    columns=(
        Column("rule_version", "text", "Version of the list."),
        Column(
            "criterion",
            "code",
            "Criterion.",
            vocabulary=(
                "spouse_locality",
                "home_region",
                "rural_home",
                "state_language",
                "merit",
                "study_in_region",
            ),
        ),
        Column(
            "points",
            "number",
            "Points of a candidate who meets it (for merit: at score 100).",
            minimum=0,
            unit="points",
        ),
        *ACT,
    ),
)

QUOTA = Contract(
    name="quota",
    title="Quotas",
    grain="One row per campaign and scope.",
    key=("campaign_id", "quota_id"),
    group="reference",
    columns=(
        Column("campaign_id", "text", "Campaign.", references="campaign.campaign_id"),
        Column("quota_id", "text", "Quota."),
        Column("specialty_group_code", "code", "Group of specialties; blank for all.", required=False),
        Column("region_code", "code", "Region; blank for all.", required=False, code_list="regions"),
        Column("is_rural", "boolean", "Rural lines only; blank for both.", required=False),
        Column(
            "floor_count",
            "integer",
            "At least so many are placed.",
            required=False,
            minimum=0,
            unit="persons",
        ),
        Column(
            "cap_count",
            "integer",
            "At most so many are placed.",
            required=False,
            minimum=0,
            unit="persons",
        ),
    ),
    rules=(
        Rule(
            "floor_below_cap",
            "floor_count is null or cap_count is null or floor_count <= cap_count",
            "The floor lies above the cap.",
        ),
    ),
)

REFERENCE = (
    POPULATION,
    NORM,
    NETWORK_NORM,
    EQUIPMENT_NORM,
    ACTIVITY_STANDARD,
    SUPPORT_STANDARD,
    LEAVE_CALENDAR,
    PROGRAMME_STANDARD,
    PRIORITY_RULE,
    QUOTA,
)
