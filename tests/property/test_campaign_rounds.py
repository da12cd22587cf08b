"""Re-runs, couples, swaps, the frontier and the years ahead, on small random campaigns."""

import itertools
from datetime import date

import numpy as np
import pandas as pd
import pytest

from planning.placement.campaign import run_campaign
from planning.placement.decisions import next_run
from planning.placement.eligibility import Eligibility
from planning.placement.frontier import floor_prices, frontier
from planning.placement.letters import LANGUAGES, letter
from planning.placement.market import Market
from planning.placement.matching import graduate_proposing
from planning.placement.policy import floor_table
from planning.placement.priority import Points
from planning.placement.rerun import rerun_inputs, run_diff
from planning.placement.simulation import Place, simulate
from planning.placement.swaps import swap_cycles

pytestmark = pytest.mark.property


def campaign(seed, graduates=30, lines=12):
    """Specialties, regions, rural lines, home regions, some exempt; lists of own specialty."""
    draw = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "graduate_id": [f"g{i:02}" for i in range(graduates)],
            "specialty_code": draw.choice(["gp", "surgery"], graduates),
            "home_region_code": draw.choice(["R1", "R2"], graduates),
            "merit_score": draw.integers(50, 100, graduates),
            "status": draw.choice(["active", "exempt", "deferred"], graduates, p=[0.8, 0.1, 0.1]),
            "basis": draw.choice(["state_grant", "rural_quota", "local_grant"], graduates),
            "paying_region_code": "R1",
            "spouse_locality": draw.choice([None, "R1-0"], graduates, p=[0.9, 0.1]),
        }
    )
    region = np.array(["R1", "R2"])[np.arange(lines) % 2]
    seats = pd.DataFrame(
        {
            "line_id": [f"l{i:02}" for i in range(lines)],
            "capacity": draw.integers(0, 5, lines),
            "specialty_code": np.where(np.arange(lines) % 4 < 2, "gp", "surgery"),
            "region_code": region,
            "locality_id": [f"{r}-{i % 3}" for i, r in enumerate(region)],
            "is_rural": draw.random(lines) < 0.6,
            "is_funded": draw.random(lines) < 0.9,
            "deficit_share": draw.random(lines).round(3),
        }
    )
    lists = pd.DataFrame(
        [
            (g, line, rank)
            for g in people["graduate_id"]
            for rank, line in enumerate(draw.permutation(seats["line_id"])[: draw.integers(0, 7)], 1)
        ],
        columns=["graduate_id", "line_id", "rank"],
    )
    quotas = pd.DataFrame(
        {
            "scope_column": ["region_code", "region_code|specialty_code"],
            "scope_value": ["R1", "R1|gp"],
            "floor": [4, 2],
            "cap": [12, None],
        }
    )
    return people, seats, lists, quotas


def run(people, seats, lists, quotas, **more):
    rules = {
        "eligibility": Eligibility(people, seats, on=date(2026, 6, 1)),
        "points": Points(people, seats),
        "is_completed": True,
        "seed": "2026",
        **more,
    }
    return run_campaign(people, seats, lists, quotas=quotas, **rules)


@pytest.mark.parametrize("seed", range(25))
def test_a_campaign_breaks_no_rule_of_the_law_and_clears_the_checker(seed):
    people, seats, lists, quotas = campaign(seed)
    result = run(people, seats, lists, quotas)
    assert result.is_publishable, result.checker
    got = result.placements.dropna(subset=["line_id"]).merge(people, on="graduate_id")
    got = got.merge(seats, on="line_id", suffixes=("", "_line"))
    assert (got["status"] == "active").all()
    assert (got["specialty_code"] == got["specialty_code_line"]).all()
    assert got.loc[got["basis"] == "rural_quota", "is_rural"].all()
    assert (got.loc[got["basis"] == "local_grant", "region_code"] == "R1").all()
    assert (got.loc[got["spouse_locality"].notna(), "locality_id"] == "R1-0").all()
    assert got["is_funded"].all()


