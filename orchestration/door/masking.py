"""Rows as text fit for the quarantine, masked by whole columns, because a table may be refused as a whole.

Belongs here: which value of a refused row is kept, which only by its shape, and the row as JSON. Does not
belong here: the patterns of persons (`personal.py`) and the reasons (`inspection.py`, `duplicates.py`).

A value is masked once for all the rows that hold it, and the patterns one by one see only what the joined
pattern suspects: row by row a quarter of a million posts took 30 s of computing, now they take 2.
"""

import re
from collections.abc import Callable, Collection
from json.encoder import encode_basestring

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contracts import Column, Contract
from orchestration.door.personal import could_be_personal, cut_to, mask_personal, mask_shape


class MaskedRows:
    """Rows of a contract of which some are to be kept as masked JSON.

    In a restricted contract a value at fault may be anything, a name in a shifted column for one, so only its
    shape is kept, but for a reference that looks like an identifier; values that passed a closed check stay.
    Elsewhere text is kept unless a pattern matches it.

    Args:
        contract: The contract.
        rows: Its columns as they came, text or typed; a column may be missing.
    """

    def __init__(self, contract: Contract, rows: pa.Table) -> None:
        """Mask nothing yet."""
        self._contract = contract
        self._rows = rows
        self._columns = [column for column in contract.columns if column.name in rows.column_names]
        self._members: dict[tuple[str, bool], pa.Array] = {}

    def json(self, at_fault: Collection[str], positions: np.ndarray) -> pa.Array:
        """The rows at `positions` as JSON objects, blanks left out.

        Args:
            at_fault: Columns that broke a rule.
            positions: Row numbers.
        """
        picked = pa.array(positions)
        members = [self._member(column, column.name in at_fault).take(picked) for column in self._columns]
        if not members:
            return pa.repeat("{}", len(picked))
        inside = pc.utf8_rtrim(pc.binary_join_element_wise(*members, ""), characters=", ")
        return pc.binary_join_element_wise("{", inside, "}", "")

    def _member(self, column: Column, is_at_fault: bool) -> pa.Array:
        """`"name": "value", ` of every row, empty where the value is blank."""
        known = self._members.get((column.name, is_at_fault))
        if known is None:
            values = self._rows[column.name].combine_chunks().dictionary_encode()
            texts = [str(value) for value in values.dictionary.to_pylist()]
            name = encode_basestring(column.name)
            shown = pa.array(
                [f"{name}: {encode_basestring(text)}, " for text in self._masked(column, is_at_fault, texts)],
                pa.string(),
            )
            known = self._members[column.name, is_at_fault] = pc.fill_null(shown.take(values.indices), "")
        return known

    def _masked(self, column: Column, is_at_fault: bool, texts: list[str]) -> list[str]:
        is_closed = bool(
            column.vocabulary or column.code_list or column.pattern or column.references
        ) or column.type not in ("text", "code", "key")
        if not self._contract.is_restricted or (is_closed and not is_at_fault):
            return _kept(texts)
        if is_closed and column.references:
            return _divided(texts, [_is_identifier(text) for text in texts], _kept)
        return [mask_shape(text) for text in texts]


def _kept(texts: list[str]) -> list[str]:
    """Texts that no pattern matches; of others the shape."""
    suspected = could_be_personal(texts)
    return [
        mask_personal(text) if is_suspect else cut_to(text)
        for text, is_suspect in zip(texts, suspected, strict=True)
    ]


def _divided(texts: list[str], are_kept: list[bool], keep: Callable[[list[str]], list[str]]) -> list[str]:
    kept = iter(keep([text for text, is_kept in zip(texts, are_kept, strict=True) if is_kept]))
    return [
        next(kept) if is_kept else mask_shape(text) for text, is_kept in zip(texts, are_kept, strict=True)
    ]


def _is_identifier(text: str) -> bool:
    """Whether a text reads like a facility's identifier: letters and digits, no space; no name, no date."""
    return re.fullmatch(r"(?=.*[A-Za-z])(?=.*\d)[\w.:/|-]{1,64}", text) is not None
