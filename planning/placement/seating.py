"""Which decided posts can stand: seats and caps given out one by one, and the reason where one cannot.

Belongs here: the count of seats before a run. Does not belong here: what a decision means (`decisions.py`),
and the order of graduates on a line, which is the run's business.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planning.placement.market import Ints
from planning.placement.quotas import Scope
from planning.placement.tables import Roll

NO_LINE, LINE_CLOSED = "NO_LINE", "LINE_CLOSED"
NO_SEAT_LEFT, CAP_REACHED = "NO_SEAT_LEFT", "CAP_REACHED"


class Seats:
    """Seats of lines and places of caps that nobody holds yet."""

    def __init__(self, lines: Roll, capacity: Ints, scopes: Sequence[Scope], present: pd.DataFrame) -> None:
        """Count the present posts (graduate_id, line_id) as taken."""
        self._lines, self._capacity = lines, capacity
        self._left = capacity.copy()
        self._scopes = [scope for scope in scopes if scope.cap is not None]
        self._room = np.array([scope.cap for scope in self._scopes], dtype=np.int64)
        pairs = zip(present["graduate_id"], present["line_id"], strict=True)
        self._at: dict[str, int] = {g: lines.number[line] for g, line in pairs if line in lines.number}
        for line in self._at.values():
            self._count(line, -1)

    def move(self, graduate: str, line_id: object) -> str:
        """Give the graduate a seat on the line; "" or why it cannot be, and then nothing has changed."""
        line = self._lines.number.get(str(line_id), -1)
        if line < 0:
            return NO_LINE
        if not self._capacity[line]:
            return LINE_CLOSED
        own = self._at.get(graduate)
        if own is not None:
            self._count(own, 1)
        inside = [at for at, scope in enumerate(self._scopes) if line in scope.lines]
        why = NO_SEAT_LEFT if self._left[line] < 1 else CAP_REACHED if (self._room[inside] < 1).any() else ""
        target = line if not why else own
        if target is not None:
            self._count(target, -1)
            self._at[graduate] = target
        return why

    def _count(self, line: int, by: int) -> None:
        self._left[line] += by
        for at, scope in enumerate(self._scopes):
            if line in scope.lines:
                self._room[at] += by


def seated(seats: Seats, wanted: pd.DataFrame) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """Posts that can stand, taken in order, and why each other one cannot, by graduate.

    A seat that another graduate holds is not taken away, and a cap is a cap for decisions too.
    """
    pairs = zip(wanted["graduate_id"], wanted["line_id"], strict=True)
    why = {row: seats.move(str(graduate), line) for row, (graduate, line) in enumerate(pairs)}
    stands = [row for row, code in why.items() if not code]
    refused = {str(wanted["graduate_id"].iloc[row]): code for row, code in why.items() if code}
    return wanted.iloc[stands].reset_index(drop=True), refused
