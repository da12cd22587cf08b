"""Result tables of a campaign: rows in the order of ids, never of the input.

Belongs here: laying out placements, explanations, lines, floors, coverage, couples, cut-offs, checker.
Does not belong here: deciding anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.placement import explain, tables
from planning.placement.couples import Couple, CouplesRun
from planning.placement.explanations import Cell, as_table, explanation_rows, shown_score
from planning.placement.feasibility import LoweredFloor, coverage_bound
from planning.placement.instance import LISTED, TAIL, Instance, Tables
from planning.placement.kinds import Kinds
from planning.placement.market import Floats, Ints
from planning.placement.quotas import Scope
from planning.placement.standing import STANDING
from planning.placement.verify import Findings

FLOOR_COLUMNS = (
    "scope",
    "floor",
    "certified_floor",
    "cap",
    "got",
    "cut",
    "cut_floors",
    "cut_needed",
    "cut_graduates",
    "cut_seats",
)
SOURCE_NAMES = {LISTED: "list", -1: "joint list", TAIL: "tail", STANDING: "standing"}


@dataclass(frozen=True)
class Match:
    """What the engine and the checker found."""

    placed: CouplesRun
    couples: Sequence[Couple]
    scopes: tuple[Scope, ...]
    lowered: Sequence[LoweredFloor]
    findings: Findings
    are_floors_promised: bool
    groups: Kinds


@dataclass(frozen=True)
class Outcome:
    """Result tables by name, the checker's report, the printed figures, and the arrays behind."""

    tables: Mapping[str, Mapping[str, list[Cell]]]
    checker: Mapping[str, Any]
    summary: Mapping[str, Any]
    instance: Instance
    match: Match


def lay_out_results(given: Tables, instance: Instance, match: Match) -> Outcome:
    """All result tables of a run."""
    held = match.placed.held
    cut = explain.cut_offs(instance.market, held)
    public = explain.cut_offs(instance.market, held, instance.given_score)
    results = {
        "placements": _placements(instance, held),
        "explanations": explanation_rows(instance, match.placed, match.findings, cut),
        "lines": _lines(instance, held, public),
        "floors": _floors(match),
        "coverage": _coverage(given, instance, match),
        "couples": _couples(instance, match),
        "cut_offs": _public_cut_offs(instance, public),
    }
    counts = dict(match.findings.counts)
    unmet = counts.pop("under_certified_floor")
    # A floor is promised on completed lists among graduates who may all serve there: nobody is sent where
    # no list goes. Elsewhere a floor not reached is a result to show, not a breach.
    is_clean = not any(counts.values()) and not (unmet and match.are_floors_promised)
    checker = {
        "is_clean": is_clean,
        **counts,
        "floors_below_certificate": unmet,
        "are_floors_promised": match.are_floors_promised,
        "floors_lowered": [
            {"scope": f.scope, "floor": f.floor, "lowered_to": f.lowered_to, "cut": f.cut}
            for f in match.lowered
        ],
        "coded_waste": _tally(match.findings.waste_code),
    }
    return Outcome(results, checker, _summary(instance, match, results), instance, match)


def _placements(instance: Instance, held: Ints) -> dict[str, list[Cell]]:
    """One row per graduate: line and own rank, None where unplaced."""
    rows: list[tuple[Cell, ...]] = []
    for graduate, contract in enumerate(held.tolist()):
        name = instance.graduates.ids[graduate]
        if contract < 0:
            rows.append((name, None, None, None, None))
            continue
        source = "override" if instance.pinned[graduate] else SOURCE_NAMES[int(instance.source[contract])]
        rank = int(instance.rank[contract]) if instance.source[contract] != STANDING else None
        line = instance.lines.ids[instance.market.line[contract]]
        rows.append((name, line, rank, source, shown_score(instance, float(instance.given_score[contract]))))
    return as_table(["graduate_id", "line_id", "rank", "source", "score"], sorted(rows))


def _lines(instance: Instance, held: Ints, cut: explain.CutOffs) -> dict[str, list[Cell]]:
    """One row per line: seats, filled, cut-off, waiting."""
    waiting = explain.waiting(instance.market, held)
    return as_table(
        ["line_id", "capacity", "filled", "cut_off_score", "waiting"],
        [
            (
                name,
                int(instance.market.capacity[at]),
                int(cut.filled[at]),
                shown_score(instance, float(cut.score[at])),
                int(waiting[at]),
            )
            for at, name in enumerate(instance.lines.ids)
        ],
    )


