"""Past projections against what came: how much wider the ranges of a deficit must be.

Belongs here: the rolling backtest of the whole projection, its coverage by horizon, and the widening
learnt from it. Does not belong here: the backtest of single series (`backtest.py`).

Every origin is projected from tables cut at it: counts, records and registers of later years are
withheld, so everything is fitted past-only.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.axes import to_array
from planning.deficit import project_deficit
from planning.inputs import ProjectionInputs

Floats = NDArray[np.float64]

NOMINAL = {"80": ("q10", "q90"), "95": ("lo95", "hi95")}
# The widening is not believed from fewer past forecasts than this at a horizon.
MIN_FORECASTS = 40
MAX_WIDENING = 3.0


def inputs_at(inputs: ProjectionInputs, origin: int) -> ProjectionInputs:
    """The tables as they stood at the end of a year."""

    def until(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        return frame[frame[column] <= origin] if column in frame else frame

    encounters = inputs.encounters[pd.to_datetime(inputs.encounters["month"]).dt.year <= origin]
    return replace(
        inputs,
        population=until(inputs.population, "year"),
        encounters=encounters,
        staff_stock=until(inputs.staff_stock, "year"),
        person_years=until(inputs.person_years, "year"),
        intake=until(inputs.intake, "intake_year"),
    )


def backtest_supply(
    inputs: ProjectionInputs, *, origins: tuple[int, ...], seed: int = 2026, draws: int = 200
) -> pd.DataFrame:
    """Project from past years and compare with the registers that followed.

    Args:
        inputs: staff_stock of several years; person_years with a `year` column, or the fit would see
            its own future.
        origins: Years to project from; those without stock are left out.
        seed: As `project_deficit`.
        draws: As `project_deficit`.

    Returns:
        origin, horizon_years, region_code, specialty_code, actual_fte, median_fte, q10, q90, lo95,
        hi95 – FTE in post; one row a cell and year that the register later showed.
    """
    known = set(inputs.staff_stock["year"].unique())
    parts = []
    for origin in origins:
        later = sorted(y for y in known if y > origin)
        if origin not in known or not later:
            continue
        cut = inputs_at(inputs, origin)
        cut = replace(cut, assumptions=replace(inputs.assumptions, last_year=later[-1]))
        result = project_deficit(cut, seed=seed, draws=draws)
        if result.paths is None:
            continue
        labels = {"region_code": result.regions, "specialty_code": result.specialties}
        for year in later:
            stock = inputs.staff_stock[inputs.staff_stock["year"] == year]
            here = stock[stock["region_code"].isin(result.regions)]
            here = here[here["specialty_code"].isin(result.specialties)]
            sums = here.groupby(list(labels))["fte"].sum().reset_index()
            actual = to_array(sums, "staff_stock", labels, "fte")
            drawn = result.paths.supply_fte[:, year - origin]
            low95, low, middle, high, high95 = np.quantile(drawn, [0.025, 0.1, 0.5, 0.9, 0.975], axis=0)
            index = pd.MultiIndex.from_product(list(labels.values()), names=list(labels))
            columns = {
                "actual_fte": actual,
                "median_fte": middle,
                "q10": low,
                "q90": high,
                "lo95": low95,
                "hi95": high95,
            }
            part = pd.DataFrame({k: v.ravel() for k, v in columns.items()}, index=index).reset_index()
            parts.append(part.assign(origin=origin, horizon_years=year - origin))
    names = ["origin", "horizon_years", "region_code", "specialty_code"]
    names += ["actual_fte", "median_fte", "q10", "q90", "lo95", "hi95"]
    return pd.concat(parts, ignore_index=True)[names] if parts else pd.DataFrame(columns=names)


def learn_inflation(scores: pd.DataFrame) -> Floats:
    """(H,) factor by which the distance from the median must grow for 80 % of past misses to fit.

    The factor of a horizon is the 80 % quantile of |actual − median| ÷ half-width on the same side.
    Horizons with under 40 past forecasts take the factor of the last horizon that has them; never
    below 1 and never above 3.
    """
    if scores.empty:
        return np.ones(0)
    factors, last = [], 1.0
    for horizon in range(1, int(scores["horizon_years"].max()) + 1):
        rows = scores[scores["horizon_years"] == horizon]
        if len(rows) >= MIN_FORECASTS:
            last = float(np.clip(np.quantile(_strain(rows), 0.8), 1.0, MAX_WIDENING))
        factors.append(last)
    return np.array(factors)


def coverage_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Coverage by horizon before widening, and after widening learnt from the other origins only.

    Returns:
        horizon_years, nominal_share, covered_before_share, covered_after_share, forecasts_count,
        bias_share (mean miss ÷ mean actual). With one origin the "after" is blank: it cannot be told.
    """
    rows = []
    origins = sorted(scores["origin"].unique()) if len(scores) else []
    for horizon, group in scores.groupby("horizon_years"):
        factor = pd.Series(np.nan, index=group.index)
        for origin in origins if len(origins) > 1 else []:
            learnt = learn_inflation(scores[scores["origin"] != origin])
            if len(learnt):
                at = min(int(str(horizon)), len(learnt)) - 1
                factor[group["origin"] == origin] = learnt[at]
        for level, (low, high) in NOMINAL.items():
            off = group["actual_fte"] - group["median_fte"]
            below, above = group["median_fte"] - group[low], group[high] - group["median_fte"]
            before = (off >= -below) & (off <= above)
            after = (off >= -below * factor) & (off <= above * factor)
            rows.append(
                {
                    "horizon_years": horizon,
                    "nominal_share": int(level) / 100,
                    "covered_before_share": before.mean(),
                    "covered_after_share": after.mean() if factor.notna().all() else np.nan,
                    "forecasts_count": len(group),
                    "bias_share": -off.mean() / max(group["actual_fte"].mean(), 1e-9),
                }
            )
    names = ["horizon_years", "nominal_share", "covered_before_share", "covered_after_share"]
    return pd.DataFrame(rows, columns=[*names, "forecasts_count", "bias_share"])


def _strain(rows: pd.DataFrame) -> Floats:
    """|actual − median| ÷ half-width of the 80 % range on the side of the miss."""
    off = (rows["actual_fte"] - rows["median_fte"]).to_numpy()
    side = np.where(off > 0, rows["q90"] - rows["median_fte"], rows["median_fte"] - rows["q10"])
    return np.asarray(np.abs(off) / np.maximum(side, 1e-9), dtype=np.float64)
