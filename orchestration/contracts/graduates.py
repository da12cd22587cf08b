"""Graduate contracts: universities, graduates, their duty, wishes, decisions and service.

One file because one commission keeps them together. Does not belong here: rules of eligibility and priority,
which are dated reference rows (`reference.py`), and the placement itself.
"""

from dataclasses import replace

from orchestration.contracts.contract import Column, Contract, Rule
from orchestration.contracts.shared_columns import FACILITY, GRADUATE, REGION, SPECIALTY, optional

OF_GRADUATE = replace(GRADUATE, references="graduate.graduate_key")

UNIVERSITY = Contract(
    name="university",
    title="Universities",
    grain="One row per university or college.",
    key=("university_id",),
    group="graduates",
    columns=(
        Column("university_id", "text", "University.", pattern=r"[0-9A-Za-z_-]{1,20}"),
        Column("university_name_kk", "text", "Name in Kazakh.", required=False),
        Column("university_name_ru", "text", "Name in Russian."),
        Column("university_name_en", "text", "Name in English.", required=False),
        REGION,
    ),
)

UNIVERSITY_SEAT = Contract(
    name="university_seat",
    title="Study places",
    grain="One row per university, programme, basis and year of entry.",
    key=("university_id", "programme_code", "study_basis", "entry_year"),
    group="graduates",
    columns=(
        Column("university_id", "text", "University.", references="university.university_id"),
        Column("programme_code", "code", "Programme, code of `programmes`.", code_list="programmes"),
        Column(
            "study_basis",
            "code",
            "Who pays for the study.",
            vocabulary=("state_grant", "local_grant", "fee"),
        ),
        Column("entry_year", "year", "Year of entry.", minimum=1990, maximum=2100),
        Column("seats_count", "integer", "Places.", minimum=0, unit="persons"),
        Column(
            "graduated_count",
            "integer",
            "Graduates of that intake so far.",
            required=False,
            minimum=0,
            unit="persons",
        ),
    ),
)

GRADUATE_TABLE = Contract(
    name="graduate",
    title="Graduates",
    grain="One row per graduate.",
    key=("graduate_key",),
    group="graduates",
    is_restricted=True,
    columns=(
        GRADUATE,
        Column("university_id", "text", "University.", references="university.university_id"),
        Column("programme_code", "code", "Programme, code of `programmes`.", code_list="programmes"),
        Column(
            "level",
            "code",
            "Level of study.",
            vocabulary=("bachelor", "internship", "residency", "doctorate", "college"),
        ),
        SPECIALTY,
        Column("graduation_year", "year", "Year of graduation.", minimum=1990, maximum=2100),
        Column(
            "sex",
            "code",
            "Administrative sex.",
            required=False,
            vocabulary=("male", "female", "unknown"),
        ),
        Column("birth_year", "year", "Year of birth.", required=False, minimum=1940, maximum=2100),
        Column("home_region_code", "code", "Region of home.", required=False, code_list="regions"),
        Column(
            "home_settlement",
            "code",
            "Whether home is urban or rural.",
            required=False,
            vocabulary=("urban", "rural"),
        ),
        Column(
            "language",
            "code",
            "Language of study.",
            required=False,
            vocabulary=("kk", "ru", "both"),
        ),
        Column(
            "merit_score",
            "number",
            "Merit, 0 to 100.",
            required=False,
            minimum=0,
            maximum=100,
            unit="points",
        ),
        Column(
            "couple_key",
            "key",
            "Shared by two graduates who apply together.",
            required=False,
            pattern=r"[0-9a-f]{32}",
            pseudonym="graduate",
        ),
        Column(
            "spouse_locality_kato",
            "code",
            "Locality where the spouse lives, works or serves.",
            required=False,
            is_special_category=True,
        ),
        Column(
            "preplaced_facility_id",
            "text",
            "Facility of a contract signed before the campaign.",
            required=False,
            references="facility.facility_id",
        ),
        Column("has_consent", "boolean", "Consent to automated processing.", required=False),
    ),
)

OBLIGATION = Contract(
    name="obligation",
    title="Obligations",
    grain="One row per graduate and legal basis.",
    key=("graduate_key", "basis"),
    group="graduates",
    is_restricted=True,
    columns=(
        OF_GRADUATE,
        Column(
            "basis",
            "code",
            "Legal basis.",
            vocabulary=("state_grant", "rural_quota", "local_grant", "rural_payment", "phd_order"),
        ),
        Column(
            "state_order_share",
            "number",
            "Share of the study paid by the budget.",
            minimum=0,
            maximum=1,
            unit="share",
        ),
        Column(
            "required_months",
            "integer",
            "Length of the duty at a full share.",
            minimum=0,
            maximum=240,
            unit="months",
        ),
        Column("paying_region_code", "code", "Region that paid.", required=False, code_list="regions"),
        Column("began_on", "date", "Day the duty began.", required=False),
        Column("cost_kzt", "number", "Cost to the budget.", required=False, minimum=0, unit="KZT"),
    ),
    rules=(
        Rule(
            "local_grant_names_region",
            "basis <> 'local_grant' or paying_region_code is not null",
            "A local grant must name the region that paid.",
        ),
    ),
)

