"""A country of six facilities drawn by hand: every figure of the staffing marts can be checked on paper.

Belongs here: its rows and the landing they make. Does not belong here: what the marts must say about them
(the tests beside this file).
"""

import datetime as dt
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.contracts import CONTRACTS
from orchestration.contracts.ledger import DELIVERY, QUARANTINE, ledger_schema
from orchestration.settings import DBT_PROJECT_DIR

AS_OF = dt.date(2025, 12, 31)
DECEMBER = dt.date(2025, 12, 1)
FRACTION = 0.01
ACT = {"act_number": "order 1", "valid_from": dt.date(2020, 1, 1), "valid_to": None, "act_status": "in_force"}
REPEALED = ACT | {"act_number": "order 0", "act_status": "repealed", "valid_to": dt.date(2023, 2, 16)}
OWN = ACT | {"act_number": "own", "act_status": "user_supplied"}
DISTRICT = {"region_code": "KZ-10", "district_kato": "101000000"}
OTHER_DISTRICT = {"region_code": "KZ-10", "district_kato": "101010000"}
OTHER_REGION = {"region_code": "KZ-11", "district_kato": None}


def key(number: int) -> str:
    """A pseudonym that is no one's."""
    return f"{number:032x}"


def settlements() -> list[dict[str, Any]]:
    """S2 lies 15 km north of S1; S3 and S4 lie far from everything; S5 has no place on the map."""
    places = [
        ("S1", 1_000, 50.0, 80.0, "urban", DISTRICT),
        ("S2", 2_000, 50.0 + 15 / 111.195, 80.0, "rural", DISTRICT),
        ("S3", 700, 47.0, 80.0, "rural", OTHER_DISTRICT),
        ("S4", 300, 53.0, 70.0, "rural", OTHER_REGION),
        ("S5", 30, None, None, "rural", OTHER_REGION),
    ]
    return [
        {
            "settlement_kato": code,
            "settlement_name_ru": code,
            "settlement": kind,
            "inhabitants_persons": persons,
            "latitude": latitude,
            "longitude": longitude,
            **where,
        }
        for code, persons, latitude, longitude, kind, where in places
    ]


def facilities() -> list[dict[str, Any]]:
    """Two polyclinics, a hospital, an ambulatory, one that is closed, and one that says too little."""
    common = {
        "care_level": "primary",
        "ownership": "state_communal",
        "status": "active",
        "settlement": "urban",
    }
    until = dt.date(2030, 1, 1)
    return [
        common
        | DISTRICT
        | {
            "facility_id": "F1",
            "facility_type": "polyclinic",
            "settlement_kato": "S1",
            "attached_persons": 17_000,
            "latitude": 50.0,
            "longitude": 80.0,
            "licence_no": "1",
            "licence_until": dt.date(2026, 2, 1),
        },
        common
        | DISTRICT
        | {
            "facility_id": "F2",
            "facility_type": "city_hospital",
            "settlement_kato": "S3",
            "beds_count": 70,
            "care_level": "secondary",
            "ownership": "private",
            "latitude": 47.0,
            "longitude": 80.0,
            "licence_no": "2",
            "licence_until": dt.date(2025, 1, 1),
        },
        common
        | DISTRICT
        | {
            "facility_id": "F3",
            "facility_type": "ambulatory",
            "settlement_kato": "S2",
            "settlement": "rural",
            "attached_persons": 3_400,
            "licence_no": "3",
            "licence_until": until,
        },
        common
        | OTHER_DISTRICT
        | {
            "facility_id": "F4",
            "facility_type": "ambulatory",
            "status": "closed",
            "settlement_kato": "S3",
            "closed_on": dt.date(2025, 6, 30),
            "attached_persons": 500,
        },
        common
        | OTHER_REGION
        | {
            "facility_id": "F5",
            "facility_type": "polyclinic",
            "settlement_kato": "S4",
            "settlement": "rural",
            "licence_no": "5",
            "licence_until": until,
        },
        common
        | OTHER_DISTRICT
        | {
            "facility_id": "F6",
            "facility_type": "polyclinic",
            "settlement_kato": "S3",
            "attached_persons": 1_700,
            "latitude": 47.0,
            "longitude": 80.0,
        },
    ]


