"""The one entry for frames: a campaign in, its result frames out.

Belongs here: the border between pandas and the engine. Does not belong here: any step (`run.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from planning.placement.instance import Eligibility, Points, Rules, Tables
from planning.placement.results import Outcome
from planning.placement.run import run


@dataclass(frozen=True)
class CampaignResult:
    """Frames of a checked run, and the report of the checker.

    Attributes:
        placements: graduate_id, line_id, rank (null where unplaced or pinned outside the list),
            source (list, joint list, tail, standing, override), score.
        explanations: a row per listed option above the result, and one without a line per unplaced.
        line_results: line_id, capacity, filled, cut_off_score, waiting.
        floor_results: scope, floor, certified_floor, cap, got; where the floor was lowered the cut, in words
            and in its parts: cut_floors, cut_needed, cut_graduates, cut_seats.
        coverage: got, bound, ratio of deficit covered; no row where lines carry no deficit_share.
        couple_results: couple_id, entry, entry_name, is_together, line_id_1, line_id_2.
        cut_offs: anonymous, full lines only.
        checker: counts of breaches (all zero where `is_clean`), lowered floors, coded waste.
        summary: headline figures.
        outcome: the arrays behind, for swaps, re-runs and the frontier.
    """

    placements: pd.DataFrame
    explanations: pd.DataFrame
    line_results: pd.DataFrame
    floor_results: pd.DataFrame
    coverage: pd.DataFrame
    couple_results: pd.DataFrame
    cut_offs: pd.DataFrame
    checker: Mapping[str, Any]
    summary: Mapping[str, Any]
    outcome: Outcome

    @property
    def is_publishable(self) -> bool:
        """Whether the independent checker cleared the run."""
        return bool(self.checker["is_clean"])


def run_campaign(
    graduates: pd.DataFrame,
    lines: pd.DataFrame,
    preferences: pd.DataFrame,
    *,
    priorities: pd.DataFrame | None = None,
    scores: pd.DataFrame | None = None,
    quotas: pd.DataFrame | None = None,
    couples: pd.DataFrame | None = None,
    joint: pd.DataFrame | None = None,
    overrides: pd.DataFrame | None = None,
    held: pd.DataFrame | None = None,
    eligibility: Eligibility | None = None,
    points: Points | None = None,
    is_completed: bool = False,
    seed: int | str,
    propose: Literal["graduates", "lines"] = "graduates",
) -> CampaignResult:
    """Place the graduates of a campaign.

    The order on a line comes from the first of: `priorities` (ranks; absent is unacceptable), `scores`
    (per pair), `points` (a callable, see `priority.Points`), the graduates' `score` or `merit_score`,
    and at last the lottery alone; ties always go to the lottery.

    Args:
        graduates: graduate_id; optional score, merit_score, home_region_code and what rules read.
        lines: line_id, capacity; optional region_code, is_rural, is_open, is_funded, deficit_share.
        preferences: graduate_id, line_id, rank (1 first).
        priorities: line_id, graduate_id, rank.
        scores: graduate_id, line_id, score.
        quotas: scope_column, scope_value, floor, cap; several columns and values joined by `|`.
        couples: couple_id, graduate_id, two rows each.
        joint: couple_id, rank, line_id_1, line_id_2.
        overrides: graduate_id, line_id (reason, who and when are kept by the caller): pinned.
        held: graduate_id, line_id: posts guaranteed by an earlier run.
        eligibility: reasons of pairs, see `eligibility.Eligibility`.
        points: points of pairs, see `priority.Points`.
        is_completed: extend lists by the published tail; floors are promised on completed lists.
        seed: of the lottery; a campaign uses its id.
        propose: the side whose best result is wanted.

    Raises:
        FrameError: A table that cannot be meant as it is; names table, problem and rows (0-based).

    >>> result = run_campaign(
    ...     pd.DataFrame({"graduate_id": ["g1", "g2"], "score": [80, 90]}),
    ...     pd.DataFrame({"line_id": ["a", "b"], "capacity": [1, 1]}),
    ...     pd.DataFrame({"graduate_id": ["g1", "g1", "g2"], "line_id": ["a", "b", "a"],
    ...                   "rank": [1, 2, 1]}), seed="2026")
    >>> result.placements["line_id"].tolist()
    ['b', 'a']
    """
    optional = {
        "priorities": priorities,
        "scores": scores,
        "quotas": quotas,
        "couples": couples,
        "joint": joint,
        "overrides": overrides,
        "held": held,
    }
    given = Tables(
        _columns(graduates),
        _columns(lines),
        _columns(preferences),
        **{name: _columns(frame) for name, frame in optional.items() if frame is not None},
    )
    outcome = run(given, Rules(seed, propose, is_completed, eligibility, points))
    frames = {name: _frame(table) for name, table in outcome.tables.items()}
    return CampaignResult(
        frames["placements"],
        frames["explanations"],
        frames["lines"],
        frames["floors"],
        frames["coverage"],
        frames["couples"],
        frames["cut_offs"],
        outcome.checker,
        outcome.summary,
        outcome,
    )


WHOLE = (
    "rank",
    "own_draw",
    "cut_off_draw",
    "cap",
    "entry",
    "cut_needed",
    "cut_graduates",
    "cut_seats",
)
NUMBERS = ("score", "own_score", "cut_off_score", "gap", "got", "bound", "ratio")


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """A frame as plain columns, nulls as None."""
    return {
        str(name): [None if blank else value for value, blank in zip(column, column.isna(), strict=True)]
        for name, column in frame.items()
    }


def _frame(table: Mapping[str, list[Any]]) -> pd.DataFrame:
    """Plain columns as a frame whose dtypes do not depend on the rows."""
    frame = pd.DataFrame(dict(table))
    for name in table:
        if name in WHOLE:
            frame[name] = frame[name].astype("Int64")
        elif name in NUMBERS:
            frame[name] = frame[name].astype("float64")
        elif name.endswith("_id") or name in {
            "reason_code",
            "detail",
            "source",
            "scope",
            "cut",
            "cut_floors",
        }:
            frame[name] = frame[name].astype("str").where(frame[name].notna(), None)
    return frame
