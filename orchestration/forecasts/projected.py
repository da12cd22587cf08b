"""The projection as tables: demand, supply and deficit of every scenario file, on common draws.

Belongs here: measures, stamps and what each lever did. Does not belong here: the projection (`planning/`).
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from orchestration.forecasts.reading import LAST_YEAR, MODEL_VERSION, SEED, ForecastData
from orchestration.forecasts.rows import every_level
from planning.projection.deficit import answer
from planning.projection.projector import Projector, prepare
from planning.projection.scenario import BASELINE, DEMAND_LEVERS, Scenario, ScenarioError
from planning.questions.attribution import elasticity, waterfall

DRAWS = 200
# Elasticities are means of differences on common draws; a fifth of the draws gives the same three digits.
ELASTICITY_DRAWS = 40


@dataclass(frozen=True)
class RememberingProjector(Projector):
    """A projector that runs each set of levers once: waterfalls ask for the runs the forecasts made.

    Levers on demand alone leave supply as it was, so it is remembered by the others.
    """

    known: dict[str, Any] = field(default_factory=dict)

    def supply(self, scenario: Scenario = BASELINE) -> tuple[np.ndarray, np.ndarray]:
        """As `Projector.supply`."""
        moving = [lever for lever in scenario.levers if lever.name not in DEMAND_LEVERS]
        key = scenario.with_levers(*moving).hash
        if key not in self.known:
            self.known[key] = super().supply(scenario)
        return self.known[key]


def prepared(data: ForecastData) -> tuple[Projector | None, dict[str, str]]:
    """The fitted projection, or why there is none."""
    missing = {name: "no rows, so no deficit can be projected" for name in data.inputs.missing()}
    if missing:
        return None, missing
    made = prepare(data.inputs, seed=SEED, draws=DRAWS)
    return RememberingProjector(**vars(made)), {}


def first_draws(projector: Projector, draws: int) -> Projector:
    """The same projection with its first draws only."""
    names = ("coefficients", "inflow", "moves_drawn", "other_rates", "definition", "chance", "demand_base",
             "supply_shift")  # fmt: skip
    kept = {name: getattr(projector, name) for name in names}
    fewer = {name: None if drawn is None else drawn[:draws] for name, drawn in kept.items()}
    people = replace(projector.population, factor=projector.population.factor[:draws])
    whole = {k: v for k, v in vars(projector).items() if k != "known"}
    return RememberingProjector(**(whole | fewer | {"population": people}))


def scenario_tables(
    projector: Projector, scenarios: tuple[Scenario, ...], data: ForecastData
) -> dict[str, dict[str, pd.DataFrame]]:
    """What is asked of each scenario, by table and name: forecasts, and what each of its levers did.

    A scenario that this country cannot be brought to has no rows, and the reason in `reasons`.
    """
    fewer = first_draws(projector, ELASTICITY_DRAWS)
    made: dict[str, dict[str, pd.DataFrame]] = {
        name: {} for name in ("deficit_forecasts", "scenario_steps", "elasticities", "reasons")
    }
    for scenario in scenarios:
        try:
            made["deficit_forecasts"][scenario.name] = scenario_rows(projector, scenario, data)
        except ScenarioError as error:
            refused = {"subject": [scenario.name], "reason": [str(error)]}
            made["reasons"][scenario.name] = pd.DataFrame(refused)
            continue
        if scenario.levers:
            made["scenario_steps"][scenario.name] = step_rows(projector, scenario, data)
            made["elasticities"][scenario.name] = elasticity_rows(fewer, scenario, data)
    return made


def scenario_rows(projector: Projector, scenario: Scenario, data: ForecastData) -> pd.DataFrame:
    """Rows of `deficit_forecasts` of one scenario."""
    result = answer(projector, scenario)
    paths, gap = result.paths, result.deficit()
    measures = {
        "need_fte": paths.demand_fte,
        "supply_fte": paths.supply_fte,
        "required_norm_fte": paths.norm_fte,
        "shortage_fte": np.maximum(gap, 0),
        "surplus_fte": np.maximum(-gap, 0),
    }
    parts = []
    for measure, draws in measures.items():
        demand = paths.demand_fte if measure == "shortage_fte" else None
        rows = every_level(draws, result.years, result.regions, result.specialties, chance_of=demand)
        parts.append(rows.assign(measure=measure))
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(method="projection", scenario_code=scenario.name, **_stamp(scenario, data))


def step_rows(projector: Projector, scenario: Scenario, data: ForecastData) -> pd.DataFrame:
    """Rows of `scenario_steps` for the last year; `all` adds the specialties."""
    rows = waterfall(projector, scenario, LAST_YEAR).dropna(subset=["value_fte"])
    return rows.assign(scenario_code=scenario.name, **_stamp(scenario, data))


def elasticity_rows(projector: Projector, scenario: Scenario, data: ForecastData) -> pd.DataFrame:
    """Rows of `elasticities` for the last year."""
    rows = elasticity(projector, scenario, LAST_YEAR).assign(year=LAST_YEAR)
    return rows.assign(scenario_code=scenario.name, **_stamp(scenario, data))


def assumption_rows(scenarios: tuple[Scenario, ...]) -> pd.DataFrame:
    """Rows of `scenarios`: one a lever; the baseline has one without a lever."""
    rows = []
    for scenario in scenarios:
        named = {
            "scenario_code": scenario.name,
            "scenario_name_en": scenario.name.replace("_", " "),
            "scenario_hash": scenario.hash,
        }
        for lever in scenario.levers:
            told = asdict(lever)
            renamed = {"minimum": told["low"], "maximum": told["high"], "stated_on": told["as_of"]}
            rows.append(named | told | renamed | {"lever_code": lever.name})
        if not scenario.levers:
            rows.append(named)
    return pd.DataFrame(rows).astype({"from_year": "Int32"})


def _stamp(scenario: Scenario, data: ForecastData) -> dict[str, object]:
    return {
        "scenario_hash": scenario.hash,
        "model_version": MODEL_VERSION,
        "data_vintage_date": data.vintage,
    }