def _public_cut_offs(instance: Instance, cut: explain.CutOffs) -> dict[str, list[Cell]]:
    """The anonymous table: full lines and what their last seat took; nobody's draw is shown."""
    full = np.flatnonzero(np.isfinite(cut.score)).tolist()
    return as_table(
        ["line_id", "capacity", "cut_off_score"],
        [
            (
                instance.lines.ids[at],
                int(instance.market.capacity[at]),
                shown_score(instance, float(cut.score[at])),
            )
            for at in full
        ],
    )


def _floors(match: Match) -> dict[str, list[Cell]]:
    """One row per quota: floor as published and as certified, cap, got, and the cut if lowered."""
    published = {f.scope: f for f in match.lowered}
    rows = []
    for scope in match.scopes:
        lowered = published.get(scope.name)
        rows.append(
            (
                scope.name,
                lowered.floor if lowered else scope.floor,
                scope.floor,
                scope.cap,
                match.findings.floor_got.get(scope.name, 0),
                lowered.cut if lowered else "",
                "; ".join(lowered.floors) if lowered else "",
                *((lowered.needed, lowered.graduates, lowered.seats) if lowered else (None, None, None)),
            )
        )
    return as_table(FLOOR_COLUMNS, rows)


def _coverage(given: Tables, instance: Instance, match: Match) -> dict[str, list[Cell]]:
    """Deficit covered against the most that any placement could cover; empty without deficits."""
    columns = ["got", "bound", "ratio"]
    if "deficit_share" not in given.lines:
        return as_table(columns, [])
    weight = deficit_weight(given, instance)
    held = match.placed.held[match.placed.held >= 0]
    got = float(weight[instance.market.line[held]].sum())
    bound = coverage_bound(instance.market, match.scopes, weight, instance.fixed, groups=match.groups).bound
    return as_table(columns, [(got, bound, got / bound if bound else None)])


def deficit_weight(given: Tables, instance: Instance) -> Floats:
    """(l,) deficit that one filled seat covers; 1 where lines carry none."""
    if "deficit_share" not in given.lines:
        return np.ones(len(instance.lines.ids))
    return tables.decimals(given.lines["deficit_share"], "lines", "deficit_share")[instance.lines.row]


def _couples(instance: Instance, match: Match) -> dict[str, list[Cell]]:
    """One row per couple: the entry that stood at the end and what came of it."""
    rows = []
    for couple, step in zip(match.couples, match.placed.step.tolist(), strict=True):
        is_together = step < len(couple.steps)
        seats = [int(match.placed.held[member]) for member in couple.members]
        names = [instance.lines.ids[instance.market.line[seat]] if seat >= 0 else None for seat in seats]
        reached = couple.steps[step] if is_together else None
        entry, label = (reached.entry, reached.label) if reached else (None, None)
        rows.append((couple.couple_id, entry, label, is_together, *names))
    return as_table(["couple_id", "entry", "entry_name", "is_together", "line_id_1", "line_id_2"], rows)


def _tally(codes: Sequence[str]) -> dict[str, int]:
    """Number of each code, by code."""
    return {code: codes.count(code) for code in sorted(set(codes))}


def _summary(
    instance: Instance, match: Match, results: Mapping[str, Mapping[str, list[Cell]]]
) -> dict[str, Any]:
    """The few figures that are printed."""
    held = match.placed.held
    position = instance.market.position(held)
    placed = int((held >= 0).sum())
    codes = [
        c
        for c, line in zip(
            results["explanations"]["reason_code"], results["explanations"]["line_id"], strict=True
        )
        if line is not None
    ]
    return {
        "graduates_count": instance.market.graduates_count,
        "lines_count": instance.market.lines_count,
        "seats_count": int(instance.market.capacity.sum()),
        "placed_count": placed,
        "unplaced_count": instance.market.graduates_count - placed,
        "first_choice_count": int((position == 0).sum()),
        "mean_rank": float(position[held >= 0].mean() + 1) if placed else None,
        "runs_count": match.placed.runs_count,
        "refused_options": _tally(codes),
    }
