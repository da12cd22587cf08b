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
# A jump can be told only against at least this many other steps: the deviation of three is mostly chance, and
# zigzags of five-year series were called jumps.
JUMP_OTHERS = 4


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
    smallest = np.where(values > 0, values, np.inf).min(axis=1, initial=np.inf)
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
    if steps.shape[1] <= JUMP_OTHERS:
        return flags
    known = (~np.isnan(steps)).sum(axis=1)
    ordered = np.sort(steps, axis=1)
    reach = ordered[np.arange(len(steps)), known - 1] - ordered[:, 0]
    wide = np.flatnonzero((known > JUMP_OTHERS) & (reach > JUMP_LOG_STEP))
    if not wide.size:
        return flags
    least = max(JUMP_LOG_STEP, JUMP_DEVIATIONS * _spread(steps, _middle(ordered, known)))
    middle = _middle_of_others(steps[wide], ordered[wide], known[wide])
    at, year = np.nonzero(np.abs(steps[wide] - middle) > least)
    if at.size:
        away = np.abs(steps[wide[at]] - middle[at, year][:, None])
        size = away[np.arange(len(at)), year]
        away[np.arange(len(at)), year] = np.nan
        limit = JUMP_DEVIATIONS * 1.4826 * _median(away)
        flags[wide[at], year] = size > limit
    return flags


def _middle_of_others(steps: Floats, ordered: Floats, known: NDArray[np.int64]) -> Floats:
    """(n, T−1) median of each row without the step itself; nan where the step is.

    Taking out the value of rank r moves the middle of a sorted row by one place at most.
    """
    rank = np.argsort(np.argsort(steps, axis=1, kind="stable"), axis=1, kind="stable")
    low, high = ((known - 2) // 2)[:, None], ((known - 1) // 2)[:, None]
    parts = [np.take_along_axis(ordered, place + (rank <= place), axis=1) for place in (low, high)]
    return np.where(np.isnan(steps), np.nan, (parts[0] + parts[1]) / 2)


def _median(values: Floats) -> Floats:
    """(n,) median of what is known in each row; sorts once, because nanmedian is 50 times slower."""
    return _middle(np.sort(values, axis=1), (~np.isnan(values)).sum(axis=1))


def _middle(ordered: Floats, known: NDArray[np.int64]) -> Floats:
    """(n,) middle of sorted rows of at least one column, whose first `known` values are known."""
    rows = np.arange(len(ordered))
    low, high = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, ordered.shape[1] - 1)
    middle: Floats = (ordered[rows, low] + ordered[rows, high]) / 2
    return middle


def _spread(steps: Floats, middle: Floats) -> float:
    """Robust standard deviation of all steps about their series' medians; 0 if none is known."""
    away = np.abs(steps - middle[:, None])
    known = away[~np.isnan(away)]
    return float(1.4826 * np.median(known)) if known.size else 0.0
