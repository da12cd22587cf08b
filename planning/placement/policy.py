"""What other rules would have done to a campaign: tables for those who set floors, caps and points.

Belongs here: one finished campaign looked at under other rules. Does not belong here: the parts, which have
files of their own (`frontier.py`, `simulation.py`, `swaps.py`, `rerun.py`).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planning.placement.chain import Campaign, run_chain
from planning.placement.decisions import DECISIONS
from planning.placement.feasibility import coverage_bound
from planning.placement.frontier import floor_prices, frontier
from planning.placement.market import Floats, Ints, Market
from planning.placement.quotas import Scope, with_floors
from planning.placement.rerun import run_diff
from planning.placement.results import Outcome
from planning.placement.simulation import Behaviour, Place, simulate
from planning.placement.swaps import swap_cycles

SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
MOST_CYCLES = 200
MOST_STEPS = 400_000
# The years ahead draw 3,600 graduates 15 times; the first 60 lines of a list settle all but a few of them.
LISTED_AHEAD = 60


def frontier_table(outcome: Outcome, deficit: Floats) -> pd.DataFrame:
    """The policy frontier of the campaign, see `frontier`."""
    instance, match = outcome.instance, outcome.match
    return frontier(
        instance.market,
        match.scopes,
        deficit,
        fixed=instance.fixed,
        groups=match.groups,
        shares=SHARES,
    )


def floor_table(outcome: Outcome, deficit: Floats) -> pd.DataFrame:
    """One row per quota: the most it could receive in any placement, and what its floor costs.

    Returns:
        scope, bound_count, price_first_choice_share, price_mean_rank, gain_coverage_share; the last three
        are null where there is no floor.
    """
    instance, match = outcome.instance, outcome.match
    market = instance.market

    def most(weight: Floats) -> float:
        return coverage_bound(market, match.scopes, weight, instance.fixed, groups=match.groups).bound

    bounds = []
    for scope in match.scopes:
        inside = np.zeros(market.lines_count)
        inside[scope.lines] = 1.0
        bounds.append(round(most(inside)))
    # As text also where there is no quota at all: an empty column has no type of its own to join by.
    named = pd.DataFrame({"scope": [s.name for s in match.scopes], "bound_count": bounds})
    named = named.astype({"scope": "str"})
    prices = floor_prices(market, match.scopes, deficit, most(deficit)).drop(columns="floor")
    return named.merge(prices, on="scope", how="left")


def swap_table(outcome: Outcome) -> pd.DataFrame:
    """Trades that would give each of two to five graduates a line that the own list puts higher.

    Only lines of the filed lists count as better, and nobody whose place a person decided takes part.

    Returns:
        cycle_number, cycle_size, place_in_cycle, graduate_id, line_id_from, line_id_to.
    """
    instance, held = outcome.instance, outcome.match.placed.held
    is_own = (instance.source == 0) & outcome.match.placed.is_open
    is_own[held[held >= 0]] = True
    listed, number = instance.market.only(is_own)
    renumbered = np.full(len(is_own) + 1, -1)
    renumbered[number] = np.arange(len(number))
    in_couples = [member for couple in outcome.match.couples for member in couple.members]
    may = ~instance.pinned & (held >= 0)
    may[in_couples] = False
    cycles = swap_cycles(
        listed, renumbered[held], can_move=np.flatnonzero(may), most=MOST_CYCLES, most_steps=MOST_STEPS
    )
    names, lines = instance.graduates.ids, instance.lines.ids
    rows = []
    for at, cycle in enumerate(cycles, 1):
        for place, (graduate, following) in enumerate(zip(cycle, (*cycle[1:], cycle[0]), strict=True), 1):
            seats = [lines[instance.market.line[held[g]]] for g in (graduate, following)]
            rows.append((at, len(cycle), place, names[graduate], *seats))
    columns = ["cycle_number", "cycle_size", "place_in_cycle", "graduate_id", "line_id_from", "line_id_to"]
    return pd.DataFrame(rows, columns=columns)


def years_table(
    outcome: Outcome,
    rules: Mapping[str, tuple[Scope, ...]],
    place: Place,
    home: Ints,
    *,
    deficit: Floats,
    behaviour: Behaviour,
    years: int = 5,
    seed: int = 0,
) -> pd.DataFrame:
    """Each rule by what it does in five years, beside floors at half of the coverage optimum.

    See `simulate` for the columns; lists are cut after `LISTED_AHEAD` lines.
    """
    instance, match = outcome.instance, outcome.match
    market = instance.market
    best = coverage_bound(market, match.scopes, deficit, instance.fixed, groups=match.groups)
    half = [int(best.filled[scope.lines].sum()) // 2 for scope in match.scopes]
    asked = {**rules, "floors_at_half_of_the_optimum": with_floors(match.scopes, half)}
    return simulate(_cut(market), place, home, asked, years=years, behaviour=behaviour, seed=seed)


def _cut(market: Market) -> Market:
    """Lists cut after the first lines."""
    short, _ = market.only(market.position(np.arange(len(market.line))) < LISTED_AHEAD)
    return short


def policy_tables(
    present: Campaign, last_year: Campaign, *, seed: int | str, behaviour: Mapping[str, float]
) -> dict[str, pd.DataFrame]:
    """Frontier, floors, years ahead, and who would stand elsewhere under last year's rules.

    Both campaigns are run without any decision, so that only the rules differ.

    Args:
        present: the campaign under its own rules.
        last_year: the same people, lines and lists under last year's points and quotas.
        seed: of the lottery.
        behaviour: fields of `Behaviour` that are known; the others keep their defaults.
    """
    nobody = pd.DataFrame({name: [] for name in DECISIONS.columns})
    day = pd.Timestamp.max.date()
    outcome = run_chain(present, nobody, seed=seed, as_of=day).first
    before = run_chain(last_year, nobody, seed=seed, as_of=day).first
    instance = outcome.instance
    line_rows, people = instance.lines.row, instance.graduates.row
    deficit = present.lines["deficit_share"].to_numpy(dtype=float)[line_rows]
    regions = {code: at for at, code in enumerate(sorted(present.lines["region_code"].dropna().unique()))}
    place = Place(
        need=instance.market.capacity,
        is_rural=present.lines["is_rural"].to_numpy(dtype=bool)[line_rows],
        region=present.lines["region_code"].map(regions).to_numpy(dtype=np.int64)[line_rows],
    )
    home = present.graduates["home_region_code"].map(regions).fillna(-1).to_numpy(dtype=np.int64)[people]
    rules = {"present": outcome.match.scopes, "last_year": before.match.scopes, "no_floors_or_caps": ()}
    told, shown = (pd.DataFrame(o.tables["placements"]) for o in (before, outcome))
    years = years_table(outcome, rules, place, home, deficit=deficit, behaviour=Behaviour(**behaviour))
    return {
        "frontier": frontier_table(outcome, deficit),
        "floor_prices": floor_table(outcome, deficit),
        "years_ahead": years,
        "rules_diff": run_diff(told, shown, pd.DataFrame(outcome.tables["explanations"])),
    }
