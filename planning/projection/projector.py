"""Both sides of the balance, learnt once, so that a scenario is answered in a second.

Belongs here: demand and supply drawn on one population, and one run of both under a scenario. Does not
belong here: the draws of either side (`workload.py`, `supply_draws.py`), quantiles and tables of results
(`deficit.py`), what a lever means (`levers.py`).

Layers of uncertainty, drawn once and shared by every scenario: population (one draw on both sides), trend of
use, regional use, and those of supply.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.axes import to_array
from planning.frames import FrameError, require
from planning.projection.ages import AGE_BANDS
from planning.projection.crosswalk import restate_regions
from planning.projection.demand import Utilisation, fit_utilisation, fte_per_contact, latent_share, norm_fte
from planning.projection.inputs import ProjectionInputs
from planning.projection.population import POPULATION, SEXES, PopulationForecast, project_population
from planning.projection.scenario import BASELINE, Scenario, ScenarioError
from planning.projection.supply_draws import SupplyDraws, base_year, prepare_supply
from planning.projection.widening import Widening, shifted
from planning.projection.workload import base_need, demand_draws, need_error

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]


@dataclass(frozen=True)
class Paths:
    """Draws of one scenario: D draws, Y years (the first is the base), R regions, S specialties.

    Attributes:
        demand_fte: (D, Y, R, S); nan where a specialty has no standard of minutes.
        supply_fte: (D, Y, R, S).
        supply_persons: (D, Y, R, S).
        norm_fte: (D, Y, R, S); nan where no norm is given.
    """

    demand_fte: Draws
    supply_fte: Draws
    supply_persons: Draws
    norm_fte: Draws


@dataclass(frozen=True)
class Projector(SupplyDraws):
    """Fitted models and common random numbers of both sides; `run` answers a scenario.

    Attributes:
        population, use: The fits of demand.
        demand_base: (D, Y, R, S) raked demand of the baseline, FTE.
        latent: (R, S) latent need as a share of use.
        norm_base: (Y, R, S) posts the norm asks for, at the medium population.
        without_standard: Specialties without minutes.
        supply_shift: (D, Y−1, R, S) FTE that past misses add to supply; None for no widening.
    """

    population: PopulationForecast
    use: Utilisation
    demand_base: Draws
    latent: Floats
    norm_base: Floats
    without_standard: tuple[str, ...]
    supply_shift: Draws | None = None

    def run(self, scenario: Scenario = BASELINE) -> Paths:
        """Project both sides under a scenario, draw by draw, with the common random numbers.

        Raises:
            ScenarioError: A lever would act on years that have passed, or cannot be reached.
        """
        for position, lever in enumerate(scenario.levers):
            if lever.from_year <= self.years[0]:
                raise ScenarioError(
                    f"scenario {scenario.name}: lever {lever.name}: from_year {lever.from_year} has passed; "
                    f"the data end with {self.years[0]}, choose {self.years[0] + 1} or later",
                    field="from_year",
                    entry=position,
                )
        persons, fte = self.supply(scenario)
        if self.supply_shift is not None:
            wide = fte.copy()
            wide[:, 1:] = shifted(fte[:, 1:], self.supply_shift)
            persons = persons * np.divide(wide, fte, out=np.ones_like(fte), where=fte > 0)
            fte = wide
        return Paths(self._demand(scenario), fte, persons, self._norm(scenario))

    def widened(self, by: Widening) -> "Projector":
        """The same with the ranges that past misses ask for; the error of the base is not widened."""
        plain: Draws = self.supply()[1] / self.definition.astype(np.float32)[:, None, None, None]
        demand = self.demand_base.copy()
        demand[:, 1:] = shifted(demand[:, 1:], by.shift("need_fte", demand[:, 1:]))
        return replace(self, demand_base=demand, supply_shift=by.shift("supply_fte", plain[:, 1:]))

    def _demand(self, scenario: Scenario) -> Draws:
        """Baseline demand, scaled by what the scenario changes."""
        scale = np.array([1 + scenario.value("contact_minutes", y) for y in self.years])
        latent = np.array([scenario.value("latent_need", y) for y in self.years])
        if np.all(scale == 1) and not latent.any():
            return self.demand_base
        factor = scale[:, None, None] * (1 + latent[:, None, None] * self.latent)
        scaled: Draws = self.demand_base * factor.astype(np.float32)
        return scaled

    def _norm(self, scenario: Scenario) -> Draws:
        change = np.array([1 + scenario.value("norm", y) for y in self.years])
        first = self.population.years.index(self.years[0])
        draws = self.population.factor[:, first:, :, None] * (self.norm_base * change[:, None, None])
        asked: Draws = draws.astype(np.float32)
        return asked


def prepare(inputs: ProjectionInputs, *, seed: int, draws: int = 200) -> Projector:
    """Fit everything on the inputs and draw the common random numbers.

    Args:
        inputs: No table listed by `inputs.missing()` may be empty.
        seed: The same seed gives the same draws, whatever the scenario.
        draws: Number of draws.

    Raises:
        FrameError: An input breaks its contract.
    """
    if empty := inputs.missing():
        raise FrameError(empty[0], "no rows, so no deficit can be projected")
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(7)]
    assumed, base = inputs.assumptions, base_year(inputs)
    counted = _population_until(inputs, base)
    population = project_population(
        counted,
        inputs.rates,
        last_year=max(assumed.last_year, base),
        draws=draws,
        rng=streams[0],
        region_share_sd=assumed.region_share_sd,
    )
    first, regions = population.years.index(base), population.regions
    staff = prepare_supply(
        inputs, regions=regions, last_year=assumed.last_year, seed=seed, draws=draws, streams=streams[2:]
    )
    specialties = staff.specialties
    use = fit_utilisation(
        inputs.encounters[inputs.encounters["month"] < f"{base + 1}-01-01"],
        _exposure(counted, population),
        regions=regions,
        specialties=specialties,
        sampling_fraction=assumed.sampling_fraction,
    )
    per_contact, without = fte_per_contact(inputs.activity_minutes, specialties, assumed.working_time)
    demand = demand_draws(
        population,
        first,
        use,
        per_contact,
        base_need(inputs.observed_need, use, per_contact, regions, specialties),
        error=need_error(inputs.observed_need, regions, specialties),
        sampling_fraction=assumed.sampling_fraction,
        rng=streams[1],
    )
    norm = norm_fte(population.persons[first:], inputs.norms, specialties)
    return Projector(
        **{f.name: getattr(staff, f.name) for f in fields(SupplyDraws)},
        population=population,
        use=use,
        demand_base=demand,
        latent=latent_share(use),
        norm_base=norm,
        without_standard=without,
    )


def _population_until(inputs: ProjectionInputs, base: int) -> pd.DataFrame:
    """Counts up to the base year on today's geography; later counts are the future of a backtest."""
    counted = require(inputs.population, POPULATION)
    if inputs.region_splits is not None and not inputs.region_splits.empty:
        counted = restate_regions(counted, inputs.region_splits, value="persons", by=("sex", "age_band"))
    counted = counted[counted["year"] <= base]
    if counted.empty:
        raise FrameError("population", f"no count in or before {base}, the year of the staff stock")
    return counted


def _exposure(counted: pd.DataFrame, population: PopulationForecast) -> dict[int, Floats]:
    """Persons by calendar year, for the years in which every region was counted."""
    axes = {"region_code": population.regions, "sex": SEXES, "age_band": AGE_BANDS}
    known = {year: population.persons[i] for i, year in enumerate(population.years)}
    for year, rows in counted.groupby("year"):
        mine = rows[rows["region_code"].isin(population.regions)]
        if mine["region_code"].nunique() == len(population.regions):
            known[int(str(year))] = to_array(mine, "population", axes, "persons")
    return known
