"""The inverse question and the lag of places, as tables.

Belongs here: the questions asked in every run. Does not belong here: the answer (`planning/inverse.py`). No
price is on record, so every place costs one unit: the plan with the fewest places.
"""

import pandas as pd

from orchestration.forecasts.projected import _stamp
from orchestration.forecasts.reading import LAST_YEAR, ForecastData
from planning.inverse import Question, close_deficit, pipeline_lags, quota_regions
from planning.projector import Projector
from planning.scenario import BASELINE

QUANTILES = (0.5, 0.8)
# A programme cannot take in more than so many persons a year: beyond it the plan is no plan.
MOST_PLACES_A_YEAR = 2000.0
QUOTA_PLACES = 100


def plan_rows(projector: Projector, data: ForecastData) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of `place_plans` and `place_plan_shortages` for the last year, P50 and P80."""
    codes = sorted(data.inputs.intake["programme_code"].unique())
    costs = pd.DataFrame(
        {
            "lever_code": "place", "code": codes, "cost_kzt": 1.0, "maximum": MOST_PLACES_A_YEAR,
            "source": "no price on record: the fewest places",
        }
    )  # fmt: skip
    first = projector.years[0] + 2
    places, shortages = [], []
    for quantile in QUANTILES:
        plan = close_deficit(projector, Question(LAST_YEAR, quantile, first, None, costs))
        named = {"year": LAST_YEAR, "quantile_share": quantile, "is_feasible": plan.is_feasible}
        places.append(plan.places.assign(**named))
        shortages.append(plan.shortages.assign(**named))
    stamped = _stamp(BASELINE, data)
    return tuple(pd.concat(p, ignore_index=True).assign(**stamped) for p in (places, shortages))


def lag_rows(projector: Projector, data: ForecastData) -> pd.DataFrame:
    """Rows of `pipeline_lags`: decision to intake, studies, service; offsets in years of the decision."""
    decided = projector.years[0] + 1
    lags = pipeline_lags(data.inputs.intake, projector, decided)
    level = data.inputs.intake.drop_duplicates("programme_code").set_index("programme_code")["level"]
    rows = []
    for lag in lags.itertuples():
        start, end = lag.intake_year - decided, lag.graduation_year - decided
        for stage, begins, ends in (
            (level[lag.programme_code], start, end),
            ("service", end, end + 3),
        ):
            rows.append(
                {
                    "programme_code": lag.programme_code, "specialty_code": lag.specialty_code,
                    "stage_code": stage, "begins_year_offset": begins, "ends_year_offset": ends,
                    "scenario_hash": BASELINE.hash,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def quota_rows(projector: Projector, data: ForecastData) -> pd.DataFrame:
    """Rows of `quota_regions`: a hundred places of each specialty shared by shortage."""
    named = [s for s in projector.specialties if s not in projector.without_standard]
    parts = [
        quota_regions(projector, code, LAST_YEAR, QUOTA_PLACES).assign(specialty_code=code, year=LAST_YEAR)
        for code in named
    ]
    filled = [part for part in parts if len(part)]
    rows = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
    return rows.assign(**_stamp(BASELINE, data))
