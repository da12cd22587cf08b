"""From a place in a programme to a graduate, with the years that lie between.

Belongs here: lags, completion, and the internship's removal and return. Does not belong here: who
takes up which post (`supply.py`), what a place costs (`inverse.py`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.axes import to_array
from planning.frames import Column, Contract, require
from planning.projection.scenario import BASELINE, Scenario

Floats = NDArray[np.float64]

# A programme whose first intake is later than the first years of the whole record is new.
RECORD_START_YEARS = 3

INTAKE = Contract(
    "intake",
    {
        "specialty_code": Column("text"),
        "programme_code": Column("text"),
        "level": Column("text", allowed=frozenset({"internship", "residency", "bachelor", "college"})),
        "intake_year": Column("integer", "year"),
        "intake_persons": Column("number", "persons", minimum=0),
        "programme_years": Column("integer", "years", minimum=1, maximum=10),
        "completion_share": Column("number", "share", minimum=0, maximum=1),
    },
    key=("specialty_code", "programme_code", "intake_year"),
)


@dataclass(frozen=True)
class InternshipBreak:
    """A year of internship that was taken away and given back.

    Attributes:
        removed_from_year: First graduation year without it.
        restored_from_year: First graduation year with it again, for the listed specialties only.
        specialties: Specialties for which it returned.
        internship_years: Its length, counted within `programme_years` of level "internship".
    """

    removed_from_year: int
    restored_from_year: int
    specialties: frozenset[str]
    internship_years: int = 1


# Kazakhstan removed the internship in 2022 and restored it on 1 September 2025 for six specialties:
# those who would have finished without it in 2025 stay a year longer.
KAZAKHSTAN_INTERNSHIP = InternshipBreak(
    2022,
    2025,
    frozenset({"gp", "therapy", "paediatrics", "surgery", "paed_surgery", "obgyn"}),
)


def graduates(intake: pd.DataFrame, internship: InternshipBreak | None = None) -> pd.DataFrame:
    """Persons who finish, by specialty, level and year.

    Finish year = intake year + programme years, less the internship where it was not taught. Its
    removal in 2022 lets two cohorts finish at once; its return in 2025 leaves a year without any.

    Args:
        intake: INTAKE, one row a programme and year; past and planned years alike.
        internship: The break, or None for a country without one. Programmes of level "internship"
            are affected.

    Returns:
        specialty_code, level, programme_code, intake_year, graduation_year, graduates_persons; one
        row an intake.
    """
    rows = require(intake, INTAKE)
    finish = rows["intake_year"] + rows["programme_years"]
    if internship is not None:
        early = finish - internship.internship_years
        is_listed = rows["specialty_code"].isin(internship.specialties)
        is_without = (early >= internship.removed_from_year) & ~(
            is_listed & (early >= internship.restored_from_year)
        )
        finish = finish.where(~((rows["level"] == "internship") & is_without), early)
    return pd.DataFrame(
        {
            "specialty_code": rows["specialty_code"],
            "level": rows["level"],
            "programme_code": rows["programme_code"],
            "intake_year": rows["intake_year"],
            "graduation_year": finish,
            "graduates_persons": rows["intake_persons"] * rows["completion_share"],
        }
    )


def graduations(
    intake: pd.DataFrame,
    specialties: tuple[str, ...],
    years: tuple[int, int],
    internship: InternshipBreak | None,
) -> pd.DataFrame:
    """Every intake known, with its graduates; as `graduates`.

    The last intake of each programme is carried forward to the second of `years`. The first is carried back
    until its graduates reach the first of `years`, because the past needs graduates too: without them those
    who came from a programme before its record began would be taken for returners. A programme that appears
    later than in the first years of the whole record is new and is not carried back.
    """
    rows = intake[intake["specialty_code"].isin(specialties)].sort_values("intake_year")
    programmes = rows.groupby(["specialty_code", "programme_code"])
    last, first = programmes.tail(1), programmes.head(1)
    first = first[first["intake_year"] <= rows["intake_year"].min() + RECORD_START_YEARS]
    ahead = (years[1] - last["intake_year"]).clip(lower=0).to_numpy(dtype=int)
    behind = (first["intake_year"] + first["programme_years"] - years[0]).clip(lower=0).to_numpy(dtype=int)
    parts = [rows]
    for found, count, sign in ((last, ahead, 1), (first, behind, -1)):
        more = found.loc[found.index.repeat(count)].reset_index(drop=True)
        steps = [np.arange(1, n + 1) for n in count] or [np.zeros(0, dtype=int)]
        more["intake_year"] += sign * np.concatenate(steps)
        parts.append(more)
    return graduates(pd.concat(parts, ignore_index=True), internship)


def graduates_path(
    programmes: pd.DataFrame,
    specialties: tuple[str, ...],
    years: tuple[int, ...],
    scenario: Scenario = BASELINE,
) -> Floats:
    """(T, S) persons who finish in each year.

    The levers on places act on intakes from their first year on, so their graduates come a programme's
    length later.

    Args:
        programmes: What `graduations` gave.
        specialties: Labels.
        years: The years wanted.
        scenario: The levers.
    """
    if programmes.empty or not years:
        return np.zeros((len(years), len(specialties)))
    persons = programmes["graduates_persons"].to_numpy(dtype=float)
    started = programmes["intake_year"].to_numpy(dtype=int)
    is_residency = (programmes["level"] == "residency").to_numpy(dtype=bool)
    change = {
        name: np.array([scenario.value(name, int(year)) for year in started])
        for name in ("residency_places", "grant_places")
    }
    persons = persons * (1 + np.where(is_residency, *change.values()))
    done = programmes.assign(graduates_persons=persons)
    done = done[done["graduation_year"].isin(years)]
    axes = {"graduation_year": years, "specialty_code": specialties}
    cells = done.groupby(list(axes))["graduates_persons"].sum().reset_index()
    return to_array(cells, "intake", axes, "graduates_persons")


def inflow_draws(mix: Floats, shape: Floats, sd: float, draws: int, rng: np.random.Generator) -> Floats:
    """(D, R, S) entrants ÷ expected: all together, by specialty, and each region's share of them.

    Args:
        mix: (R, S, C) where entrants of a specialty work; sums to 1 by specialty.
        shape: (R, S) Gamma shape of a region's share of the entrants.
        sd: Log spread of all entrants together, and of each specialty's.
        draws: Number of draws.
        rng: Source of the draws.
    """
    together, own = rng.standard_normal((draws, 1, 1)), rng.standard_normal((draws, 1, len(mix[0])))
    least = np.maximum(shape, 1e-3)
    share = rng.standard_gamma(least, size=(draws, *least.shape)) / least
    share /= (share * mix.sum(axis=2)).sum(axis=1, keepdims=True)
    return np.asarray(np.exp(sd * (together + own)) * share)
