"""Rows of the nation itself: no rows of a region, but the totals to which the regions must add up.

A table of a statistics office has a line for the country beside the lines of its regions. Landed, it would
count everybody twice; refused, the best check of completeness would be thrown away. So it is folded: its
total by year is kept in the manifest and compared with the sum of the regions (`validation/facts.py`).
"""

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contracts import Contract
from orchestration.door.code_lists import code_list


def nation() -> str:
    """Code of the nation: what stands before the hyphen in the codes of its regions."""
    return code_list("regions")[0].split("-")[0]


def add_totals(totals: Counter[str], contract: Contract, rows: pa.Table) -> None:
    """Add rows of the nation to the totals by year."""
    for year, value in zip(
        rows["year"].to_pylist(), pc.cast(rows[contract.total_column], pa.float64()).to_pylist(), strict=True
    ):
        totals[str(year)] += value
