"""The first forecast as tables: vacancies and need carried on by region and specialty, and how good that was.

Belongs here: cubes out of the yearly table, rows out of draws, marks out of past origins. Does not belong
here: the forecast (`planning/trends/raked_trend.py`).
"""

import numpy as np
import pandas as pd

from orchestration.forecasts.reading import LAST_YEAR, MODEL_VERSION, SEED, ForecastData
from orchestration.forecasts.rows import every_level
from planning.projection.scenario import BASELINE
from planning.trends.raked_scores import PastScore, score_past
from planning.trends.raked_trend import LEVELS, MIN_YEARS, forecast_raked

MEASURES = ("vacant_fte", "norm_shortage_fte", "wisn_shortage_fte")
DRAWS = 200
# Ranges are learnt from past errors, so an origin needs a few years before it says something of ranges.
FIRST_ORIGIN, HORIZON = 6, 5
NOMINAL = {0.8: (1, 3), 0.95: (0, 4)}


def cube_of(yearly: pd.DataFrame, measure: str) -> tuple[np.ndarray, list[str], list[str], list[int]]:
    """(R, S, T) values with their labels; blank stays blank.

    A region whose staffing tables arrived in a year and name no post of a specialty has none vacant: that is
    zero. What a norm or the recorded work would have asked for there is not known.
    """
    known = yearly.dropna(subset=[measure])
    table = known.pivot_table(index=["region_code", "specialty_code"], columns="year", values=measure)
    regions, specialties = sorted(known["region_code"].unique()), sorted(known["specialty_code"].unique())
    if known.empty:
        return np.zeros((0, 0, 0)), regions, specialties, []
    years = list(range(int(known["year"].min()), int(known["year"].max()) + 1))
    index = pd.MultiIndex.from_product([regions, specialties])
    full = table.reindex(index=index, columns=years)
    if measure == "vacant_fte":
        told = yearly.assign(told=1).pivot_table(
            index=["region_code", "specialty_code"], columns="year", values="told"
        )
        has_row = told.reindex(index=index, columns=years).notna()
        has_reported = table.notna().groupby(level="region_code").any().reindex(columns=years)
        arrived = has_reported.astype("boolean").fillna(False).astype(bool).reindex(index.get_level_values(0))
        full = full.mask(arrived.to_numpy() & ~has_row.to_numpy() & full.isna().to_numpy(), 0.0)
    return full.to_numpy().reshape(len(regions), len(specialties), -1), regions, specialties, years


def trend_tables(data: ForecastData) -> tuple[pd.DataFrame, dict[str, str], pd.DataFrame]:
    """Both tables of the trend: forecasts with reasons for those that are missing, and coverage."""
    return *forecast_rows(data), coverage_rows(data)


def forecast_rows(data: ForecastData) -> tuple[pd.DataFrame, dict[str, str]]:
    """Rows of `deficit_forecasts` and, for each measure without any, the reason."""
    parts, reasons = [], {}
    for measure in MEASURES:
        values, regions, specialties, years = cube_of(data.vacancies, measure)
        if len(years) < MIN_YEARS:
            reasons[measure] = f"{len(years)} December tables; a trend needs at least {MIN_YEARS}"
            continue
        horizon = LAST_YEAR - years[-1]
        made = forecast_raked(values, horizon, draws=DRAWS, rng=np.random.default_rng(SEED))
        ahead = tuple(range(years[-1] + 1, LAST_YEAR + 1))
        rows = every_level(made.draws, ahead, regions, specialties)
        parts.append(rows.assign(measure=measure, method="trend", scenario_code=BASELINE.name))
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return rows.assign(**stamp(data)) if len(rows) else rows, reasons


def stamp(data: ForecastData) -> dict[str, object]:
    """What every figure carries beside itself."""
    return {
        "scenario_hash": BASELINE.hash,
        "model_version": MODEL_VERSION,
        "data_vintage_date": data.vintage,
    }


def coverage_rows(data: ForecastData) -> pd.DataFrame:
    """Rows of `coverage`: our own past forecasts against what came."""
    parts = []
    for measure in MEASURES:
        values, regions, specialties, years = cube_of(data.vacancies, measure)
        if len(years) <= FIRST_ORIGIN:
            continue
        past = score_past(values, HORIZON, first_origin=FIRST_ORIGIN, draws=DRAWS, seed=SEED)
        parts.append(_marks(past, regions, specialties).assign(measure=measure))
    if not parts:
        return pd.DataFrame()
    stamped = {"data_vintage_date": data.vintage, "scenario_hash": BASELINE.hash}
    return pd.concat(parts, ignore_index=True).assign(**stamped)


