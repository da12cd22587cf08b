"""The cohort engine: conservation, ageing, monotonicity, and its shortcut against the full engine."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.projection.levers import later_retirement
from planning.projection.supply import SupplyRates, collapse_ages, project_cohorts, project_totals

pytestmark = pytest.mark.property


def country(seed, *, service=5, regions=4, specialties=3, ages=12, years=8):
    rng = np.random.default_rng(seed)
    shape = (service, regions, specialties, 3)
    stock = rng.gamma(0.5, 3, (*shape, 2, ages))
    if regions > 1:
        stock[:, 1] = 0.0  # a region without a doctor
    retire = np.zeros((years, 2, ages))
    old = ages * 2 // 3
    retire[:, :, old:] = rng.uniform(0.1, 0.5, (years, 2, ages - old))
    moves = rng.random((regions, regions))
    np.fill_diagonal(moves, 0.0)
    moves = moves / moves.sum(axis=1, keepdims=True) if regions > 1 else np.ones((1, 1))
    landing = np.append(rng.dirichlet([1, 1], (regions, specialties)), np.zeros((regions, specialties, 1)), 2)
    entry = rng.dirichlet(np.ones(2 * ages)).reshape(2, ages)
    rates = SupplyRates(
        retire,
        np.full((years, 2, ages), 0.01),
        [rng.uniform(0.02, 0.5, shape) for _ in range(years)],
        [rng.dirichlet(np.ones(4), (regions, 3)) for _ in range(years)],
        moves,
        landing,
        np.array([False, False, True]),
        rng.gamma(1, 3, (years, regions, specialties, 3)),
        entry,
    )
    return stock, rates


def slow_year(stock, rates, year):
    """One year, person group by person group: the slow oracle."""
    service, regions, specialties, sectors, sexes, ages = stock.shape
    after = np.zeros_like(stock)
    for k, r, s, c, g, a in np.ndindex(*stock.shape):
        n = stock[k, r, s, c, g, a] * (1 - rates.die[year, g, a]) * (1 - rates.retire[year, g, a])
        if a == ages - 1:
            continue
        leave = n * rates.leave[year][k, r, s, c]
        after[min(k + 1, service - 1), r, s, c, g, a + 1] += n - leave
        region, sector = leave * rates.causes[year][r, c, :2]
        for to in range(regions):
            for t in range(sectors):
                after[-1, to, s, t, g, a + 1] += region * rates.moves[r, to] * rates.landing[to, s, t]
        if rates.is_private[c]:
            for t in range(sectors):
                after[-1, r, s, t, g, a + 1] += sector * rates.landing[r, s, t]
        else:
            after[-1, r, s, 2, g, a + 1] += sector
    after[0] += rates.entrants[year][..., None, None] * rates.entry_ages
    return after


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_stock_changes_by_arrivals_less_exits_in_every_cell(seed):
    f = project_cohorts(*country(seed))
    arrivals = f.came_region + f.came_sector + f.entered
    exits = f.retired + f.died + f.left_region + f.left_sector + f.left_abroad + f.left_out
    np.testing.assert_allclose(f.end - f.start, arrivals - exits, atol=1e-9)
    np.testing.assert_allclose(f.start[1:], f.end[:-1], atol=1e-9)
    assert (f.end >= 0).all()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_moves_between_regions_and_sectors_sum_to_zero_in_the_nation(seed):
    f = project_cohorts(*country(seed))
    np.testing.assert_allclose((f.came_region - f.left_region).sum(axis=(1, 3)), 0, atol=1e-9)
    np.testing.assert_allclose((f.came_sector - f.left_sector).sum(axis=(1, 3)), 0, atol=1e-9)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_the_engine_equals_the_slow_oracle(seed):
    stock, rates = country(seed, regions=3, specialties=1, ages=6, years=2)
    slow = slow_year(slow_year(stock, rates, 0), rates, 1)
    np.testing.assert_allclose(project_cohorts(stock, rates).final, slow, atol=1e-9)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 4]), st.sampled_from([5, 7, 10]))
def test_the_shortcut_without_ages_equals_the_engine(seed, regions, service):
    stock, rates = country(seed, regions=regions, service=service)
    collapsed = collapse_ages(stock, rates.retire, rates.die, rates.entry_ages)
    totals = project_totals(collapsed, rates)
    np.testing.assert_allclose(totals[1:], project_cohorts(stock, rates).end, rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(totals[0], stock.sum(axis=(0, 4, 5)), rtol=1e-12)


def test_everyone_turns_exactly_one_year_older():
    stock, rates = country(1, years=1)
    rates = replace(
        rates,
        retire=rates.retire * 0,
        die=rates.die * 0,
        leave=[rates.leave[0] * 0],
        entrants=rates.entrants * 0,
    )
    after = project_cohorts(stock, rates).final.sum(axis=0)
    np.testing.assert_array_equal(after[..., 0], 0)
    np.testing.assert_allclose(after[..., 1:], stock.sum(axis=0)[..., :-1], rtol=1e-12)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_more_entrants_lower_hazard_later_retirement_never_lower_supply(seed):
    stock, rates = country(seed)
    base = project_cohorts(stock, rates).end.sum(axis=(1, 3))
    better = (
        replace(rates, entrants=rates.entrants * 1.2),
        replace(rates, leave=[h * 0.8 for h in rates.leave]),
        replace(
            rates, retire=np.stack([later_retirement(np.maximum.accumulate(r, 1), 2) for r in rates.retire])
        ),
    )
    rising = replace(rates, retire=np.maximum.accumulate(rates.retire, axis=2))
    floors = (base, base, project_cohorts(stock, rising).end.sum(axis=(1, 3)))
    for changed, floor in zip(better, floors, strict=True):
        assert (project_cohorts(stock, changed).end.sum(axis=(1, 3)) >= floor - 1e-9).all()
