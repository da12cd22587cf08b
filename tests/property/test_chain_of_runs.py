"""Random decisions on random campaigns; and graduates who join the rounds late."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from planning.placement.chain import Campaign, run_chain
from planning.placement.market import Market
from planning.placement.matching import Rounds, graduate_proposing
from planning.placement.quotas import Scope, grow
from planning.placement.rerun import run_diff

pytestmark = pytest.mark.property


def campaign(draw, graduates=20, lines=8):
    wishes = [
        (f"g{g:02}", f"l{line}", rank, float(draw.integers(0, 5)), False)
        for g in range(graduates)
        for rank, line in enumerate(draw.permutation(lines)[: draw.integers(1, lines)], 1)
    ]
    seats = draw.integers(0, 4, lines)
    region = np.array(["R1", "R2"])[np.arange(lines) % 2]
    return Campaign(
        pd.DataFrame({"graduate_id": [f"g{g:02}" for g in range(graduates)]}),
        pd.DataFrame({"line_id": [f"l{i}" for i in range(lines)], "capacity": seats, "region_code": region}),
        pd.DataFrame(wishes, columns=["graduate_id", "line_id", "rank", "line_score", "is_from_tail"]),
        pd.DataFrame({"scope_column": ["region_code"], "scope_value": ["R1"], "floor": [2], "cap": [6]}),
        pd.DataFrame(columns=["couple_id", "graduate_id"]),
        pd.DataFrame(columns=["graduate_id", "line_id"]),
    )


@pytest.mark.parametrize("seed", range(30))
def test_after_any_decisions_nobody_undecided_is_worse_and_what_stands_stands(seed):
    draw = np.random.default_rng(seed)
    given = campaign(draw)
    kinds = ["confirmed", "overridden", "refused_by_graduate", "refused_by_employer", "objection"]
    rows = [
        (
            f"g{draw.integers(0, 20):02}",
            draw.choice([None, *given.lines["line_id"]]),
            draw.choice(kinds),
            f"2026-06-{draw.integers(1, 4):02} {draw.integers(0, 24):02}:{at:02}",
            "order",
            "commission",
        )
        for at in range(12)
    ]
    columns = ["graduate_id", "line_id", "decision", "decided_at", "reason_code", "decided_by"]
    found = run_chain(given, pd.DataFrame(rows, columns=columns), seed=seed, as_of=date(2026, 6, 30))
    assert found.last.checker["is_clean"], found.last.checker
    table = found.last.tables["placements"]
    now = dict(zip(table["graduate_id"], table["line_id"], strict=True))
    effects = found.effects
    left = set(effects.loc[effects["effect_code"] == "LEFT", "graduate_id"])
    assert not left & set(now)
    for row in effects[effects["effect_code"] == "PINNED"].itertuples():
        assert now[row.graduate_id] is not None
        assert pd.isna(row.line_id) or now[row.graduate_id] == row.line_id
    for row in effects[effects["effect_code"] == "BARRED"].itertuples():
        others = effects[(effects["graduate_id"] == row.graduate_id) & (effects["effect_code"] == "PINNED")]
        assert len(others) or row.line_id is None or now.get(row.graduate_id) != row.line_id
    assert (effects["effect_code"] != "").all()
    moved = run_diff(found.before, pd.DataFrame(table))
    decided = set(effects.loc[~effects["effect_code"].isin(["HELD", "ANSWERED"]), "graduate_id"])
    undecided = moved[~moved["graduate_id"].isin(decided)]
    assert not undecided["change"].isin(["lost", "worse", "left"]).any()


@pytest.mark.parametrize("has_quotas", [False, True])
@pytest.mark.parametrize("seed", range(150))
def test_who_joins_late_gets_what_joining_at_once_would_have_brought(seed, has_quotas):
    draw = np.random.default_rng(seed)
    n, k = 9, 5
    line = np.concatenate([draw.permutation(k) for _ in range(n)]).astype(np.int64)
    score = draw.integers(0, 4, n * k).astype(float)
    market = Market(np.arange(0, n * k + 1, k), line, score, draw.integers(0, 3, k))
    scopes = [Scope("a", np.array([0, 1]), 1, 3), Scope("b", np.array([0]), 0, 1)]
    tree = grow(scopes, market) if has_quotas else None
    rounds = Rounds(market, tree)
    order = draw.permutation(n)
    rounds.propose(np.sort(order[:5]))
    later = rounds.copy()
    later.propose(np.sort(order[5:]))
    assert later.held.tolist() == graduate_proposing(market, tree).tolist()
    assert (rounds.held[order[5:]] == -1).all(), "a copy leaves the first rounds as they stood"
