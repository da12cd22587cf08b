"""Short yearly series made ready for a logarithm: zeros, gaps, and jumps of definition.

Belongs here: what is done to values before any model sees them. Does not belong here: any model.
Arrays are (n, T): one row a series, one column a year, oldest first; nan is an unknown value.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# A year-on-year step counts as a jump of definition when it exceeds both of these: 4 robust
# standard deviations of the series' own other steps, and 20 % – smaller breaks cannot be told from
# an ordinary year.
JUMP_DEVIATIONS = 4.0
JUMP_LOG_STEP = float(np.log(1.2))
# A jump can be told only against at least this many other steps.
JUMP_OTHERS = 3


def zero_offset(values: Floats) -> Floats:
    """(n,) half the smallest positive value of a series that has zeros, else 0 (1 if all zero).

    >>> zero_offset(np.array([[0.0, 4.0], [3.0, 5.0], [0.0, 0.0]])).tolist()
    [2.0, 0.0, 1.0]
    """
    smallest = smallest_positive(values)
    smallest = np.where(np.isnan(smallest), 2.0, smallest)
    return np.where((values == 0).any(axis=1), smallest / 2, 0.0)


def smallest_positive(values: Floats) -> Floats:
    """(n,) smallest value above zero, nan if there is none."""
    smallest = np.min(np.where(values > 0, values, np.inf), axis=1, initial=np.inf)
    return np.where(np.isinf(smallest), np.nan, smallest)


def logs_of(values: Floats, offset: Floats) -> Floats:
    """Logarithm of values + offset with gaps bridged; nan before the first value."""
    shifted = values + offset[:, None]
    blank = np.full(values.shape, np.nan)
    return fill_gaps(np.log(shifted, where=shifted > 0, out=blank))


def fill_gaps(logs: Floats) -> Floats:
    """Bridge the blanks of (n, T): straight between two values, flat after the last.

    Blanks before the first value stay blank. Both rules look at the past of the last column only.
    """
    gappy = np.flatnonzero(np.isnan(logs).any(axis=1) & ~np.isnan(logs).all(axis=1))
    if not gappy.size:
        return logs
    filled = logs.copy()
    year = np.arange(logs.shape[1])
    for row in gappy:
        seen = ~np.isnan(logs[row])
        filled[row] = np.interp(year, year[seen], logs[row, seen], left=np.nan)
    return filled


def find_jumps(steps: Floats) -> Flags:
    """Flag the log steps (n, T−1) that are a jump of definition rather than an ordinary year.

    A step is held against the median and the median absolute deviation of the series' other steps,
    so that one jump cannot hide itself; the deviation is at least the panel's typical one.
    """
    flags = np.zeros(steps.shape, dtype=bool)
    large = np.flatnonzero((np.abs(steps - _median(steps)[:, None]) > JUMP_LOG_STEP / 2).any(axis=1))
    if not large.size:
        return flags
    panel = _spread(steps)
    some = steps[large]
    for year in range(steps.shape[1]):
        others = np.delete(some, year, axis=1)
        middle = _median(others)
        own = np.nan_to_num(1.4826 * _median(np.abs(others - middle[:, None])))
        limit = np.maximum(JUMP_LOG_STEP, JUMP_DEVIATIONS * np.maximum(own, panel))
        enough = (~np.isnan(others)).sum(axis=1) >= JUMP_OTHERS
        flags[large, year] = enough & (np.abs(some[:, year] - middle) > limit)
    return flags


def _median(values: Floats) -> Floats:
    """(n,) median of what is known in each row; sorts once, because nanmedian is 50 times slower."""
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    ordered = np.sort(values, axis=1)
    known = (~np.isnan(values)).sum(axis=1)
    rows = np.arange(len(values))
    low, high = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, values.shape[1] - 1)
    middle: Floats = (ordered[rows, low] + ordered[rows, high]) / 2
    return middle


def _spread(steps: Floats) -> float:
    """Robust standard deviation of all steps about their series' medians; 0 if none is known."""
    away = np.abs(steps - _median(steps)[:, None])
    known = away[~np.isnan(away)]
    return float(1.4826 * np.median(known)) if known.size else 0.0
