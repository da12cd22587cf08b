"""Deferred acceptance against brute force, a textbook loop, misreports and comparative statics."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from planning.placement.market import Market
from planning.placement.matching import graduate_proposing, line_proposing

pytestmark = pytest.mark.property

SEEDS = range(300)


def small_market(seed, graduates=6, lines=4):
    """Random lists (incomplete, some empty), scores with many ties, lines without a seat."""
    draw = np.random.default_rng(seed)
    n, k = int(draw.integers(1, graduates + 1)), int(draw.integers(1, lines + 1))
    lengths = draw.integers(0, k + 1, n)
    line = np.concatenate([draw.permutation(k)[:length] for length in lengths]).astype(np.int64)
    first = np.concatenate(([0], np.cumsum(lengths)))
    return Market(first, line, draw.integers(0, 3, len(line)).astype(float), draw.integers(0, 3, k))


def above(market, one, other):
    """Whether contract `one` stands above `other` with their line."""
    return (-market.score[one], one) < (-market.score[other], other)


def is_stable(market, held):
    """No graduate and line that would both rather have each other."""
    taken = [h for h in held if h >= 0]
    for contract in range(len(market.line)):
        graduate = market.graduate[contract]
        if 0 <= held[graduate] <= contract:
            continue
        line = market.line[contract]
        mates = [h for h in taken if market.line[h] == line]
        if len(mates) < market.capacity[line] or any(above(market, contract, m) for m in mates):
            return False
    return True


def every_stable(market):
    """Every stable matching of a small market."""
    spans = [[-1, *range(market.first[g], market.first[g + 1])] for g in range(market.graduates_count)]
    for held in itertools.product(*spans):
        lines = [market.line[h] for h in held if h >= 0]
        filled = np.bincount(np.array(lines, dtype=int), minlength=market.lines_count)
        if (filled <= market.capacity).all() and is_stable(market, held):
            yield held


def worth(held):
    """Contract numbers where unplaced is the worst of all."""
    return [10**6 if h < 0 else int(h) for h in held]


@pytest.mark.parametrize("seed", SEEDS)
def test_graduates_proposing_gives_every_graduate_the_best_stable_place(seed):
    market = small_market(seed)
    best = worth(graduate_proposing(market))
    stable = [worth(held) for held in every_stable(market)]
    assert best in stable
    assert all(b <= s for held in stable for b, s in zip(best, held, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_proposing_gives_every_graduate_the_worst_stable_place(seed):
    market = small_market(seed)
    worst = worth(line_proposing(market))
    stable = [worth(held) for held in every_stable(market)]
    assert worst in stable
    assert all(w >= s for held in stable for w, s in zip(worst, held, strict=True))


@pytest.mark.parametrize("seed", range(40))
def test_no_misreport_of_a_single_graduate_pays(seed):
    market = small_market(seed, graduates=5, lines=3)
    honest = graduate_proposing(market)
    for graduate in range(market.graduates_count):
        begin, end = market.first[graduate], market.first[graduate + 1]
        true_order = market.line[begin:end].tolist()
        score_of = dict(zip(true_order, market.score[begin:end], strict=True))
        own = market.line[honest[graduate]] if honest[graduate] >= 0 else None
        for length in range(len(true_order) + 1):
            for lie in itertools.permutations(true_order, length):
                told = graduate_proposing(_with_list(market, graduate, lie, score_of))
                line = market_line(market, graduate, lie, told)
                if line is not None:
                    assert own is not None
                    assert true_order.index(own) <= true_order.index(line)


def _with_list(market, graduate, lines, score_of):
    begin, end = market.first[graduate], market.first[graduate + 1]
    shift = len(lines) - (end - begin)
    first = market.first.copy()
    first[graduate + 1 :] += shift
    line = np.concatenate((market.line[:begin], np.array(lines, dtype=np.int64), market.line[end:]))
    told = [score_of[one] for one in lines]
    score = np.concatenate((market.score[:begin], told, market.score[end:]))
    return Market(first, line, score, market.capacity)


def market_line(market, graduate, lines, held):
    """Line that the graduate got with the list told."""
    return None if held[graduate] < 0 else lines[held[graduate] - market.first[graduate]]


@pytest.mark.parametrize("seed", range(150))
def test_one_more_seat_hurts_no_graduate(seed):
    market = small_market(seed, graduates=9, lines=5)
    before = worth(graduate_proposing(market))
    for line in range(market.lines_count):
        capacity = market.capacity.copy()
        capacity[line] += 1
        after = worth(graduate_proposing(replace(market, capacity=capacity)))
        assert all(a <= b for a, b in zip(after, before, strict=True))


@pytest.mark.parametrize("seed", range(150))
def test_one_graduate_fewer_hurts_no_other(seed):
    market = small_market(seed, graduates=9, lines=5)
    before = worth(graduate_proposing(market))
    for gone in range(market.graduates_count):
        is_open = market.graduate != gone
        fewer, number = market.only(is_open)
        after = [10**6 if h < 0 else int(number[h]) for h in graduate_proposing(fewer)]
        others = [g for g in range(market.graduates_count) if g != gone]
        assert all(after[g] <= before[g] for g in others)


def test_a_large_market_has_no_blocking_pair():
    draw = np.random.default_rng(5)
    n, k, length = 3000, 200, 8
    line = np.argsort(draw.random((n, k)) + draw.random(k), axis=1)[:, :length].ravel()
    market = Market(
        np.arange(0, n * length + 1, length), line, draw.integers(0, 9, n * length) * 1.0, np.full(k, 14)
    )
    held = graduate_proposing(market)
    filled = np.bincount(market.line[held[held >= 0]], minlength=k)
    assert (filled <= 14).all()
    wants = np.flatnonzero(np.arange(n * length) < np.where(held >= 0, held, n * length)[market.graduate])
    for contract in wants[:: max(1, len(wants) // 2000)]:
        mates = held[(held >= 0)]
        mates = mates[market.line[mates] == market.line[contract]]
        assert len(mates) == 14
        assert not any(above(market, contract, mate) for mate in mates)
