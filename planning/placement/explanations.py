"""The table of explanations: a row per listed option above the result, a row per unplaced graduate.

Belongs here: laying codes and figures out under names. Does not belong here: finding the codes
(`explain.py`) and the sentences (`letters.py`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from planning.placement import explain
from planning.placement.couples import CouplesRun
from planning.placement.instance import TAIL, Instance
from planning.placement.verify import Findings

Cell = Any

COLUMNS = (
    "graduate_id",
    "line_id",
    "rank",
    "reason_code",
    "detail",
    "own_score",
    "cut_off_score",
    "gap",
    "own_draw",
    "cut_off_draw",
)


def explanation_rows(
    instance: Instance, placed: CouplesRun, findings: Findings, cut: explain.CutOffs
) -> dict[str, list[Cell]]:
    """Rows by graduate and rank.

    `detail` is the scope of a cap or floor, or the code of an exclusion. Scores are as given: where
    lines rank, they are ranks. `own_draw` and `cut_off_draw` are places in the lottery, 1 first; they
    decide where the scores are equal. A row without a line tells why a graduate is unplaced.
    """
    market, held = instance.market, placed.held
    names, lines = instance.graduates.ids, instance.lines.ids
    rows: list[tuple[Cell, ...]] = []
    contracts, codes, scopes = explain.reasons(market, held, findings, instance.source != TAIL)
    for contract, found, scope in zip(contracts.tolist(), codes, scopes, strict=True):
        graduate, line = int(market.graduate[contract]), int(market.line[contract])
        code = found if placed.is_open[contract] else explain.COUPLE_MOVED_ON
        own = shown_score(instance, float(market.score[contract]))
        cut_off = gap = cut_off_draw = None
        if code == explain.FILLED_BY_HIGHER and np.isposinf(cut.score[line]):
            code = explain.FILLED_BY_STANDING
        if code == explain.FILLED_BY_HIGHER:
            cut_off = shown_score(instance, float(cut.score[line]))
            gap = abs(cut_off - own) if cut_off is not None and own is not None else None
            cut_off_draw = int(cut.draw[line]) + 1 if cut.draw[line] >= 0 else None
        detail = scope if code == found else ""
        figures = (own, cut_off, gap, graduate + 1, cut_off_draw)
        rows.append((names[graduate], lines[line], int(instance.rank[contract]), code, detail, *figures))

    worst = np.iinfo(np.int64).max
    reached = [int(instance.rank[at]) if at >= 0 else worst for at in held.tolist()]
    for graduate, line, rank, code, detail in instance.excluded:
        if rank < reached[graduate] or code == explain.PINNED:
            rows.append((names[graduate], lines[line], rank, code, detail, *[None] * 5))

    refused = {row[0] for row in rows}
    for graduate in np.flatnonzero(held < 0).tolist():
        is_refused = names[graduate] in refused
        code = explain.ALL_OPTIONS_REFUSED if is_refused else explain.EMPTY_LIST
        rows.append((names[graduate], None, None, code, "", *[None] * 5))
    rows.sort(key=lambda row: (row[0], row[2] is None, row[2] or 0, row[1] or ""))
    return as_table(COLUMNS, rows)


def shown_score(instance: Instance, score: float) -> float | None:
    """A score as it was given: a rank where lines rank; None for a standing post or for none."""
    if not np.isfinite(score):
        return None
    return -score if instance.is_ranked else score


def as_table(columns: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> dict[str, list[Cell]]:
    """Rows as columns."""
    return {name: [row[at] for row in rows] for at, name in enumerate(columns)}
