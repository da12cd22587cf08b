"""Refused records as a table: a row each, in the order they were met.

Belongs here: the table's columns and how single refusals become rows of it. Does not belong here: why a
record is refused (`inspection.py`, `duplicates.py`, sources) and where it is kept (`quarantine.py`).
"""

from collections.abc import Sequence

import pyarrow as pa

from orchestration.sources.source import Refusal

REFUSED_SCHEMA = pa.schema(
    [
        ("line", pa.int64()),
        ("rule", pa.string()),
        ("column_name", pa.string()),
        ("message", pa.string()),
        ("raw_text", pa.string()),
    ]
)


def refused_table(refusals: Sequence[Refusal]) -> pa.Table:
    """Single refusals as rows; what is blank becomes null."""
    return pa.table(
        [
            [refusal.line for refusal in refusals],
            [refusal.rule for refusal in refusals],
            [refusal.column or None for refusal in refusals],
            [refusal.message for refusal in refusals],
            [refusal.raw_text or None for refusal in refusals],
        ],
        schema=REFUSED_SCHEMA,
    )
