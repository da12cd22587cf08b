"""Health-passport contracts: what the door lets through of a person's record, already anonymised.

Six small tables that always arrive together, hence one file. Does not belong here: the anonymising itself
(`orchestration/sources/anonymise.py`).
"""

from orchestration.contracts.contract import Column, Contract
from orchestration.contracts.shared_columns import (
    AGE_BAND,
    DISTRICT,
    EVENT_MONTH,
    FACILITY,
    PATIENT,
    REGION,
    SETTLEMENT_KIND,
    SEX,
    SPECIALTY,
    optional,
)


def _key(name: str, of: str) -> Column:
    return Column(name, "key", f"Pseudonym of the {of}.", pattern=r"[0-9a-f]{32}", pseudonym="patient")


ICD10 = Column("icd10_code", "code", "ICD-10 category, three characters.", pattern=r"[A-Z]\d[0-9A-Z]")

PASSPORT_PATIENT = Contract(
    name="passport_patient",
    title="Patients",
    grain="One row per patient in the passport bank, latest version.",
    key=("patient_key",),
    group="passports",
    is_restricted=True,
    columns=(
        PATIENT,
        Column("birth_year", "year", "Year of birth.", minimum=1900, maximum=2100),
        SEX,
        REGION,
        DISTRICT,
        SETTLEMENT_KIND,
        Column(
            "attached_facility_id",
            "text",
            "Clinic the patient is attached to.",
            required=False,
            references="facility.facility_id",
        ),
        Column("deceased_year", "year", "Year of death.", required=False, minimum=1900, maximum=2100),
    ),
)

PASSPORT_ENCOUNTER = Contract(
    name="passport_encounter",
    title="Encounters",
    grain="One row per contact of a patient with a facility.",
    key=("encounter_key",),
    group="passports",
    period="event_month",
    is_restricted=True,
    columns=(
        _key("encounter_key", "encounter"),
        PATIENT,
        FACILITY,
        EVENT_MONTH,
        Column(
            "class_code",
            "code",
            "Class of the encounter.",
            vocabulary=("AMB", "IMP", "EMER", "HH", "VR", "OTHER"),
        ),
        optional(SPECIALTY),
        Column(
            "reason_icd10_code",
            "code",
            "Reason, ICD-10 category.",
            required=False,
            pattern=r"[A-Z]\d[0-9A-Z]",
        ),
        AGE_BAND,
        Column(
            "length_of_stay_days",
            "integer",
            "Bed days of an inpatient stay, capped at 60.",
            required=False,
            minimum=0,
            maximum=60,
            unit="days",
        ),
        Column("funding", "code", "Who pays.", vocabulary=("gobmp", "osms", "paid", "unknown")),
    ),
)

PASSPORT_CONDITION = Contract(
    name="passport_condition",
    title="Conditions",
    grain="One row per condition of a patient.",
    key=("condition_key",),
    group="passports",
    is_restricted=True,
    columns=(
        _key("condition_key", "condition"),
        PATIENT,
        ICD10,
        Column(
            "status",
            "code",
            "Clinical status.",
            vocabulary=("active", "recurrence", "remission", "inactive", "resolved", "unknown"),
        ),
        Column("onset_year", "year", "Year of onset.", required=False, minimum=1900, maximum=2100),
        Column(
            "dispensary",
            "boolean",
            "Whether the patient is under a chronic-disease management programme.",
        ),
    ),
)

PASSPORT_PROCEDURE = Contract(
    name="passport_procedure",
    title="Procedures",
    grain="One row per procedure done.",
    key=("procedure_key",),
    group="passports",
    period="event_month",
    is_restricted=True,
    columns=(
        _key("procedure_key", "procedure"),
        PATIENT,
        optional(_key("encounter_key", "encounter")),
        FACILITY,
        Column("code_system", "text", "System the procedure code belongs to."),
        Column("procedure_code", "text", "Procedure code in that system."),
        EVENT_MONTH,
        Column(
            "equipment_type_code",
            "code",
            "Equipment the procedure needs.",
            required=False,
            code_list="equipment_types",
        ),
    ),
)

PASSPORT_IMMUNIZATION = Contract(
    name="passport_immunization",
    title="Immunisations",
    grain="One row per dose given.",
    key=("immunization_key",),
    group="passports",
    period="event_month",
    is_restricted=True,
    columns=(
        _key("immunization_key", "immunisation"),
        PATIENT,
        FACILITY,
        Column("vaccine_code", "text", "Vaccine code as the source codes it."),
        EVENT_MONTH,
        Column(
            "dose_number",
            "integer",
            "Number of the dose in its series.",
            required=False,
            minimum=0,
            maximum=20,
        ),
    ),
)

PASSPORT_TOMBSTONE = Contract(
    name="passport_tombstone",
    title="Deletions",
    grain="One row per passport record that its source has deleted.",
    key=("resource_type", "record_key"),
    group="passports",
    is_restricted=True,
    columns=(
        Column(
            "resource_type",
            "code",
            "Kind of the deleted record.",
            vocabulary=("Patient", "Encounter", "Condition", "Procedure", "Immunization"),
        ),
        Column(
            "record_key",
            "key",
            "Pseudonym of the deleted record.",
            pattern=r"[0-9a-f]{32}",
            pseudonym="patient",
        ),
        Column("deleted_month", "month", "Month of deletion."),
    ),
)

PASSPORTS = (
    PASSPORT_PATIENT,
    PASSPORT_ENCOUNTER,
    PASSPORT_CONDITION,
    PASSPORT_PROCEDURE,
    PASSPORT_IMMUNIZATION,
    PASSPORT_TOMBSTONE,
)
