"""Norms, standards, working time and rules: dated rows with their act.

Belongs here: the rows the embedded country is judged by, each with the standing of its act. Does not belong
here: code lists (seeds of `dbt_project`), figures of the country.

Values marked `assumed` are the project's own, so that the methods can be shown; users load their own norms.
"""

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from orchestration.sources.embedded.equipment_norms import EQUIPMENT_MINIMUM
from orchestration.sources.embedded.establishment import IS_DOCTOR, POSITIONS
from orchestration.sources.embedded.published import figures
from orchestration.sources.embedded.tables import typed

PROVISION_ACT = "ҚР ДСМ-205/2020 (values assumed)"
NETWORK_ACT = "ҚР ДСМ-133/2020"
ASSUMED = "embedded country 2026"
WHEN_ASSUMED = dt.date(2020, 1, 1)
RULES_2026 = "2026-1"
CAMPAIGN_2026 = "2026"


def _rows(contract: str, rows: list[dict[str, Any]]) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return typed(contract, {name: [row.get(name) for row in rows] for name in names})


def _act(number: str, status: str, start: dt.date, end: dt.date | None = None) -> dict[str, Any]:
    return {"act_number": number, "act_status": status, "valid_from": start, "valid_to": end}


# Posts a specialty is asked for by persons attached, beds or own visits a year, in the types that have such
# posts. The project's own: set so that the nation is asked for about three per cent more than it established
# in 2026. The gap then shows where posts lie against people, beds and visits, not a size nobody published.
PROVISION = (
    ("gp", "per_population", 1_700, None),
    ("therapy", "per_population", 4_700, None),
    ("therapy", "per_beds", 17, "district_hospital"),
    ("therapy", "per_beds", 27.5, "city_hospital"),
    ("paediatrics", "per_population", 4_400, None),
    ("paediatrics", "per_beds", 30, "district_hospital"),
    ("paediatrics", "per_beds", 34.5, "city_hospital"),
    ("obgyn", "per_population", 6_200, None),
    ("obgyn", "per_beds", 28, "district_hospital"),
    ("obgyn", "per_beds", 39.5, "city_hospital"),
    ("obgyn", "per_beds", 2.4, "perinatal"),
    ("surgery", "per_population", 10_700, "polyclinic"),
    ("surgery", "per_beds", 19.5, "district_hospital"),
    ("surgery", "per_beds", 23, "city_hospital"),
    ("surgery", "per_beds", 21.5, "multiprofile_hospital"),
    ("neurology", "per_population", 7_700, "polyclinic"),
    ("neurology", "per_beds", 43, "district_hospital"),
    ("neurology", "per_beds", 32, "city_hospital"),
    ("cardiology", "per_population", 11_500, "polyclinic"),
    ("cardiology", "per_beds", 79, "district_hospital"),
    ("cardiology", "per_beds", 38.5, "city_hospital"),
    ("ophthalmology", "per_population", 11_500, "polyclinic"),
    ("ent", "per_population", 15_000, "polyclinic"),
    ("endocrinology", "per_population", 12_600, "polyclinic"),
    ("oncology", "per_population", 30_500, "polyclinic"),
    ("psychiatry", "per_population", 34_500, "polyclinic"),
    ("phthisiology", "per_population", 39_500, "polyclinic"),
    ("infectious", "per_population", 35_800, "polyclinic"),
    ("dentistry", "per_population", 5_500, "polyclinic"),
    # Visits are known from 2023 on only; a larger specialty would make the past look like a jump.
    ("allergology", "per_visits", 1_600, "polyclinic"),
    ("anaesthesiology", "per_beds", 22.5, "district_hospital"),
    ("anaesthesiology", "per_beds", 15.8, "city_hospital"),
    ("anaesthesiology", "per_beds", 14.4, "multiprofile_hospital"),
    ("anaesthesiology", "per_beds", 6.3, "perinatal"),
    ("neonatology", "per_beds", 3.1, "perinatal"),
    ("nursing", "per_population", 250, None),
    ("nursing", "per_beds", 0.98, "district_hospital"),
    ("nursing", "per_beds", 1.3, "city_hospital"),
)
# Asked for by the repealed order alone: shown, and marked as repealed.
ONLY_REPEALED = ("psychiatry", "phthisiology", "infectious")