def posts() -> list[dict[str, Any]]:
    """Lines of the staffing tables; F2 loses 4 of its 10 posts between November and December."""
    lines = [
        ("F1", "a", "gp", 6.0, 4.5, 4, dt.date(2025, 6, 15), True, True),
        ("F1", "b", "gp", 3.5, 4.0, 4, None, None, None),
        ("F1", "a", "therapy", 2.0, 2.0, 2, None, None, None),
        ("F1", "a", "paediatrics", 1.0, 0.0, 0, None, None, False),
        ("F1", "a", "obgyn", 1.0, 1.0, None, None, None, None),
        ("F2", "a", "surgery", 2.0, 2.5, 2, None, None, None),
        ("F2", "a", "radiology", 1.0, 1.0, 1, None, None, None),
        ("F2", "a", "ward_nurse", 3.0, 3.0, 3, None, None, None),
        ("F3", "a", "therapy", 1.0, 1.0, 1, None, None, None),
        ("F4", "a", "gp", 0.5, 0.5, 1, None, None, None),
        ("F5", "a", "gp", 1.0, 1.0, 1, None, None, None),
        ("F6", "a", "gp", 2.0, 2.0, 2, None, None, None),
        ("F6", "a", "midwife", None, 0.75, 1, None, None, None),
        ("F6", "b", "midwife", 1.0, 0.5, 1, None, None, None),
    ]
    rows = []
    for month in (dt.date(2024, 12, 1), dt.date(2025, 11, 1), DECEMBER):
        for facility, department, position, budgeted, filled, persons, since, funded, housing in lines:
            grown = 4.0 if facility == "F2" and position == "ward_nurse" and month != DECEMBER else 0.0
            specialty = {"ward_nurse": "nursing", "midwife": "midwifery"}.get(position, position)
            rows.append(
                {
                    "post_id": f"{facility}{department}{position}",
                    "facility_id": facility,
                    "department": department,
                    "position_code": position,
                    "specialty_code": specialty,
                    "staff_category": "doctor" if specialty == position else "nurse_mid",
                    "budgeted_fte": None if budgeted is None else budgeted + grown,
                    "filled_fte": filled + grown,
                    "persons_count": persons,
                    "vacant_since": since,
                    "is_funded": funded,
                    "has_housing": housing,
                    "month": month,
                }
            )
    return rows


def patients() -> list[dict[str, Any]]:
    """Three patients of F1: one lives with hypertension twice over, one with diabetes, one has died."""
    common = DISTRICT | {
        "sex": "male",
        "birth_year": 1960,
        "settlement": "urban",
        "attached_facility_id": "F1",
    }
    return [
        common | {"patient_key": key(1)},
        common | {"patient_key": key(2), "sex": "female", "region_code": "KZ-11"},
        common | {"patient_key": key(3), "deceased_year": 2024},
    ]


def conditions() -> list[dict[str, Any]]:
    """Conditions of the three; one of them its source has deleted."""
    rows = [
        (1, 1, "I10", True),
        (2, 1, "I11", False),
        (3, 2, "E11", False),
        (4, 3, "I10", True),
        (5, 2, "I10", True),
    ]
    return [
        {
            "condition_key": key(100 + n),
            "patient_key": key(who),
            "icd10_code": code,
            "status": "active",
            "dispensary": managed,
        }
        for n, who, code, managed in rows
    ]


def encounters() -> list[dict[str, Any]]:
    """80 visits and 40 home visits to the GPs of F1, which stand for 8,000 and 4,000; and some of therapy."""
    kinds = [
        ("F1", "gp", "AMB", 80, 1),
        ("F1", "gp", "HH", 40, 2),
        ("F1", "therapy", "AMB", 24, 1),
        ("F2", "surgery", "IMP", 12, 1),
        ("F1", "paediatrics", "AMB", 24, 1),
        # 100,000 appointments of a clinic in Kenya (`standards`).
        ("F6", "infectious", "AMB", 1_000, 1),
    ]
    rows = []
    for facility, specialty, class_code, count, patient in kinds:
        for number in range(count):
            rows.append(
                {
                    "encounter_key": key(1_000 + len(rows)),
                    "patient_key": key(patient),
                    "facility_id": facility,
                    "event_month": dt.date(2025, number % 12 + 1, 1),
                    "class_code": class_code,
                    "specialty_code": specialty,
                    "age_band": "65-69",
                    "funding": "gobmp",
                    "length_of_stay_days": 10 if class_code == "IMP" else None,
                }
            )
    # One more visit, which its source has deleted: it must count nowhere.
    deleted = rows[0] | {"encounter_key": key(999)}
    return [*rows, deleted]


def norms() -> list[dict[str, Any]]:
    """In force, repealed without successor, overlapping, by beds, by the user, by visits nobody makes."""

    rows = [
        ("N1", "gp", "per_population", 1_700, None, ACT),
        ("N2", "paediatrics", "per_population", 8_500, None, REPEALED),
        ("N3", "therapy", "per_population", 3_400, None, ACT),
        ("N4", "therapy", "per_population", 3_000, None, ACT | {"valid_from": dt.date(2024, 1, 1)}),
        ("N5", "surgery", "per_beds", 35, "city_hospital", ACT),
        ("N6", "obgyn", "per_population", 17_000, None, ACT),
        ("N7", "obgyn", "per_population", 8_500, None, OWN),
        ("N8", "radiology", "per_visits", 1_000, None, ACT),
    ]
    names = ("norm_id", "specialty_code", "basis", "basis_units_count", "facility_type")
    return [dict(zip(names, row[:5], strict=True)) | row[5] for row in rows]


