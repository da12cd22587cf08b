"""Columns that several contracts share, so that the same quantity has the same words everywhere.

Belongs here: a column used by two contracts or more. Does not belong here: a column of one contract.
"""

from dataclasses import replace

from orchestration.contracts.contract import Column

REGION = Column(
    "region_code",
    "code",
    "First-level region, ISO 3166-2.",
    code_list="regions",
    pattern=r"[A-Z]{2}-[A-Z0-9]{1,3}",
)
DISTRICT = Column(
    "district_kato", "code", "District, nine-digit KATO code.", required=False, pattern=r"\d{9}"
)
SETTLEMENT_KIND = Column(
    "settlement", "code", "Whether the place is urban or rural.", vocabulary=("urban", "rural")
)
FACILITY = Column(
    "facility_id",
    "text",
    "Facility, identifier of the facility registry.",
    references="facility.facility_id",
)
SPECIALTY = Column("specialty_code", "code", "Specialty, code of `specialties`.", code_list="specialties")
POSITION = Column("position_code", "code", "Position, code of `positions`.", code_list="positions")
EVENT_MONTH = Column("event_month", "month", "Month of the event, first day.")
PATIENT = Column(
    "patient_key", "key", "Pseudonym of the patient.", pattern=r"[0-9a-f]{32}", pseudonym="patient"
)
GRADUATE = Column(
    "graduate_key",
    "key",
    "Pseudonym of the graduate.",
    pattern=r"[0-9a-f]{32}",
    pseudonym="graduate",
)
SEX = Column("sex", "code", "Administrative sex.", vocabulary=("male", "female", "unknown"))
LATITUDE = Column(
    "latitude",
    "number",
    "Latitude, WGS 84.",
    required=False,
    minimum=40.5,
    maximum=55.5,
    unit="degrees",
)
LONGITUDE = Column(
    "longitude",
    "number",
    "Longitude, WGS 84.",
    required=False,
    minimum=46.4,
    maximum=87.4,
    unit="degrees",
)

AGE_BANDS = tuple(f"{low:02d}-{low + 4:02d}" for low in range(0, 85, 5)) + ("85+",)
AGE_BAND = Column("age_band", "code", "Five-year age band, the last open.", vocabulary=AGE_BANDS)


def optional(column: Column) -> Column:
    """The same column where a blank is allowed."""
    return replace(column, required=False)


def keyed(column: Column) -> Column:
    """The same column without its reference: it is the key here."""
    return replace(column, references="")