def norm_table() -> pa.Table:
    """Provision norms: the project's present assumptions, and what the repealed order stands for before."""
    repealed = _act(PROVISION_ACT, "repealed", dt.date(2020, 11, 25), dt.date(2023, 2, 16))
    assumed = _act(ASSUMED, "assumed", WHEN_ASSUMED)
    rows = []
    for number, (specialty, basis, value, facility_type) in enumerate(PROVISION):
        row = {"specialty_code": specialty, "basis": basis, "basis_units_count": float(value)}
        row |= {"facility_type": facility_type}
        if specialty not in ONLY_REPEALED:
            rows.append({"norm_id": f"N{number:03d}A", **row, **assumed})
        if basis == "per_population":
            old = row | {"basis_units_count": float(round(value * 1.06, -1))}
            rows.append({"norm_id": f"N{number:03d}R", **old, **repealed})
    return _rows("norm", rows)


def network_norm_table() -> pa.Table:
    """What the network order asks for by number of inhabitants."""
    act = _act(NETWORK_ACT, "in_force", dt.date(2020, 10, 19))
    steps = [
        (0, 50, "medical_worker"), (50, 500, "medical_point"), (500, 1_500, "fap"),
        (1_500, 5_000, "ambulatory"), (5_000, 30_000, "phc_centre"),
    ]  # fmt: skip
    return _rows(
        "network_norm",
        [
            {
                "network_norm_id": f"NET{number}",
                "from_inhabitants_persons": low,
                "below_inhabitants_persons": high,
                "required_facility_type": kind,
                **act,
            }
            for number, (low, high, kind) in enumerate(steps)
        ],
    )


def equipment_norm_table() -> pa.Table:
    """Minimum equipment. The counts are the project's own, so no order stands beside them to sign."""
    act = _act(ASSUMED, "assumed", WHEN_ASSUMED)
    return _rows(
        "equipment_norm",
        [
            {"facility_type": kind, "equipment_type_code": code, "minimum_count": float(count), **act}
            for kind, minimum in EQUIPMENT_MINIMUM.items()
            for code, count in minimum.items()
        ],
    )


def activity_standard_table() -> pa.Table:
    """Minutes a unit of every doctor's activity takes (`figures/activity_minutes.csv`); assumed."""
    act = _act(ASSUMED, "assumed", WHEN_ASSUMED)
    rows = []
    for row in figures("activity_minutes"):
        for name, value in row.items():
            if name.endswith("_minutes") and value:
                activity = name.removesuffix("_minutes")
                key = {"position_code": row["position_code"], "activity_code": activity}
                rows.append({**key, "unit_minutes": float(value), **act})
    vaccination = {"position_code": "vaccination_nurse", "activity_code": "immunization"}
    rows.append({**vaccination, "units_per_hour": 5.0, **act})
    procedures = {"position_code": "procedure_nurse", "activity_code": "procedure"}
    rows.append({**procedures, "unit_minutes": 12.0, **act})
    return _rows("activity_standard", rows)


def support_standard_table() -> pa.Table:
    """Records, meetings and teaching of every doctor's position; assumed."""
    act = _act(ASSUMED, "assumed", WHEN_ASSUMED)
    rows = []
    for index in np.flatnonzero(IS_DOCTOR):
        position = POSITIONS[index]
        for code, allowance, hours, period in (
            ("records", "category", 2.0, "day"),
            ("meetings", "category", 2.0, "week"),
            ("training", "category", 4.0, "month"),
        ):
            rows.append(
                {"position_code": position, "support_code": code, "allowance": allowance, "hours": hours,
                 "period": period, **act}
            )  # fmt: skip
    for position in ("gp", "therapy", "surgery"):
        rows.append(
            {"position_code": position, "support_code": "commission", "allowance": "individual",
             "hours": 120.0, "period": "year", **act}
        )  # fmt: skip
    return _rows("support_standard", rows)


