"""Who is still there 1, 3 and 5 years after the service: place, region, rural practice, profession.

Belongs here: counting observed persons. Does not belong here: models of staying
(`planning.projection.retention`).
"""

from datetime import date

import numpy as np
import pandas as pd

from planning.frames import Column, Contract, require
from planning.placement.service import add_months

COMPLETIONS = Contract(
    "completions",
    {
        "graduate_id": Column("text"),
        "completed_on": Column("date"),
        "facility_id": Column("text"),
        "region_code": Column("text"),
        "is_rural": Column("boolean"),
    },
    key=("graduate_id",),
)
EMPLOYMENT = Contract(
    "employment",
    {
        "graduate_id": Column("text"),
        "facility_id": Column("text"),
        "region_code": Column("text"),
        "is_rural": Column("boolean"),
        "is_medical": Column("boolean"),
        "starts_on": Column("date"),
        "ends_on": Column("date", is_nullable=True),
    },
)
HORIZONS_YEARS = (1, 3, 5)
KINDS = ("place", "region", "rural", "profession")


def retention(completions: pd.DataFrame, employment: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """Retained shares by horizon and kind, of those whose horizon has been reached.

    Rural practice is counted among those who served in a rural place. A person with no job known on
    the day is counted as gone.

    Args:
        completions: contract `COMPLETIONS`.
        employment: contract `EMPLOYMENT`; spells may overlap (two part-time jobs).
        as_of: last day known.

    Returns:
        cohort_year (of completion), horizon_years, kind, persons_count, retained_count,
        retained_share. A cohort that no one reached the horizon in has no row.
    """
    done = require(completions, COMPLETIONS)
    jobs = require(employment, EMPLOYMENT)
    parts = []
    for years in HORIZONS_YEARS:
        day = add_months(
            done["completed_on"].to_numpy(dtype="M8[D]"), np.full(len(done), 12 * years, dtype=np.int64)
        )
        seen = done.assign(day=pd.Series(day).astype("datetime64[us]"))
        seen = seen[seen["day"] <= pd.Timestamp(as_of)]
        spells = seen.merge(jobs, on="graduate_id", suffixes=("", "_then"))
        spells = spells[(spells["starts_on"] <= spells["day"]) & ~(spells["ends_on"] < spells["day"])]
        there = {
            "place": spells["facility_id_then"] == spells["facility_id"],
            "region": (spells["region_code_then"] == spells["region_code"]) & spells["is_medical"],
            "rural": spells["is_rural_then"] & spells["is_medical"],
            "profession": spells["is_medical"],
        }
        for kind in KINDS:
            base = seen[seen["is_rural"]] if kind == "rural" else seen
            stayed = base["graduate_id"].isin(spells.loc[there[kind], "graduate_id"])
            parts.append(
                pd.DataFrame(
                    {
                        "cohort_year": base["completed_on"].dt.year,
                        "horizon_years": years,
                        "kind": kind,
                        "is_retained": stayed,
                    }
                )
            )
    people = pd.concat(parts, ignore_index=True)
    counted = people.groupby(["cohort_year", "horizon_years", "kind"], as_index=False).agg(
        persons_count=("is_retained", "size"), retained_count=("is_retained", "sum")
    )
    return counted.assign(retained_share=counted["retained_count"] / counted["persons_count"])
