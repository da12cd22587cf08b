"""The projection's own past: how wide its ranges must be, and how often they held what came.

Belongs here: which past years are projected again, and the scores as rows, those of the hazard too. Does not
belong here: the backtest, the factors and the fits (`planning/`).
"""

import pandas as pd

from orchestration.forecasts.reading import SEED, ForecastData
from planning.projection.calibration import PastProjection, project_the_past
from planning.projection.leaving_scores import hazard_by_service_year, pooled_bins
from planning.projection.past_scores import past_scores
from planning.projection.projector import Projector
from planning.projection.scenario import BASELINE
from planning.projection.widening import Widening

# Cells are pooled, so few draws and three years of records do; every origin costs a fit, so four of them.
DRAWS = 40
HAZARD_YEARS = 3
YEARS_BACK = (6, 4, 2, 1)


def past_projections(data: ForecastData, years_back: tuple[int, ...] = YEARS_BACK) -> list[PastProjection]:
    """What past years would have projected, with what followed; none without a register of several years."""
    stock = data.inputs.staff_stock
    if stock.empty or "year" not in data.all_records:
        return []
    base = int(stock["year"].max())
    return project_the_past(
        data.with_all_records(),
        origins=tuple(base - back for back in years_back),
        seed=SEED,
        draws=DRAWS,
        record_years=HAZARD_YEARS,
    )


def widening_rows(widening: Widening, data: ForecastData) -> pd.DataFrame:
    """Rows of `range_widening`: the factor of each side and year ahead."""
    parts = [
        pd.DataFrame(
            {
                "measure": side,
                "horizon_years": range(1, len(factors) + 1),
                "widening_ratio": factors,
                "forecasts_count": counts,
                "common_sd_share": common,
            }
        )
        for side, factors, counts, common in (
            ("need_fte", widening.need, widening.need_forecasts, widening.need_common),
            ("supply_fte", widening.supply, widening.supply_forecasts, widening.supply_common),
        )
    ]
    return pd.concat(parts, ignore_index=True).assign(data_vintage_date=data.vintage)


def leaving_rows(past: list[PastProjection], data: ForecastData) -> pd.DataFrame:
    """Rows of `leaving_calibration`: predicted against observed leaving by tenth of the predicted chance."""
    tables = [one.leaving for one in past if one.leaving is not None]
    if not tables:
        return pd.DataFrame()
    years = len(tables)
    return pooled_bins(tables).assign(years_count=years, data_vintage_date=data.vintage)


def hazard_rows(projector: Projector, data: ForecastData) -> pd.DataFrame:
    """Rows of `leaving_hazards`: the fit by year of service, beside the truth where data are simulated."""
    rows = hazard_by_service_year(projector.retention, projector.coefficients)
    known = pd.Series(data.known_hazard or [float("nan")] * len(rows), dtype=float)
    return rows.assign(known_share=known.to_numpy(), data_vintage_date=data.vintage)


def projection_coverage_rows(past: list[PastProjection], data: ForecastData) -> pd.DataFrame:
    """Rows of `coverage` for need, supply, shortage and surplus, before and after widening."""
    scores = past_scores(past)
    if scores.empty:
        return scores
    leaves, keys = scores[scores["area"] == "leaf"], ["measure", "stage", "horizon_years", "nominal_share"]
    parts = [
        _shares(leaves, [*keys, "region_code"]).assign(level="region_leaves", specialty_code="all"),
        _shares(leaves, [*keys, "specialty_code"]).assign(level="specialty_leaves", region_code=None),
        _shares(leaves, keys).assign(level="leaves", specialty_code="all", region_code=None),
        _shares(scores[scores["area"] == "region"], [*keys, "region_code"]).assign(
            level="region", specialty_code="all"
        ),
        _shares(scores[scores["area"] == "nation"], keys).assign(
            level="nation", specialty_code="all", region_code=None
        ),
    ]
    stamp = {"data_vintage_date": data.vintage, "scenario_hash": BASELINE.hash, "mase_ratio": None}
    return pd.concat(parts, ignore_index=True).assign(**stamp)


def _shares(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    made = rows.groupby(keys, as_index=False).agg(
        covered_share=("is_covered", "mean"),
        forecasts_count=("is_covered", "size"),
        miss=("miss_fte", "sum"),
        actual=("actual_fte", "sum"),
    )
    bias = made["miss"] / made["actual"].where(made["actual"] > 0)
    return made.drop(columns=["miss", "actual"]).assign(bias_share=bias)
