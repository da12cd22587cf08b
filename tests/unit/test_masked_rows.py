"""A refused row as text: whole columns are masked at once and say the same as each row masked alone would."""

import json

import numpy as np
import pyarrow as pa
import pytest

from orchestration.contracts import contract_named
from orchestration.door.masking import MaskedRows
from orchestration.door.personal import is_personal, mask_shape

pytestmark = pytest.mark.unit

TEXTS = [
    "P1",
    "850101350123",
    "Иванова Мария Петровна",
    "+7 701 123 45 67",
    'a"b\\c\n\u0001',
    "x" * 300,
    None,
]


def masked(contract: str, rows: dict[str, list], at_fault: set[str] = frozenset()) -> list[dict]:
    table = pa.table(rows)
    texts = MaskedRows(contract_named(contract), table).json(at_fault, np.arange(table.num_rows))
    return [json.loads(text) for text in texts.to_pylist()]


@pytest.mark.parametrize(
    "copies", [1, 500], ids=["few texts", "more texts than the joined pattern waits for"]
)
def test_a_person_is_masked_and_other_text_kept_however_many_rows_there_are(copies):
    texts = [text and f"{text}{number or ''}" for number in range(copies) for text in TEXTS]
    shown = masked("staff_post", {"department": texts})
    for text, row in zip(texts, shown, strict=True):
        if text is None:
            assert row == {}, "a blank is left out"
        elif is_personal(text):
            assert row == {"department": mask_shape(text)}
        else:
            assert row["department"] == (text if len(text) <= 200 else f"{text[:200]}…")


def test_of_a_restricted_row_only_checked_values_and_identifiers_stay():
    rows = {"staff_key": ["0" * 32], "sex": ["Серик"], "facility_id": ["F1000"], "fte": ["1,5"]}
    assert masked("staff_member", rows, {"sex", "facility_id"}) == [
        {"staff_key": "0" * 32, "sex": "xxxxx", "facility_id": "F1000", "fte": "1,5"}
    ]
    rows["facility_id"] = ["Серик Ахметов"]
    assert masked("staff_member", rows, {"facility_id"})[0]["facility_id"] == "xxxxx xxxxxxx"
