"""The share of a month in a short monthly series, shrunk to what the panel shares.

Belongs here: seasonal indices on the log scale. Does not belong here: levels, trends, forecasts.

Method: classical decomposition by a centred yearly mean; the indices of one series are then pulled to
the panel's mean season (or to none) by empirical Bayes, because three years give three noisy values a
month (Miller & Williams 2003, Int. J. Forecasting 19).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MONTHS = 12
# Weight of the panel's mean noise in a series' own, in months.
NOISE_PRIOR = 12.0


def seasonal_indices(logs: Floats, memory: float, *, to_panel: bool) -> Floats:
    """(n, 12) log indices by month of the matrix (column 0 is month 0); rows sum to zero nearly.

    Args:
        logs: (n, T) without blanks, T ≥ 24.
        memory: Weight of a year against the next younger one; 0 means no season.
        to_panel: Pull to the panel's mean season; else to no season.
    """
    years = logs.shape[1]
    if memory == 0:
        return np.zeros((len(logs), MONTHS))
    month = np.arange(years) % MONTHS
    away = logs - _yearly_mean(logs)
    weight = memory ** ((years - 1 - np.arange(years)) // MONTHS)
    share = (month[:, None] == np.arange(MONTHS)) * weight[:, None]
    share = share / share.sum(axis=0)
    index = away @ share
    index -= index.mean(axis=1, keepdims=True)
    noise = ((away - index[:, month]) ** 2).sum(axis=1) / max(years - MONTHS + 1, 1)
    noise = (noise * years + noise.mean() * NOISE_PRIOR) / (years + NOISE_PRIOR)
    error = noise * (share**2).sum(axis=0).mean()
    centre: Floats = np.zeros(MONTHS)
    if to_panel:
        centre = np.average(index, axis=0, weights=1 / (noise + 1e-9))
    own = index - centre
    between = np.maximum((own**2).sum(axis=1) / (MONTHS - 1) - error, 0.0)
    if to_panel:
        between = (between + between.mean()) / 2
    shrunk: Floats = centre + (between / (between + error + 1e-12))[:, None] * own
    return shrunk


def _yearly_mean(logs: Floats) -> Floats:
    """(n, T) centred mean over a year, carried to both ends along its own last yearly slope."""
    total = np.cumsum(np.pad(logs, ((0, 0), (1, 0))), axis=1)
    year = (total[:, MONTHS:] - total[:, :-MONTHS]) / MONTHS
    centred = (year[:, 1:] + year[:, :-1]) / 2
    reach = min(MONTHS, centred.shape[1] - 1)
    before = (centred[:, reach] - centred[:, 0])[:, None] / max(reach, 1)
    after = (centred[:, -1] - centred[:, -1 - reach])[:, None] / max(reach, 1)
    half = MONTHS // 2
    return np.concatenate(
        [
            centred[:, :1] + before * np.arange(-half, 0),
            centred,
            centred[:, -1:] + after * np.arange(1, half + 1),
        ],
        axis=1,
    )
