"""Marks for forecasts that have met their truth.

Belongs here: errors, coverage, widths and ratios with their uncertainty. Does not belong here: making
forecasts (`backtest.py`), files and printing.

Measures: MASE (Hyndman & Koehler 2006, Int. J. Forecasting 22) and twice the mean pinball loss over
deciles, both in units of the series' own mean absolute step before the origin, averaged within a series
first, so that a long series counts as one. A perfect 80 % range holds 80 % of the values.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.trends.backtest import DECILES, Answers, actuals
from planning.trends.coverage_range import coverage_range
from planning.trends.panel import Panel

Floats = NDArray[np.float64]

SIZES = ("small", "medium", "large")
_LOW80, _HIGH80, _LOW95, _HIGH95 = 0, 8, 9, 10
# The logarithm of a value and back differs in the last digit: a constant is inside its own range.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Marks:
    """One model's marks, (K, n, H) each, nan where there is nothing to mark.

    Attributes:
        error: |actual − point| in units of the scale.
        pinball: Twice the mean decile loss in units of the scale.
        miss: point − actual, in the unit of the values.
        actual: The truth, where the model answered.
        in80: 1 inside the 80 % range, else 0.
        in95: 1 inside the 95 % range, else 0.
        width80: Width of the 80 % range in units of the scale.
        is_fallback: (K, n).
    """

    error: Floats
    pinball: Floats
    miss: Floats
    actual: Floats
    in80: Floats
    in95: Floats
    width80: Floats
    is_fallback: NDArray[np.bool_]


def step_scale(panel: Panel, origins: range, window: int | None) -> Floats:
    """(K, n) mean absolute step (monthly: from the same month a year ago) before each origin.

    nan where a series has no step or never moved: it cannot be marked in units of its own steps.
    """
    scales = []
    for origin in origins:
        past = panel.matrix[:, max(0, origin - window) if window else 0 : origin]
        steps = np.abs(past[:, panel.season :] - past[:, : -panel.season])
        count = (~np.isnan(steps)).sum(axis=1)
        mean = np.nansum(steps, axis=1) / np.maximum(count, 1)
        scales.append(np.where((count > 0) & (mean > 0), mean, np.nan))
    return np.stack(scales)


def mark(panel: Panel, origins: range, answers: Answers, window: int | None) -> Marks:
    """Hold answers against what came."""
    horizon = answers.point.shape[2]
    actual = actuals(panel, origins, horizon)
    actual = np.where(np.isnan(answers.point), np.nan, actual)
    scale = step_scale(panel, origins, window)[:, :, None]
    deciles = answers.quantiles[..., :9]
    over = actual[..., None] - deciles
    loss = np.maximum(DECILES * over, (DECILES - 1) * over)
    q = answers.quantiles
    known = ~np.isnan(actual)
    play = _ROUNDING * np.abs(actual)
    return Marks(
        error=np.abs(actual - answers.point) / scale,
        pinball=2 * loss.mean(axis=3) / scale,
        miss=answers.point - actual,
        actual=actual,
        in80=np.where(known, (actual >= q[..., _LOW80] - play) & (actual <= q[..., _HIGH80] + play), np.nan),
        in95=np.where(known, (actual >= q[..., _LOW95] - play) & (actual <= q[..., _HIGH95] + play), np.nan),
        width80=np.where(known, q[..., _HIGH80] - q[..., _LOW80], np.nan) / scale,
        is_fallback=answers.is_fallback,
    )


def size_of(panel: Panel, origins: range) -> NDArray[np.int64]:
    """(K, n) third of the panel that a series belongs to by its mean before the origin."""
    thirds = []
    for origin in origins:
        past = panel.matrix[:, :origin]
        count = (~np.isnan(past)).sum(axis=1)
        mean = np.where(count > 0, np.nansum(past, axis=1) / np.maximum(count, 1), np.nan)
        known = mean[~np.isnan(mean)]
        cuts = np.quantile(known, [1 / 3, 2 / 3]) if known.size else np.zeros(2)
        thirds.append(np.searchsorted(cuts, mean, side="left").clip(0, 2))
    return np.stack(thirds)


def scoreboard(panel: Panel, origins: range, marks: dict[str, Marks]) -> pd.DataFrame:
    """One row a model × horizon (0 = all) × size (all, small, medium, large).

    Coverages have 95 % ranges over origins (`coverage_range.py`), ratios theirs over series.
    """
    sizes = size_of(panel, origins)
    rows = []
    for name, model in marks.items():
        horizon = model.error.shape[2]
        for h in range(horizon + 1):
            step = np.arange(horizon) == h - 1 if h else np.ones(horizon, dtype=bool)
            shared = -(-(h or horizon) // origins.step)
            for size in range(-1, 3):
                chosen = (sizes == size)[:, :, None] & step if size >= 0 else step
                chosen = np.broadcast_to(chosen, model.error.shape)
                rows.append(
                    {
                        "model": name,
                        "horizon": h,
                        "size": SIZES[size] if size >= 0 else "all",
                        **_summary(model, chosen, shared),
                    }
                )
    return pd.DataFrame(rows)


def ratio(
    model: Marks, other: Marks, measure: str, *, draws: int = 1000, seed: int = 0
) -> tuple[float, float, float, int]:
    """Model's mean over the other's, with a 95 % range by drawing series again.

    Only forecasts that both really made count: no fallback on either side.

    Args:
        model: Numerator.
        other: Denominator.
        measure: error or pinball.
        draws: Bootstrap samples of series.
        seed: Of the samples.

    Returns:
        ratio, lower, upper, series compared (nan and 0 where there is nothing to compare).
    """
    fair = ~(model.is_fallback | other.is_fallback)[:, :, None]
    top, bottom = getattr(model, measure), getattr(other, measure)
    both = fair & ~np.isnan(top) & ~np.isnan(bottom)
    above, below = (_by_series(np.where(both, m, np.nan)) for m in (top, bottom))
    known = ~np.isnan(above)
    above, below = above[known], below[known]
    if not above.size or below.sum() == 0:
        return np.nan, np.nan, np.nan, 0
    pick = np.random.default_rng(seed).integers(0, len(above), (draws, len(above)))
    total = np.maximum(below[pick].sum(axis=1), 1e-300)
    low, high = np.quantile(above[pick].sum(axis=1) / total, [0.025, 0.975])
    return float(above.sum() / below.sum()), float(low), float(high), len(above)


def ratios(marks: dict[str, Marks], reference: str) -> pd.DataFrame:
    """Each model against a reference, MASE and pinball, with series-bootstrap ranges."""
    rows = []
    for name, model in marks.items():
        for measure, label in (("error", "mase"), ("pinball", "scaled_pinball")):
            if name != reference:
                value, low, high, count = ratio(model, marks[reference], measure)
                rows.append(
                    {
                        "model": name,
                        "reference": reference,
                        "measure": label,
                        "ratio": value,
                        "low95": low,
                        "high95": high,
                        "series_count": count,
                    }
                )
    columns = ["model", "reference", "measure", "ratio", "low95", "high95", "series_count"]
    return pd.DataFrame(rows, columns=columns)


def _summary(marks: Marks, chosen: NDArray[np.bool_], shared: int) -> dict[str, float | int]:
    """The measures over the chosen cells; `shared` origins in a row have years in common."""
    pick = {
        name: np.where(chosen, getattr(marks, name), np.nan)
        for name in ("error", "pinball", "miss", "actual", "in80", "in95", "width80")
    }
    known = ~np.isnan(pick["actual"])
    total = float(np.nansum(pick["actual"]))
    range80, range95 = coverage_range(pick["in80"], shared), coverage_range(pick["in95"], shared)
    return {
        "forecasts_count": int(known.sum()),
        "unscaled_count": int((known & np.isnan(pick["error"])).sum()),
        "fallbacks_count": int((known & marks.is_fallback[:, :, None]).sum()),
        "mase": _mean(_by_series(pick["error"])),
        "scaled_pinball": _mean(_by_series(pick["pinball"])),
        "wape": float(np.nansum(np.abs(pick["miss"])) / total) if total else np.nan,
        "bias_share": float(np.nansum(pick["miss"]) / total) if total else np.nan,
        "coverage80_share": _mean(pick["in80"]),
        "coverage80_low95_share": range80.low,
        "coverage80_high95_share": range80.high,
        "coverage95_share": _mean(pick["in95"]),
        "coverage95_low95_share": range95.low,
        "coverage95_high95_share": range95.high,
        "width80_steps": _mean(_by_series(pick["width80"])),
    }


def _by_series(values: Floats) -> Floats:
    """(n,) mean of (K, n, H) within each series; nan where nothing is known."""
    known = ~np.isnan(values)
    count = known.sum(axis=(0, 2))
    total = np.where(known, values, 0.0).sum(axis=(0, 2))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _mean(values: Floats) -> float:
    """Mean of what is known; nan if nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
