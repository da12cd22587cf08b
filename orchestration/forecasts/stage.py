"""The forecast stage: reads the warehouse, forecasts, writes every planning table.

Belongs here: the order of the work and what is written when there is nothing. Does not belong here: how a
table is made (the modules beside) and Dagster (`orchestration/defs/forecast.py`).
"""

from collections.abc import Sequence

import pandas as pd

from orchestration.forecasts.calibrated import (
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
from orchestration.running.beside import beside
from orchestration.scenario_files import SHIPPED_PRICES, load_prices, load_scenarios
from orchestration.settings import Settings
from orchestration.source_config import load_source_config
from planning.calibration import learn_widening
from planning.errors import FrameError
from planning.learnt import learnt_rows
from planning.plan_costs import Price
from planning.projector import Projector
from planning.scenario import Scenario


def run_stage(settings: Settings) -> dict[str, int]:
    """Write all planning tables; rows by table."""
    config = load_source_config(settings)
    prices, budget = load_prices(config.plan_costs or SHIPPED_PRICES)
    frames = made(read_data(settings), load_scenarios(config.scenarios), prices, budget)
    empty = pd.DataFrame()
    return {name: write_table(settings.planning, name, frames.get(name, empty)) for name in TABLES}


def made(
    data: ForecastData,
    scenarios: tuple[Scenario, ...],
    prices: Sequence[Price],
    budget_kzt: float | None = None,
) -> dict[str, pd.DataFrame]:
    """Every table that has something to say, by name; why others have not is in `reasons`.

    Args:
        data: What the warehouse holds.
        scenarios: The baseline first.
        prices: Of places and measures.
        budget_kzt: Limit of one of the plans; None for no such plan.
    """
    # The trend reads one small table and would keep the projection waiting for a fifth of the stage.
    trend_beside = beside(trend_tables, data.without_inputs())
    try:
        projector, missing = prepared(data)
    except FrameError as error:  # a source may bring tables that do not fit one another
        projector, missing = None, {error.table: str(error)}
    past = past_projections(data) if projector is not None else []
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
        frames["coverage"] = pd.concat(
            [part for part in (frames["coverage"], projection_coverage_rows(past, data)) if len(part)]
            or [pd.DataFrame()]
        )
        # Two cores, two halves; the runs that a half asks for twice are remembered in its own process.
        half = (len(scenarios) + 1) // 2
        others_beside = beside(scenario_tables, projector, scenarios[half:], data.without_inputs())
        answers = scenario_tables(projector, scenarios[:half], data)
        reasons |= {s: "no standard of minutes, so no demand is known" for s in projector.without_standard}
        if len(data.inputs.intake):
            frames |= plan_rows(projector, data, prices, budget_kzt, scenarios)
            frames["pipeline_lags"] = lag_rows(projector, data)
        else:
            reasons["intake"] = "no rows, so no lag and no plan of places"
        frames["quota_regions"] = quota_rows(projector, data, frames.get("place_plans"))
        for name, others in others_beside().items():
            answers[name] += others
        forecasts += answers["deficit_forecasts"]
        frames |= {name: pd.concat(answers[name]) for name in ("scenario_steps", "elasticities")}
    if forecasts:
        frames["deficit_forecasts"] = _with_coverage(pd.concat(forecasts), frames["coverage"])
    frames["reasons"] = pd.DataFrame({"subject": list(reasons), "reason": list(reasons.values())})
    return frames | _what_if(data, projector)


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
    stock = tables["whatif_staff_stock"]
    tables["whatif_staff_stock"] = stock[stock["year"] == stock["year"].max()]
    if projector is not None:
        tables["whatif_learnt"] = learnt_rows(projector)
    rates = ("totals", "mortality", "fertility", "migration")
    tables |= {f"whatif_rates_{name}": getattr(inputs.rates, name) for name in rates}
    settings = {
        "sampling_fraction": inputs.assumptions.sampling_fraction, "last_year": LAST_YEAR, "seed": SEED,
    }  # fmt: skip
    return tables | {"whatif_settings": pd.DataFrame([settings])}
