"""Doctors in post, draw by draw: what was learnt of staff, and one run of the engine a draw.

Belongs here: fitting on the staff tables, the common random numbers of supply, and supply under a scenario.
Does not belong here: demand (`workload.py`), both sides together (`projector.py`), what a lever means
(`levers.py`).

Layers of uncertainty, drawn once and shared by every scenario: hazard coefficients (regions resampled),
inflow, destinations of movers, definition of the base number, and chance in the cells themselves.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.frames import FrameError
from planning.projection.chance import chance_draws, chance_variances, even_normals
from planning.projection.education import graduates_path, graduations, inflow_draws
from planning.projection.hazard import draw_coefficients
from planning.projection.inputs import (
    ProjectionInputs,
    StockArrays,
    checked_stock,
    entrants_seen,
    stock_arrays,
)
from planning.projection.learnt import Learnt
from planning.projection.levers import (
    RURAL,
    hazard_shift,
    later_retirement,
    rural_shift,
    service_classes,
    with_emigration,
)
from planning.projection.moves import move_draws, move_shares, moves_seen
from planning.projection.other_entries import (
    MEMORY_YEARS,
    MIN_YEARS,
    OtherEntries,
    fit_other_entries,
    no_other_entries,
    past_stock,
)
from planning.projection.retention import (
    CAUSES,
    RetentionModel,
    fit_retention,
    leave_hazard,
)
from planning.projection.scenario import BASELINE, Scenario
from planning.projection.supply import (
    SupplyFlows,
    SupplyRates,
    collapse_ages,
    project_cohorts,
    project_totals,
)

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]
PRIVATE = np.array([False, False, True])
LOST = [CAUSES.index("abroad"), CAUSES.index("out")]


@dataclass(frozen=True)
class SupplyDraws:
    """Fitted models of staff and their common random numbers; `supply` answers a scenario.

    Attributes:
        inputs: What it was made of.
        seed: Of the common random numbers.
        regions, specialties, years: Labels; the first year is the base.
        retention, stock: The fits.
        programmes: Every intake known or carried forward, with its year of graduation.
        moves: (R, R) destinations of movers.
        moves_drawn: (D, R, R) draws of them.
        coefficients: (D, width) of the hazard.
        inflow: (D, R, S) graduates who enter ÷ expected.
        others: Persons who come without a programme, a year and doctor in post.
        other_rates: (D, S) draws of that rate.
        definition: (D,) base number ÷ the register's.
        chance: (D, Y, R, S) standardised chance in the cells.
    """

    inputs: ProjectionInputs
    seed: int
    regions: tuple[str, ...]
    specialties: tuple[str, ...]
    years: tuple[int, ...]
    retention: RetentionModel
    stock: StockArrays
    programmes: pd.DataFrame
    moves: Floats
    moves_drawn: Draws
    coefficients: Floats
    inflow: Floats
    others: OtherEntries
    other_rates: Floats
    definition: Floats
    chance: Draws

    def supply(self, scenario: Scenario = BASELINE) -> tuple[Draws, Draws]:
        """(D, Y, R, S) persons and FTE in post; levers on demand alone do not change them."""
        base, graduated = self.rates(scenario), self._graduated(scenario)
        collapsed = collapse_ages(self.stock.persons, base.retire, base.die, self.stock.entry_ages)
        spread = np.sqrt(sum(chance_variances(collapsed, base))).astype(np.float32)
        single = collapsed.single()
        rural, heads = self._rural_shifts(scenario), self._heads()
        draws = len(self.coefficients)
        shape = (draws, len(self.years), len(self.regions), len(self.specialties))
        persons, fte = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.float32)
        fte_cells = np.ascontiguousarray(np.moveaxis(self.stock.fte_per_person, -1, 0), dtype=np.float32)
        for d in range(draws):
            leave, causes = self._leaving(scenario, self.coefficients[d], rural)
            drawn = replace(
                base,
                leave=leave,
                causes=causes,
                moves=self.moves_drawn[d],
                entrants=self._with_others(
                    graduated * self.inflow[d][..., None], self.other_rates[d] * heads
                ),
            )
            cells = np.moveaxis(project_totals(single, drawn), -1, 0)
            total = cells.sum(axis=0)
            noisy = np.maximum(total + spread * self.chance[d], 0.0)
            by_chance = np.divide(noisy, total, out=np.ones_like(total), where=total > 0)
            by_chance *= np.float32(self.definition[d])
            persons[d] = total * by_chance
            fte[d] = (cells[0] * fte_cells[0] + cells[1] * fte_cells[1] + cells[2] * fte_cells[2]) * by_chance
        return persons, fte

    def learnt(self) -> Learnt:
        """What was fitted, so that the same can be projected again without a record of a person."""
        seen = entrants_seen(self.inputs.person_years, self.regions, self.specialties)
        return Learnt(self.retention, self.coefficients, seen, self.others)

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
            self._with_others(self._graduated(scenario), self.others.rate * self._heads()),
            self.stock.entry_ages,
        )

    def _heads(self) -> Floats:
        """(S,) doctors in post in the base year."""
        heads: Floats = self.stock.persons.sum(axis=(0, 1, 3, 4, 5))
        return heads

    def _with_others(self, graduated: Floats, more: Floats) -> Floats:
        """(T, R, S, C) everyone who enters: graduates and (S,) others; never fewer than nobody."""
        return np.asarray(np.maximum(graduated + more[:, None] * self.stock.entry_mix, 0.0))

    def _graduated(self, scenario: Scenario) -> Floats:
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


def base_year(inputs: ProjectionInputs) -> int:
    """The last year of the staff stock: where the projection starts."""
    return int(inputs.staff_stock["year"].max())


def prepare_supply(
    inputs: ProjectionInputs,
    *,
    regions: tuple[str, ...],
    last_year: int,
    seed: int,
    draws: int,
    streams: list[np.random.Generator],
) -> SupplyDraws:
    """Fit the supply side and draw its common random numbers.

    Args:
        inputs: Staff stock and person-years may not be empty.
        regions: Labels of today's regions.
        last_year: Last year projected.
        seed: Kept with the result.
        draws: Number of draws.
        streams: Five sources: coefficients, inflow, definition, chance, destinations.

    Raises:
        FrameError: An input breaks its contract or has a region that is not among `regions`.
    """
    assumed, base = inputs.assumptions, base_year(inputs)
    years = tuple(range(base, max(last_year, base) + 1))
    stock = checked_stock(inputs, regions)
    learnt = inputs.learnt
    named = set(stock["specialty_code"].unique()) | set(inputs.activity_minutes["specialty_code"].unique())
    specialties = learnt.model.specialties if learnt else tuple(sorted(named))
    seen_years = inputs.person_years
    model = learnt.model if learnt else fit_retention(seen_years, regions=regions, specialties=specialties)
    if model.regions != regions or model.specialties != specialties:
        raise FrameError("person_years", "regions or specialties that neither stock nor population has")
    seen = learnt.entrants if learnt else entrants_seen(seen_years, regions, specialties)
    arrays = stock_arrays(stock, base, regions, specialties, seen=seen)
    seen_moves = moves_seen(inputs.moves, regions)
    moves = move_shares(arrays.persons.sum(axis=(0, 2, 3, 4, 5)), seen_moves)
    made = SupplyDraws(
        inputs,
        seed,
        regions,
        specialties,
        years,
        model,
        arrays,
        graduations(inputs.intake, specialties, (base - MEMORY_YEARS, years[-1]), assumed.internship),
        moves,
        move_draws(moves, seen_moves, draws, streams[4]),
        learnt.coefficients[:draws] if learnt else draw_coefficients(model.fit, draws, streams[0]),
        inflow_draws(arrays.entry_mix, arrays.entry_shape, assumed.inflow_sd, draws, streams[1]),
        no_other_entries(len(specialties)),
        np.zeros((draws, len(specialties))),
        np.exp(assumed.base_definition_sd * even_normals(draws, streams[2])),
        np.zeros((1, 1, 1, 1), dtype=np.float32),
    )
    others = learnt.others if learnt else _others(made, stock)
    made = replace(made, others=others, other_rates=others.draws(draws, streams[1]))
    rates = made.rates()
    collapsed = collapse_ages(arrays.persons, rates.retire, rates.die, arrays.entry_ages)
    return replace(made, chance=chance_draws(collapsed, rates, draws, streams[3]))


def _others(staff: SupplyDraws, stock: pd.DataFrame) -> OtherEntries:
    """What the register's change over the last years says beside graduates and fitted exits."""
    base = staff.years[0]
    first, known = base, set(stock["year"].unique())
    while first - 1 in known and base - first < MEMORY_YEARS:
        first -= 1
    years = tuple(range(first, base + 1))
    if len(years) <= MIN_YEARS:
        return no_other_entries(len(staff.specialties))
    heads, stayed = past_stock(
        stock, years, _staying(staff), staff.retention, regions=staff.regions, specialties=staff.specialties
    )
    done = graduates_path(staff.programmes, staff.specialties, years[1:])
    return fit_other_entries(heads, stayed, done * (1 - staff.inputs.assumptions.refusal_share))


def _staying(staff: SupplyDraws) -> Floats:
    """(K, R, S, C) chance of not leaving for abroad or for good; movers stay in the country's stock."""
    model, classes = staff.retention, len(staff.stock.persons)
    leave = service_classes(leave_hazard(model), model.exposure, classes)
    return np.asarray(1 - leave * model.cause_shares[:, None, :, LOST].sum(axis=-1))