@pytest.mark.parametrize("seed", range(25))
def test_every_listed_option_above_the_result_has_exactly_one_reason(seed):
    people, seats, lists, quotas = campaign(seed)
    result = run(people, seats, lists, quotas)
    told = result.explanations.dropna(subset=["line_id"])
    got = lists.merge(result.placements, on="graduate_id", suffixes=("", "_got"))
    from_list = got["source"] == "list"
    above = got[(got["rank"] < got["rank_got"]).fillna(True) | ~from_list]
    assert set(zip(told["graduate_id"], told["line_id"], strict=True)) == set(
        zip(above["graduate_id"], above["line_id"], strict=True)
    )
    assert not told.duplicated(["graduate_id", "line_id"]).any()
    unplaced = set(result.placements.loc[result.placements["line_id"].isna(), "graduate_id"])
    without_line = result.explanations.loc[result.explanations["line_id"].isna(), "graduate_id"]
    assert set(without_line) == unplaced


@pytest.mark.parametrize("seed", range(40))
def test_nobody_who_stays_is_worse_after_refusals(seed):
    people, seats, lists, quotas = campaign(seed)
    rules = Eligibility(people, seats, on=date(2026, 6, 1))
    first = run(people, seats, lists, quotas, eligibility=rules)
    placed = first.placements.dropna(subset=["line_id"])
    draw = np.random.default_rng(seed)
    refusing = placed.sample(max(1, len(placed) // 4), random_state=seed)
    decisions = pd.DataFrame(
        {
            "graduate_id": refusing["graduate_id"],
            "line_id": refusing["line_id"],
            "decision": draw.choice(["refused_by_graduate", "refused_by_employer"], len(refusing)),
            "reason_code": "X",
            "decided_by": "commission",
            "decided_at": "2026-06-10",
        }
    )
    decided = next_run(first.placements, decisions, as_of=date(2026, 6, 11))
    again = rerun_inputs(people, seats, lists, decided, rules)
    second = run(
        again.graduates,
        seats,
        again.preferences,
        quotas,
        eligibility=again.eligibility,
        points=Points(again.graduates, seats),
        held=again.held,
        overrides=again.overrides,
    )
    diff = run_diff(first.placements, second.placements, second.explanations)
    stayed = diff[diff["graduate_id"].isin(decided.held["graduate_id"])]
    assert not stayed["change"].isin(["lost", "worse"]).any()
    moved = stayed[stayed["change"] == "moved"]
    wished = lists.set_index(["graduate_id", "line_id"])["rank"]
    for row in moved.itertuples():
        assert (row.graduate_id, row.line_id_after) in wished.index
    barred = set(zip(decided.barred["graduate_id"], decided.barred["line_id"], strict=True))
    now = set(zip(second.placements["graduate_id"], second.placements["line_id"], strict=True))
    assert not barred & now
    assert set(diff.loc[diff["change"] == "left", "graduate_id"]) == set(decided.refused["graduate_id"])


@pytest.mark.parametrize("seed", range(25))
def test_overrides_survive_re_runs_and_count_to_floors(seed):
    people, seats, lists, quotas = campaign(seed)
    open_line = seats.loc[(seats["capacity"] > 0) & seats["is_funded"], "line_id"].iloc[0]
    pin = pd.DataFrame({"graduate_id": ["g00"], "line_id": [open_line]})
    for _ in range(2):
        result = run(people, seats, lists, quotas, overrides=pin)
        row = result.placements.set_index("graduate_id").loc["g00"]
        assert (row["line_id"], row["source"]) == (open_line, "override")


@pytest.mark.parametrize("seed", range(30))
def test_couples_end_together_or_alone_and_singles_have_no_justified_envy(seed):
    people, seats, lists, _ = campaign(seed)
    people = people.assign(status="active", basis="state_grant", spouse_locality=None)
    couples = pd.DataFrame({"couple_id": ["a", "a", "b", "b"], "graduate_id": ["g01", "g02", "g03", "g04"]})
    result = run(people, seats, lists, None, couples=couples)
    assert result.is_publishable, result.checker
    locality = seats.set_index("line_id")["locality_id"]
    for row in result.couple_results.itertuples():
        if row.is_together:
            assert locality[row.line_id_1] == locality[row.line_id_2] == row.entry_name


@pytest.mark.parametrize("seed", range(60))
def test_swap_cycles_are_all_that_brute_force_finds(seed):
    draw = np.random.default_rng(seed)
    n, k = 7, 4
    line = np.concatenate([draw.permutation(k) for _ in range(n)])
    market = Market(np.arange(0, n * k + 1, k), line, draw.random(n * k), draw.integers(1, 3, k))
    held = graduate_proposing(market)
    found = swap_cycles(market, held, most=10**6)

    def wants(graduate, other):
        span = market.line[market.first[graduate] : max(held[graduate], 0)]
        return held[graduate] >= 0 and held[other] >= 0 and market.line[held[other]] in span

    expected = set()
    for size in range(2, 6):
        for people in itertools.permutations(range(n), size):
            lines = {int(market.line[held[g]]) for g in people}
            if (
                people[0] == min(people)
                and len(lines) == size
                and all(wants(a, b) for a, b in zip(people, people[1:] + people[:1], strict=True))
            ):
                expected.add(people)
    assert set(found) == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize("seed", range(6))
def test_the_frontier_starts_free_reaches_its_floors_and_prices_each(seed):
    people, seats, lists, quotas = campaign(seed, graduates=60, lines=16)
    people = people.assign(status="active", basis="state_grant", spouse_locality=None)
    outcome = run(people, seats, lists, quotas).outcome
    market, scopes = outcome.instance.market, outcome.instance.scopes
    order = [outcome.instance.lines.row[i] for i in range(market.lines_count)]
    deficit = seats["deficit_share"].to_numpy()[order]
    curve = frontier(market, scopes, deficit, shares=(0.0, 0.5, 1.0))
    assert curve["is_present"].tolist() == [False, False, False, True]
    free, _, full, _ = curve["floor_seats"]
    assert free == 0
    assert full >= curve["floor_seats"].iloc[1]
    assert curve["coverage_share"].between(0, 1 + 1e-9).all()
    prices = floor_prices(market, scopes, deficit, 1.0)
    assert prices["floor"].tolist() == [s.floor for s in scopes if s.floor]


def test_a_campaign_without_quotas_has_floors_and_prices_of_none():
    people, seats, lists, quotas = campaign(1, graduates=30, lines=8)
    outcome = run(people, seats, lists, quotas.iloc[:0]).outcome
    order = [outcome.instance.lines.row[i] for i in range(outcome.instance.market.lines_count)]
    table = floor_table(outcome, seats["deficit_share"].to_numpy()[order])
    assert table.empty
    assert {"scope", "bound_count", "price_mean_rank"} <= set(table.columns)


def test_the_years_ahead_conserve_people_and_repeat_with_their_seed():
    people, seats, lists, quotas = campaign(3, graduates=60, lines=16)
    outcome = run(people, seats, lists, quotas).outcome
    instance = outcome.instance
    row = instance.lines.row
    place = Place(
        need=np.full(16, 8),
        is_rural=seats["is_rural"].to_numpy()[row],
        region=(seats["region_code"] == "R2").to_numpy(dtype=int)[row],
    )
    home = (people["home_region_code"] == "R2").to_numpy(dtype=int)[instance.graduates.row]
    rules = {"no floors": (), "floors": outcome.instance.scopes}
    one = simulate(instance.market, place, home, rules, years=5, seed=4)
    pd.testing.assert_frame_equal(one, simulate(instance.market, place, home, rules, years=5, seed=4))
    assert len(one) == 10
    for _, years in one.groupby("rule"):
        stock = years["in_service_count"] + years["stayed_after_count"]
        flow = years["placed_count"] - years["refused_count"] - years["left_count"]
        assert stock.diff().fillna(stock.iloc[0]).tolist() == flow.tolist()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_has_a_sentence_for_every_reason_met(language):
    people, seats, lists, quotas = campaign(7)
    result = run(people, seats, lists, quotas)
    for row in result.placements.to_dict("records"):
        page = letter(row["graduate_id"], row, result.explanations, campaign="2026", language=language)
        assert "{" not in page
        assert row["graduate_id"] in page
        options = result.explanations.query("graduate_id == @row['graduate_id'] and line_id == line_id")
        assert all(line in page for line in options["line_id"])


def test_all_exempt_is_a_defined_result():
    people, seats, lists, quotas = campaign(1)
    result = run(people.assign(status="exempt"), seats, lists, quotas)
    assert result.placements["line_id"].isna().all()
    assert set(result.explanations["detail"].dropna()) <= {"EXEMPT", ""}
    assert result.is_publishable
