"""Instances of the placement benchmark: seeded, crowded where places are popular, strict scores."""

from dataclasses import dataclass

import numpy as np

from planning.placement.quotas import Scope

SPECIALTIES, REGIONS = 27, 20


@dataclass(frozen=True)
class Lists:
    """(n, k) lines in order of preference, (n, k) score with the line, (l,) seats."""

    lists: np.ndarray
    score: np.ndarray
    capacity: np.ndarray


def popular_lines(graduates, lines, length, seed=2026):
    """Lists by popularity plus own taste; seats for 105 % of the graduates."""
    draw = np.random.default_rng(seed)
    popularity = draw.gumbel(size=lines)
    lists = np.empty((graduates, length), dtype=np.int64)
    for begin in range(0, graduates, 500):
        size = min(500, graduates - begin)
        taste = -(popularity + draw.gumbel(size=(size, lines)))
        best = np.argpartition(taste, length, axis=1)[:, :length]
        order = np.argsort(np.take_along_axis(taste, best, 1), axis=1)
        lists[begin : begin + size] = np.take_along_axis(best, order, 1)
    seats = np.full(lines, int(np.ceil(1.05 * graduates / lines)))
    return Lists(lists, draw.random((graduates, length)), seats)


@dataclass(frozen=True)
class Country:
    """A campaign with completed lists: every graduate ranks every line of the own specialty."""

    first: np.ndarray
    line: np.ndarray
    score: np.ndarray
    capacity: np.ndarray
    deficit: np.ndarray
    scopes: list[Scope]


def country(graduates=8000, lines=9945, seed=2026):
    """Specialties × regions × rural, floors on each of them inside their region, caps on regions."""
    draw = np.random.default_rng(seed)
    specialty = np.sort(draw.integers(0, SPECIALTIES, graduates))
    line_specialty = draw.integers(0, SPECIALTIES, lines)
    region, is_rural = draw.integers(0, REGIONS, lines), draw.random(lines) < 0.45
    # Shared appeal is weak beside own taste and home: about 45 % then get their first choice.
    appeal = 0.3 * draw.gumbel(size=lines) - 0.5 * is_rural + 0.3 * draw.normal(size=REGIONS)[region]
    home = draw.integers(0, REGIONS, graduates)
    deficit = np.round(np.clip(draw.beta(2, 5, lines) + 0.25 * is_rural, 0, 1), 4)
    line, score, counts = [], [], []
    for graduate in range(graduates):
        own = np.flatnonzero(line_specialty == specialty[graduate])
        at_home = region[own] == home[graduate]
        taste = appeal[own] + draw.gumbel(size=len(own)) + 1.5 * at_home
        order = own[np.argsort(-taste)]
        line.append(order)
        score.append(30.0 * (region[order] == home[graduate]) + 30.0 * draw.random())
        counts.append(len(own))
    scopes = []
    for s in range(SPECIALTIES):
        people = int((specialty == s).sum())
        inside = line_specialty == s
        for r in range(REGIONS):
            whole = np.flatnonzero(inside & (region == r))
            rural = np.flatnonzero(inside & (region == r) & is_rural)
            share = people * len(whole) / max(int(inside.sum()), 1)
            if len(whole):
                scopes.append(Scope(f"{s} {r}", whole, int(0.4 * share), int(1.5 * share) + 2))
            if len(rural) and len(rural) < len(whole):
                scopes.append(Scope(f"{s} {r} rural", rural, int(0.2 * share)))
    return Country(
        np.concatenate(([0], np.cumsum(counts))),
        np.concatenate(line),
        np.concatenate(score),
        np.ones(lines, dtype=np.int64),
        deficit,
        scopes,
    )
