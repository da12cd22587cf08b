"""The tables as they stood in a past year: what a forecast made then could have seen.

Belongs here: cutting every input at a year. Does not belong here: projecting from them and holding the
answer against what came (`calibration.py`).
"""

from dataclasses import replace

import pandas as pd

from planning.frames import require
from planning.projection.inputs import ProjectionInputs
from planning.projection.population import TOTALS


def inputs_at(inputs: ProjectionInputs, origin: int, record_years: int | None = None) -> ProjectionInputs:
    """The tables as they stood at the end of a year; of person-years the last `record_years`."""

    def until(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        return frame[frame[column] <= origin] if column in frame else frame

    records = until(inputs.person_years, "year")
    if record_years is not None and "year" in records:
        records = records[records["year"] > origin - record_years]
    need = inputs.observed_need
    return replace(
        inputs,
        rates=replace(inputs.rates, totals=_back_to(inputs.rates.totals, origin)),
        population=until(inputs.population, "year"),
        encounters=inputs.encounters[pd.to_datetime(inputs.encounters["month"]).dt.year <= origin],
        staff_stock=until(inputs.staff_stock, "year"),
        person_years=records,
        intake=until(inputs.intake, "intake_year"),
        observed_need=None if need is None else until(need, "year"),
    )


def _back_to(totals: pd.DataFrame, origin: int) -> pd.DataFrame:
    """Published totals begun at the origin: years before the first fall by the first growth published.

    The base year's own total is counted; this one only tells our count from the publisher's.
    """
    known = require(totals, TOTALS).sort_values("year")
    first = int(known["year"].min()) if len(known) else origin
    if first <= origin or len(known) < 2:
        return totals
    start, after = (known.drop(columns="year").iloc[i] for i in (0, 1))
    earlier = [start * (start / after) ** (first - year) for year in range(origin, first)]
    return pd.concat([pd.DataFrame(earlier).assign(year=range(origin, first)), known], ignore_index=True)
