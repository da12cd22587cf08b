"""Everything learnt once, so that a scenario is answered in a second: the draws of both sides.

Belongs here: fitting on the inputs, the common random numbers, and one run of the engine a draw. Does
not belong here: quantiles and tables of results (`deficit.py`), what a lever means (`levers.py`).

Layers of uncertainty, drawn once and shared by every scenario: population (one draw on both sides),
trend of use, regional use, hazard coefficients (regions resampled), inflow, definition of the base
number, and chance in the cells themselves.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.ages import AGE_BANDS
from planning.axes import to_array
from planning.crosswalk import restate_regions
from planning.demand import (
    Utilisation,
    fit_utilisation,
    fte_per_contact,
    latent_share,
    norm_fte,
)
from planning.frames import FrameError, require
from planning.hazard import draw_coefficients
from planning.inputs import (
    ProjectionInputs,
    StockArrays,
    checked_stock,
    entrants_seen,
    graduates_path,
    graduations,
    stock_arrays,
)
from planning.levers import (
    RURAL,
    hazard_shift,
    later_retirement,
    rural_shift,
    service_classes,
    with_emigration,
)
from planning.moves import move_shares
from planning.population import POPULATION, SEXES, PopulationForecast, project_population
from planning.retention import RetentionModel, fit_retention, leave_hazard
from planning.scenario import BASELINE, Scenario
from planning.supply import (
    CollapsedStock,
    SupplyFlows,
    SupplyRates,
    collapse_ages,
    project_cohorts,
    project_totals,
)
from planning.workload import base_need, demand_draws

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]

SMALL_CELL_PERSONS = 30.0
PRIVATE = np.array([False, False, True])


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
class Projector:
    """Fitted models and common random numbers; `run` answers a scenario.

    Attributes:
        inputs: What it was made of.
        regions, specialties, years: Labels; the first year is the base.
        population, use, retention, stock: The fits.
        programmes: Every intake known or carried forward, with its year of graduation.
        demand_base: (D, Y, R, S) raked demand of the baseline, FTE.
        latent: (R, S) latent need as a share of use.
        norm_base: (Y, R, S) posts the norm asks for, at the medium population.
        without_standard: Specialties without minutes.
    """

    inputs: ProjectionInputs
    seed: int
    regions: tuple[str, ...]
    specialties: tuple[str, ...]
    years: tuple[int, ...]
    population: PopulationForecast
    use: Utilisation
    retention: RetentionModel
    stock: StockArrays
    programmes: pd.DataFrame
    moves: Floats
    coefficients: Floats
    inflow: Floats
    definition: Floats
    chance: Draws
    demand_base: Draws
    latent: Floats
    norm_base: Floats
    without_standard: tuple[str, ...]

    def run(self, scenario: Scenario = BASELINE) -> Paths:
        """Project both sides under a scenario, draw by draw, with the common random numbers."""
        persons, fte = self.supply(scenario)
        return Paths(self._demand(scenario), fte, persons, self._norm(scenario))

    def supply(self, scenario: Scenario = BASELINE) -> tuple[Draws, Draws]:
        """(D, Y, R, S) persons and FTE in post; levers on demand alone do not change them."""
        base = self.rates(scenario)
        collapsed = collapse_ages(self.stock.persons, base.retire, base.die, self.stock.entry_ages)
        spread = np.sqrt(sum(_variances(collapsed, base)))
        rural = self._rural_shifts(scenario)
        draws = len(self.coefficients)
        shape = (draws, len(self.years), len(self.regions), len(self.specialties))
        persons, fte = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.float32)
        fte_cells = np.ascontiguousarray(np.moveaxis(self.stock.fte_per_person, -1, 0))
        for d in range(draws):
            leave, causes = self._leaving(scenario, self.coefficients[d], rural)
            drawn = replace(
                base,
                leave=leave,
                causes=causes,
                entrants=base.entrants * self.inflow[d][None, :, :, None],
            )
            cells = np.moveaxis(project_totals(collapsed, drawn), -1, 0)
            total = cells.sum(axis=0)
            noisy = np.maximum(total + spread * self.chance[d], 0.0)
            by_chance = np.divide(noisy, total, out=np.ones_like(total), where=total > 0)
            by_chance *= self.definition[d]
            persons[d] = total * by_chance
            fte[d] = (cells[0] * fte_cells[0] + cells[1] * fte_cells[1] + cells[2] * fte_cells[2]) * by_chance
        return persons, fte

    def flows(self, scenario: Scenario = BASELINE) -> SupplyFlows:
        """The middle run with every flow, by age: what the stock identity is read from."""
        return project_cohorts(self.stock.persons, self.rates(scenario))

    def rates(self, scenario: Scenario = BASELINE) -> SupplyRates:
        """The middle rates of every year under a scenario."""
        ahead = self.years[1:]
        retire = np.stack(
            [later_retirement(self.retention.retire, scenario.value("retirement_age", y)) for y in ahead]
        )
        leave, causes = self._leaving(scenario, None, self._rural_shifts(scenario))
        return SupplyRates(
            retire,
            np.repeat(self.retention.die[None], len(ahead), axis=0),
            leave,
            causes,
            self.moves,
            self.stock.landing,
            PRIVATE,
            self._entrants(scenario),
            self.stock.entry_ages,
        )

    def _entrants(self, scenario: Scenario) -> Floats:
        """(T, R, S, C) graduates who take up their post."""
        ahead = self.years[1:]
        done = graduates_path(self.programmes, self.specialties, ahead, scenario)
        assumed = self.inputs.assumptions
        refusal = [np.clip(assumed.refusal_share + scenario.value("refusal", y), 0, 1) for y in ahead]
        taken = done * (1 - np.array(refusal))[:, None]
        return np.asarray(taken[:, None, :, None] * self.stock.entry_mix)

    def _rural_shifts(self, scenario: Scenario) -> dict[float, float]:
        """Log-odds of every change of rural retention in the scenario; the middle fit's, for all draws."""
        weight = self.stock.entry_mix[:, :, RURAL]
        points = {scenario.value("rural_retention", year) for year in self.years[1:]}
        return {change: rural_shift(self.retention, change, weight) for change in points}

    def _leaving(
        self, scenario: Scenario, coefficients: Floats | None, rural: dict[float, float]
    ) -> tuple[list[Floats], list[Floats]]:
        """Chance of leaving and causes of every year; years alike share one array."""
        model, classes = self.retention, len(self.stock.persons)
        slope = float(model.fit.part("slope", coefficients)[-1])
        made: dict[tuple[float, ...], tuple[Floats, Floats]] = {}
        leave, causes = [], []
        levers = ("rural_retention", "rural_pay", "emigration")
        for year in self.years[1:]:
            key = tuple(scenario.value(name, year) for name in levers)
            if key not in made:
                shift = None
                if key[0] or key[1]:
                    pay_sd = self.inputs.assumptions.pay_sd_share
                    shift = hazard_shift(scenario, year, rural[key[0]], slope, pay_sd)
                chance = service_classes(leave_hazard(model, coefficients, shift), model.exposure, classes)
                made[key] = with_emigration(chance, model.cause_shares, key[2])
            leave.append(made[key][0])
            causes.append(made[key][1])
        return leave, causes

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
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(6)]
    assumed = inputs.assumptions
    base = int(inputs.staff_stock["year"].max())
    counted = _population_until(inputs, base)
    population = project_population(
        counted,
        inputs.rates,
        last_year=max(assumed.last_year, base),
        draws=draws,
        rng=streams[0],
        region_share_sd=assumed.region_share_sd,
    )
    first = population.years.index(base)
    years, regions = population.years[first:], population.regions
    stock = checked_stock(inputs, regions)
    specialties = tuple(
        sorted(
            set(stock["specialty_code"].unique()) | set(inputs.activity_minutes["specialty_code"].unique())
        )
    )
    months = inputs.encounters[inputs.encounters["month"] < f"{base + 1}-01-01"]
    use = fit_utilisation(
        months,
        _exposure(counted, population),
        regions=regions,
        specialties=specialties,
        sampling_fraction=assumed.sampling_fraction,
    )
    per_contact, without = fte_per_contact(inputs.activity_minutes, specialties, assumed.working_time)
    start = base_need(inputs.observed_need, use, per_contact, regions, specialties)
    demand = demand_draws(
        population,
        first,
        use,
        per_contact,
        start,
        sampling_fraction=assumed.sampling_fraction,
        rng=streams[1],
    )
    model = fit_retention(inputs.person_years, regions=regions, specialties=specialties)
    if model.regions != regions or model.specialties != specialties:
        raise FrameError("person_years", "regions or specialties that neither stock nor population has")
    seen = entrants_seen(inputs.person_years, regions, specialties)
    arrays = stock_arrays(stock, base, regions, specialties, seen=seen)
    heads = arrays.persons.sum(axis=(0, 2, 3, 4, 5))
    inflow = _inflow(arrays, assumed.inflow_sd, draws, streams[3])
    projector = Projector(
        inputs,
        seed,
        regions,
        specialties,
        years,
        population,
        use,
        model,
        arrays,
        graduations(inputs.intake, specialties, years[-1], assumed.internship),
        move_shares(heads, _moves(inputs, regions)),
        draw_coefficients(model.fit, draws, streams[2]),
        inflow,
        np.exp(assumed.base_definition_sd * streams[4].standard_normal(draws)),
        np.zeros((1, 1, 1, 1), dtype=np.float32),
        demand,
        latent_share(use),
        norm_fte(population.persons[first:], inputs.norms, specialties),
        without,
    )
    rates = projector.rates()
    collapsed = collapse_ages(arrays.persons, rates.retire, rates.die, arrays.entry_ages)
    return replace(projector, chance=_chance_draws(collapsed, rates, draws, streams[5]))


