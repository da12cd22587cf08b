"""How much of a series' own drift to believe: empirical Bayes over a panel.

Belongs here: drift and yearly deviation of each series, pulled towards the panel's. Does not belong
here: levels, damping, forecasts.

Method: the mean step of a short series is mostly noise, and the panel's mean step is the best guess
where nothing else is known. Empirical Bayes (Morris 1983, JASA 78) weighs the two by their
variances. The panel's mean is itself pulled towards zero by what it varies from year to year,
because all series of a country share the same good and bad years.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Weight of the panel's variance in each series' own, in observations: with 8 steps a series is
# heard two thirds, with 2 steps one third.
VARIANCE_PRIOR_STEPS = 4.0
# A law of variance by size is drawn through at least so many series; "no law" is worth so many more.
LAW_LEAST_SERIES = 5
LAW_PRIOR_SERIES = 10.0
_TINY = 1e-12


@dataclass(frozen=True)
class StepMoments:
    """What the steps of a panel say: values with unknown steps at 0, which are known, count and variance.

    `yearly` (T−1,) is the mean step of each year, nan with fewer than three series.
    """

    steps: Floats
    is_known: Floats
    count: NDArray[np.int64]
    variance: Floats
    yearly: Floats


def step_moments(
    steps: Floats, size: Floats | None = None, is_met: NDArray[np.bool_] | None = None
) -> StepMoments:
    """Count and shrunk variance of the steps (n, T−1), nan where unknown or not to be used.

    Args:
        steps: Log steps.
        size: (n,) log of each series' usual value: variances are then pulled to what is usual for their
            size, because small units vary more (Taylor 1961, Nature 189). None: to the panel's.
        is_met: (n, T−1) steps that end in a known value; None: all. k equal steps across a gap count once:
            what they add up to, (change − k · mean)² ÷ k, tells as much of the spread as one step.
    """
    is_known = ~np.isnan(steps)
    clean = np.where(is_known, steps, 0.0)
    count = (is_known if is_met is None else is_known & is_met).sum(axis=1)
    mean = clean.sum(axis=1) / np.maximum(is_known.sum(axis=1), 1)
    squares = (np.where(is_known, clean - mean[:, None], 0.0) ** 2).sum(axis=1)
    freedom = np.maximum(count - 1, 0)
    usual = _usual_variance(squares, freedom, size)
    if not freedom.any() and is_known.any():
        # One step a series tells no spread about its own mean; about "no change" it does.
        usual = np.full(len(steps), (clean**2).sum() / max(int(count.sum()), 1))
    variance = (squares + VARIANCE_PRIOR_STEPS * usual) / (freedom + VARIANCE_PRIOR_STEPS)
    series = is_known.sum(axis=0)
    yearly = np.where(series > 2, clean.sum(axis=0) / np.maximum(series, 1), np.nan)
    return StepMoments(clean, is_known.astype(np.float64), count, variance, yearly)


def _usual_variance(squares: Floats, freedom: NDArray[np.int64], size: Floats | None) -> Floats:
    """(n,) variance to expect of a series of that size: a power law over the panel, its slope shrunk."""
    pooled = squares.sum() / max(int(freedom.sum()), 1)
    usual = np.full(len(squares), pooled)
    heard = (freedom > 0) & np.isfinite(size) if size is not None else np.zeros(len(squares), dtype=bool)
    if size is None or heard.sum() < LAW_LEAST_SERIES or pooled <= 0:
        return usual
    rough = np.log((squares[heard] + 2 * pooled) / (freedom[heard] + 2))
    place = (size - size[heard].mean()) / (size[heard].std() + _TINY)
    slope = place[heard] @ (rough - rough.mean()) / (place[heard] @ place[heard] + LAW_PRIOR_SERIES)
    law = np.exp(slope * np.where(np.isfinite(place), place, 0.0))
    scaled: Floats = law * squares.sum() / (freedom @ law)
    return scaled


def shrunk_drift(moments: StepMoments, memory: float = 1.0) -> Floats:
    """(n,) drift a year, each series pulled to the panel and the panel to zero.

    Args:
        moments: Of the log steps.
        memory: Weight of a step against the next younger one (1 = all years alike).
    """
    years = moments.steps.shape[1]
    by_year = memory ** np.arange(years - 1, -1, -1)
    total = np.maximum(moments.is_known @ by_year, _TINY)
    mean = moments.steps @ by_year / total
    error = moments.variance * (moments.is_known @ by_year**2) / total**2
    is_heard = moments.count >= 2
    if not is_heard.any():
        some = moments.count > 0
        return np.full(len(mean), mean[some].mean() if some.any() else 0.0)
    between = variance_between(mean[is_heard], error[is_heard])
    precision = 1.0 / (between + error[is_heard] + _TINY)
    panel = float((precision * mean[is_heard]).sum() / precision.sum())
    kept = panel * (1 - _panel_doubt(moments, by_year, panel))
    trust = np.where(is_heard, between / (between + error + _TINY), 0.0)
    drift: Floats = kept + trust * (mean - panel)
    return drift


def variance_between(means: Floats, errors: Floats) -> float:
    """Variance between the true means by the method of moments (DerSimonian & Laird 1986).

    >>> round(variance_between(np.array([0.0, 2.0]), np.array([0.5, 0.5])), 6)
    1.5
    """
    weight = 1.0 / (errors + _TINY)
    centre = (weight * means).sum() / weight.sum()
    excess = (weight * (means - centre) ** 2).sum() - (len(means) - 1)
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    return float(max(excess / scale, 0.0)) if scale > 0 else 0.0


def _panel_doubt(moments: StepMoments, by_year: Floats, panel: float) -> float:
    """Share of the panel's drift that its year-to-year variation makes doubtful (0–1)."""
    good = ~np.isnan(moments.yearly)
    if good.sum() < 2:
        return 0.0
    yearly = moments.yearly[good]
    weight = by_year[good] / by_year[good].sum()
    spare = 1 - (weight**2).sum()
    variance = (weight * (yearly - (weight * yearly).sum()) ** 2).sum() / spare
    doubt = variance * (weight**2).sum()
    return float(doubt / (panel**2 + doubt + _TINY**2))
