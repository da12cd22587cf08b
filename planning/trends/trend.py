"""Where a short yearly series is heading: level and drift, shrunk to the panel and damped.

Belongs here: every past origin forecast again, the fit that comes of it, and the point forecast. Does
not belong here: the candidates (`candidates.py`), their weights (`stacking.py`), what past errors teach
beyond those (`error_regression.py`), ranges (`intervals.py`), rolling origins (`backtest.py`), months
(`monthly.py`), tables – all is numpy here.

One short series cannot tell which model suits it, but a panel can: every past origin is forecast again
with the values before it, and the mixture of candidates is taken that would have erred least. See
docs/methods/trend.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.trends.candidates import FAMILY, Candidate, CandidateFits, damped_years, fit_candidates
from planning.trends.error_regression import (
    CARRIED,
    MOST_ERROR,
    Lesson,
    amendment,
    carried_miss,
    lesson,
    traits_of,
    trust,
)
from planning.trends.own_width import WidthLessons
from planning.trends.stacking import PastErrors, past_errors, stacked_weights

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# What a plain shrunk drift keeps each further year where no panel of past errors can choose.
DAMPING = 0.9
# Years that a fit sees: older ones tell more about another country than about this one's next years.
WINDOW = 12
# A forecast made from fewer values teaches nothing about later ones.
MIN_TRAIN = 3
# Years ahead over which candidates are compared.
JUDGED_YEARS = 5
# An error above this many deviations counts as this many: one broken series does not choose for all, and
# series that had stood still do not send the ranges of all others beyond what a number can hold.
WORST_ERROR = 20.0


@dataclass(frozen=True)
class TrendFit:
    """A fitted panel of n series.

    Attributes:
        level: (n,) log scale; nan where a series has no value yet.
        slopes: (n, P) drift a year, log scale, that dies out at each of the P dampings.
        dampings: (P,) share of a drift that survives each further year.
        deviation: (n,) one-year standard deviation, log scale, shrunk to the panel and fitted to the size of
            past errors.
        offset: (n,) added before the logarithm so that zero has one; 0 for positive series.
        floor: (n,) smallest value + offset that a logarithm is taken of.
        is_jump: (n, T) the step into this year looks like a change of definition.
        is_fallback: (n,) fewer than two steps: the drift is the panel's alone.
        is_all_zero: (n,) every value is zero: forecast zero, range zero.
        weights: (G,) of the candidates; they sum to 1.
        growth: Exponent by which the panel's errors are expected to grow with the horizon.
        amended: (n, JUDGED_YEARS) error to expect of the mixture, log scale; later years take the last.
    """

    level: Floats
    slopes: Floats
    dampings: Floats
    deviation: Floats
    offset: Floats
    floor: Floats
    is_jump: Flags
    is_fallback: Flags
    is_all_zero: Flags
    weights: Floats
    growth: float
    amended: Floats


@dataclass(frozen=True)
class Rehearsal:
    """One origin forecast again: its fit, and the errors that later values showed.

    Attributes:
        origin: Number of years before the forecast.
        fit: Made with those years only.
        errors: (n, H) (log actual − log forecast) / deviation; nan where not (yet) known or where the
            series had too few values.
    """

    origin: int
    fit: TrendFit
    errors: Floats

    @property
    def deviation(self) -> Floats:
        """(n,) of the fit."""
        return self.fit.deviation

    @property
    def growth(self) -> float:
        """Of the fit."""
        return self.fit.growth


def fit_trend(values: Floats, *, damping: float | None = None, window: int | None = WINDOW) -> TrendFit:
    """Fit level and drift of every series at the last year of a panel.

    Args:
        values: (n, T) non-negative; nan where unknown (before a series appears, or a gap). Cut the
            array at the origin and the fit is past-only.
        damping: None mixes the candidates by the panel's past errors; a share in (0, 1] fits
            the plain shrunk drift with that damping.
        window: Years that a fit may see (None: all).

    Raises:
        ValueError: Not two-dimensional, negative or infinite values, damping out of range.
    """
    *_, last = rehearse(values, JUDGED_YEARS, damping=damping, window=window)
    return last.fit


def forecast(fit: TrendFit, horizon: int) -> Floats:
    """Point forecast (n, horizon) in the unit of the values: the median path, never negative."""
    return back(log_path(fit, horizon), fit)


def log_path(fit: TrendFit, horizon: int) -> Floats:
    """(n, horizon) forecast on the log scale of the offset values."""
    years = np.stack([damped_years(horizon, float(d)) for d in fit.dampings])
    ahead = np.minimum(np.arange(horizon), fit.amended.shape[1] - 1)
    path: Floats = fit.level[:, None] + fit.slopes @ years + fit.amended[:, ahead]
    return path


def log_errors(ahead: Floats, path: Floats, fit: TrendFit) -> Floats:
    """(n, h) errors of any forecast in the fit's deviations, nan where they would teach nothing.

    Args:
        ahead: (n, h) what came.
        path: (n, ≥ h) forecast, in the unit of the values.
        fit: Made at the origin; gives offset, floor and deviation.
    """
    offset, floor = fit.offset[:, None], fit.floor[:, None]
    came, said = (np.log(np.maximum(part + offset, floor)) for part in (ahead, path[:, : ahead.shape[1]]))
    errors = _in_deviations(came - said, fit)
    return np.where((fit.is_fallback | fit.is_all_zero)[:, None], np.nan, errors)


def _in_deviations(errors: Floats, fit: TrendFit) -> Floats:
    """(n, h) errors on the log scale in each series' deviations, held to WORST_ERROR."""
    scaled: Floats = errors / fit.deviation.clip(1e-9)[:, None]
    return scaled.clip(-WORST_ERROR, WORST_ERROR)


