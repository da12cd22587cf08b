"""What the panel's past errors say about the errors to come: two small lessons added to a forecast.

Belongs here: the traits of a series that errors are regressed on, what is kept of past errors, and the
amendment made of it. Does not belong here: the forecast that is amended (`trend.py`), the mixture of
candidates (`stacking.py`), ranges (`reach.py`).

1. One mixture serves all series of a panel, so its errors still differ by kind of series: small ones catch
   up, a large last step half reverts, a strong drift tires. Past errors are regressed on four such traits
   by ridge, within each origin: the panel's common error is taken out first, so that one good or bad year
   of all series teaches nothing false. The lesson is used as far as it would have helped so far.
2. What all series missed last year they miss again in part, because national cycles last (error correction,
   Box & Jenkins 1970). The part is a constant: one panel has too few years to learn it.

See docs/methods/trend.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Ridge: "no lesson" is worth two origins, and at least so many errors.
PRIOR_ORIGINS, PRIOR_ERRORS = 2.0, 60.0
# Fewer series at an origin teach nothing about differences between series.
LEAST_SERIES = 8
# An error above one deviation counts by its size only; traits and amendments are held to so many deviations.
ROBUST_FROM = 1.0
MOST_TRAIT, MOST_ERROR, MOST_AMENDMENT = 4.0, 8.0, 2.0
# "Use the lesson whole" is worth so many origins against what using it so far would have saved.
TRUST_ORIGINS = 5.0
# Share of the last common miss that comes again, by years ahead: 0.2–0.6 on the development panels one
# and two years ahead, about none after five.
CARRIED = np.array([0.25, 0.2, 0.15, 0.1, 0.05])
# Months: of the common miss of the newest three months that are known, at every month ahead.
CARRIED_MONTHS = 0.5


@dataclass(frozen=True)
class Lesson:
    """What one origin's errors teach, by years ahead; K traits.

    Attributes:
        origin: Years known when the forecasts were made.
        products: (H, K, K) weighted sums over series of products of traits.
        targets: (H, K) weighted sums of traits times errors.
        counts: (H,) errors known.
        saved: (H,) weighted sum of amendment × error of what the earlier lessons proposed there.
        spent: (H,) weighted sum of its square.
        common_miss: Median first error of the amended forecast, so that a few broken series do not move all;
            nan where too few are known.
    """

    origin: int
    products: Floats
    targets: Floats
    counts: Floats
    saved: Floats
    spent: Floats
    common_miss: float


def traits_of(latest: Floats, is_jump: Flags, first_step: Floats, deviation: Floats, heard: Flags) -> Floats:
    """(n, 4) traits, each less its mean over the series heard: two newest steps, size, drift.

    Args:
        latest: (n, 3) newest logs, oldest first; nan where there is none.
        is_jump: (n, 2) the two newest steps are jumps of definition, which are no trait.
        first_step: (n,) forecast step of the next year, log scale.
        deviation: (n,) yearly, log scale.
        heard: (n,) series whose errors are used.
    """
    steps = np.where(is_jump, 0.0, np.diff(latest, axis=1))
    unit = deviation[:, None].clip(1e-9)
    parts = [steps[:, ::-1] / unit, place_in_panel(latest[:, 2])[:, None], first_step[:, None] / unit]
    return centred_traits(np.concatenate(parts, axis=1), heard)


def place_in_panel(size: Floats) -> Floats:
    """(n,) logs of size less the panel's mean, in the panel's standard deviations."""
    known = size[~np.isnan(size)]
    return (size - known.mean()) / (known.std() + 1e-9) if known.size else np.zeros_like(size)


def centred_traits(raw: Floats, heard: Flags) -> Floats:
    """(n, K) traits held to MOST_TRAIT, each less its mean over the series heard; unknown is the mean."""
    bounded = np.nan_to_num(raw).clip(-MOST_TRAIT, MOST_TRAIT)
    centred: Floats = bounded - bounded[heard].mean(axis=0) if heard.any() else np.zeros_like(bounded)
    return centred


def lesson(origin: int, traits: Floats, errors: Floats, proposed: Floats, amended: Floats) -> Lesson:
    """Sum up the errors made at one origin.

    Args:
        origin: Years known.
        traits: (n, K) at the origin.
        errors: (n, H) of the forecast before amendment, in deviations; nan where unknown.
        proposed: (n, H) amendment that the lessons known then proposed, in deviations.
        amended: (n,) first errors of the amended forecast: one year ahead, or the first months' mean.
    """
    known = ~np.isnan(errors)
    known &= known.sum(axis=0) >= LEAST_SERIES
    counts = known.sum(axis=0).astype(np.float64)
    least = np.maximum(counts, 1.0)
    error, said = (_centred(part, known, least) for part in (errors, proposed))
    weight = known / np.maximum(np.abs(error), ROBUST_FROM)
    mean = known.T @ traits / least[:, None]
    total, sums = weight.sum(axis=0)[:, None], weight.T @ traits
    kinds = traits.shape[1]
    pairs = (traits[:, :, None] * traits[:, None]).reshape(-1, kinds**2)
    squares = (weight.T @ pairs).reshape(-1, kinds, kinds)
    crossed = sums[:, :, None] * mean[:, None]
    products = squares - crossed - crossed.swapaxes(1, 2) + (total * mean)[:, :, None] * mean[:, None]
    targets = (weight * error).T @ traits - (weight * error).sum(axis=0)[:, None] * mean
    saved, spent = (weight * said * error).sum(axis=0), (weight * said * said).sum(axis=0)
    first = amended[~np.isnan(amended)]
    common_miss = float(np.median(first)) if len(first) >= LEAST_SERIES else np.nan
    return Lesson(origin, products, targets, counts, saved, spent, common_miss)


def amendment(past: list[Lesson], origin: int, traits: Floats, heard: Flags, horizon: int) -> Floats:
    """(n, horizon) error to expect in deviations, from the lessons known at `origin`; 0 where not heard.

    A year ahead leans on the year before it: its coefficients are pulled to those.
    """
    coefficients = np.zeros((horizon, traits.shape[1]))
    before = coefficients[0]
    for h in range(horizon):
        known = [one for one in past if one.origin + h < origin and one.counts[h]]
        if known:
            products = np.add.reduce([one.products[h] for one in known])
            targets = np.add.reduce([one.targets[h] for one in known])
            worth = max(PRIOR_ORIGINS * heard.sum(), PRIOR_ERRORS) / sum(one.counts[h] for one in known)
            ridge = np.diag(products.diagonal() * worth + 1e-9)
            before = np.linalg.solve(products + ridge, targets + ridge @ before)
        coefficients[h] = before
    proposed = traits @ coefficients.T
    return np.where(heard[:, None], proposed, 0.0).clip(-MOST_AMENDMENT, MOST_AMENDMENT)


def trust(past: Iterable[Lesson], origin: int) -> float:
    """Share (0–1) of the proposed amendment to use: what would have erred least so far, pulled to all.

    An error h years ahead counts 1/h.
    """
    saved = spent = 0.0
    heard = 0
    for one in past:
        share = 1.0 / np.arange(1, len(one.counts) + 1)
        share[max(origin - one.origin, 0) :] = 0.0
        if one.spent @ share > 0:
            saved += float(one.saved @ share)
            spent += float(one.spent @ share)
            heard += 1
    if not heard:
        return 1.0
    prior = TRUST_ORIGINS * spent / heard
    return float(np.clip((saved + prior) / (spent + prior), 0.0, 1.0))


def carried_miss(past: list[Lesson], origin: int, shares: Floats, *, after: int = 1) -> Floats:
    """(H,) part of the newest common miss that comes again, in deviations; 0 if none is known.

    Args:
        past: Of earlier origins.
        origin: Periods known.
        shares: (H,) that come again, by periods ahead.
        after: Periods until a lesson's first errors are known; twice as old a lesson is too old.
    """
    known = [one for one in past if after <= origin - one.origin < 2 * after]
    if not known or np.isnan(known[-1].common_miss):
        return np.zeros(len(shares))
    return shares * known[-1].common_miss


def _centred(values: Floats, known: Flags, counts: Floats) -> Floats:
    """(n, H) less the mean of what is known in each column; 0 where nothing is."""
    held = np.where(known, values, 0.0)
    less: Floats = np.where(known, held - held.sum(axis=0) / counts, 0.0)
    return less
