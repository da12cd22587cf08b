"""How fast changes grow with the years they span: the panel's own law for ranges not yet tested far ahead.

Belongs here: the exponent of that growth from the years before one origin. Does not belong here: forecasts
and their errors (`trend.py`, `reach.py`).

Method: at the first origins no error five years ahead is known, but changes over two, three and four years
are (variance ratios, Lo & MacKinlay 1988, Review of Financial Studies 1). A random walk has the exponent ½,
noise about a level 0, steps that go on in their direction up to 1.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Exponent where too few years are known (the mean over the development panels), and the bounds of it.
USUAL, LEAST, MOST = 0.64, 0.2, 1.1
# Few years tell it badly: half of the way to what is usual.
OWN_SHARE = 0.5
SPANS = (2, 3, 4)
# Spans need so many starts, and years so many values.
LEAST_STARTS, LEAST_YEARS = 3, 5


def expected_growth(logs: Floats) -> float:
    """Exponent to expect of a panel's errors: its own of (n, T) logs, pulled to what is usual."""
    return OWN_SHARE * change_growth(logs) + (1 - OWN_SHARE) * USUAL


def change_growth(logs: Floats) -> float:
    """Exponent by which the mean absolute change, less each series' mean step, grows with its span.

    Args:
        logs: (n, T) without gaps after the first value, nan before it.

    Taking out the mean step makes long changes smaller, by √(1 − span ÷ steps) in a random walk; they are
    made larger by that.
    """
    years = logs.shape[1]
    if years < LEAST_YEARS or not np.isfinite(logs).any():
        return USUAL
    count = years - 1
    steps = np.diff(logs, axis=1)
    first = logs[np.arange(len(logs)), np.argmax(~np.isnan(logs), axis=1)]
    known = np.maximum((~np.isnan(steps)).sum(axis=1), 1)
    mean = (np.nan_to_num(logs[:, -1] - first) / known)[:, None]
    one = _mean_size(steps - mean)
    exponents = []
    for span in SPANS:
        if years - span >= LEAST_STARTS and one > 0:
            change = _mean_size(logs[:, span:] - logs[:, :-span] - span * mean)
            lost = np.sqrt(max(1 - span / count, 0.1) / (1 - 1 / count))
            exponents.append(np.log(max(change, 1e-300) / lost / one) / np.log(span))
    return float(np.clip(np.mean(exponents), LEAST, MOST)) if exponents else USUAL


def _mean_size(values: Floats) -> float:
    """Mean absolute value of what is known, 0 if nothing is."""
    sizes = np.abs(values)
    total, count = float(sizes.sum()), sizes.size
    if np.isnan(total):
        known = ~np.isnan(sizes)
        total, count = float(sizes[known].sum()), int(known.sum())
    return total / count if count else 0.0
