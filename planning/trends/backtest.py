"""Would these forecasts have been right? Every model, at every past origin, with what was known then.

Belongs here: the origins, the forecasters that live in this package, and their answers. Does not belong
here: marks (`scoreboard.py`), the benchmark libraries (the command asks them in an environment of their
own), files and printing.

Protocol: rolling origin; an origin is the number of periods known. Nothing fitted at an origin –
candidate weights, pooled scores, panel means – has seen a later value (Tashman 2000, Int. J.
Forecasting 16).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from planning.trends.intervals import predictive_quantiles
from planning.trends.monthly import monthly_answers
from planning.trends.panel import Panel
from planning.trends.reach import calibrations
from planning.trends.trend import forecast, rehearse

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DECILES = np.arange(1, 10) / 10
# q10 … q90, then the ends of the 95 % range; the ends of the 80 % range are q10 and q90.
LEVELS = np.concatenate([DECILES, [0.025, 0.975]])
# Values a first origin should have, so that the benchmark models can be fitted too; a short panel
# starts earlier, to leave the farthest horizon at least three origins, but never before four values.
FIRST_ORIGIN = {"Y": 7, "M": 36}
LEAST_ORIGIN = {"Y": 4, "M": 24}
# Monthly origins stand half a year apart and have a whole horizon to come: the months between would
# mostly repeat the same errors at six times the cost.
MONTHS_BETWEEN = 6


@dataclass(frozen=True)
class Answers:
    """What one model said at K origins about n series, H periods ahead.

    Attributes:
        point: (K, n, H), nan where a series had no value yet.
        quantiles: (K, n, H, 11) at LEVELS.
        is_fallback: (K, n) the model could not be fitted; the answer is a simpler one.
    """

    point: Floats
    quantiles: Floats
    is_fallback: Flags


class Forecaster(Protocol):
    """Anything that answers for a panel at given origins."""

    def __call__(self, panel: Panel, origins: range, horizon: int, window: int | None) -> Answers:
        """Answer with the values before each origin only."""


def origins_of(panel: Panel, horizon: int, limit: int | None = None) -> range:
    """Origins to forecast from: all with enough past and at least one period to come.

    Args:
        panel: The data.
        horizon: Periods ahead.
        limit: Keep only the latest so many.
    """
    end = panel.matrix.shape[1]
    first = end - horizon - 2
    first = min(max(first, LEAST_ORIGIN[panel.frequency]), FIRST_ORIGIN[panel.frequency])
    first = min(first, max(end - 1, 1))
    every = range(first, end)
    if panel.frequency == "M":
        whole = max(end - horizon, first)
        every = range(first + (whole - first) % MONTHS_BETWEEN, whole + 1, MONTHS_BETWEEN)
    return every[-limit:] if limit else every


def ours(panel: Panel, origins: range, horizon: int, window: int | None) -> Answers:
    """The recipe of this package: yearly the shrunk drift, monthly the shrunk season."""
    if panel.frequency == "M":
        point, quantiles, is_fallback = monthly_answers(panel.matrix, origins, horizon, LEVELS)
        return _silent_before_start(panel, origins, point, quantiles, is_fallback)
    points, bands, fallbacks = [], [], []
    all_origins = range(min(3, origins.start), origins.stop)
    rehearsals = list(rehearse(panel.matrix, horizon, window=window, origins=all_origins))
    for past, calibration in zip(rehearsals, calibrations(rehearsals, horizon, asked=origins), strict=True):
        if past.origin in origins:
            points.append(forecast(past.fit, horizon))
            bands.append(predictive_quantiles(past.fit, calibration, LEVELS))
            fallbacks.append(past.fit.is_fallback)
    return _silent_before_start(panel, origins, np.stack(points), np.stack(bands), np.stack(fallbacks))


def naive(panel: Panel, origins: range, horizon: int, window: int | None) -> Answers:
    """The last value (monthly: of the same month), with the normal range of a random walk."""
    return _walk(panel, origins, horizon, window, has_drift=False)


def drift(panel: Panel, origins: range, horizon: int, window: int | None) -> Answers:
    """Naive plus the mean step of the window, with the range of a random walk with drift."""
    return _walk(panel, origins, horizon, window, has_drift=True)


OWN: dict[str, Forecaster] = {"ours": ours, "naive": naive, "drift": drift}


def run(
    panel: Panel,
    models: dict[str, Forecaster],
    *,
    horizon: int,
    window: int | None,
    limit: int | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> tuple[range, dict[str, Answers]]:
    """Ask every model at every origin.

    Args:
        panel: The data.
        models: By name.
        horizon: Periods ahead.
        window: Periods that a fit may see; None: all.
        limit: Latest origins only.
        told: Called with the name of the model that is about to be asked.
    """
    origins = origins_of(panel, horizon, limit)
    answers = {}
    for name, model in models.items():
        told(name)
        answers[name] = model(panel, origins, horizon, window)
    return origins, answers


def actuals(panel: Panel, origins: Iterable[int], horizon: int) -> Floats:
    """(K, n, H) what came after each origin, nan beyond the end or where unknown."""
    padded = np.pad(panel.matrix, ((0, 0), (0, horizon)), constant_values=np.nan)
    return np.stack([padded[:, o : o + horizon] for o in origins])


def _walk(panel: Panel, origins: range, horizon: int, window: int | None, *, has_drift: bool) -> Answers:
    """Random walk over one season, with or without drift, each series on its own."""
    season = panel.season
    ahead = np.arange(1, horizon + 1)
    turn = np.ceil(ahead / season)
    points, bands, fallbacks = [], [], []
    for origin in origins:
        past = _carried(panel.matrix[:, max(0, origin - window) if window else 0 : origin])
        steps = past[:, season:] - past[:, :-season]
        count = (~np.isnan(steps)).sum(axis=1)
        mean = np.where(count > 0, np.nansum(steps, axis=1) / np.maximum(count, 1), 0.0) * has_drift
        square = np.nansum((steps - mean[:, None]) ** 2, axis=1)
        deviation = np.sqrt(square / np.maximum(count - has_drift, 1))
        last = past[:, -season:][:, (ahead - 1) % min(season, past.shape[1])]
        point = last + mean[:, None] * turn
        spread = deviation[:, None] * np.sqrt(turn * (1 + has_drift * turn / np.maximum(count, 1)[:, None]))
        points.append(np.maximum(point, 0.0))
        bands.append(np.maximum(point[:, :, None] + spread[:, :, None] * ndtri(LEVELS), 0.0))
        fallbacks.append(count < 1 + has_drift)
    return _silent_before_start(panel, origins, np.stack(points), np.stack(bands), np.stack(fallbacks))


def _carried(values: Floats) -> Floats:
    """Each blank after a value takes the value before it."""
    at = np.where(~np.isnan(values), np.arange(values.shape[1]), 0)
    at = np.maximum.accumulate(at, axis=1)
    carried: Floats = values[np.arange(len(values))[:, None], at]
    return carried


def _silent_before_start(
    panel: Panel, origins: range, point: Floats, quantiles: Floats, is_fallback: Flags
) -> Answers:
    """No answer about a series that has no value yet."""
    begun = np.stack([(~np.isnan(panel.matrix[:, :o])).any(axis=1) for o in origins])
    return Answers(
        np.where(begun[:, :, None], point, np.nan),
        np.where(begun[:, :, None, None], quantiles, np.nan),
        begun & is_fallback,
    )