def standards() -> dict[str, list[dict[str, Any]]]:
    """The worked example for the GP: 10 and 20 minutes, 15 percent in four units, 600 hours of some.

    Infectious-disease physicians have the clinicians' figures of an HIV clinic in Western Kenya (Human
    Resources for Health 2017, s12960-017-0186-3, table 3).
    """
    category = [("day", 0.05 * 7), ("week", 0.05 * 35), ("month", 0.03 * 1_519 / 12), ("year", 0.02 * 1_519)]
    support = [("gp", f"gp_{period}", "category", hours, period) for period, hours in category]
    support += [
        ("gp", "gp_some", "individual", 600.0, "year"),
        ("therapy", "too_much", "category", 7.0, "day"),
        ("infectious", "training", "category", 80.0, "year"),
    ]
    activity = [
        ("gp", "ambulatory_visit", 10.0, None),
        ("gp", "home_visit", 20.0, None),
        ("therapy", "ambulatory_visit", 15.0, None),
        ("obgyn", "ambulatory_visit", 20.0, None),
        ("paediatrics", "ambulatory_visit", None, 4.0),
        ("infectious", "ambulatory_visit", 15.0, None),
    ]
    return {
        "activity_standard": [
            {
                "position_code": position,
                "activity_code": code,
                "unit_minutes": minutes,
                "units_per_hour": rate,
            }
            | ACT
            for position, code, minutes, rate in activity
        ],
        "support_standard": [
            {
                "position_code": position,
                "support_code": code,
                "allowance": kind,
                "hours": hours,
                "period": period,
            }
            | ACT
            for position, code, kind, hours, period in support
        ],
        "leave_calendar": [
            {
                "year": 2025,
                "position_code": None,
                "possible_days": 260,
                "holiday_days": 10,
                "annual_leave_days": 24,
                "sick_leave_days": 5,
                "other_leave_days": 4,
                "day_hours": 7,
                "week_days": 5,
            },
            {
                "year": 2025,
                "position_code": "infectious",
                "possible_days": 234,
                "holiday_days": 10,
                "annual_leave_days": 30,
                "sick_leave_days": 15,
                "other_leave_days": 0,
                "day_hours": 8,
                "week_days": 5,
            },
        ],
        "network_norm": [
            {
                "network_norm_id": "W0",
                "from_inhabitants_persons": 0,
                "below_inhabitants_persons": 50,
                "required_facility_type": "medical_worker",
            }
            | ACT,
            {
                "network_norm_id": "W1",
                "from_inhabitants_persons": 500,
                "below_inhabitants_persons": 1_500,
                "required_facility_type": "fap",
            }
            | ACT,
            {
                "network_norm_id": "W2",
                "from_inhabitants_persons": 1_500,
                "below_inhabitants_persons": 5_000,
                "required_facility_type": "phc_centre",
            }
            | ACT,
        ],
        "equipment_norm": [
            {"facility_type": "polyclinic", "equipment_type_code": code, "minimum_count": 1} | ACT
            for code in ("ultrasound_scanner", "xray")
        ],
        "programme_standard": [
            {"programme_code": "hypertension", "position_code": "gp", "patients_per_fte": 1_000} | ACT,
            {"programme_code": "diabetes", "position_code": "gp", "patients_per_fte": 500} | ACT,
        ],
    }


def staff() -> list[dict[str, Any]]:
    """The only doctor of S2 is 63 in 2026; that of S4 serves until June 2026; S1 has two of each."""
    people = [
        (1, 1963, "male", "F3", "therapy", "1.00"),
        (2, 1990, "female", "F5", "gp", "1.00"),
        (3, 1962, "male", "F1", "gp", "1.50"),
        (4, 1962, "male", "F1", "gp", "1.00"),
        (5, 1985, "female", "F2", "surgery", "0.50"),
        (6, 1985, "female", "F2", "surgery", "1.00"),
    ]
    return [
        {
            "staff_key": key(500 + n),
            "birth_year": born,
            "sex": sex,
            "facility_id": facility,
            "position_code": position,
            "specialty_code": position,
            "fte": float(fte),
            "hired_month": dt.date(2020, 1, 1),
        }
        for n, born, sex, facility, position, fte in people
    ]


