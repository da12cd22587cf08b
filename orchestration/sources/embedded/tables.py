"""Arrays to tables typed as their contract.

Belongs here: the cast of numpy columns to the contract's Arrow types, without common columns. Does not belong
here: any value.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from orchestration.contracts import contract_named

CENTS_A_QUARTER = 25


def coded(vocabulary: Sequence[str | None], positions: NDArray[np.integer[Any]]) -> pa.Array:
    """Texts by position; −1 is blank."""
    index = pa.array(np.asarray(positions).astype(np.int32), mask=np.asarray(positions) < 0)
    return pa.array(list(vocabulary), pa.string()).take(index)


def posts(quarters: NDArray[np.int64]) -> pa.Array:
    """Quarter posts to decimals of two places."""
    words = np.empty((len(quarters), 2), dtype=np.int64)
    words[:, 0] = quarters * CENTS_A_QUARTER
    words[:, 1] = np.where(quarters < 0, -1, 0)
    return pa.Array.from_buffers(pa.decimal128(8, 2), len(quarters), [None, pa.py_buffer(words)])


def months(numbers: NDArray[np.int64], blank: NDArray[np.bool_] | None = None) -> pa.Array:
    """Months counted from January of year 0 (12 · year + month − 1) to first days."""
    days = (np.asarray(numbers) - 12 * 1970).astype("datetime64[M]").astype("datetime64[D]")
    return pa.array(days, pa.date32(), mask=blank)


def blanked(values: NDArray[Any], blank: NDArray[np.bool_]) -> pa.Array:
    """Values with blanks where told."""
    return pa.array(values, mask=blank)


def typed(contract_name: str, columns: Mapping[str, Any]) -> pa.Table:
    """A table of the contract's own columns; a column that is not given is blank.

    Raises:
        KeyError: A column is given that the contract does not have.
    """
    contract = contract_named(contract_name)
    for name in columns:
        contract.column(name)
    rows = len(next(iter(columns.values()))) if columns else 0
    arrays = []
    for column in contract.columns:
        if column.name not in columns:
            arrays.append(pa.nulls(rows, column.arrow_type))
            continue
        values = columns[column.name]
        array = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
        arrays.append(array if array.type == column.arrow_type else pc.cast(array, column.arrow_type))
    schema = pa.schema([(column.name, column.arrow_type) for column in contract.columns])
    return pa.table(arrays, schema=schema)
