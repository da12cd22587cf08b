"""The policy frontier: deficit covered against wishes met, as floors rise; and the price of each floor.

Belongs here: running the same campaign under other floors. Does not belong here: choosing among them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from planning.placement.feasibility import coverage_bound
from planning.placement.kinds import Kinds
from planning.placement.market import Floats, Ints, Market
from planning.placement.matching import graduate_proposing
from planning.placement.quotas import Scope, grow, with_floors

SHARES = tuple(round(0.1 * step, 1) for step in range(11))


def frontier(
    market: Market,
    scopes: Sequence[Scope],
    deficit: Floats,
    *,
    fixed: Ints | None = None,
    groups: Kinds | None = None,
    shares: Sequence[float] = SHARES,
) -> pd.DataFrame:
    """One row per share of the coverage optimum that the floors ask for, and the present choice.

    The floor of each scope is the share times what the coverage-greatest placement puts there, so all floors
    can be met together. Members of couples apply alone here, in every row alike.

    Args:
        market: the campaign, lists completed.
        scopes: quotas with the floors certified for the run; their caps stay as they are.
        deficit: (l,) deficit that one filled seat covers.
        fixed: (n,) contracts that stand, or -1.
        groups: the market's kinds where they are at hand.
        shares: floors as shares of the optimum, 0–1.

    Returns:
        floor_share (null for the present floors), floor_seats, coverage_share (of the bound),
        first_choice_share, mean_rank, unplaced_count, is_present.
    """
    best = coverage_bound(market, scopes, deficit, fixed, groups=groups)
    optimum = np.array([int(best.filled[scope.lines].sum()) for scope in scopes], dtype=np.int64)
    rows: list[dict[str, Any]] = []
    for share in shares:
        floors = np.floor(share * optimum).astype(int).tolist()
        row = _outcome(market, with_floors(scopes, floors), deficit, best.bound)
        rows.append({"floor_share": share, **row, "is_present": False})
    present = _outcome(market, scopes, deficit, best.bound)
    rows.append({"floor_share": np.nan, **present, "is_present": True})
    return pd.DataFrame(rows)


def floor_prices(market: Market, scopes: Sequence[Scope], deficit: Floats, bound: float) -> pd.DataFrame:
    """What each floor costs: the same campaign without it, beside the campaign with it.

    Args:
        market: the campaign, lists completed.
        scopes: quotas with the floors certified for the run.
        deficit: (l,) deficit that one filled seat covers.
        bound: the most deficit that any placement can cover.

    Returns:
        scope, floor, price_first_choice_share (lost by the floor), price_mean_rank (added by it),
        gain_coverage_share (of the bound, won by it). Scopes without a floor have no row.
    """
    present = _outcome(market, scopes, deficit, bound)
    rows = []
    for at, scope in enumerate(scopes):
        if not scope.floor:
            continue
        floors = [0 if i == at else s.floor for i, s in enumerate(scopes)]
        without = _outcome(market, with_floors(scopes, floors), deficit, bound)
        rows.append(
            {
                "scope": scope.name,
                "floor": scope.floor,
                "price_first_choice_share": without["first_choice_share"] - present["first_choice_share"],
                "price_mean_rank": present["mean_rank"] - without["mean_rank"],
                "gain_coverage_share": present["coverage_share"] - without["coverage_share"],
            }
        )
    columns = ["scope", "floor", "price_first_choice_share", "price_mean_rank", "gain_coverage_share"]
    return pd.DataFrame(rows, columns=columns).astype({"scope": "str"})


def _outcome(market: Market, scopes: Sequence[Scope], deficit: Floats, bound: float) -> dict[str, float]:
    """Headline figures of one run."""
    held = graduate_proposing(market, grow(scopes, market))
    position = market.position(held)
    is_placed = held >= 0
    covered = float(deficit[market.line[held[is_placed]]].sum())
    everyone = max(market.graduates_count, 1)
    return {
        "floor_seats": sum(scope.floor for scope in scopes),
        "coverage_share": covered / bound if bound else np.nan,
        "first_choice_share": float((position == 0).sum()) / everyone,
        "mean_rank": float(position[is_placed].mean() + 1) if is_placed.any() else np.nan,
        "unplaced_count": int((~is_placed).sum()),
    }