def back(logs: Floats, fit: TrendFit) -> Floats:
    """Log scale (n, …) back to the unit of the values; an all-zero series stays zero."""
    shape = (-1,) + (1,) * (logs.ndim - 1)
    values = np.maximum(np.exp(logs) - fit.offset.reshape(shape), 0.0)
    return np.where(fit.is_all_zero.reshape(shape), 0.0, values)


def rehearse(
    values: Floats,
    horizon: int,
    *,
    damping: float | None = None,
    window: int | None = WINDOW,
    origins: range | None = None,
) -> Iterator[Rehearsal]:
    """Forecast a panel again from every origin, oldest first; the last origin is its end.

    The candidates' weights at an origin come from errors at years before it. `errors` of a rehearsal
    look ahead of its origin by nature: whoever uses them later cuts them (`calibrations` does).

    Args:
        values: As for `fit_trend`.
        horizon: Years of errors wanted.
        damping: As for `fit_trend`.
        window: As for `fit_trend`.
        origins: Origins to forecast from; None: MIN_TRAIN (or the end, if earlier) to the end.

    Raises:
        ValueError: As `fit_trend`.
    """
    values = _checked(values, damping)
    family = FAMILY if damping is None else (Candidate(1.0, 1.0, damping),)
    end = values.shape[1]
    origins = range(min(MIN_TRAIN, end), end + 1) if origins is None else origins
    years = max(horizon, JUDGED_YEARS)
    told: list[PastErrors] = []
    lessons: list[Lesson] = []
    sizes = WidthLessons()
    for origin in origins:
        past = values[:, max(0, origin - window) if window else 0 : origin]
        fits = fit_candidates(past, family)
        fit = _blend(fits, family, stacked_weights(told, origin, len(family)))
        actual = _log_actual(values[:, origin : origin + years], fits)
        if len(family) > 1:
            told.append(past_errors(origin, _errors(actual[:, :JUDGED_YEARS], fits, family)))
            fit, learnt = _amended(fit, fits, lessons, origin, actual[:, :JUDGED_YEARS])
            lessons.append(learnt)
            missed = (actual - log_path(fit, actual.shape[1]))[:, :JUDGED_YEARS]
            fit = _widened(fit, fits, sizes, origin, missed / fits.deviation.clip(1e-9)[:, None])
        errors = np.full((len(values), horizon), np.nan)
        seen = actual[:, :horizon]
        errors[:, : seen.shape[1]] = seen - log_path(fit, seen.shape[1])
        yield Rehearsal(origin, fit, _in_deviations(errors, fit))


