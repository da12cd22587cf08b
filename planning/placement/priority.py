"""The order among those who may serve on a line: a dated list of points, the project's own default.

Belongs here: criteria and their sum. Does not belong here: the law (`eligibility.py`). No source fixes
an order among candidates, so none is named as law: a campaign publishes its own list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planning.errors import FrameError
from planning.frames import Column, Contract, require
from planning.placement.market import Floats, Ints

RULES = Contract(
    "priority_rules",
    {
        "criterion_code": Column("text"),
        "points": Column("number", unit="points"),
        "valid_from": Column("date"),
        "valid_to": Column("date", is_nullable=True),
        "source": Column("text"),
    },
    key=("criterion_code", "valid_from"),
)
CRITERIA = ("SPOUSE_LOCALITY", "HOME_REGION", "STATE_LANGUAGE", "RURAL_ORIGIN_TO_RURAL", "MERIT")


@dataclass(frozen=True)
class Criterion:
    """Points of a criterion; for MERIT the points of a full merit score of 100."""

    code: str
    points: float


# The project's own default. Merit can outweigh one local reason but not two: a graduate with 100 of
# 100 and no tie to the place stands level with the weakest graduate who comes home to work.
PROJECT_DEFAULT: tuple[Criterion, ...] = (
    Criterion("SPOUSE_LOCALITY", 40.0),
    Criterion("HOME_REGION", 30.0),
    Criterion("STATE_LANGUAGE", 10.0),
    Criterion("RURAL_ORIGIN_TO_RURAL", 15.0),
    Criterion("MERIT", 30.0),
)


def criteria_in_force(rules: pd.DataFrame, on: date) -> tuple[Criterion, ...]:
    """Criteria of a dated table that are valid on a date; the project's default for an empty table.

    Raises:
        FrameError: Table breaks its contract, or names a criterion that is not known.
    """
    checked = require(rules, RULES)
    if checked.empty:
        return PROJECT_DEFAULT
    unknown = ~checked["criterion_code"].isin(CRITERIA)
    if unknown.any():
        code = checked.loc[unknown, "criterion_code"].iloc[0]
        rows = tuple(int(i) for i in np.flatnonzero(unknown))
        raise FrameError("priority_rules", f"unknown criterion_code {code}", rows)
    day = pd.Timestamp(on)
    valid = (checked["valid_from"] <= day) & ~(checked["valid_to"] < day)
    return tuple(
        Criterion(str(code), float(points))
        for code, points in checked.loc[valid, ["criterion_code", "points"]].itertuples(index=False)
    )


class Points:
    """Sum of the points of a pair; a criterion whose columns are absent or blank gives none."""

    def __init__(
        self,
        graduates: pd.DataFrame,
        lines: pd.DataFrame,
        criteria: Sequence[Criterion] = PROJECT_DEFAULT,
    ) -> None:
        """Take the tables as they are; only the columns that a criterion reads are looked at."""
        self._graduates, self._lines = graduates, lines
        self._criteria = tuple(criteria)

    def __call__(self, graduate_rows: Ints, line_rows: Ints) -> Floats:
        """(p,) points of pairs given as rows of the two tables."""
        total = np.zeros(len(graduate_rows))
        for criterion in self._criteria:
            total += criterion.points * self._share(criterion.code, graduate_rows, line_rows)
        return total

    def _share(self, code: str, of_graduate: Ints, of_line: Ints) -> Floats:
        """(p,) 0–1: how far the pair meets the criterion."""
        match code:
            case "SPOUSE_LOCALITY":
                return self._same("spouse_locality", "locality_id", of_graduate, of_line)
            case "HOME_REGION":
                return self._same("home_region_code", "region_code", of_graduate, of_line)
            case "STATE_LANGUAGE":
                speaks = self._truth(self._graduates, "language", {"kk", "both"})[of_graduate]
                needs = self._truth(self._lines, "is_state_language_needed", {True})[of_line]
                return np.asarray(speaks & needs, dtype=float)
            case "RURAL_ORIGIN_TO_RURAL":
                origin = self._truth(self._graduates, "home_settlement", {"rural"})[of_graduate]
                rural = self._truth(self._lines, "is_rural", {True})[of_line]
                return np.asarray(origin & rural, dtype=float)
            case "MERIT":
                if "merit_score" not in self._graduates:
                    return np.zeros(len(of_graduate))
                merit = pd.to_numeric(self._graduates["merit_score"]).fillna(0).to_numpy(dtype=float)
                return np.asarray(merit[of_graduate] / 100, dtype=float)
        raise ValueError(f"no rule is written for {code}")

    def _same(self, left: str, right: str, of_graduate: Ints, of_line: Ints) -> Floats:
        if left not in self._graduates or right not in self._lines:
            return np.zeros(len(of_graduate))
        both = pd.concat([self._graduates[left], self._lines[right]], ignore_index=True)
        codes, _ = pd.factorize(both)
        own, asked = codes[: len(self._graduates)], codes[len(self._graduates) :]
        same = (own[of_graduate] >= 0) & (own[of_graduate] == asked[of_line])
        return np.asarray(same, dtype=float)

    @staticmethod
    def _truth(table: pd.DataFrame, column: str, wanted: set[object]) -> np.ndarray:
        if column not in table:
            return np.zeros(len(table), dtype=bool)
        return table[column].isin(list(wanted)).to_numpy(dtype=bool)
