"""After refusals: who takes part in the next run, and what differs between two runs.

Belongs here: the inputs of a re-run from decisions, and the difference of two results. Does not belong
here: the guarantee of held posts itself, which the engine gives to every row of `held`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.placement.decisions import NextRun
from planning.placement.instance import Eligibility
from planning.placement.market import Ints

REFUSED_BY_EMPLOYER = "REFUSED_BY_EMPLOYER"


@dataclass(frozen=True)
class RerunInputs:
    """Arguments of `run_campaign` that differ from the previous run."""

    graduates: pd.DataFrame
    preferences: pd.DataFrame
    held: pd.DataFrame
    overrides: pd.DataFrame
    eligibility: Eligibility


def rerun_inputs(
    graduates: pd.DataFrame,
    lines: pd.DataFrame,
    preferences: pd.DataFrame,
    decided: NextRun,
    eligibility: Eligibility | None = None,
) -> RerunInputs:
    """Take out who refused, hold who stays, pin who was overridden, bar refused pairs.

    Nobody who stays is worse off: a held post stands on top of its line's order, and floors are first
    lowered to what can be met with every held post in place.
    """
    gone = decided.refused["graduate_id"]
    stay = graduates[~graduates["graduate_id"].isin(gone)].reset_index(drop=True)
    lists = preferences[~preferences["graduate_id"].isin(gone)].reset_index(drop=True)
    old_row = np.flatnonzero(~graduates["graduate_id"].isin(gone).to_numpy())
    return RerunInputs(
        stay,
        lists,
        decided.held,
        decided.overrides,
        _barring(stay, lines, decided.barred, _on_old_rows(eligibility, old_row)),
    )


def _on_old_rows(eligibility: Eligibility | None, old_row: Ints) -> Eligibility | None:
    """The rules of the previous run speak of its rows."""
    if eligibility is None:
        return None
    asked: Callable[..., object] = eligibility
    return lambda graduate_rows, line_rows: asked(old_row[graduate_rows], line_rows)  # type: ignore[return-value]


def _barring(
    graduates: pd.DataFrame, lines: pd.DataFrame, barred: pd.DataFrame, others: Eligibility | None
) -> Eligibility:
    """Rules that also refuse the barred pairs."""
    graduate_row = pd.Index(graduates["graduate_id"]).get_indexer(barred["graduate_id"])
    line_row = pd.Index(lines["line_id"]).get_indexer(barred["line_id"])
    pairs = set(zip(graduate_row.tolist(), line_row.tolist(), strict=True))

    def reasons(graduate_rows: Ints, line_rows: Ints) -> list[str]:
        found = [""] * len(graduate_rows) if others is None else list(others(graduate_rows, line_rows))
        asked = zip(graduate_rows.tolist(), line_rows.tolist(), strict=True)
        return [
            REFUSED_BY_EMPLOYER if not code and pair in pairs else code
            for code, pair in zip(found, asked, strict=True)
        ]

    return reasons


def run_diff(
    before: pd.DataFrame, after: pd.DataFrame, explanations: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Who moved between two runs, and why.

    Args:
        before: placements of the earlier run: graduate_id, line_id, rank.
        after: placements of the later run.
        explanations: of the later run; they tell why the earlier line is no longer the result.

    Returns:
        One row per graduate of either run who is not where they were: graduate_id, line_id_before,
        line_id_after, rank_before, rank_after, change (placed, lost, better, worse, moved, joined,
        left), reason_code, detail. `moved` is a change whose ranks cannot be compared.
    """
    columns = ["graduate_id", "line_id", "rank"]
    both = before[columns].merge(
        after[columns], on="graduate_id", how="outer", suffixes=("_before", "_after"), indicator="side"
    )
    old, new = both["line_id_before"], both["line_id_after"]
    rank_old = both["rank_before"].astype("float64")
    rank_new = both["rank_after"].astype("float64")
    conditions = {
        "left": both["side"] == "left_only",
        "joined": both["side"] == "right_only",
        "same": (old == new) | (old.isna() & new.isna()),
        "placed": old.isna() & new.notna(),
        "lost": old.notna() & new.isna(),
        "better": rank_new < rank_old,
        "worse": rank_new > rank_old,
    }
    masks = [mask.fillna(False).to_numpy(dtype=bool) for mask in conditions.values()]
    both["change"] = np.select(masks, list(conditions), default="moved")
    moved = both[both["change"] != "same"].drop(columns="side")
    why = pd.DataFrame(columns=["graduate_id", "line_id_before", "reason_code", "detail"])
    if explanations is not None:
        why = explanations.rename(columns={"line_id": "line_id_before"})[list(why.columns)]
        why = why.dropna(subset=["line_id_before"])
    told = moved.merge(why, on=["graduate_id", "line_id_before"], how="left")
    return told.sort_values("graduate_id", kind="stable").reset_index(drop=True)
