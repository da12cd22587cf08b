"""Registry contracts of staff: posts and the members who fill them.

Does not belong here: the facilities they work in (`facilities.py`).
"""

from orchestration.contracts.contract import Column, Contract, Rule
from orchestration.contracts.shared_columns import FACILITY, POSITION, SEX, SPECIALTY

STAFF_CATEGORIES = ("doctor", "nurse_mid", "junior", "pharmacist", "manager", "other")

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
        Column(
            "budgeted_fte",
            "posts",
            "Established posts; blank where the source does not know them, which is not zero.",
            required=False,
            minimum=0.25,
            step=0.25,
            unit="posts",
        ),
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

STAFF = (STAFF_POST, STAFF_MEMBER)
