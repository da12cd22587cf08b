"""Labelled arrays: a long table to a dense array and back, with nothing lost on the way.

Belongs here: the two conversions and their refusals. Does not belong here: any arithmetic.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.frames import FrameError

Floats = NDArray[np.float64]
Axes = Mapping[str, Sequence[Any]]


def position_of(values: pd.Series, labels: Sequence[Any]) -> NDArray[np.int64]:
    """(n,) position of every value among the labels, −1 where it is none of them.

    Each distinct value is looked up once: on half a million strings a twentieth of the time of a direct
    look-up, which would make every one a Python object.

    >>> position_of(pd.Series(["b", "a", "c"]), ["a", "b"]).tolist()
    [1, 0, -1]
    """
    code, distinct = pd.factorize(values)
    found = pd.Index(list(labels)).get_indexer(pd.Index(distinct))
    return np.append(found, -1)[code].astype(np.int64)


def to_array(frame: pd.DataFrame, table: str, axes: Axes, value: str, *, blank: float = 0.0) -> Floats:
    """Spread `value` over the axes; cells without a row hold `blank`.

    Raises:
        FrameError: A column is missing, a label stands on no axis, or a cell is given twice.

    >>> t = pd.DataFrame({"region_code": ["a", "b"], "year": [1, 2], "persons": [5.0, 7.0]})
    >>> to_array(t, "t", {"region_code": ["a", "b"], "year": [1, 2]}, "persons").tolist()
    [[5.0, 0.0], [0.0, 7.0]]
    """
    missing = [c for c in (*axes, value) if c not in frame]
    if missing:
        raise FrameError(table, f"column {', '.join(missing)} is missing")
    positions = []
    for column, labels in axes.items():
        place = position_of(frame[column], labels)
        if (place < 0).any():
            rows = np.flatnonzero(place < 0)
            unknown = frame[column].iloc[rows[0]]
            raise FrameError(table, f"{column} {unknown!r} is not on the list", tuple(map(int, rows)))
        positions.append(place)
    array = np.full([len(labels) for labels in axes.values()], blank)
    if len(frame):
        flat = np.ravel_multi_index(tuple(positions), array.shape)
        first = pd.Series(flat).duplicated()
        if first.any():
            rows = np.flatnonzero(first)
            cell = ", ".join(str(v) for v in frame[list(axes)].iloc[rows[0]])
            raise FrameError(table, f"the cell {cell} is given twice", tuple(map(int, rows)))
        array.flat[flat] = frame[value].to_numpy(dtype=float)
    return array


def to_frame(axes: Axes, **values: Floats) -> pd.DataFrame:
    """Every cell of equally shaped arrays as one row, the last axis running fastest.

    >>> to_frame({"r": ["a"], "year": [1, 2]}, persons=np.array([[5.0, 7.0]])).to_dict("list")
    {'r': ['a', 'a'], 'year': [1, 2], 'persons': [5.0, 7.0]}
    """
    index = pd.MultiIndex.from_product([list(labels) for labels in axes.values()], names=list(axes))
    return pd.DataFrame({k: np.asarray(v).ravel() for k, v in values.items()}, index=index).reset_index()
