"""The commission's decisions as records that feed the next run, and the clock of an objection.

Belongs here: confirmed, refused, overridden, objected -> held posts, overrides, who leaves. Does not
belong here: the re-run itself (`rerun.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planning.errors import FrameError
from planning.frames import Column, Contract, require

DECISIONS = Contract(
    "placement_decisions",
    {
        "graduate_id": Column("text"),
        "line_id": Column("text", is_nullable=True),
        "decision": Column(
            "text",
            allowed=frozenset(
                {"confirmed", "refused_by_graduate", "refused_by_employer", "overridden", "objection"}
            ),
        ),
        "reason_code": Column("text", is_nullable=True),
        "decided_by": Column("text", is_nullable=True),
        "decided_at": Column("date"),
    },
)
# Law of 2025 on automated processing: an objection is answered within three working days.
OBJECTION_WORKING_DAYS = 3


@dataclass(frozen=True)
class NextRun:
    """What the decisions mean for the next run.

    Attributes:
        held: graduate_id, line_id guaranteed: placed and neither decided on nor against.
        overrides: graduate_id, line_id, reason_code, decided_by, decided_at pinned: overridden, or confirmed
            (on the line that the confirmation names, else on the present one).
        refused: graduate_id, line_id of graduates who refused: they leave the campaign. An employer's
            refusal frees the seat only while the graduate is proposed for it.
        barred: graduate_id, line_id pairs that an employer refused: not admissible any more.
        objections: graduate_id, line_id, decided_at, due_on, is_overdue.
    """

    held: pd.DataFrame
    overrides: pd.DataFrame
    refused: pd.DataFrame
    barred: pd.DataFrame
    objections: pd.DataFrame


def objection_due(lodged_on: date, holidays: Sequence[date] = ()) -> date:
    """Last day of the answer: three working days after the day of the objection.

    >>> objection_due(date(2026, 6, 4))  # a Thursday
    datetime.date(2026, 6, 9)
    """
    free = np.array(list(holidays), dtype="M8[D]")
    due = np.busday_offset(
        np.datetime64(lodged_on, "D"), OBJECTION_WORKING_DAYS, roll="backward", holidays=free
    )
    answer: date = due.astype(object)
    return answer


def next_run(
    placements: pd.DataFrame,
    decisions: pd.DataFrame,
    *,
    as_of: date,
    holidays: Sequence[date] = (),
) -> NextRun:
    """Read the last decision about each graduate; an open objection keeps the post held meanwhile.

    Args:
        placements: graduate_id, line_id (null where unplaced) of the run that was decided on.
        decisions: contract `DECISIONS`, any number per graduate.
        as_of: decisions after it are not looked at.
        holidays: days that are no working days besides weekends.

    Raises:
        FrameError: A decision about a graduate the run does not hold; an override without a reason.
    """
    checked = require(decisions, DECISIONS)
    unknown = ~checked["graduate_id"].isin(placements["graduate_id"])
    if unknown.any():
        shown = checked.loc[unknown, "graduate_id"].iloc[0]
        rows = tuple(int(i) for i in np.flatnonzero(unknown))
        raise FrameError("placement_decisions", f"unknown graduate_id {shown}", rows)
    mute = (checked["decision"] == "overridden") & checked["reason_code"].isna()
    if mute.any():
        rows = tuple(int(i) for i in np.flatnonzero(mute))
        raise FrameError("placement_decisions", "override has no reason_code", rows)
    known = checked[checked["decided_at"] <= pd.Timestamp(as_of)]
    last = known.sort_values("decided_at", kind="stable").groupby("graduate_id").tail(1)
    pair = ["graduate_id", "line_id"]

    def of(*names: str) -> pd.DataFrame:
        return last[last["decision"].isin(names)].reset_index(drop=True)

    placed = placements.dropna(subset=["line_id"])
    pinned = of("overridden", "confirmed")
    present = pinned["graduate_id"].map(placed.set_index("graduate_id")["line_id"])
    pinned["line_id"] = pinned["line_id"].fillna(present)
    pinned = pinned.dropna(subset=["line_id"])
    declined = of("refused_by_employer").merge(placed[pair], on=pair)["graduate_id"]
    gone = pd.concat([of("refused_by_graduate")["graduate_id"], declined, pinned["graduate_id"]])
    held = placed.loc[~placed["graduate_id"].isin(gone), pair].reset_index(drop=True)
    objections = of("objection")[[*pair, "decided_at"]]
    due = [objection_due(day.date(), holidays) for day in objections["decided_at"]]
    objections = objections.assign(due_on=pd.Series(due, dtype="datetime64[us]"))
    objections["is_overdue"] = objections["due_on"] < pd.Timestamp(as_of)
    # An employer's refusal bars the pair for good, whatever is decided about the graduate later.
    barred = known.loc[known["decision"] == "refused_by_employer", pair].drop_duplicates()
    return NextRun(
        held,
        pinned[[*pair, "reason_code", "decided_by", "decided_at"]].reset_index(drop=True),
        of("refused_by_graduate")[pair],
        barred.reset_index(drop=True),
        objections,
    )
