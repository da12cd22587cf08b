"""Five-year age bands and single years of age.

Belongs here: the labels, the split of bands into years, and back. Does not belong here: survival.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

Floats = NDArray[np.float64]

OPEN_AGE = 85
LAST_AGE = 100
AGE_BANDS: tuple[str, ...] = (*(f"{a}-{a + 4}" for a in range(0, OPEN_AGE, 5)), f"{OPEN_AGE}+")
BAND_STARTS: NDArray[np.int64] = np.arange(0, OPEN_AGE + 1, 5)


def single_years(banded: Floats) -> Floats:
    """(..., 18) persons by band to (..., 101) by single year of age 0…100+.

    A monotone cubic through the running totals (Fritsch & Carlson 1980): every band keeps its total
    and no year is negative. The open band fades out linearly to age 100.

    >>> bool(np.allclose(to_bands(single_years(np.arange(18.0))), np.arange(18.0)))
    True
    """
    edges = np.append(BAND_STARTS[:-1], OPEN_AGE).astype(float)
    closed = banded[..., :-1]
    running = np.concatenate([np.zeros((*closed.shape[:-1], 1)), np.cumsum(closed, axis=-1)], axis=-1)
    years = np.diff(PchipInterpolator(edges, running, axis=-1)(np.arange(OPEN_AGE + 1)), axis=-1)
    fade = np.arange(LAST_AGE - OPEN_AGE + 1, 0, -1, dtype=float)
    return np.concatenate([np.maximum(years, 0.0), banded[..., -1:] * (fade / fade.sum())], axis=-1)


def to_bands(years: Floats) -> Floats:
    """(..., 101) single years to (..., 18) bands."""
    return np.add.reduceat(years, BAND_STARTS, axis=-1)


def band_of(age: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of the band that holds each age."""
    return np.minimum(np.asarray(age) // 5, len(AGE_BANDS) - 1)