EXEMPTION = Contract(
    name="exemption",
    title="Exemptions and deferrals",
    grain="One row per graduate, ground and day of decision.",
    key=("graduate_key", "ground_code", "decided_on"),
    group="graduates",
    is_restricted=True,
    columns=(
        OF_GRADUATE,
        Column(
            "ground_code",
            "code",
            "Ground, code of `exemption_grounds`.",
            code_list="exemption_grounds",
            is_special_category=True,
        ),
        Column("kind", "code", "Kind of decision.", vocabulary=("exemption", "deferral", "ended")),
        Column("decided_by", "text", "Commission that decided.", required=False),
        Column("decided_on", "date", "Day of decision."),
        Column("from_date", "date", "First day it holds.", required=False),
        Column("until_date", "date", "Last day it holds.", required=False),
    ),
)

PREFERENCE = Contract(
    name="preference",
    title="Preferences",
    grain="One row per graduate and rank.",
    key=("graduate_key", "rank"),
    group="graduates",
    is_restricted=True,
    columns=(
        OF_GRADUATE,
        Column("rank", "integer", "Rank, 1 the first wish.", minimum=1, maximum=1000),
        optional(FACILITY),
        Column("region_code", "code", "Region wished for.", required=False, code_list="regions"),
    ),
    rules=(
        Rule(
            "facility_or_region",
            "(facility_id is null) <> (region_code is null)",
            "A wish names a facility or a region, exactly one.",
        ),
    ),
)

CAMPAIGN = Contract(
    name="campaign",
    title="Campaigns",
    grain="One row per campaign of placement.",
    key=("campaign_id",),
    group="graduates",
    columns=(
        Column("campaign_id", "text", "Campaign."),
        Column("campaign_year", "year", "Year of graduation it places.", minimum=2000, maximum=2100),
        Column("placing_body", "text", "Who places; dated, because the law has moved it."),
        Column("act_number", "text", "Act it works by.", required=False),
        Column("lists_close_on", "date", "Day the lists close."),
        Column("arrive_by", "date", "Day by which a graduate arrives."),
        Column("seed", "text", "Public seed of the lottery.", required=False),
        Column("rule_version", "text", "Version of the priority rules.", required=False),
    ),
)

PLACEMENT_DECISION = Contract(
    name="placement_decision",
    title="Decisions of the commission",
    grain="One row per decision.",
    key=("campaign_id", "graduate_key", "decided_at"),
    group="graduates",
    is_restricted=True,
    columns=(
        Column("campaign_id", "text", "Campaign.", references="campaign.campaign_id"),
        OF_GRADUATE,
        Column(
            "line_id",
            "text",
            "Vacancy line the decision is about, facility_id|specialty_code; blank for the one proposed.",
            required=False,
        ),
        Column(
            "decision",
            "code",
            "Decision.",
            vocabulary=(
                "confirmed",
                "refused_by_graduate",
                "refused_by_employer",
                "overridden",
                "objection",
            ),
        ),
        Column("reason_code", "code", "Reason.", required=False),
        Column("decided_by", "text", "Role that decided; never a person's name.", required=False),
        Column("decided_at", "timestamp", "Moment of the decision."),
    ),
)

SERVICE_EVENT = Contract(
    name="service_event",
    title="Service events",
    grain="One row per graduate, event and day.",
    key=("graduate_key", "event", "event_date"),
    group="graduates",
    is_restricted=True,
    columns=(
        OF_GRADUATE,
        optional(FACILITY),
        Column(
            "event",
            "code",
            "Event.",
            vocabulary=(
                "arrived",
                "not_arrived",
                "on_leave",
                "returned",
                "moved",
                "left",
                "completed",
                "repaid",
            ),
        ),
        Column("event_date", "date", "Day of the event."),
        Column(
            "evidence",
            "code",
            "Evidence.",
            required=False,
            vocabulary=("pension_record", "employer_letter", "other"),
        ),
    ),
)

GRADUATES = (
    UNIVERSITY,
    UNIVERSITY_SEAT,
    GRADUATE_TABLE,
    OBLIGATION,
    EXEMPTION,
    PREFERENCE,
    CAMPAIGN,
    PLACEMENT_DECISION,
    SERVICE_EVENT,
)
