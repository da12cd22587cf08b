"""Registers of chronic patients by facility, as they may be shown.

Belongs here: which facilities make a pool, and how a pool's patients are shared among them. Does not belong
here: the rule of disclosure (`disclosure.py`) and the teams a register asks for (dbt).

Method: all facilities with attached people stand in the table of each programme, whether or not a patient was
found, so that nobody can tell none from few. A pool's patients are shared in proportion to attached people,
the synthetic estimator of small-area statistics (Rao and Molina, Small Area Estimation, 2015, ch. 3).
"""

import numpy as np
import pandas as pd

from planning.disclosure import OWN, pooled

AREAS = {"district_kato": "district", "region_code": "region", "nation": "nation"}
PARTS = ["managed", "unmanaged"]
TEXT = ("facility_id", "programme_code", "basis", "pool_key")


def register_pools(registers: pd.DataFrame, facilities: pd.DataFrame) -> pd.DataFrame:
    """Show each register alone or in the smallest pool of neighbours.

    Args:
        registers: `facility_id, programme_code, sampled_persons_count, sampled_managed_count,
            registered_persons` (weighted), one row a facility and programme.
        facilities: `facility_id, region_code, district_kato, attached_persons`.

    Returns:
        One row a facility and programme: `facility_id, programme_code, basis` (own, district, region, nation,
        withheld), `pool_key`, `pool_facilities_count`, `pool_registered_count` and `pool_managed_count`
        (patients counted there, rounded), `pool_weight` (persons a counted patient stands for), `pool_share`
        (0-1, this facility's part of the pool; blank where its attached people are unknown).
    """
    columns = ["facility_id", "region_code", "district_kato", "attached_persons"]
    known = facilities[columns].assign(nation="nation")
    attached = known["attached_persons"].fillna(0) > 0
    places = known[attached | known["facility_id"].isin(registers["facility_id"])]
    found = [_one(rows, places) for _, rows in registers.groupby("programme_code", sort=True)]
    names = ["facility_id", "programme_code", "basis", "pool_key", "pool_facilities_count"]
    names += ["pool_registered_count", "pool_managed_count", "pool_weight", "pool_share"]
    # As text also where no place is known: a column without a value has no type of its own.
    return pd.concat([_nothing(names), *found], ignore_index=True)[names].astype({n: "str" for n in TEXT})


def _one(rows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """The pools of one programme."""
    cells = places.merge(rows, on="facility_id", how="left").reset_index(drop=True)
    cells["programme_code"] = rows["programme_code"].iloc[0]
    counted = cells[["sampled_persons_count", "sampled_managed_count"]].fillna(0).astype("int64")
    cells["managed"] = counted["sampled_managed_count"]
    cells["unmanaged"] = counted["sampled_persons_count"] - counted["sampled_managed_count"]
    cells[["basis", "pool_key", *PARTS]] = pooled(cells, parts=PARTS, levels=list(AREAS))
    cells["basis"] = cells["basis"].replace(AREAS)
    cells["pool_key"] = cells["pool_key"].where(cells["basis"] != OWN, cells["facility_id"])
    pools = cells.groupby(["basis", "pool_key"])
    cells["pool_facilities_count"] = pools["facility_id"].transform("size")
    cells["pool_registered_count"] = cells["managed"] + cells["unmanaged"]
    cells["pool_managed_count"] = cells["managed"]
    sampled = pools["sampled_persons_count"].transform("sum")
    cells["pool_weight"] = pools["registered_persons"].transform("sum") / sampled.where(sampled > 0)
    people = cells["attached_persons"].astype("float64")
    share = people / pools["attached_persons"].transform("sum").astype("float64")
    cells["pool_share"] = np.where(cells["basis"] == OWN, 1.0, share)
    return cells


def _nothing(names: list[str]) -> pd.DataFrame:
    """No register: the same columns, no row."""
    return pd.DataFrame({name: pd.Series(dtype="str" if name in TEXT else "float64") for name in names})
