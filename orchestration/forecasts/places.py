"""The inverse question, its price and the lag of places, as tables.

Belongs here: the questions asked in every run. Does not belong here: the answer
(`planning/questions/inverse.py`), and what anything costs (`planning/questions/plan_costs.py`; the prices
come from a file).
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from orchestration.forecasts.projected import _stamp
from orchestration.forecasts.reading import LAST_YEAR, ForecastData
from planning.projection.education import InternshipBreak
from planning.projection.projector import Projector
from planning.projection.scenario import BASELINE, Scenario, ScenarioError
from planning.questions.inverse import Plan, Question, close_deficit, pipeline_lags, quota_regions
from planning.questions.plan_costs import Price, bill
from planning.questions.undirected import remaining_undirected

QUANTILES = (0.5, 0.8)


def plan_rows(
    projector: Projector,
    data: ForecastData,
    prices: Sequence[Price],
    budget_kzt: float | None,
    scenarios: Iterable[Scenario],
) -> dict[str, pd.DataFrame]:
    """Rows of the `place_plan*` tables: the last year, P50 and P80, by three strategies.

    Places alone; places and priced measures at the least cost; the same within the budget.
    """
    costs = bill(prices, projector, LAST_YEAR)
    priced = {price.code for price in prices if not price.is_place}
    measures = tuple(s for s in scenarios if s.name in priced and _is_reachable(projector, s))
    costs = costs[(costs["lever_code"] == "place") | costs["code"].isin([m.name for m in measures])]
    first, places = projector.years[0] + 2, costs[costs["lever_code"] == "place"]
    strategies = {
        "places_only": (places, (), None),
        "cheapest_mix": (costs, measures, None),
    }
    if budget_kzt is not None:
        strategies["within_budget"] = (costs, measures, budget_kzt)
    parts: dict[str, list[pd.DataFrame]] = {}
    for quantile in QUANTILES:
        for strategy, (table, adopted, budget) in strategies.items():
            question = Question(LAST_YEAR, quantile, first, budget, table, adopted)
            plan = close_deficit(projector, question)
            undirected = remaining_undirected(projector, question, plan)
            named = {"strategy_code": strategy, "year": LAST_YEAR, "quantile_share": quantile}
            for name, rows in _tables_of(plan, budget, undirected).items():
                parts.setdefault(name, []).append(rows.assign(**named, is_feasible=plan.is_feasible))
    stamped = _stamp(BASELINE, data)
    return {name: pd.concat(rows, ignore_index=True).assign(**stamped) for name, rows in parts.items()}


def price_rows(prices: Sequence[Price], data: ForecastData) -> pd.DataFrame:
    """Rows of `plan_prices`: what a place or measure costs, and who answers for it."""
    renamed = {"code": "price_code", "low": "minimum", "high": "maximum", "as_of": "stated_on"}
    rows = pd.DataFrame([asdict(price) for price in prices]).rename(columns={"maximum": "added_intake_share"})
    return rows.rename(columns=renamed).assign(data_vintage_date=data.vintage)


def _tables_of(plan: Plan, budget_kzt: float | None, undirected_fte: float) -> dict[str, pd.DataFrame]:
    shortages = plan.shortages
    reasons = dict(reason.split(": ", 1) for reason in plan.reasons)
    total = {
        "cost_kzt": plan.cost_kzt,
        "budget_kzt": budget_kzt,
        "places_persons": plan.places["places_persons"].sum(),
        **{name: shortages[name].sum() for name in ("shortage_fte", "closed_fte", "remaining_fte")},
        "remaining_undirected_fte": undirected_fte,
    }
    return {
        "place_plans": plan.places,
        "place_plan_shortages": shortages.assign(reason=shortages["specialty_code"].map(reasons)),
        "place_plan_measures": plan.measures,
        "place_plan_totals": pd.DataFrame([total]),
    }


def lag_rows(projector: Projector, data: ForecastData) -> pd.DataFrame:
    """Rows of `pipeline_lags`: decision to intake, studies, service; offsets in years of the decision."""
    decided = projector.years[0] + 1
    lags = pipeline_lags(data.inputs.intake, projector, decided)
    level = data.inputs.intake.drop_duplicates("programme_code").set_index("programme_code")["level"]
    rows, assumed = [], data.inputs.assumptions
    for lag in lags.itertuples():
        start, end = lag.intake_year - decided, lag.graduation_year - decided
        for stage, begins, ends in (
            *_studies(level[lag.programme_code], start, end, assumed.internship),
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


def _is_reachable(projector: Projector, scenario: Scenario) -> bool:
    """Whether this country can be brought there at all; why not stands in `reasons`."""
    try:
        projector.run(scenario)
    except ScenarioError:
        return False
    return True


def _studies(
    level: str, start: int, end: int, internship: InternshipBreak | None
) -> list[tuple[str, int, int]]:
    """Stages of one programme; an internship is the end of the studies it is counted with."""
    last = internship.internship_years if internship else 1
    if level != "internship" or end - start <= last:
        return [(level, start, end)]
    return [("bachelor", start, end - last), (level, end - last, end)]


def quota_rows(projector: Projector, data: ForecastData, plans: pd.DataFrame | None) -> pd.DataFrame:
    """Rows of `quota_regions`: the places of the P50 plan of places alone, shared by shortage.

    Without a plan a hundred places of each specialty are shared, so that the regions are named all the same.
    """
    named = [s for s in projector.specialties if s not in projector.without_standard]
    wanted = dict.fromkeys(named, 100)
    if plans is not None:
        mine = plans[(plans["strategy_code"] == "places_only") & (plans["quantile_share"] == QUANTILES[0])]
        sums = mine.groupby("specialty_code")["places_persons"].sum()
        wanted = {code: int(np.ceil(sums.get(code, 0.0) - 1e-9)) for code in named}
    parts = [
        quota_regions(projector, code, LAST_YEAR, wanted[code]).assign(specialty_code=code, year=LAST_YEAR)
        for code in named
    ]
    filled = [part for part in parts if len(part)]
    rows = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
    return rows.assign(**_stamp(BASELINE, data))
