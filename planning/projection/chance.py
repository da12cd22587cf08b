"""Chance in the cells themselves: doctors are persons, and small cells do not move smoothly.

Belongs here: variances of those who stay and those who come, and standardised draws of both. Does not belong
here: errors of what was learnt (`hazard.py`, `supply_draws.py`).

Method: whoever is there today is still there in year t with a chance p that follows from age, sex, service
and place; persons differ, so their number varies by Σ p(1 − p), which is less than n·p̄(1 − p̄). Who changes
the sector within a region stays. Whoever comes later comes one by one (Poisson). Cells under 30 persons are
drawn so, larger ones from the normal. A cell's luck builds up from year to year.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from planning.projection.supply import CollapsedStock, SupplyRates, project_totals

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]

SMALL_CELL_PERSONS = 30.0
EVEN_DRAWS = 4  # counts drawn for each that is kept, every fourth by size: quantiles err half as much


def even_normals(draws: int, rng: np.random.Generator) -> Floats:
    """(D,) standard normals, one from each of D equal parts: their middle is the register's own number."""
    even = ndtri((np.arange(draws) + 0.5) / draws)
    return np.asarray(rng.permutation(even))


def chance_variances(collapsed: CollapsedStock, rates: SupplyRates) -> tuple[Floats, Floats]:
    """(Y, R, S) variance of those of today who stay, and of those who come later."""
    chance = _still_here(rates)
    expected = (collapsed.working * chance).sum(axis=(1, 4))
    likewise = (collapsed.working_twice * chance**2).sum(axis=(1, 4))
    total = project_totals(collapsed, rates).sum(axis=3)
    return np.maximum(expected - likewise, 0.0), np.maximum(total - expected, 0.0)


def _still_here(rates: SupplyRates) -> Floats:
    """(Y, K, R, S, C) chance that who is there today is in the same region t years later, if still working.

    Backwards from each target year. A return after a move to another region counts as a coming.
    """
    shape = rates.leave[0].shape if rates.leave else rates.entrants.shape[1:]
    made = np.ones((rates.years + 1, *shape))
    for target in range(1, rates.years + 1):
        onwards = np.ones(shape)
        for year in range(target - 1, -1, -1):
            served = np.concatenate([onwards[1:], onwards[-1:]])
            veteran = onwards[-1]  # who changes the sector joins the open class of service
            landed = np.repeat((veteran * rates.landing).sum(axis=2, keepdims=True), shape[-1], axis=2)
            if rates.is_private.any():
                private = veteran[..., np.flatnonzero(rates.is_private)[:1]]
                landed = np.where(rates.is_private, landed, private)
            else:
                landed = veteran
            changing = rates.causes[year][:, None, :, 1] * landed
            onwards = served + rates.leave[year] * (changing - served)
        made[target] = onwards
    return made


def chance_draws(
    collapsed: CollapsedStock, rates: SupplyRates, draws: int, rng: np.random.Generator
) -> Draws:
    """(D, Y, R, S) standardised chance in the cells: binomial and Poisson under 30 persons, else normal."""
    stay_var, come = chance_variances(collapsed, rates)
    today = collapsed.working[0].sum(axis=(0, 3))
    total = project_totals(collapsed, rates).sum(axis=3)
    path = np.cumsum(rng.standard_normal((draws, *total.shape), dtype=np.float32), axis=1)
    order = np.argsort(np.argsort(path, axis=0), axis=0)
    # Evenly spaced ranks: 200 of them give the same quantiles in every year.
    even: Draws = ndtri((np.arange(draws) + 0.5) / draws).astype(np.float32)
    z: Draws = even[order]
    years, regions, specialties = np.nonzero((total < SMALL_CELL_PERSONS) & (total > 0))
    heads = np.rint(today)[regions, specialties].astype(int)
    stay = total - come
    chance = np.clip(_ratio(stay, today)[years, regions, specialties], 0, 1)
    coming = come[years, regions, specialties]
    many = (EVEN_DRAWS * draws, len(heads))
    counted = np.sort(rng.binomial(heads, chance, many) + rng.poisson(coming, many), axis=0)
    counted = counted[EVEN_DRAWS // 2 :: EVEN_DRAWS]
    spread = np.sqrt(np.maximum(heads * chance * (1 - chance) + coming, 1e-12))
    # A small cell takes its counts in the order of its path, so that its luck lasts like a large one's.
    in_order = np.take_along_axis(counted, order[:, years, regions, specialties], axis=0)
    z[:, years, regions, specialties] = (in_order - heads * chance - coming) / spread
    z[:, 0] = 0.0  # the base year is counted
    return z


def _ratio(wanted: Floats, found: Floats) -> Floats:
    """Wanted ÷ found; 1 where nothing is found."""
    shape = np.broadcast(wanted, found).shape
    return np.divide(wanted, found, out=np.ones(shape), where=found > 0)
