"""How far a forecast has been wrong, and so how wide its range must be.

Belongs here: conformal scores of past forecasts pooled over all series, their quantiles, the ranges
and the correlated draws made of them. Does not belong here: the point forecast (`trend.py`) and the
measurement of coverage (`backtest.py`).

Method: a range promised by a model is too narrow on short series; a range made of the model's own
past errors is not (split conformal prediction, Vovk et al. 2005). One short series has too few
errors, so the scores of all series are pooled, each divided by its series' own one-year deviation.
Every score comes from a forecast made with the data before its origin. See
docs/methods/intervals.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from planning.trend import DAMPING, TrendFit, back, damped_years, fit_trend

Floats = NDArray[np.float64]

# A forecast with fewer earlier values is not an error that teaches anything about later ones.
MIN_TRAIN = 3
# Fewer scores than this at a horizon: its spread is carried from the nearer horizons.
MIN_SCORES = 40


@dataclass(frozen=True)
class Calibration:
    """Past errors of the panel, ready to make ranges.

    Attributes:
        scores: One sorted array a horizon: (log actual − log forecast) / deviation of the series.
        common_share: Share of the score variance that all series had in common in one year (0–1).
        counts: Scores observed at each horizon before any was carried over.
    """

    scores: tuple[Floats, ...]
    common_share: float
    counts: tuple[int, ...]


def conformal_quantiles(scores: Floats, levels: Floats) -> Floats:
    """Quantiles of pooled scores with the finite-sample correction: rank (m+1)·level, clipped.

    Args:
        scores: (m,) in any order.
        levels: (k,) in (0, 1).

    Returns:
        (k,) – nan if there are no scores.

    >>> conformal_quantiles(np.arange(1.0, 10.0), np.array([0.1, 0.5, 0.9])).tolist()
    [1.0, 5.0, 9.0]
    """
    ordered = np.sort(np.asarray(scores, dtype=np.float64))
    if not ordered.size:
        return np.full(len(levels), np.nan)
    rank = np.clip((len(ordered) + 1) * np.asarray(levels) - 1, 0, len(ordered) - 1)
    return np.interp(rank, np.arange(len(ordered)), ordered)


def calibrate(
    values: Floats, horizon: int, *, window: int | None = None, damping: float = DAMPING
) -> Calibration:
    """Refit the trend at every past origin and collect its errors.

    Args:
        values: (n, T) as for `fit_trend`.
        horizon: Years ahead.
        window: Years that a past fit may see (None: all before its origin).
        damping: As for `fit_trend`.
    """
    n, years = values.shape
    scores: list[list[Floats]] = [[] for _ in range(horizon)]
    common: list[tuple[float, float]] = []
    for origin in range(MIN_TRAIN, years):
        past = values[:, max(0, origin - window) if window else 0 : origin]
        fit = fit_trend(past, damping=damping)
        ahead = values[:, origin : origin + horizon]
        path = fit.level[:, None] + fit.drift[:, None] * damped_years(ahead.shape[1], damping)
        with np.errstate(divide="ignore"):
            error = np.log(ahead + fit.offset[:, None]) - path
        error = np.where(np.isfinite(error), error, np.nan) / np.maximum(fit.deviation, 1e-9)[:, None]
        error[fit.is_fallback | fit.is_all_zero] = np.nan
        for h in range(ahead.shape[1]):
            known = error[~np.isnan(error[:, h]), h]
            scores[h].append(known)
            if h == 0 and len(known) > 1:
                common.append((float(known.mean()), float(known.var())))
    pooled = [np.sort(np.concatenate(s)) if s else np.empty(0) for s in scores]
    return Calibration(_carried(pooled), _common_share(common), tuple(len(s) for s in pooled))


def predictive_quantiles(fit: TrendFit, calibration: Calibration, levels: Floats) -> Floats:
    """(n, horizon, k) quantiles in the unit of the values, rising in k, never negative."""
    offsets = np.stack([_score_quantiles(s, levels) for s in calibration.scores])
    path = _path(fit, len(calibration.scores))
    return back(path[:, :, None] + offsets[None] * fit.deviation[:, None, None], fit)


def draw_paths(fit: TrendFit, calibration: Calibration, draws: int, rng: np.random.Generator) -> Floats:
    """(draws, n, horizon) futures whose quantiles are `predictive_quantiles`.

    One future's errors follow each other like a random walk, and share the panel's common shock;
    the same generator state gives the same futures (common random numbers).
    """
    horizon, n = len(calibration.scores), len(fit.level)
    own = rng.standard_normal((draws, n, horizon))
    shared = rng.standard_normal((draws, 1, horizon))
    share = calibration.common_share
    steps = np.sqrt(1 - share) * own + np.sqrt(share) * shared
    ranks = ndtr(np.cumsum(steps, axis=2) / np.sqrt(np.arange(1, horizon + 1)))
    path = _path(fit, horizon)
    futures = np.empty((draws, n, horizon))
    for h, scores in enumerate(calibration.scores):
        error = _score_quantiles(scores, ranks[:, :, h].ravel()).reshape(draws, n)
        futures[:, :, h] = path[:, h] + error * fit.deviation
    return back(futures.transpose(1, 2, 0), fit).transpose(2, 0, 1)


def _path(fit: TrendFit, horizon: int) -> Floats:
    return fit.level[:, None] + fit.drift[:, None] * damped_years(horizon, fit.damping)


def _score_quantiles(scores: Floats, levels: Floats) -> Floats:
    """Conformal quantiles; without a single past error, the normal law of the deviation."""
    if scores.size:
        return conformal_quantiles(scores, levels)
    from scipy.special import ndtri  # noqa: PLC0415

    return np.asarray(ndtri(levels), dtype=np.float64)


def _carried(pooled: list[Floats]) -> tuple[Floats, ...]:
    """Fill horizons with too few scores from the last good one, wider by the root of time."""
    out: list[Floats] = []
    good = -1
    for h, scores in enumerate(pooled):
        if scores.size >= MIN_SCORES or good < 0:
            out.append(scores)
            good = h if scores.size >= MIN_SCORES else good
        else:
            out.append(out[good] * np.sqrt((h + 1) / (good + 1)))
    return tuple(out)


def _common_share(by_origin: list[tuple[float, float]]) -> float:
    """Variance of the yearly mean error over total variance, over past origins (0 with one)."""
    if len(by_origin) < 2:
        return 0.0
    means, within = np.array(by_origin).T
    between = float(np.mean(means**2))
    return between / (between + float(within.mean()) + 1e-12)
