"""Chance in the cells themselves: doctors are persons, and small cells do not move smoothly.

Belongs here: variances of those who stay and those who come, and standardised draws of both. Does not belong
here: errors of what was learnt (`hazard.py`, `supply_draws.py`).

Method: whoever is there today stays or not (binomial), whoever comes later comes one by one (Poisson). Cells
under 30 persons are drawn so, larger ones from the normal.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from planning.projection.supply import CollapsedStock, SupplyRates, project_totals

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]

SMALL_CELL_PERSONS = 30.0


def even_normals(draws: int, rng: np.random.Generator) -> Floats:
    """(D,) standard normals, one from each of D equal parts: their middle is the register's own number."""
    even = ndtri((np.arange(draws) + 0.5) / draws)
    return np.asarray(rng.permutation(even))


def chance_variances(collapsed: CollapsedStock, rates: SupplyRates) -> tuple[Floats, Floats]:
    """(Y, R, S) variance of those of today who stay, and of those who come later."""
    nobody = replace(
        rates, entrants=np.zeros_like(rates.entrants), causes=[_all_out(c) for c in rates.causes]
    )
    stay = project_totals(collapsed, nobody).sum(axis=3)
    total = project_totals(collapsed, rates).sum(axis=3)
    share = np.divide(stay, stay[0], out=np.zeros_like(stay), where=stay[0] > 0)
    return stay * (1 - share), np.maximum(total - stay, 0.0)


def _all_out(causes: Floats) -> Floats:
    out = np.zeros_like(causes)
    out[..., -1] = 1.0
    return out


def chance_draws(
    collapsed: CollapsedStock, rates: SupplyRates, draws: int, rng: np.random.Generator
) -> Draws:
    """(D, Y, R, S) standardised chance in the cells: binomial and Poisson under 30 persons, else normal."""
    stay_var, come = chance_variances(collapsed, rates)
    today = collapsed.working[0].sum(axis=(0, 3))
    total = project_totals(collapsed, rates).sum(axis=3)
    z = np.cumsum(rng.standard_normal((draws, *total.shape), dtype=np.float32), axis=1)
    z /= np.sqrt(np.arange(1, len(total) + 1, dtype=np.float32))[:, None, None]
    years, regions, specialties = np.nonzero((total < SMALL_CELL_PERSONS) & (total > 0))
    heads = np.rint(today)[regions, specialties].astype(int)
    stay = total - come
    chance = np.clip(_ratio(stay, today)[years, regions, specialties], 0, 1)
    coming = come[years, regions, specialties]
    counted = rng.binomial(heads, chance, (draws, len(heads))) + rng.poisson(coming, (draws, len(heads)))
    spread = np.sqrt(np.maximum(heads * chance * (1 - chance) + coming, 1e-12))
    z[:, years, regions, specialties] = (counted - heads * chance - coming) / spread
    z[:, 0] = 0.0  # the base year is counted
    return z


def _ratio(wanted: Floats, found: Floats) -> Floats:
    """Wanted ÷ found; 1 where nothing is found."""
    shape = np.broadcast(wanted, found).shape
    return np.divide(wanted, found, out=np.ones(shape), where=found > 0)
