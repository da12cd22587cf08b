"""The forecast stage: reads the warehouse, forecasts, writes every planning table.

Belongs here: the order of the work and what is written when there is nothing. Does not belong here: how a
table is made (the modules beside) and Dagster (`orchestration/defs/forecast.py`).
"""

from collections.abc import Sequence
from contextlib import closing

import pandas as pd

from orchestration.forecasts.calibrated import (
    YEARS_BACK,
    hazard_rows,
    leaving_rows,
    past_projections,
    projection_coverage_rows,
    widening_rows,
)
from orchestration.forecasts.first import trend_tables
from orchestration.forecasts.places import lag_rows, plan_rows, price_rows, quota_rows
from orchestration.forecasts.projected import (
    assumption_rows,
    prepared,
    scenario_tables,
)
from orchestration.forecasts.reading import LAST_YEAR, SEED, ForecastData, read_data
from orchestration.forecasts.schemas import TABLES
from orchestration.forecasts.tables import write_table
from orchestration.running.beside import Worker
from orchestration.scenario_files import SHIPPED_PRICES, load_prices, load_scenarios
from orchestration.settings import Settings
from orchestration.source_config import load_source_config
from planning.errors import FrameError
from planning.projection.calibration import learn_widening
from planning.projection.inputs import published_stock
from planning.projection.learnt import learnt_rows
from planning.projection.projector import Projector
from planning.projection.scenario import Scenario
from planning.questions.plan_costs import Price


def run_stage(settings: Settings) -> dict[str, int]:
    """Write all planning tables; rows by table."""
    with closing(Worker()) as worker:
        worker.ask(_get_ready)  # it imports while this process reads
        config = load_source_config(settings)
        prices, budget = load_prices(config.plan_costs or SHIPPED_PRICES)
        frames = made(read_data(settings), load_scenarios(config.scenarios), prices, budget, worker=worker)
    empty = pd.DataFrame()
    return {name: write_table(settings.planning, name, frames.get(name, empty)) for name in TABLES}


def _get_ready() -> None:
    """Nothing: asked for, it is imported from here, and so is all that a forecast needs."""


def made(
    data: ForecastData,
    scenarios: tuple[Scenario, ...],
    prices: Sequence[Price],
    budget_kzt: float | None = None,
    *,
    worker: Worker,
) -> dict[str, pd.DataFrame]:
    """Every table that has something to say, by name; why others have not is in `reasons`.

    Two cores, two halves: what the worker does costs about as much as what is done here meanwhile.

    Args:
        data: What the warehouse holds.
        scenarios: The baseline first.
        prices: Of places and measures.
        budget_kzt: Limit of one of the plans; None for no such plan.
        worker: Does the other half.
    """
    bare = data.without_inputs()
    trend_beside = worker.ask(trend_tables, bare)
    try:
        projector, missing = prepared(data)
    except FrameError as error:  # a source may bring tables that do not fit one another
        projector, missing = None, {error.table: str(error)}
    past = []
    if projector is not None:
        half = len(YEARS_BACK) // 2
        later_beside = worker.ask(past_projections, data, YEARS_BACK[half:])
        past = past_projections(data, YEARS_BACK[:half]) + later_beside()
    trend, reasons, coverage = trend_beside()
    frames = {"coverage": coverage, "scenarios": assumption_rows(scenarios)}
    frames["plan_prices"] = price_rows(prices, data)
    forecasts = [trend] if len(trend) else []
    reasons |= missing
    if projector is not None:
        widening = learn_widening(past)
        projector = projector.widened(widening)
        frames["range_widening"] = widening_rows(widening, data)
        frames["leaving_calibration"] = leaving_rows(past, data)
        frames["leaving_hazards"] = hazard_rows(projector, data)
        ours, others = _shared_out(scenarios, prices)
        others_beside = worker.ask(scenario_tables, projector, others, bare)
        past_beside = worker.ask(projection_coverage_rows, past, bare)
        answers = scenario_tables(projector, ours, data)
        reasons |= {s: "no standard of minutes, so no demand is known" for s in projector.without_standard}
        if len(data.inputs.intake):
            frames |= plan_rows(projector, data, prices, budget_kzt, scenarios)
            frames["pipeline_lags"] = lag_rows(projector, data)
        else:
            reasons["intake"] = "no rows, so no lag and no plan of places"
        frames["quota_regions"] = quota_rows(projector, data, frames.get("place_plans"))
        for name, tables in others_beside().items():
            found = answers[name] | tables
            answers[name] = {s.name: found[s.name] for s in scenarios if s.name in found}
        frames["coverage"] = pd.concat(
            [part for part in (frames["coverage"], past_beside()) if len(part)] or [pd.DataFrame()]
        )
        forecasts += answers["deficit_forecasts"].values()
        steps = ("scenario_steps", "elasticities")
        frames |= {name: pd.concat(answers[name].values()) for name in steps if answers[name]}
        for refused in answers["reasons"].values():
            reasons |= dict(zip(refused["subject"], refused["reason"], strict=True))
    if forecasts:
        frames["deficit_forecasts"] = _with_coverage(pd.concat(forecasts), frames["coverage"])
    frames["reasons"] = pd.DataFrame({"subject": list(reasons), "reason": list(reasons.values())})
    return frames | _what_if(data, projector)


