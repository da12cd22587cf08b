"""The faults that real deliveries have, planted as extra rows, few and counted.

Belongs here: which fault goes into which table, and how many rows it adds. Does not belong here: finding
them – that is the door's work.

Every faulty row is added beside the good ones (a copy with one thing spoilt), so that what is left after
the door is the country as drawn. Exact duplicates are superseded; a conflicting duplicate takes its twin
with it.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa

Row = dict[str, Any]
Spoil = Callable[[Row], Row]
IIN_LIKE = "870512300456"  # twelve digits of the form of a personal number, drawn by nobody
UNKNOWN_FACILITY = "F0000000"


def _set(**values: Any) -> Spoil:
    return lambda row: {**row, **values}


def _next_year(column: str) -> Spoil:
    return lambda row: {**row, column: row[column].replace(year=row[column].year + 1)}


def _swapped(row: Row) -> Row:
    new = {"facility_id": "F9900002", "latitude": row["longitude"], "longitude": row["latitude"]}
    return {**row, **new, "bin": None, "licence_no": None}


def _overfilled(row: Row) -> Row:
    filled = (row["budgeted_fte"] * Decimal("1.6") * 4).to_integral_value(rounding="ROUND_CEILING") / 4
    filled = max(filled, row["budgeted_fte"] * Decimal("1.5") + Decimal("0.25"))
    return {**row, "post_id": "P900004", "department": "Приёмное отделение", "filled_fte": filled}


def _more(row: Row) -> Row:
    return {**row, "budgeted_fte": row["budgeted_fte"] + 1}


_SPOILT: dict[str, tuple[tuple[str, int, Spoil], ...]] = {
    # fault, row of the table it copies, what it spoils
    "facility": (
        ("exact_duplicate", 11, _set()),
        ("exact_duplicate", 12, _set()),
        ("unknown_region", 13, _set(facility_id="F9900001", region_code="KZ-99")),
        ("swapped_coordinates", 14, _swapped),
        ("beds_in_fap", 15, _set(facility_id="F9900003", facility_type="fap", beds_count=10)),
        ("personal_number", 16, _set(facility_id="F9900004", facility_name_ru=f"Филиал {IIN_LIKE}")),
    ),
    "staff_post": (
        ("exact_duplicate", 21, _set()),
        ("exact_duplicate", 22, _set()),
        ("exact_duplicate", 23, _set()),
        ("conflicting_duplicate", 24, _more),
        ("unknown_facility", 25, _set(post_id="P900001", facility_id=UNKNOWN_FACILITY)),
        ("future_month", 26, _next_year("month")),
        ("overfilled", 27, _overfilled),
        (
            "negative_posts",
            28,
            _set(post_id="P900002", department="Приёмное отделение", budgeted_fte=Decimal("-1.00")),
        ),
        ("personal_number", 29, _set(post_id="P900003", department=f"Отделение {IIN_LIKE}")),
    ),
    "passport_encounter": (
        *(("exact_duplicate", row, _set()) for row in range(5)),
        ("unknown_facility", 6, _set(encounter_key="f" * 31 + "1", facility_id=UNKNOWN_FACILITY)),
        ("unknown_facility", 7, _set(encounter_key="f" * 31 + "2", facility_id=UNKNOWN_FACILITY)),
    ),
    "graduate": (("exact_duplicate", 31, _set()),),
    "service_event": (("unknown_facility", 41, _set(facility_id=UNKNOWN_FACILITY, event="repaid")),),
}

FAULTS: dict[str, dict[str, int]] = {
    contract: {name: sum(1 for other, _, _ in spoilt if other == name) for name, _, _ in spoilt}
    for contract, spoilt in _SPOILT.items()
}
"""Rows added by contract and fault; tables that come by month carry them in their last month."""


def outcomes() -> dict[str, dict[str, int]]:
    """Rows that the door supersedes and quarantines by contract; a conflicting pair is quarantined whole."""
    return {
        contract: {
            "superseded": faults.get("exact_duplicate", 0),
            "quarantined": sum(faults.values())
            - faults.get("exact_duplicate", 0)
            + faults.get("conflicting_duplicate", 0),
        }
        for contract, faults in FAULTS.items()
    }


def with_faults(contract_name: str, table: pa.Table, is_faulty: bool) -> pa.Table:
    """The table with its faulty rows at the end."""
    spoilt = _SPOILT.get(contract_name, ()) if is_faulty else ()
    rows = [spoil(table.slice(row, 1).to_pylist()[0]) for _, row, spoil in spoilt if row < table.num_rows]
    if not rows:
        return table
    return pa.concat_tables([table, pa.Table.from_pylist(rows, schema=table.schema)]).combine_chunks()