def leave_calendar_table() -> pa.Table:
    """Working time of all positions by year; longer leave for anaesthesiologists and psychiatrists."""
    rows = []
    for year in range(2023, 2027):
        common = {"year": year, "possible_days": 260.0, "holiday_days": 14.0, "sick_leave_days": 5.0,
                  "other_leave_days": 5.0, "week_days": 5.0}  # fmt: skip
        rows.append({**common, "position_code": None, "annual_leave_days": 30.0, "day_hours": 7.7})
        for position, days in (("anaesthesiology", 42.0), ("psychiatry", 42.0), ("phthisiology", 42.0)):
            rows.append({**common, "position_code": position, "annual_leave_days": days, "day_hours": 7.2})
    return _rows("leave_calendar", rows)


def programme_standard_table() -> pa.Table:
    """Teams of the chronic-disease programmes; assumed."""
    act = _act(ASSUMED, "assumed", WHEN_ASSUMED)
    teams = {
        "hypertension": {"gp": 1_500, "cardiology": 9_000, "gp_nurse": 700, "psychologist": 9_000},
        "diabetes": {"gp": 1_200, "endocrinology": 3_000, "gp_nurse": 500, "social_worker": 6_000},
        "heart_failure": {"gp": 800, "cardiology": 1_500, "extended_nurse": 500},
    }
    return _rows(
        "programme_standard",
        [
            {"programme_code": programme, "position_code": position, "patients_per_fte": float(count), **act}
            for programme, team in teams.items()
            for position, count in team.items()
        ],
    )


def priority_rule_table() -> pa.Table:
    """The project's own default: no source gives an order of candidates by law."""
    act = _act(ASSUMED, "assumed", dt.date(2021, 1, 1))
    points = {"spouse_locality": 40, "home_region": 25, "rural_home": 10, "state_language": 5,
              "study_in_region": 5, "merit": 15}  # fmt: skip
    return _rows(
        "priority_rule",
        [{"rule_version": RULES_2026, "criterion": c, "points": float(p), **act} for c, p in points.items()],
    )


def quota_table() -> pa.Table:
    """Quotas by group of specialties, then region, then rural: floors of thin regions, caps of two cities.

    Floors bind among people who can move between the same lines; a scope over all specialties of a region
    would count surgeons as able to fill nurses' posts.
    """
    base = {"campaign_id": CAMPAIGN_2026}
    rows: list[dict[str, Any]] = []
    for region, cap in (("KZ-75", 58), ("KZ-71", 42)):
        rows.append(
            {**base, "quota_id": f"cap-nursing-{region}", "specialty_group_code": "nursing",
             "region_code": region, "cap_count": cap}
        )  # fmt: skip
    nursing = {"KZ-10": (34, 14), "KZ-11": (24, 8), "KZ-43": (30, 12), "KZ-55": (28, 11), "KZ-59": (24, 9),
               "KZ-62": (14, 6)}  # fmt: skip
    for region, (floor, rural) in nursing.items():
        scope = {**base, "specialty_group_code": "nursing", "region_code": region}
        rows.append({**scope, "quota_id": f"floor-nursing-{region}", "floor_count": floor})
        rows.append({**scope, "quota_id": f"rural-nursing-{region}", "is_rural": True, "floor_count": rural})
    for region, floor in (("KZ-33", 5), ("KZ-39", 6), ("KZ-62", 2)):
        rows.append(
            {**base, "quota_id": f"floor-surgery-{region}", "specialty_group_code": "surgery",
             "region_code": region, "floor_count": floor}
        )  # fmt: skip
    for region in ("KZ-59", "KZ-62", "KZ-10", "KZ-11"):
        rows.append(
            {**base, "quota_id": f"rural-{region}", "specialty_group_code": "primary_care",
             "region_code": region, "is_rural": True, "floor_count": 8}
        )  # fmt: skip
    return _rows("quota", rows)
