"""Chance in cells: its variance person by person, luck that lasts. Destinations: draws keep their mean."""

from dataclasses import replace

import numpy as np
import pytest

from planning.projection.chance import chance_draws, chance_variances
from planning.projection.moves import move_draws, move_shares
from planning.projection.supply import SupplyRates, collapse_ages, project_cohorts, project_totals

pytestmark = pytest.mark.property


def country(seed, *, years=3, ages=7, people=1.0):
    """Nobody comes and nobody moves to another region: whoever is counted later was there before."""
    rng = np.random.default_rng(seed)
    shape = (5, 2, 2, 3)
    retire = np.zeros((years, 2, ages))
    retire[:, :, 4:] = rng.uniform(0.2, 0.9, (years, 2, ages - 4))
    causes = [rng.dirichlet(np.ones(4), (2, 3)) for _ in range(years)]
    for one in causes:
        one[..., 3] += one[..., 0]
        one[..., 0] = 0.0
    landing = np.append(rng.dirichlet([1, 1], (2, 2)), np.zeros((2, 2, 1)), 2)
    rates = SupplyRates(
        retire,
        np.full((years, 2, ages), 0.01),
        [rng.uniform(0.05, 0.6, shape) for _ in range(years)],
        causes,
        np.array([[0.0, 1.0], [1.0, 0.0]]),
        landing,
        np.array([False, False, True]),
        np.zeros((years, *shape[1:])),
        np.full((2, ages), 1 / (2 * ages)),
    )
    return people * rng.gamma(0.5, 3, (*shape, 2, ages)), rates


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_chance_is_the_sum_over_persons_each_with_a_chance_of_their_own(seed):
    stock, rates = country(seed)
    expected = np.zeros((rates.years, 2, 2))
    for s in range(2):  # specialties do not meet: every kind of person gets one of its own
        kinds = list(np.ndindex(5, 3, 2, stock.shape[-1]))
        alone = np.zeros((5, 2, len(kinds), 3, 2, stock.shape[-1]))
        for i, (k, c, g, a) in enumerate(kinds):
            alone[k, :, i, c, g, a] = 1.0
        apart = replace(
            rates,
            leave=[np.repeat(h[:, :, s : s + 1], len(kinds), axis=2) for h in rates.leave],
            landing=np.repeat(rates.landing[:, s : s + 1], len(kinds), axis=1),
            entrants=np.zeros((rates.years, 2, len(kinds), 3)),
        )
        still = project_cohorts(alone, apart).end.sum(axis=3)
        persons = np.stack([stock[k, :, s, c, g, a] for k, c, g, a in kinds], axis=1)
        expected[:, :, s] = (persons * still * (1 - still)).sum(axis=2)
    collapsed = collapse_ages(stock, rates.retire, rates.die, rates.entry_ages)
    stay, come = chance_variances(collapsed, rates)
    np.testing.assert_allclose(stay[1:], expected, rtol=1e-10)
    np.testing.assert_allclose(come, 0, atol=1e-9)


def test_persons_alike_vary_as_the_binomial_and_persons_unlike_less():
    stock, rates = country(4)
    young = stock.copy()
    young[..., 1:] = 0.0
    alike = replace(
        rates,
        retire=rates.retire * 0,
        leave=[np.full_like(h, 0.2) for h in rates.leave],
        causes=[np.broadcast_to([0, 0, 0, 1.0], c.shape) for c in rates.causes],
    )
    for people, way in ((young, alike), (stock, rates)):
        collapsed = collapse_ages(people, way.retire, way.die, way.entry_ages)
        total = project_totals(collapsed, way).sum(axis=3)
        binomial = total * (1 - total / total[0])
        stay = chance_variances(collapsed, way)[0]
        if people is young:
            np.testing.assert_allclose(stay, binomial, rtol=1e-9, atol=1e-9)
        else:
            assert (stay[1:] < 0.95 * binomial[1:]).all()


@pytest.mark.parametrize("people", [0.05, 20.0])
def test_the_luck_of_a_cell_lasts_from_year_to_year_whether_small_or_large(people):
    stock, rates = country(5, years=6, people=people)
    collapsed = collapse_ages(stock, rates.retire * 0.1, rates.die, rates.entry_ages)
    rates = replace(rates, leave=[h * 0.2 for h in rates.leave])
    z = chance_draws(collapsed, rates, 400, np.random.default_rng(1))
    for r, s in np.ndindex(2, 2):
        follows = np.corrcoef(z[:, 3, r, s], z[:, 4, r, s])[0, 1]
        assert follows > 0.6
    assert (z[:, 0] == 0).all()


def test_destinations_are_as_unsure_as_newcomers_are_few_and_keep_their_mean():
    rng = np.random.default_rng(6)
    few = rng.poisson(5, (6, 6)).astype(float)
    spread = []
    for counts in (few, 100 * few):
        shares = move_shares(np.full(6, 1000.0), counts)
        drawn = move_draws(shares, counts, 2000, np.random.default_rng(7))
        np.testing.assert_allclose(drawn.sum(axis=2), 1, rtol=1e-5)
        assert (np.einsum("drr->dr", drawn) == 0).all()
        np.testing.assert_allclose(drawn.mean(axis=0), shares, atol=0.01)
        spread.append(drawn.std(axis=0).mean())
    assert spread[1] < 0.4 * spread[0]
    assert (move_draws(np.ones((1, 1)), None, 3, rng) == 1).all()
