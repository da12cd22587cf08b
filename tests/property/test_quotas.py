"""Deferred acceptance under nested caps and floors against a textbook PLDA-RQ, and its promises."""

import itertools

import numpy as np
import pytest

from planning.placement.feasibility import certify
from planning.placement.market import Market
from planning.placement.matching import graduate_proposing
from planning.placement.quotas import Scope, grow, with_floors
from planning.placement.verify import Lists, Rule, verify

pytestmark = pytest.mark.property


def scopes_for(draw):
    """Two districts inside a region, and a region apart: six lines."""
    return [
        Scope("region 1", np.arange(4), int(draw.integers(0, 4)), int(draw.integers(4, 8))),
        Scope("district a", np.array([0, 1]), int(draw.integers(0, 3)), int(draw.integers(2, 5))),
        Scope("district b", np.array([2]), int(draw.integers(0, 2)), None),
        Scope("region 2", np.array([4, 5]), int(draw.integers(0, 3)), int(draw.integers(3, 6))),
    ]


def market_for(seed, is_complete):
    draw = np.random.default_rng(seed)
    n, k = int(draw.integers(1, 8)), 6
    lengths = np.full(n, k) if is_complete else draw.integers(0, k + 1, n)
    line = np.concatenate([draw.permutation(k)[:length] for length in lengths]).astype(np.int64)
    first = np.concatenate(([0], np.cumsum(lengths)))
    capacity = draw.integers(1, 4, k)
    return Market(first, line, draw.integers(0, 4, len(line)).astype(float), capacity), scopes_for(draw)


def needed(at, scopes, parent, lines):
    """Places that a scope needs for these lines' people and the floors still open inside it."""
    inner = [i for i in range(len(scopes)) if parent[i] == at]
    covered = set().union(*(set(scopes[i].lines.tolist()) for i in inner))
    own = set(scopes[at].lines.tolist()) - covered
    direct = sum(line in own for line in lines)
    return max(scopes[at].floor, direct + sum(needed(i, scopes, parent, lines) for i in inner))


def textbook(market, tree):
    """PLDA-RQ as published: one contract at a time in published order, kept while it is feasible."""
    people = [
        len({int(g) for g, at in zip(market.graduate, market.line, strict=True) if at in scope.lines})
        for scope in tree.scopes
    ]
    caps = [
        min(p, int(market.capacity[s.lines].sum()), p if s.cap is None else s.cap)
        for p, s in zip(people, tree.scopes, strict=True)
    ]

    def is_feasible(contracts):
        lines = market.line[contracts].tolist()
        if any(lines.count(at) > market.capacity[at] for at in set(lines)):
            return False
        return all(needed(at, tree.scopes, tree.parent, lines) <= caps[at] for at in range(len(caps)))

    n = market.graduates_count
    held, following = [-1] * n, market.first[:-1].tolist()
    while True:
        offers = []
        for graduate in range(n):
            if held[graduate] < 0 and following[graduate] < market.first[graduate + 1]:
                offers.append(following[graduate])
                following[graduate] += 1
        if not offers:
            return held
        kept = []
        for contract in sorted(offers + [h for h in held if h >= 0], key=lambda c: (-market.score[c], c)):
            if is_feasible([*kept, contract]):
                kept.append(contract)
        held = [-1] * n
        for contract in kept:
            held[market.graduate[contract]] = contract


def run(market, scopes):
    floors, lowered = certify(market, scopes)
    tree = grow(with_floors(scopes, floors.tolist()), market)
    return tree, graduate_proposing(market, tree), lowered


@pytest.mark.parametrize("is_complete", [True, False])
@pytest.mark.parametrize("seed", range(250))
def test_the_vectorised_choice_equals_the_textbook_one(seed, is_complete):
    market, scopes = market_for(seed, is_complete)
    tree, held, _ = run(market, scopes)
    assert held.tolist() == textbook(market, tree)


@pytest.mark.parametrize("seed", range(250))
def test_floors_are_met_on_completed_lists_whenever_any_placement_meets_them(seed):
    market, scopes = market_for(seed, is_complete=True)
    floors, lowered = certify(market, scopes)
    tree, held, _ = run(market, scopes)
    line = market.line[held[held >= 0]]
    for scope, floor in zip(scopes, floors, strict=True):
        assert np.isin(line, scope.lines).sum() >= floor
    assert bool(lowered) != _some_placement_meets(market, scopes)


def _some_placement_meets(market, scopes):
    """Brute force over seats: on completed lists only the counts per line matter."""
    ranges = [range(min(int(c), market.graduates_count) + 1) for c in market.capacity]
    for counts in itertools.product(*ranges):
        filled = np.array(counts)
        if filled.sum() <= market.graduates_count and all(
            scope.floor <= filled[scope.lines].sum() <= (scope.cap if scope.cap is not None else filled.sum())
            for scope in scopes
        ):
            return True
    return False


@pytest.mark.parametrize("is_complete", [True, False])
@pytest.mark.parametrize("seed", range(250))
def test_the_independent_checker_clears_every_run(seed, is_complete):
    market, scopes = market_for(seed, is_complete)
    tree, held, _ = run(market, scopes)
    findings = check(market, held, tree.scopes)
    unmet = findings.counts.pop("under_certified_floor")
    assert findings.is_clean, findings.counts
    assert not (unmet and is_complete)


def check(market, held, scopes):
    contracts = np.arange(len(market.line))
    lists = Lists(
        market.graduate,
        market.line,
        market.position(contracts),
        market.score,
        np.arange(market.graduates_count),
    )
    line = np.array([market.line[h] if h >= 0 else -1 for h in held], dtype=int)
    return verify(lists, market.capacity, line, [Rule(s.name, s.lines, s.floor, s.cap) for s in scopes])


@pytest.mark.parametrize("seed", range(60))
def test_the_checker_notices_each_kind_of_tampering(seed):
    market, scopes = market_for(seed, is_complete=True)
    tree, held, _ = run(market, scopes)
    draw = np.random.default_rng(seed)
    placed = np.flatnonzero(held >= 0)
    if len(placed) < 2:
        pytest.skip("one graduate cannot be swapped")
    lost = held.copy()
    lost[draw.choice(placed)] = -1
    stacked = held.copy()
    target = market.line[held[placed[0]]]
    for graduate in placed:
        span = range(market.first[graduate], market.first[graduate + 1])
        stacked[graduate] = next(c for c in span if market.line[c] == target)
    if len(placed) > market.capacity[target]:
        assert check(market, stacked, tree.scopes).counts["over_capacity"] == 1
    assert not check(market, lost, tree.scopes).is_clean


@pytest.mark.parametrize("seed", range(40))
def test_no_misreport_pays_under_quotas_fixed_before_lists_open(seed):
    """Completed lists, so what is admissible does not depend on what is reported."""
    market, scopes = market_for(seed, is_complete=True)
    tree, honest, _ = run(market, scopes)
    draw = np.random.default_rng(seed)
    for graduate in range(market.graduates_count):
        span = np.arange(market.first[graduate], market.first[graduate + 1])
        true_order = market.line[span].tolist()
        own = place_in(true_order, market.line, honest[graduate])
        for _ in range(12):
            lie = draw.permutation(len(span))
            line, score = market.line.copy(), market.score.copy()
            line[span], score[span] = market.line[span][lie], market.score[span][lie]
            told = graduate_proposing(Market(market.first, line, score, market.capacity), tree)
            assert own <= place_in(true_order, line, told[graduate])


def place_in(true_order, line, contract):
    """Place of the result in the true list; without a seat, behind it."""
    return true_order.index(line[contract]) if contract >= 0 else len(true_order)
