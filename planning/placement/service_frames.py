"""Duties, events, places and reliefs as dbt keeps them, turned into the frames of the ledger.

Belongs here: the border with the dbt models, names and types only. Does not belong here: any rule.
"""

from datetime import date

import pandas as pd

FIRST_DAY = date(1970, 1, 1)
UNIVERSITY_HOSPITALS = frozenset({"university", "republican_centre"})


def ledger_day(as_of: pd.DataFrame) -> date:
    """Day of the latest delivery; the first day of all where nothing was delivered, and nothing is owed."""
    day = as_of["as_of_date"].iloc[0] if len(as_of) else None
    return FIRST_DAY if day is None or pd.isna(day) else pd.Timestamp(day).date()


def duty_frames(
    obligations: pd.DataFrame, events: pd.DataFrame, facilities: pd.DataFrame, exemptions: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Frames that `ledger` takes.

    A relief holds from the day it names, else from its decision; an ended duty has no last day. Places of
    research are those of republican centres: the registers name no university as a place of work.
    """
    return (
        obligations.rename(
            columns={
                "graduate_key": "graduate_id",
                "required_months": "months_required",
                "began_date": "began_on",
            }
        )[
            [
                "graduate_id",
                "basis",
                "months_required",
                "state_order_share",
                "paying_region_code",
                "began_on",
                "cost_kzt",
            ]
        ],
        events.rename(columns={"graduate_key": "graduate_id"})[
            ["graduate_id", "event", "event_date", "facility_id", "evidence"]
        ],
        pd.DataFrame(
            {
                "facility_id": facilities["facility_id"],
                "region_code": facilities["region_code"],
                "is_rural": facilities["settlement"].eq("rural").astype("boolean"),
                "is_university": facilities["facility_type"].isin(UNIVERSITY_HOSPITALS),
            }
        ),
        pd.DataFrame(
            {
                "graduate_id": exemptions["graduate_key"],
                "kind": exemptions["kind"],
                "ground_code": exemptions["ground_code"],
                "valid_from": exemptions["from_date"].fillna(exemptions["decided_date"]),
                "valid_to": exemptions["until_date"].where(exemptions["kind"] != "ended"),
            }
        ),
    )