def population() -> list[dict[str, Any]]:
    """Two regions: 10,000 and 20,000 inhabitants; the first is 40 percent rural, the second wholly."""
    cells = [
        ("KZ-10", "urban", "male", 6_000),
        ("KZ-10", "rural", "female", 4_000),
        ("KZ-11", "rural", "male", 5_000),
        ("KZ-11", "rural", "female", 15_000),
    ]
    return [
        {
            "region_code": region,
            "district_kato": None,
            "settlement": kind,
            "year": 2025,
            "sex": sex,
            "age_band": "65-69",
            "population_persons": persons,
        }
        for region, kind, sex, persons in cells
    ]


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every table that is drawn; the others arrive empty."""
    item = {"quantity_count": 1, "status": "working", "wear_pct": 10.0}
    return standards() | {
        "settlement": settlements(),
        "facility": facilities(),
        "staff_post": posts(),
        "staff_member": staff(),
        "equipment": [
            item | {"equipment_id": "E1", "facility_id": "F1", "equipment_type_code": "ultrasound_scanner"},
            item | {"equipment_id": "E2", "facility_id": "F2", "equipment_type_code": "ecg"},
            item | {"equipment_id": "E3", "facility_id": "F2", "equipment_type_code": "time_machine"},
            item | {"equipment_id": "E4", "facility_id": "F5", "equipment_type_code": "ecg"},
        ],
        "passport_patient": patients(),
        "passport_condition": conditions(),
        "passport_encounter": encounters(),
        "passport_tombstone": [
            {"resource_type": "Encounter", "record_key": key(999), "deleted_month": DECEMBER},
            {"resource_type": "Condition", "record_key": key(105), "deleted_month": DECEMBER},
        ],
        "norm": norms(),
        "population": population(),
        "graduate": [
            {
                "graduate_key": key(700),
                "university_id": "U1",
                "programme_code": "bach_general",
                "level": "internship",
                "specialty_code": "gp",
                "graduation_year": 2023,
            }
        ],
        "obligation": [
            {
                "graduate_key": key(700),
                "basis": "state_grant",
                "state_order_share": 1.0,
                "required_months": 36,
            }
        ],
        "service_event": [
            {
                "graduate_key": key(700),
                "facility_id": "F5",
                "event": "arrived",
                "event_date": dt.date(2023, 6, 10),
            }
        ],
    }


def land(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    """Write the tables as the door would: typed Parquet by month, and the ledger of deliveries."""
    common = {"source_system": "drawn", "batch_id": "b1", "as_of": AS_OF}
    ledger = []
    for contract in CONTRACTS:
        parts: dict[dt.date | None, list[dict[str, Any]]] = {None: []} if not contract.period else {}
        for row in tables.get(contract.name, []):
            parts.setdefault(row[contract.period] if contract.period else None, []).append(row | common)
        for month, part in (parts or {None: []}).items():
            place = folder / contract.name / (f"month={month:%Y-%m}" if month else "")
            place.mkdir(parents=True, exist_ok=True)
            columns = {name: [row.get(name) for row in part] for name in contract.arrow_schema.names}
            typed = [pa.array(columns[field.name]).cast(field.type) for field in contract.arrow_schema]
            pq.write_table(pa.table(typed, schema=contract.arrow_schema), place / "part.parquet")
            if part:
                fraction = FRACTION if contract.group == "passports" else 1.0
                ledger.append(
                    {
                        "contract": contract.name,
                        "source_kind": "files",
                        "month": month,
                        "file": "drawn",
                        "records_in": len(part),
                        "landed": len(part),
                        "superseded": 0,
                        "quarantined": 0,
                        "sampling_fraction": fraction,
                        "is_demonstration": False,
                        "sha256": hashlib.sha256(repr(part).encode()).hexdigest(),
                        **common,
                    }
                )
    for name, columns, kept in (("delivery", DELIVERY, ledger), ("quarantine", QUARANTINE, [])):
        (folder / name).mkdir(parents=True)
        pq.write_table(
            pa.Table.from_pylist(kept, schema=ledger_schema(columns)), folder / name / "part.parquet"
        )


def build(folder: Path, *arguments: str, refuse: bool = True) -> subprocess.CompletedProcess[str]:
    """Run dbt on the landing in `folder`; the warehouse is `folder/warehouse.duckdb`.

    Raises:
        AssertionError: dbt failed, with what it said.
    """
    environment = os.environ | {
        "MEDKADR_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "MEDKADR_LANDING": str(folder / "landing"),
        "MEDKADR_PLANNING": str(folder / "planning"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    command = [Path(sys.executable).with_name("dbt"), *arguments, "--profiles-dir", DBT_PROJECT_DIR]
    done = subprocess.run(
        [str(word) for word in command],
        cwd=DBT_PROJECT_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not refuse or done.returncode == 0, done.stdout[-6000:]
    return done
