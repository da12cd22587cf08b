"""The stock of doctors, year by year: one cohort engine, and its exact shortcut for many draws.

Belongs here: ageing, retiring, dying, leaving, moving and entering, on arrays. Does not belong here:
where the rates come from (`retention.py`, `moves.py`, `education.py`), tables, scenarios, ranges.

State: persons by completed years of service (0 … 4+), region, specialty, sector, sex, age. A year:
retire or die → leave by hazard → leavers divide among region, sector, abroad, out → everyone a year
older and a year longer in service → graduates enter. Those who change region or sector have no duty
where they arrive: they join the open class of service.

The shortcut: chances of leaving do not depend on age, chances of retiring do not depend on place. The
two act on different axes, so they commute, and the number alive at year T is the cell-and-service
dynamics applied to the stock already weighted by its chance to be working at T. That removes the age
axis – 108 ages become one column a target year – without approximation; a test holds both equal.
See docs/methods/supply.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


FLOWS = (
    "start",
    "retired",
    "died",
    "left_region",
    "left_sector",
    "left_abroad",
    "left_out",
    "came_region",
    "came_sector",
    "entered",
    "end",
)


@dataclass(frozen=True)
class SupplyRates:
    """What happens in each of T years. Axes: K service, R region, S specialty, C sector, A age.

    Attributes:
        retire: (T, 2, A) chance of retiring of those alive, by sex and age.
        die: (T, 2, A) chance of dying.
        leave: T arrays (K, R, S, C), chance of leaving of those neither dead nor retired.
        causes: T arrays (R, C, 4), leavers by cause: region, sector, abroad, out; sums to 1.
        moves: (R, R) destination of those who leave for another region; rows sum to 1.
        landing: (R, S, C) sector in which a newcomer to a region works; sums to 1.
        is_private: (C,) sectors whose leavers "to the other sector" land by `landing`; the others
            land in the private one.
        entrants: (T, R, S, C) persons who take up a post at the end of each year.
        entry_ages: (2, A) their sex and age; sums to 1.
    """

    retire: Floats
    die: Floats
    leave: Sequence[Floats]
    causes: Sequence[Floats]
    moves: Floats
    landing: Floats
    is_private: NDArray[np.bool_]
    entrants: Floats
    entry_ages: Floats

    @property
    def years(self) -> int:
        """Number of years projected."""
        return len(self.leave)


@dataclass(frozen=True)
class SupplyFlows:
    """Persons by year, region, specialty, sector; start − exits + arrivals = end in every cell.

    Attributes:
        start, end: (T, R, S, C) stock.
        retired, died, left_region, left_sector, left_abroad, left_out: (T, R, S, C) exits.
        came_region, came_sector, entered: (T, R, S, C) arrivals.
        final: (K, R, S, C, 2, A) state at the end.
    """

    start: Floats
    retired: Floats
    died: Floats
    left_region: Floats
    left_sector: Floats
    left_abroad: Floats
    left_out: Floats
    came_region: Floats
    came_sector: Floats
    entered: Floats
    end: Floats
    final: Floats


def project_cohorts(stock: Floats, rates: SupplyRates) -> SupplyFlows:
    """The engine with every age and sex, and every flow of every year.

    Args:
        stock: (K, R, S, C, 2, A) persons.
        rates: The rates of T years.
    """
    state, flows = stock, []
    for year in range(rates.years):
        start = state.sum(axis=(0, 4, 5))
        died = state * rates.die[year]
        retired = (state - died) * rates.retire[year]
        working = state - died - retired
        working_on = working.copy()
        working_on[..., -1] = 0.0  # the last age retires at the end of the year
        retired = retired + (working - working_on)
        leaving = working_on * rates.leave[year][..., None, None]
        came_region, came_sector = _arrivals(leaving.sum(axis=0), rates, year)
        next_state = _older(working_on - leaving)
        next_state[-1, ..., 1:] += (came_region + came_sector)[..., :-1]
        next_state[0] += rates.entrants[year][..., None, None] * rates.entry_ages
        by_cause = leaving.sum(axis=(0, 4, 5))[..., None] * rates.causes[year][:, None]
        flows.append(
            (
                start,
                retired.sum(axis=(0, 4, 5)),
                died.sum(axis=(0, 4, 5)),
                *np.moveaxis(by_cause, -1, 0),
                came_region.sum(axis=(3, 4)),
                came_sector.sum(axis=(3, 4)),
                rates.entrants[year],
                next_state.sum(axis=(0, 4, 5)),
            )
        )
        state = next_state
    columns = np.array(flows).reshape(rates.years, len(FLOWS), *stock.shape[1:4]).swapaxes(0, 1)
    named = dict(zip(FLOWS, columns, strict=True))
    return SupplyFlows(**named, final=state)


def _older(staying: Floats) -> Floats:
    """(K, R, S, C, 2, A): everyone a year older and, up to the open class, a year longer in service."""
    served = np.zeros_like(staying)
    served[1:, ..., 1:] = staying[:-1, ..., :-1]
    served[-1, ..., 1:] += staying[-1, ..., :-1]
    return served


def _arrivals(leaving: Floats, rates: SupplyRates, year: int) -> tuple[Floats, Floats]:
    """Leavers (R, S, C, …) who turn up in another region or sector, in the same shape."""
    tail = leaving.ndim - 3
    causes = rates.causes[year].reshape(leaving.shape[0], 1, leaving.shape[2], 4, *(1,) * tail)
    landing = rates.landing.reshape(*rates.landing.shape, *(1,) * tail)
    movers = (leaving * causes[:, :, :, 0]).sum(axis=2)
    came_region = np.tensordot(rates.moves.T, movers, axes=1)[:, :, None] * landing
    changers = leaving * causes[:, :, :, 1]
    to_public = changers[:, :, rates.is_private].sum(axis=2)
    came_sector = to_public[:, :, None] * landing
    if rates.is_private.any():
        private = int(np.flatnonzero(rates.is_private)[0])
        came_sector[:, :, private] += changers[:, :, ~rates.is_private].sum(axis=2)
    else:
        came_sector = came_sector + changers  # no private sector in this country: nobody changes
    return came_region, came_sector


@dataclass(frozen=True)
class CollapsedStock:
    """The stock without its age axis: weighted by the chance to be still working at each target year.

    Attributes:
        working: (T+1, K, R, S, C) of today's persons, those still working at target year 0 … T if
            nobody left, moved or entered.
        working_twice: (T+1, K, R, S, C) the same weighed by the squared chance: what chance leaves to vary
            among persons of unlike age is working − working_twice.
        entrant_share: (T, T+1) of those entering at the end of year u, the share neither dead nor
            retired at target year t; 0 before they enter.
    """

    working: Floats
    working_twice: Floats
    entrant_share: Floats

    def single(self) -> "CollapsedStock":
        """The same in single precision, which draws are kept in."""
        parts: Any = (self.working, self.working_twice, self.entrant_share)
        return CollapsedStock(*(part.astype(np.float32) for part in parts))


def collapse_ages(stock: Floats, retire: Floats, die: Floats, entry_ages: Floats) -> CollapsedStock:
    """Weigh every age and sex by its chance to be working at each target year.

    Args:
        stock: (K, R, S, C, 2, A) persons.
        retire: (T, 2, A).
        die: (T, 2, A).
        entry_ages: (2, A).
    """
    years, sexes, ages = retire.shape
    stay = (1 - die) * (1 - retire)
    stay[:, :, -1] = 0.0
    today = np.ones((years + 1, sexes, ages))
    share = np.zeros((years, years + 1))
    for target in range(1, years + 1):
        onwards = np.ones((sexes, ages))  # chance from the start of year u to be working at `target`
        for year in range(target - 1, -1, -1):
            share[year, target] = (entry_ages * onwards).sum()
            later = np.zeros_like(onwards)
            later[:, :-1] = onwards[:, 1:]
            onwards = stay[year] * later
        today[target] = onwards
    flat = stock.reshape(-1, sexes * ages)

    def weighed(chance: Floats) -> Floats:
        cells = flat @ chance.reshape(years + 1, -1).T
        return np.ascontiguousarray(cells.T).reshape(years + 1, *stock.shape[:4])

    return CollapsedStock(weighed(today), weighed(today**2), share)


def project_totals(collapsed: CollapsedStock, rates: SupplyRates) -> Floats:
    """(T+1, R, S, C) persons at the start and after each year; equals the engine's `end`.

    Only the open class of service and today's young cohorts need the axis of target years; a cohort
    that enters later is one vector, because all of it shares one chance to be working at each target. The
    arithmetic is in the precision of `collapsed`: single precision is 1.5 times as fast and errs by 3e-7.
    """
    service, regions, specialties, sectors = collapsed.working.shape[1:]
    cells, shape = regions * specialties * sectors, (-1, sectors, regions, specialties)
    precision: type[np.floating[Any]] = collapsed.working.dtype.type

    def by_sector(array: Floats) -> Floats:  # (…, R, S, C) → (…, C·R·S): long runs for every operation
        moved = np.ascontiguousarray(np.moveaxis(array, -1, -3), dtype=precision)
        return moved.reshape(*array.shape[:-3], cells)

    working, entrants = by_sector(collapsed.working), by_sector(rates.entrants)
    hazards = {id(h): by_sector(h) for h in rates.leave}
    landing = np.ascontiguousarray(np.moveaxis(rates.landing, -1, 0), dtype=precision)
    moves = np.ascontiguousarray(rates.moves.T, dtype=precision)
    causes = {id(c): np.asarray(c, dtype=precision) for c in rates.causes}
    veteran = working[:, -1].copy()
    today = {k: working[:, k].copy() for k in range(service - 1)}  # class of service → cohort
    entered: dict[int, Floats] = {}  # year of entry → cohort
    out = np.empty((rates.years + 1, cells), dtype=working.dtype)
    out[0] = working[0].sum(axis=0)
    for year in range(rates.years):
        hazard, later = hazards[id(rates.leave[year])], slice(year + 1, None)
        leaving = veteran[later] * hazard[-1]
        veteran[later] -= leaving
        for k in sorted(today, reverse=True):
            lost = today[k][later] * hazard[k]
            leaving += lost
            today[k][later] -= lost
            cohort = today.pop(k)
            if k == service - 2:
                veteran[later] += cohort[later]
            else:
                today[k + 1] = cohort
        if entered:
            lost = np.stack([cohort * hazard[year - 1 - e] for e, cohort in entered.items()])
            leaving += collapsed.entrant_share[list(entered), later].T @ lost
            for row, e in enumerate(list(entered)):
                entered[e] = entered[e] - lost[row]
                if year - 1 - e == service - 2:
                    veteran[later] += np.outer(collapsed.entrant_share[e, later], entered.pop(e))
        arrivals = _collapsed_arrivals(
            leaving.reshape(shape), causes[id(rates.causes[year])], moves, landing, rates.is_private
        )
        veteran[later] += arrivals.reshape(-1, cells)
        entered[year] = entrants[year]
        out[year + 1] = veteran[year + 1] + sum(cohort[year + 1] for cohort in today.values())
        out[year + 1] += collapsed.entrant_share[list(entered), year + 1] @ np.stack(list(entered.values()))
    return np.moveaxis(out.reshape(rates.years + 1, sectors, regions, specialties), 1, -1)


def _collapsed_arrivals(
    leaving: Floats, causes: Floats, moves: Floats, landing: Floats, private: NDArray[np.bool_]
) -> Floats:
    """(t, C, R, S) newcomers by region and sector move, of leavers (t, C, R, S); moves (to, from)."""
    region, sector = np.moveaxis(causes[:, :, :2], -1, 0)
    movers = leaving[:, 0] * region[:, 0, None]
    for c in range(1, leaving.shape[1]):
        movers += leaving[:, c] * region[:, c, None]
    land = np.matmul(moves, movers)
    if not private.any():
        return np.asarray(land[:, None] * landing + leaving * sector.T[:, :, None])
    to_private = np.zeros_like(land)
    for c, is_private in enumerate(private):
        target = land if is_private else to_private
        target += leaving[:, c] * sector[:, c, None]
    arrivals: Floats = land[:, None] * landing
    arrivals[:, int(np.flatnonzero(private)[0])] += to_private
    return arrivals
