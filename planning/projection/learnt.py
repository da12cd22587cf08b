"""What was learnt of staff, as one table: enough to project again without a single record of a person.

Belongs here: fitted rates, draws of the hazard and counts of entrants, to rows and back. Does not belong
here: the fits (`hazard.py`, `retention.py`, `other_entries.py`) and the stock a projection starts from.

A reader who moves a slider needs the rates, not the doctors they were learnt from: half a million
person-years become some thousand coefficients and shares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.axes import to_array, to_frame
from planning.frames import Column, Contract, FrameError, require
from planning.projection.hazard import HazardFit
from planning.projection.other_entries import OtherEntries
from planning.projection.population import SEXES
from planning.projection.retention import (
    CAUSES,
    FIRST_AGE,
    LAST_WORKING_AGE,
    SECTORS,
    SERVICE_YEARS,
    SLOPES,
    RetentionModel,
)

Floats = NDArray[np.float64]

PHASES = ("duty", "after")  # of service
LEARNT = Contract(
    "learnt",
    {
        "parameter_code": Column("text"),
        "draw": Column("integer", "draw of the hazard; 0 is the fit", is_nullable=True),
        "region_code": Column("text", is_nullable=True),
        "specialty_code": Column("text", is_nullable=True),
        "sector_code": Column("text", is_nullable=True),
        "service_year": Column("integer", "year of service, the last is open", is_nullable=True),
        "age": Column("integer", "years", is_nullable=True),
        "sex": Column("text", is_nullable=True),
        "label_code": Column("text", "cause, phase of service or slope", is_nullable=True),
        "value": Column("number", "log-odds, share, standard deviations, persons or person-years"),
    },
)
_LEAVING = {
    "year": "service_year",
    "region": "region_code",
    "specialty": "specialty_code",
    "slope": "label_code",
}


@dataclass(frozen=True)
class Learnt:
    """The fits of `supply_draws.prepare_supply`.

    Attributes:
        model: Chance of leaving, causes, ages; its fit can be read, not drawn from.
        coefficients: (D, width) draws of the hazard.
        entrants: (R, S, 3) persons seen in their first year of service.
        others: Those who come without a programme.
    """

    model: RetentionModel
    coefficients: Floats
    entrants: Floats
    others: OtherEntries


def learnt_rows(learnt: Learnt) -> pd.DataFrame:
    """Rows of LEARNT."""
    model, others = learnt.model, learnt.others
    axes = _axes(model.regions, model.specialties, len(learnt.coefficients))
    drawn = np.vstack([model.fit.coefficients, learnt.coefficients])
    values: dict[str, Any] = {f"leaving_{part}": model.fit.part(part, drawn) for part in _LEAVING}
    values |= {
        "leaving_offset": model.fit.offset,
        "cause_share": model.cause_shares,
        "retire_share": model.retire,
        "die_share": model.die,
        "local_share": model.local_share,
        "pay_sd": model.pay_sd,
        "pay_variance": model.pay_variance,
        "exposure": model.exposure,
        "entrants": learnt.entrants,
        "other_rate": others.rate,
        "other_rate_sd": others.rate_sd,
        "other_specialty_sd": others.specialty_sd,
    }
    parts = []
    for name, value in values.items():
        rows = to_frame(axes[name], value=value) if axes[name] else pd.DataFrame({"value": [value]})
        parts.append(rows.assign(parameter_code=name).reindex(columns=list(LEARNT.columns)))
    return require(pd.concat([p.dropna(axis=1, how="all") for p in parts], ignore_index=True), LEARNT)


def learnt_from(rows: pd.DataFrame) -> Learnt:
    """The fits out of their rows.

    Raises:
        FrameError: The contract is broken, or a parameter has no or surplus rows.
    """
    rows = require(rows, LEARNT)

    def labels(parameter: str, column: str) -> tuple[Any, ...]:
        return tuple(sorted(rows.loc[rows["parameter_code"] == parameter, column].unique()))

    regions, specialties = (
        labels("leaving_region", "region_code"),
        labels("leaving_specialty", "specialty_code"),
    )
    axes = _axes(regions, specialties, len(labels("leaving_year", "draw")) - 1)
    got: dict[str, Floats] = {}
    for name, mine in axes.items():
        part = rows[rows["parameter_code"] == name]
        if len(part) != int(np.prod([len(label) for label in mine.values()])):
            raise FrameError("learnt", f"parameter {name} has {len(part)} rows; run the forecasts again")
        got[name] = to_array(part, "learnt", mine, "value") if mine else part["value"].to_numpy()
    drawn = np.concatenate([got[f"leaving_{part}"] for part in _LEAVING], axis=1)
    none = np.zeros(0)
    fit = HazardFit(
        float(got["leaving_offset"][0]),
        drawn[0],
        (SERVICE_YEARS, len(regions), len(specialties)),
        float("nan"),
        float("nan"),
        none,
        none,
        none,
    )
    model = RetentionModel(
        regions,
        specialties,
        fit,
        got["cause_share"],
        got["retire_share"],
        got["die_share"],
        got["local_share"],
        got["pay_sd"],
        got["pay_variance"],
        got["exposure"],
        int(got["exposure"].sum()),
    )
    others = OtherEntries(got["other_rate"], float(got["other_rate_sd"][0]), got["other_specialty_sd"])
    return Learnt(model, drawn[1:], got["entrants"], others)


def _axes(
    regions: Sequence[str], specialties: Sequence[str], draws: int
) -> dict[str, Mapping[str, Sequence[Any]]]:
    """Parameter → its axes."""
    region, specialty = {"region_code": regions}, {"specialty_code": specialties}
    sector, drawn = {"sector_code": SECTORS}, {"draw": range(draws + 1)}
    service = {"service_year": range(1, SERVICE_YEARS + 1)}
    ages = {"sex": SEXES, "age": range(FIRST_AGE, LAST_WORKING_AGE + 1)}
    phase = {"label_code": PHASES, **region, **sector}
    return {
        "leaving_year": drawn | service,
        "leaving_region": drawn | region,
        "leaving_specialty": drawn | specialty,
        "leaving_slope": drawn | {"label_code": SLOPES},
        "leaving_offset": {},
        "cause_share": region | sector | {"label_code": CAUSES},
        "retire_share": ages,
        "die_share": ages,
        "local_share": phase,
        "pay_sd": phase,
        "pay_variance": phase,
        "exposure": service,
        "entrants": region | specialty | sector,
        "other_rate": specialty,
        "other_rate_sd": {},
        "other_specialty_sd": specialty,
    }
