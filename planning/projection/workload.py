"""Demand in full-time equivalents, draw by draw: it starts from the need by workload that was measured.

Belongs here: the measured need of the base year, and draws raked to it. Does not belong here: use of
services and its trend (`demand.py`), WISN itself (dbt), the supply side.

Method: shrunk leaves × people × trend, raked per draw to its own totals of regions and of specialties,
corrected so that the base year is the measured need. See docs/methods/demand.md.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.axes import to_array
from planning.frames import Column, Contract, require
from planning.projection.demand import Utilisation, contacts_path, gamma_shapes, trend_factors
from planning.projection.population import PopulationForecast
from planning.trends.reconcile import agree, rake, supported

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]

OBSERVED_NEED = Contract(
    "observed_need",
    {
        "region_code": Column("text"),
        "specialty_code": Column("text"),
        "year": Column("integer", "year"),
        "need_fte": Column("number", "FTE that the work done in the region asked for", minimum=0),
        "error_fte": Column("number", "FTE, standard error of sampling", minimum=0, is_optional=True),
    },
    key=("region_code", "specialty_code", "year"),
)


def base_need(
    observed: pd.DataFrame | None,
    use: Utilisation,
    per_contact: Floats,
    regions: tuple[str, ...],
    specialties: tuple[str, ...],
) -> Floats:
    """(R, S) FTE of the base year: measured (WISN) where it is, else contacts × FTE a contact.

    Contacts stand where people live, the measured need where they were treated: the difference is care
    across a region's border, and stays in its present proportion. Of several years the last one counts.

    Raises:
        FrameError: The contract is broken, or a region or specialty that the projection does not have.
    """
    counted = use.contacts * np.nan_to_num(per_contact)
    if observed is None or observed.empty:
        return counted
    axes = {"region_code": regions, "specialty_code": specialties}
    rows = require(observed, OBSERVED_NEED)
    need = to_array(rows[rows["year"] == rows["year"].max()], "observed_need", axes, "need_fte")
    is_measured = (need.sum(axis=0) > 0) & ~np.isnan(per_contact)
    return np.where(is_measured, need, counted)


def need_error(
    observed: pd.DataFrame | None, regions: tuple[str, ...], specialties: tuple[str, ...]
) -> Floats:
    """(R, S) standard error of the measured need, FTE, from delivering a share of persons; 0 if unknown."""
    axes = {"region_code": regions, "specialty_code": specialties}
    if observed is None or observed.empty:
        return np.zeros((len(regions), len(specialties)))
    rows = require(observed, OBSERVED_NEED).fillna({"error_fte": 0.0})
    return to_array(rows[rows["year"] == rows["year"].max()], "observed_need", axes, "error_fte")


def demand_draws(
    population: PopulationForecast,
    first: int,
    use: Utilisation,
    per_contact: Floats,
    base: Floats,
    *,
    error: Floats,
    sampling_fraction: float,
    rng: np.random.Generator,
) -> Draws:
    """(D, Y, R, S) FTE: people × use × trend × FTE a contact, raked to the base year's own totals.

    Shrunk leaves no longer add up to the well-measured totals; each draw is therefore raked to its own
    totals of regions and of specialties, corrected by measured ÷ shrunk in the base year.

    Args:
        population: Medium path and draws.
        first: Position of the base year among the population's years.
        use: The fit.
        per_contact: (S,) FTE a yearly contact; nan without a standard.
        base: (R, S) FTE of the base year (`base_need`).
        error: (R, S) its standard error (`need_error`).
        sampling_fraction: Share of persons behind the contacts.
        rng: Source of the draws.
    """
    known = np.nan_to_num(per_contact)
    volume = contacts_path(population.persons[first:], use.rate) * _flow(use, known, base, sampling_fraction)
    years, draws = len(volume), len(population.factor)
    _, growth = trend_factors(use, years - 1, draws, rng)
    shape = _shapes(use, base, error, sampling_fraction)
    ratio = rng.standard_gamma(shape, size=(draws, *shape.shape)) / np.maximum(shape, 1e-300)
    fte = volume * known
    leaves = fte * population.factor[:, first:, :, None] * growth[:, :, None, :] * ratio[:, None]
    rows = leaves.sum(axis=3) * _ratio(base.sum(axis=1), fte[0].sum(axis=1))
    cols = leaves.sum(axis=2) * _ratio(base.sum(axis=0), fte[0].sum(axis=0))
    rows, cols = agree(rows, cols)
    demand = rake(supported(leaves, rows, cols), rows, cols, tolerance=1e-10).astype(np.float32)
    demand[..., np.isnan(per_contact)] = np.nan
    return demand


def _shapes(use: Utilisation, base: Floats, error: Floats, sampling_fraction: float) -> Floats:
    """(R, S) Gamma shapes of the base year: stays differ in length, so a bed day weighs less than a contact.

    The measured error of the need says how many contacts the cell is worth; the prior counts as before.
    """
    seen = use.contacts * sampling_fraction
    worth = np.divide(base**2, error**2, out=np.full_like(base, np.inf), where=error > 0)
    return np.asarray(use.shape - seen + np.minimum(seen, worth))


def _flow(use: Utilisation, per_contact: Floats, base: Floats, sampling_fraction: float) -> Floats:
    """(R, S) work done in a region ÷ work its inhabitants asked for, shrunk by the contacts behind it."""
    here = use.contacts * sampling_fraction
    done = np.divide(base, per_contact, out=np.zeros_like(base), where=per_contact > 0) * sampling_fraction
    level = here.sum(axis=0) / np.maximum(done.sum(axis=0), 1e-12)
    prior = gamma_shapes(done * level, here)
    flow: Floats = (prior + done * level) / (prior + here)
    return flow


def _ratio(wanted: Floats, found: Floats) -> Floats:
    """Wanted ÷ found; 1 where nothing is found."""
    return np.divide(wanted, found, out=np.ones_like(wanted), where=found > 0)
