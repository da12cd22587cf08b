"""Who may serve where, as dated rules with a reason code each, looked at in a published order.

Belongs here: the rules and their evaluation over pairs of a graduate and a line. Does not belong here:
the order among those who may (`priority.py`). A rule is a row with its act and its dates; a campaign
asks for the rules in force on its own date.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planning.frames import Column, Contract, require
from planning.placement.market import Ints

GRADUATES = Contract(
    "graduates",
    {
        "graduate_id": Column("text"),
        "specialty_code": Column("text", is_nullable=True, is_optional=True),
        "status": Column(
            "text", allowed=frozenset({"active", "exempt", "deferred", "placed"}), is_optional=True
        ),
        "basis": Column("text", is_nullable=True, is_optional=True),
        "paying_region_code": Column("text", is_nullable=True, is_optional=True),
        "spouse_locality": Column("text", is_nullable=True, is_optional=True),
    },
    key=("graduate_id",),
)
LINES = Contract(
    "lines",
    {
        "line_id": Column("text"),
        "specialty_code": Column("text", is_nullable=True, is_optional=True),
        "region_code": Column("text", is_nullable=True, is_optional=True),
        "locality_id": Column("text", is_nullable=True, is_optional=True),
        "ownership": Column("text", is_nullable=True, is_optional=True),
        "is_rural": Column("boolean", is_optional=True),
        "is_funded": Column("boolean", is_optional=True),
        "is_open": Column("boolean", is_optional=True),
    },
    key=("line_id",),
)
COMPATIBILITY = Contract(
    "compatibility",
    {"programme_specialty_code": Column("text"), "line_specialty_code": Column("text")},
    key=("programme_specialty_code", "line_specialty_code"),
)

RURAL_BASES = frozenset({"rural_quota", "rural_payment"})
PAID_BY_REGION = frozenset({"local_grant"})
STATE_OWNERSHIP = frozenset({"state_republican", "state_communal", "quasi_state"})


@dataclass(frozen=True)
class Law:
    """A rule in force: code, act, dates (inclusive), and whether the source was read."""

    code: str
    act: str
    valid_from: date
    valid_to: date | None = None
    is_confirmed: bool = True


# The order is the published one: the first rule that a pair breaks is the reason shown.
LAWS: tuple[Law, ...] = (
    Law("EXEMPT", "Law on Education 319-III art. 47 p. 17", date(2007, 8, 15)),
    Law("DEFERRED", "Law on Education 319-III art. 47 p. 17", date(2007, 8, 15)),
    Law("PLACED_BY_CONTRACT", "Order 403 of 11.08.2023", date(2007, 8, 15)),
    Law("LINE_NOT_FUNDED", "Order 403 of 11.08.2023: an employer's request is needed", date(2007, 8, 15)),
    Law("LINE_NOT_OPEN", "Order 403 of 11.08.2023: an employer's request is needed", date(2007, 8, 15)),
    Law("SPECIALTY_INCOMPATIBLE", "KR DSM-305/2020, specialties and positions", date(2007, 8, 15)),
    Law("RURAL_ONLY", "Law on Education 319-III art. 47 p. 17, rural quota", date(2007, 8, 15)),
    Law("PAYING_REGION_ONLY", "Law on Education 319-III art. 47 p. 17, local budget", date(2007, 8, 15)),
    Law("SPOUSE_LOCALITY_ONLY", "Order 403 of 11.08.2023, ground of exemption", date(2007, 8, 15)),
)

# Whether private organisations count for the state grant has changed by date; the dates were not found
# in a source, so the rule is offered and is not in force unless a campaign adds it.
PRIVATE_NOT_COUNTED = Law(
    "STATE_OWNERSHIP_ONLY", "to be confirmed by the ministry", date(2007, 8, 15), is_confirmed=False
)

Breach = Callable[[pd.DataFrame, pd.DataFrame], npt.NDArray[np.bool_]]


def in_force(laws: Sequence[Law], on: date) -> tuple[Law, ...]:
    """Rules valid on a date, in the published order."""
    return tuple(law for law in laws if law.valid_from <= on and (law.valid_to is None or on <= law.valid_to))


class Eligibility:
    """Reason of each pair; "" where the pair is eligible. Made once, asked by rows."""

    def __init__(
        self,
        graduates: pd.DataFrame,
        lines: pd.DataFrame,
        *,
        on: date,
        compatibility: pd.DataFrame | None = None,
        laws: Sequence[Law] = LAWS,
    ) -> None:
        """Take the tables of a campaign; an absent column is a rule that nobody can break.

        Args:
            graduates: contract `GRADUATES`.
            lines: contract `LINES`.
            on: date of the campaign.
            compatibility: contract `COMPATIBILITY`; without it a specialty fits itself only.
            laws: published order; those in force on the date are asked.

        Raises:
            FrameError: A table breaks its contract.
        """
        self._graduates = require(graduates, GRADUATES)
        self._lines = require(lines, LINES)
        if "spouse_locality" not in graduates and "spouse_locality_kato" in graduates:
            self._graduates["spouse_locality"] = graduates["spouse_locality_kato"].to_numpy()
        self._laws = in_force(laws, on)
        fits = None if compatibility is None else require(compatibility, COMPATIBILITY)
        self._fits = (
            None
            if fits is None
            else pd.MultiIndex.from_frame(fits[["programme_specialty_code", "line_specialty_code"]])
        )

    def __call__(self, graduate_rows: Ints, line_rows: Ints) -> npt.NDArray[np.object_]:
        """(p,) reason codes of pairs given as rows of the two tables."""
        names = np.array(["", *(law.code for law in self._laws)], dtype=object)
        first: npt.NDArray[np.object_] = names[self._first_broken(graduate_rows, line_rows)]
        return first

    def is_eligible(self, graduate_rows: Ints, line_rows: Ints) -> npt.NDArray[np.bool_]:
        """(p,) the pairs that break no rule, without naming the others' reasons."""
        free: npt.NDArray[np.bool_] = self._first_broken(graduate_rows, line_rows) == 0
        return free

    def _first_broken(self, graduate_rows: Ints, line_rows: Ints) -> npt.NDArray[np.int8]:
        """(p,) 1-based place of the first rule that the pair breaks, 0 for none."""
        found = np.zeros(len(graduate_rows), dtype=np.int8)
        for at, law in reversed(list(enumerate(self._laws, 1))):
            found[self._breach(law.code, graduate_rows, line_rows)] = at
        return found

    def of_graduates(self) -> pd.Series:
        """Per graduate the reason that excludes from every line ("" if none), indexed by id."""
        status = self._graduates["status"]
        codes = status.map({"exempt": "EXEMPT", "deferred": "DEFERRED", "placed": "PLACED_BY_CONTRACT"})
        named: pd.Series = codes.fillna("").set_axis(self._graduates["graduate_id"])
        return named

    def _breach(  # noqa: PLR0911  one return per rule of the law reads as the law does
        self, code: str, of_graduate: Ints, of_line: Ints
    ) -> npt.NDArray[np.bool_]:
        """(p,) whether the pair breaks the rule."""
        graduates, lines, rows = self._graduates, self._lines, (of_graduate, of_line)

        def graduate(mask: pd.Series) -> npt.NDArray[np.bool_]:
            return mask.fillna(False).to_numpy(dtype=bool)[of_graduate]

        def line(mask: pd.Series) -> npt.NDArray[np.bool_]:
            return mask.fillna(False).to_numpy(dtype=bool)[of_line]

        match code:
            case "EXEMPT" | "DEFERRED" | "PLACED_BY_CONTRACT":
                status = {"EXEMPT": "exempt", "DEFERRED": "deferred"}.get(code, "placed")
                return graduate(graduates["status"] == status)
            case "LINE_NOT_FUNDED":
                return line(~lines["is_funded"].fillna(True))
            case "LINE_NOT_OPEN":
                return line(~lines["is_open"].fillna(True))
            case "SPECIALTY_INCOMPATIBLE":
                return self._unfit(of_graduate, of_line)
            case "RURAL_ONLY":
                return graduate(graduates["basis"].isin(RURAL_BASES)) & ~line(lines["is_rural"])
            case "PAYING_REGION_ONLY":
                must = graduate(graduates["basis"].isin(PAID_BY_REGION))
                return must & _differs(graduates["paying_region_code"], lines["region_code"], *rows)
            case "SPOUSE_LOCALITY_ONLY":
                return _differs(graduates["spouse_locality"], lines["locality_id"], *rows)
            case "STATE_OWNERSHIP_ONLY":
                must = graduate(graduates["basis"] == "state_grant")
                known = lines["ownership"].notna()
                return must & line(known & ~lines["ownership"].isin(STATE_OWNERSHIP))
        raise ValueError(f"no rule is written for {code}")

    def _unfit(self, of_graduate: Ints, of_line: Ints) -> npt.NDArray[np.bool_]:
        """Pairs whose specialties are both known and do not fit."""
        has, asks = self._graduates["specialty_code"], self._lines["specialty_code"]
        if self._fits is None:
            return _differs(has, asks, of_graduate, of_line)
        own, own_names = pd.factorize(has)
        asked, asked_names = pd.factorize(asks)
        every = pd.MultiIndex.from_product([own_names, asked_names])
        fits = every.isin(self._fits).reshape(len(own_names), len(asked_names))
        known = (own[of_graduate] >= 0) & (asked[of_line] >= 0)
        unfit = np.zeros(len(of_graduate), dtype=bool)
        unfit[known] = ~fits[own[of_graduate[known]], asked[of_line[known]]]
        return unfit


def _differs(left: pd.Series, right: pd.Series, of_left: Ints, of_right: Ints) -> npt.NDArray[np.bool_]:
    """(p,) both sides known and unlike."""
    codes, _ = pd.factorize(pd.concat([left, right], ignore_index=True))
    one, other = codes[: len(left)][of_left], codes[len(left) :][of_right]
    differs: npt.NDArray[np.bool_] = (one >= 0) & (other >= 0) & (one != other)
    return differs
