"""Registry contracts: settlements, facilities and equipment.

One file because one register of resources delivers them and they refer to each other. Does not belong here:
who works there (`staff.py`), norms and standards they are judged by (`reference.py`).
"""

from orchestration.contracts.contract import Column, Contract, Rule
from orchestration.contracts.shared_columns import (
    DISTRICT,
    FACILITY,
    LATITUDE,
    LONGITUDE,
    REGION,
    SETTLEMENT_KIND,
    keyed,
    optional,
)
from orchestration.contracts.staff import STAFF

FACILITY_TYPES = (
    "medical_point", "fap", "ambulatory", "phc_centre", "polyclinic", "district_hospital", "city_hospital",
    "multiprofile_hospital", "dispensary", "perinatal", "emergency", "republican_centre", "laboratory",
    "other",
)  # fmt: skip

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

REGISTRY = (SETTLEMENT, FACILITY_REGISTRY, *STAFF, EQUIPMENT)