def _inflow(stock: StockArrays, sd: float, draws: int, rng: np.random.Generator) -> Floats:
    """(D, R, S) entrants ÷ expected: all together, by specialty, and each region's share of them."""
    together, own = (
        rng.standard_normal((draws, 1, 1)),
        rng.standard_normal((draws, 1, len(stock.entry_mix[0]))),
    )
    shape = np.maximum(stock.entry_shape, 1e-3)
    share = rng.standard_gamma(shape, size=(draws, *shape.shape)) / shape
    weight = stock.entry_mix.sum(axis=2)
    share /= (share * weight).sum(axis=1, keepdims=True)
    return np.asarray(np.exp(sd * (together + own)) * share)


def _variances(collapsed: CollapsedStock, rates: SupplyRates) -> tuple[Floats, Floats]:
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


def _chance_draws(
    collapsed: CollapsedStock, rates: SupplyRates, draws: int, rng: np.random.Generator
) -> Draws:
    """(D, Y, R, S) standardised chance in the cells: binomial and Poisson under 30 persons, else normal."""
    stay_var, come = _variances(collapsed, rates)
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


def _moves(inputs: ProjectionInputs, regions: tuple[str, ...]) -> Floats | None:
    if inputs.moves is None or inputs.moves.empty:
        return None
    axes = {"from_region_code": regions, "to_region_code": regions}
    return to_array(inputs.moves, "moves", axes, "persons")


def _ratio(wanted: Floats, found: Floats) -> Floats:
    """Wanted ÷ found; 1 where nothing is found."""
    shape = np.broadcast(wanted, found).shape
    return np.divide(wanted, found, out=np.ones(shape), where=found > 0)
