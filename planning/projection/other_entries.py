"""Doctors who come without a programme: returners, fee graduates, doctors from abroad.

Belongs here: what the register's own change says of them, and its spread. Does not belong here: graduates
(`education.py`), moves between regions and sectors, which the engine conserves (`supply.py`).

Method: stock balance. Over each past year the register's change less graduates who took up a post, plus
those who retired, died, went abroad or out by the fitted rates, is what recorded flows do not explain. The
mean of the last years is carried on, shrunk from each specialty to the nation (DerSimonian & Laird 1986); the
standard error of that mean is kept as a lasting error. It is estimated, never set by hand, and may be
negative.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.axes import position_of
from planning.projection.population import SEXES
from planning.projection.retention import FIRST_AGE, LAST_WORKING_AGE, SECTORS, RetentionModel
from planning.trends.shrinkage import variance_between

Floats = NDArray[np.float64]

MEMORY_YEARS = 5
MIN_YEARS = 3


@dataclass(frozen=True)
class OtherEntries:
    """Persons a year per doctor in post, by specialty.

    Attributes:
        rate: (S,) shrunk mean of the past years.
        rate_sd: Standard error of the nation's rate.
        specialty_sd: (S,) error of each specialty's own deviation.
    """

    rate: Floats
    rate_sd: float
    specialty_sd: Floats

    def draws(self, draws: int, rng: np.random.Generator) -> Floats:
        """(D, S) rates: the nation's error is shared by all specialties."""
        together, own = rng.standard_normal((draws, 1)), rng.standard_normal((draws, len(self.rate)))
        return np.asarray(self.rate + self.rate_sd * together + self.specialty_sd * own)


def no_other_entries(specialties: int) -> OtherEntries:
    """Nothing beyond the graduates: the register has too few years to tell."""
    return OtherEntries(np.zeros(specialties), 0.0, np.zeros(specialties))


def fit_other_entries(stock: Floats, stayed: Floats, graduates: Floats) -> OtherEntries:
    """Learn the rates from T past years.

    Args:
        stock: (T+1, S) persons at the end of each year, oldest first.
        stayed: (T, S) of each year's stock, those still in any post a year later by the fitted rates.
        graduates: (T, S) who took up a post in the year.

    >>> years = np.full((4, 1), 100.0)
    >>> fit_other_entries(years, years[:3] * 0.95, np.full((3, 1), 3.0)).rate.round(4).tolist()
    [0.02]
    """
    years = len(stayed)
    if years < MIN_YEARS:
        return no_other_entries(stock.shape[1])
    unexplained = stock[1:] - stayed - graduates
    nation = unexplained.sum(axis=1) / np.maximum(stock[:-1].sum(axis=1), 1e-9)
    start = np.maximum(stock[:-1].mean(axis=0), 1e-9)
    own = (unexplained - nation[:, None] * stock[:-1]) / start
    mean, error = own.mean(axis=0), own.var(axis=0, ddof=1) / years
    is_there = stock[:-1].mean(axis=0) > 0
    between = variance_between(mean[is_there], error[is_there]) if is_there.sum() > 1 else 0.0
    trust = np.where(is_there, between / (between + error + 1e-15), 0.0)
    spread = float(nation.std(ddof=1) / np.sqrt(years))
    return OtherEntries(nation.mean() + trust * mean, spread, np.sqrt(trust * error))


def past_stock(
    stock: pd.DataFrame,
    years: tuple[int, ...],
    staying: Floats,
    model: RetentionModel,
    *,
    regions: tuple[str, ...],
    specialties: tuple[str, ...],
) -> tuple[Floats, Floats]:
    """(T+1, S) persons at the end of each year, and (T, S) of them in any post a year later by the rates.

    Args:
        stock: STAFF_STOCK.
        years: T+1 years in a row.
        staying: (K, R, S, C) chance of not leaving the country's posts.
        model: Rates of retiring and dying.
        regions: Labels of R.
        specialties: Labels of S.
    """
    rows = stock[stock["year"].isin(years)]
    specialty = position_of(rows["specialty_code"], specialties)
    chance = staying[
        np.minimum(rows["service_year"].to_numpy(), len(staying) - 1),
        position_of(rows["region_code"], regions),
        specialty,
        position_of(rows["sector_code"], SECTORS),
    ]
    age = rows["age"].clip(FIRST_AGE, LAST_WORKING_AGE).to_numpy() - FIRST_AGE
    chance = chance * ((1 - model.die) * (1 - model.retire))[position_of(rows["sex"], SEXES), age]
    cell = (rows["year"].to_numpy() - years[0]) * len(specialties) + specialty
    size = len(years), len(specialties)
    heads, stayed = (
        np.bincount(cell, weight, size[0] * size[1]).reshape(size).astype(np.float64)
        for weight in (rows["persons"], rows["persons"] * chance)
    )
    return heads, stayed[:-1]
