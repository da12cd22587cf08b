"""Graduates whom a decision keeps out of a campaign, told by one column of plain tables.

Belongs here: the column `status`. Does not belong here: the law that leads to it (`eligibility.py`, which
needs pandas; the command for outsiders must start fast).
"""

from collections.abc import Sequence

import numpy as np

from planning.errors import FrameError
from planning.placement.instance import Eligibility
from planning.placement.market import Ints
from planning.placement.tables import Columns

CODES = {"": "", "active": "", "exempt": "EXEMPT", "deferred": "DEFERRED", "placed": "PLACED_BY_CONTRACT"}


def status_rule(graduates: Columns) -> Eligibility | None:
    """Reasons of pairs from the column `status`; None where there is none.

    Raises:
        FrameError: A status that is not one of active, exempt, deferred, placed.
    """
    if "status" not in graduates:
        return None
    words = [str(value or "").strip().lower() for value in graduates["status"]]
    wrong = tuple(row for row, word in enumerate(words) if word not in CODES)
    if wrong:
        mend = "Write active, exempt, deferred or placed, or give the column another name."
        problem = f"status {words[wrong[0]]} is not known"
        raise FrameError("graduates", problem, wrong, column="status", mend=mend)
    codes = np.array([CODES[word] for word in words], dtype=object)

    def reasons(graduate_rows: Ints, line_rows: Ints) -> Sequence[str]:  # noqa: ARG001  same for every line
        return [str(code) for code in codes[graduate_rows]]

    return reasons