def _checked(values: Floats, damping: float | None) -> Floats:
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"values: expected (series, years), got shape {values.shape}")
    if np.isinf(values).any() or (values < 0).any():
        raise ValueError("values: a trend of logarithms needs finite values of zero or more")
    if damping is not None and not 0 < damping <= 1:
        raise ValueError(f"damping: expected a share in (0, 1], got {damping}")
    return values


def _log_actual(ahead: Floats, fits: CandidateFits) -> Floats:
    """Logs of what came, on each series' own offset; nan where a past error would teach nothing."""
    usable = (fits.steps >= 2) & ~fits.is_all_zero
    logs = np.log(np.maximum(ahead + fits.offset[:, None], fits.floor[:, None]))
    return np.where(usable[:, None], logs, np.nan)


def _errors(actual: Floats, fits: CandidateFits, family: tuple[Candidate, ...]) -> Floats:
    """(G, n, h) errors of each candidate in deviations, nan where the truth is not known."""
    years = np.stack([damped_years(actual.shape[1], c.damping) for c in family])
    path = fits.level[:, :, None] + fits.drift[:, :, None] * years[:, None, :]
    errors: Floats = np.subtract(actual, path, out=path)
    errors /= fits.deviation.clip(1e-9)[:, None]
    return np.clip(errors, -WORST_ERROR, WORST_ERROR, out=errors)


def _amended(
    fit: TrendFit, fits: CandidateFits, lessons: list[Lesson], origin: int, actual: Floats
) -> tuple[TrendFit, Lesson]:
    """The fit with what earlier errors teach added to its path, and what its own errors will teach."""
    path, unit = log_path(fit, JUDGED_YEARS), fits.deviation.clip(1e-9)[:, None]
    heard = (fits.steps >= 2) & ~fits.is_all_zero
    traits = traits_of(
        fits.latest, _last_jumps(fits.is_jump), path[:, 0] - fits.latest[:, -1], fits.deviation, heard
    )
    proposed = amendment(lessons, origin, traits, heard, JUDGED_YEARS)
    used = trust(lessons, origin) * proposed
    carried = np.where(heard[:, None], carried_miss(lessons, origin, CARRIED), 0.0)
    years = actual.shape[1]
    errors = (actual - path[:, :years]) / unit
    amended = (errors - used[:, :years]).clip(-WORST_ERROR, WORST_ERROR)
    learnt = lesson(
        origin,
        traits,
        errors.clip(-MOST_ERROR, MOST_ERROR),
        proposed[:, :years],
        amended[:, 0] if years else np.empty(0),
    )
    return replace(fit, amended=(used + carried) * unit), learnt


def _widened(
    fit: TrendFit, fits: CandidateFits, sizes: WidthLessons, origin: int, errors: Floats
) -> TrendFit:
    """The fit with each deviation widened or narrowed to the errors it has to hold."""
    heard = (fits.steps >= 2) & ~fits.is_all_zero
    traits = sizes.traits(origin, fits.latest, fits.deviation, heard)
    factors = sizes.widths(origin, traits, heard, JUDGED_YEARS)
    sizes.learn(origin, traits, errors)
    return replace(fit, deviation=fits.deviation * factors)


def _last_jumps(is_jump: Flags) -> Flags:
    """(n, 2) the newest two steps are jumps; False where there is no step."""
    return np.pad(is_jump, ((0, 0), (2, 0)))[:, -2:]


def _blend(fits: CandidateFits, family: tuple[Candidate, ...], weights: Floats) -> TrendFit:
    """One fit of many: levels and drifts averaged, drifts of one damping together."""
    of_each = np.array([c.damping for c in family])
    dampings = np.unique(of_each)
    slopes = [weights[of_each == d] @ fits.drift[of_each == d] for d in dampings]
    return TrendFit(
        level=weights @ fits.level,
        slopes=np.stack(slopes, axis=1),
        dampings=dampings,
        deviation=fits.deviation,
        offset=fits.offset,
        floor=fits.floor,
        is_jump=fits.is_jump,
        is_fallback=fits.steps < 2,
        is_all_zero=fits.is_all_zero,
        weights=weights,
        growth=fits.growth,
        amended=np.zeros((len(fits.steps), JUDGED_YEARS)),
    )