def _marks(past: list[PastScore], regions: list[str], specialties: list[str]) -> pd.DataFrame:
    """Every leaf forecast as one row, then means by region, specialty, nation and horizon."""
    leaves = pd.concat([_leaf_rows(score, regions, specialties) for score in past], ignore_index=True)
    totals = pd.concat([_total_rows(score, regions, specialties) for score in past], ignore_index=True)
    keys = ["stage", "horizon_years", "nominal_share"]
    blank = {"region_code": None, "specialty_code": "all"}
    parts = [
        _mean(leaves, [*keys, "region_code"]).assign(level="region_leaves", specialty_code="all"),
        _mean(leaves, [*keys, "specialty_code"]).assign(level="specialty_leaves", region_code=None),
        _mean(leaves, keys).assign(level="leaves", **blank),
        _mean(_of(totals, "region"), [*keys, "region_code"]).assign(level="region", specialty_code="all"),
        _mean(_of(totals, "specialty"), [*keys, "specialty_code"]).assign(
            level="specialty", region_code=None
        ),
        _mean(_of(totals, "nation"), keys).assign(level="nation", **blank),
    ]
    return pd.concat(parts, ignore_index=True)


def _of(rows: pd.DataFrame, level: str) -> pd.DataFrame:
    return rows[rows["level"] == level]


def _mean(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    made = rows.groupby(keys, as_index=False).agg(
        covered_share=("is_covered", "mean"),
        forecasts_count=("is_covered", "size"),
        mase_ratio=("scaled_error", "mean"),
        miss=("miss", "sum"),
        actual=("actual", "sum"),
    )
    return made.assign(bias_share=made["miss"] / made["actual"].where(made["actual"] > 0))


def _leaf_rows(score: PastScore, regions: list[str], specialties: list[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([regions, specialties, range(1, score.actual.shape[2] + 1)])
    index.names = ["region_code", "specialty_code", "horizon_years"]
    scale = np.repeat(score.scale[:, :, None], score.actual.shape[2], axis=2)
    parts = [
        _rows(index, score.actual, quantiles, scale, stage)
        for stage, quantiles in (("before", score.base), ("after", score.raked))
    ]
    return pd.concat(parts, ignore_index=True)


def _total_rows(score: PastScore, regions: list[str], specialties: list[str]) -> pd.DataFrame:
    """Totals on their own (before) and as the raked leaves add up (after)."""
    horizons = range(1, score.actual.shape[2] + 1)
    names = [("region", code) for code in regions] + [("specialty", code) for code in specialties]
    index = pd.MultiIndex.from_tuples(
        [(*name, horizon) for name in [*names, ("nation", "")] for horizon in horizons],
        names=["level", "code", "horizon_years"],
    )
    actual = [np.nansum(score.actual, axis=1), np.nansum(score.actual, axis=0)]
    actual = np.concatenate([*actual, actual[0].sum(axis=0, keepdims=True)])
    scale = np.repeat(score.margin_scale[:, None], actual.shape[1], axis=1)
    after = np.concatenate([score.region, score.specialty, score.nation[None]])
    parts = [
        _rows(index, actual, quantiles, scale, stage)
        for stage, quantiles in (("before", score.own_margins), ("after", after))
    ]
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(region_code=rows["code"], specialty_code=rows["code"])


def _rows(
    index: pd.MultiIndex, actual: np.ndarray, quantiles: np.ndarray, scale: np.ndarray, stage: str
) -> pd.DataFrame:
    """One row a forecast and nominal share; unknown actuals are left out."""
    flat, ranks = actual.ravel(), quantiles.reshape(-1, len(LEVELS))
    miss = ranks[:, 2] - flat
    parts = []
    for nominal, (low, high) in NOMINAL.items():
        columns = {
            "actual": flat,
            "miss": miss,
            "scaled_error": np.abs(miss) / np.where(scale.ravel() > 0, scale.ravel(), np.nan),
            "is_covered": (flat >= ranks[:, low] - 1e-9) & (flat <= ranks[:, high] + 1e-9),
        }
        parts.append(pd.DataFrame(columns, index=index).reset_index().assign(nominal_share=nominal))
    made = pd.concat(parts, ignore_index=True).assign(stage=stage)
    return made[made["actual"].notna()]