def _shared_out(
    scenarios: tuple[Scenario, ...], prices: Sequence[Price]
) -> tuple[tuple[Scenario, ...], tuple[Scenario, ...]]:
    """Scenarios of this process and of the worker; here stay those that the plans will ask for again."""
    priced = {price.code for price in prices if not price.is_place}
    ours = [scenario for scenario in scenarios if scenario.name in priced or not scenario.levers]
    others = [scenario for scenario in scenarios if scenario not in ours]
    # The plans weigh as much as two scenarios; beyond that many, the worker's surplus is halved.
    surplus = max(len(others) - len(ours) - 2, 0) // 2
    return tuple(ours + others[:surplus]), tuple(others[surplus:])


def _with_coverage(rows: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """The measured coverage of 80 % ranges beside each figure; blank where it was not measured."""
    if coverage.empty:
        return rows
    whole = coverage[(coverage["stage"] == "after") & (coverage["nominal_share"] == 0.8)]  # noqa: PLR2004
    weighed = whole.assign(held=whole["covered_share"] * whole["forecasts_count"])
    sums = weighed[weighed["level"].isin(["leaves", "region", "nation"])].groupby(["measure", "level"])
    share = sums["held"].sum() / sums["forecasts_count"].sum()
    is_leaf = (rows["specialty_code"] != "all") & (rows["level"] == "region")
    level = rows["level"].mask(is_leaf, "leaves").mask((rows["level"] == "nation"), "nation")
    keys = pd.MultiIndex.from_arrays([rows["measure"], level])
    return rows.assign(coverage_80_share=share.reindex(keys).to_numpy())


def _what_if(data: ForecastData, projector: Projector | None) -> dict[str, pd.DataFrame]:
    """What the page needs to project again under sliders: no record of a person, rates and cells instead."""
    inputs = data.inputs
    names = ("population", "encounters", "activity_minutes", "norms", "staff_stock", "intake",
             "region_splits", "moves", "observed_need")  # fmt: skip
    tables = {
        # A column that a table may lack is blank.
        f"whatif_{name}": getattr(inputs, name).reindex(columns=list(TABLES[f"whatif_{name}"]))
        for name in names
        if getattr(inputs, name) is not None
    }
    tables["whatif_staff_stock"] = published_stock(tables["whatif_staff_stock"])
    if projector is not None:
        tables["whatif_learnt"] = learnt_rows(projector.learnt())
    rates = ("totals", "mortality", "fertility", "migration")
    tables |= {f"whatif_rates_{name}": getattr(inputs.rates, name) for name in rates}
    settings = {
        "sampling_fraction": inputs.assumptions.sampling_fraction, "last_year": LAST_YEAR, "seed": SEED,
    }  # fmt: skip
    return tables | {"whatif_settings": pd.DataFrame([settings])}
