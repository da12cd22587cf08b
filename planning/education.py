"""From a place in a programme to a graduate, with the years that lie between.

Belongs here: lags, completion, and the internship's removal and return. Does not belong here: who
takes up which post (`supply.py`), what a place costs (`inverse.py`).
"""

from dataclasses import dataclass

import pandas as pd

from planning.frames import Column, Contract, require

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
