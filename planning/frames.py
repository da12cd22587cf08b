"""Tables that cross the border of `planning`: what they must hold, and the refusal otherwise.

Belongs here: the shape of a contract and the check of a frame against it. Does not belong here: the
contracts themselves, which stand beside the functions that ask for them, and any reading of files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from planning.errors import FrameError

__all__ = ["Column", "Contract", "FrameError", "Kind", "require"]

Kind = Literal["text", "integer", "number", "boolean", "date"]

_DTYPES: dict[tuple[Kind, bool], Any] = {
    ("text", False): "str",
    ("text", True): "str",
    ("integer", False): "int64",
    ("integer", True): "Int64",
    ("number", False): "float64",
    ("number", True): "float64",
    ("boolean", False): "bool",
    ("boolean", True): "boolean",
    ("date", False): "datetime64[us]",
    ("date", True): "datetime64[us]",
}


@dataclass(frozen=True)
class Column:
    """One column: its kind, its unit, and what may stand in it (bounds are inclusive)."""

    kind: Kind
    unit: str = ""
    is_nullable: bool = False
    is_optional: bool = False
    minimum: float | None = None
    maximum: float | None = None
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Contract:
    """A table by name: its columns in order, and the columns that together are unique."""

    name: str
    columns: Mapping[str, Column]
    key: tuple[str, ...] = field(default=())


def require(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return the contract's columns, in its order and dtypes, or refuse the frame.

    An optional column that is absent comes back as nulls (an optional column is therefore read as
    nullable). Columns outside the contract are left out. Zero rows are a valid table.

    Raises:
        FrameError: Column missing, value of another kind, null, out of bounds or vocabulary,
            duplicate key. `rows` holds the positions at fault.

    >>> posts = Contract("posts", {"post_id": Column("text"), "need_fte": Column("number")})
    >>> require(pd.DataFrame({"need_fte": [1], "post_id": ["a"]}), posts)["need_fte"].tolist()
    [1.0]
    """
    missing = [n for n, c in contract.columns.items() if n not in frame and not c.is_optional]
    if missing:
        raise FrameError(contract.name, f"column {', '.join(missing)} is missing")
    checked = pd.DataFrame(
        {name: _column(frame, name, column, contract) for name, column in contract.columns.items()}
    ).reset_index(drop=True)
    keys = list(contract.key)
    if keys and (repeated := checked.duplicated(keys)).any():
        shown = ", ".join(str(v) for v in checked.loc[repeated, keys].iloc[0])
        raise FrameError(contract.name, f"{', '.join(keys)} occurs twice: {shown}", _positions(repeated))
    return checked


def _column(frame: pd.DataFrame, name: str, column: Column, contract: Contract) -> pd.Series:
    """One column cast to its kind and held against its own rules."""
    is_nullable = column.is_nullable or column.is_optional
    dtype = _DTYPES[column.kind, is_nullable]
    if name not in frame:
        absent: pd.Series = pd.Series(None, index=frame.index, dtype=dtype)
        return absent
    values = frame[name]
    blank = values.isna()
    if not is_nullable and blank.any():
        raise FrameError(contract.name, f"{name} is blank", _positions(blank))
    cast: pd.Series = _cast(values, blank, name, column, contract).astype(dtype)
    for at_fault, rule in (
        (cast < column.minimum if column.minimum is not None else None, f"below {column.minimum}"),
        (cast > column.maximum if column.maximum is not None else None, f"above {column.maximum}"),
        (~cast.isin(column.allowed) if column.allowed else None, f"none of {set(column.allowed)}"),
    ):
        if at_fault is not None and (at_fault := at_fault.fillna(False) & ~blank).any():
            shown = values[at_fault].iloc[0]
            raise FrameError(contract.name, f"{name} is {rule}: {shown}", _positions(at_fault))
    return cast


def _cast(values: pd.Series, blank: pd.Series, name: str, column: Column, contract: Contract) -> pd.Series:
    """Values in the column's kind, never by losing a digit."""
    if column.kind == "text":
        text: pd.Series = values.astype("str").where(~blank, None)
        return text
    cast: Any
    if column.kind == "date":
        cast = pd.to_datetime(values, errors="coerce")
    elif column.kind == "boolean":
        cast = values.where(values.isin([True, False]), None).astype("boolean")
    else:
        cast = pd.to_numeric(values, errors="coerce")
        if column.kind == "integer":
            cast = cast.where(cast % 1 == 0).astype("Int64")
    typed: pd.Series = cast
    wrong = typed.isna() & ~blank
    if wrong.any():
        shown = values[wrong].iloc[0]
        raise FrameError(contract.name, f"{name} is no {column.kind}: {shown}", _positions(wrong))
    return typed


def _positions(mask: pd.Series) -> tuple[int, ...]:
    """Row positions (0-based) where the mask holds."""
    return tuple(int(i) for i in mask.to_numpy(dtype=bool).nonzero()[0])
