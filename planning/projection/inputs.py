"""What a projection is made of: the tables, the assumptions, and their arrays.

Belongs here: contracts of the staff tables, the list of assumptions with owner and source, and the
stock, its full-time equivalents, entrants and landings as arrays. Does not belong here: the projection
itself (`deficit.py`).
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.axes import to_array
from planning.frames import Column, Contract, FrameError, require
from planning.projection.demand import WorkingTime, gamma_shapes
from planning.projection.education import KAZAKHSTAN_INTERNSHIP, InternshipBreak
from planning.projection.learnt import Learnt
from planning.projection.population import REGION_SHARE_SD, SEXES, NationalRates
from planning.projection.retention import FIRST_AGE, LAST_WORKING_AGE, SECTORS, SERVICE_YEARS

Floats = NDArray[np.float64]

MIN_SERVICE_CLASSES = 5  # completed years 0, 1, 2, 3, 4+
# Persons in a cell at which its own mix weighs as much as the wider one (own choice).
MIX_PRIOR_PERSONS = 20.0
FTE_PRIOR_PERSONS = 5.0

STAFF_STOCK = Contract(
    "staff_stock",
    {
        "region_code": Column("text"),
        "specialty_code": Column("text"),
        "sector_code": Column("text", allowed=frozenset(SECTORS)),
        "year": Column("integer", "year"),
        "age": Column("integer", "years", minimum=15, maximum=100),
        "sex": Column("text", allowed=frozenset(SEXES)),
        "service_year": Column("integer", "completed years", minimum=0),
        "persons": Column("number", "persons", minimum=0),
        "fte": Column("number", "FTE", minimum=0),
    },
    key=("region_code", "specialty_code", "sector_code", "year", "age", "sex", "service_year"),
)


@dataclass(frozen=True)
class Assumptions:
    """Everything that is decided rather than counted; owner and source in docs/methods/deficit.md.

    Attributes:
        last_year: Last year projected.
        sampling_fraction: Share of persons behind the weighted encounters.
        working_time: What a full-time doctor gives.
        refusal_share: Graduates who never take up their post (year-0 event).
        inflow_sd: Log spread of the entrants of a specialty, and of all together.
        base_definition_sd: Log spread of the base number: two official extracts for 2020 give 40.7
            and 36.6 doctors per 10,000, half their log distance is 0.053, read as an 80 % range.
        pay_sd_share: One standard deviation of pay within a specialty, as a share of mean pay.
        internship: Removal and return of the internship, or None.
        region_share_sd: One-year log spread of a region's share of the population.
    """

    last_year: int = 2035
    sampling_fraction: float = 1.0
    working_time: WorkingTime = field(default_factory=WorkingTime)
    refusal_share: float = 0.30
    inflow_sd: float = 0.05
    base_definition_sd: float = 0.041
    pay_sd_share: float = 0.25
    internship: InternshipBreak | None = KAZAKHSTAN_INTERNSHIP
    region_share_sd: float = REGION_SHARE_SD


@dataclass(frozen=True)
class ProjectionInputs:
    """The tables, as marts hold them; each may have zero rows.

    Attributes:
        population: population.POPULATION, one or more years.
        rates: Published national figures.
        encounters: demand.ENCOUNTERS.
        activity_minutes: demand.MINUTES.
        norms: demand.NORMS.
        staff_stock: STAFF_STOCK, the last year is the base; earlier years serve the backtest.
        person_years: retention.PERSON_YEARS; an optional `year` column serves the backtest.
        intake: education.INTAKE; the last intake of a programme is carried forward.
        region_splits: crosswalk.REGION_SPLITS or None.
        moves: from_region_code, to_region_code, persons; or None.
        observed_need: workload.OBSERVED_NEED of the base year; None starts from contacts alone.
        learnt: What earlier fits said of staff: person_years may then be empty, one year of stock does.
        assumptions: What is decided rather than counted.
    """

    population: pd.DataFrame
    rates: NationalRates
    encounters: pd.DataFrame
    activity_minutes: pd.DataFrame
    norms: pd.DataFrame
    staff_stock: pd.DataFrame
    person_years: pd.DataFrame
    intake: pd.DataFrame
    region_splits: pd.DataFrame | None = None
    moves: pd.DataFrame | None = None
    observed_need: pd.DataFrame | None = None
    learnt: Learnt | None = None
    assumptions: Assumptions = field(default_factory=Assumptions)

    def missing(self) -> tuple[str, ...]:
        """Tables without which no deficit can be projected, that have no rows."""
        needed = ("population", "encounters", "activity_minutes", "staff_stock", "person_years")
        known = {"person_years"} if self.learnt else set()
        return tuple(name for name in needed if name not in known and getattr(self, name).empty)


@dataclass(frozen=True)
class StockArrays:
    """The base stock on the axes of the engine.

    Attributes:
        persons: (K, R, S, C, 2, A).
        fte_per_person: (R, S, C), shrunk to the specialty's and the nation's.
        entry_ages: (2, A) sex and age of those in their first year of service; sums to 1.
        entry_mix: (R, S, C) where entrants of a specialty work; sums to 1 by specialty.
        entry_shape: (R, S) Gamma shape of a region's share of the entrants; its CV is shape^−½.
        landing: (R, S, C) public sectors that newcomers to a region join; sums to 1.
    """

    persons: Floats
    fte_per_person: Floats
    entry_ages: Floats
    entry_mix: Floats
    entry_shape: Floats
    landing: Floats


def entrants_seen(rows: pd.DataFrame, regions: tuple[str, ...], specialties: tuple[str, ...]) -> Floats:
    """(R, S, C) persons seen in their first year of service, before any of them could leave."""
    axes = {"region_code": regions, "specialty_code": specialties, "sector_code": SECTORS}
    first = rows[rows["service_year"] == 1].groupby(list(axes)).size().rename("persons").reset_index()
    return to_array(first, "person_years", axes, "persons")


def stock_arrays(
    stock: pd.DataFrame,
    year: int,
    regions: tuple[str, ...],
    specialties: tuple[str, ...],
    *,
    seen: Floats | None = None,
) -> StockArrays:
    """Arrays of one year's stock.

    Args:
        stock: STAFF_STOCK.
        year: The base year.
        regions: Labels.
        specialties: Labels.
        seen: (R, S, C) entrants on record; without any, those under three years of service.

    Raises:
        FrameError: Contract broken, or a region that the population does not have.
    """
    rows = stock[stock["year"] == year]
    classes = int(np.clip(rows["service_year"].max() + 1, MIN_SERVICE_CLASSES, SERVICE_YEARS))
    persons = _persons_of(stock, year, regions, specialties, classes)
    place = {"region_code": regions, "specialty_code": specialties, "sector_code": SECTORS}
    by_place = rows.groupby(list(place))["fte"].sum().reset_index()
    fte = to_array(by_place, "staff_stock", place, "fte")
    heads = persons.sum(axis=(0, 4, 5))
    nation = fte.sum() / max(heads.sum(), 1e-9)
    by_specialty = (fte.sum(axis=(0, 2)) + FTE_PRIOR_PERSONS * nation) / (
        heads.sum(axis=(0, 2)) + FTE_PRIOR_PERSONS
    )
    prior = by_specialty[None, :, None]
    ratio = (fte + FTE_PRIOR_PERSONS * prior) / (heads + FTE_PRIOR_PERSONS)
    mix, shape = _entry_mix(persons, seen)
    return StockArrays(persons, ratio, _entry_ages(persons), mix, shape, _landing(heads))


def _persons_of(
    stock: pd.DataFrame, year: int, regions: tuple[str, ...], specialties: tuple[str, ...], classes: int
) -> Floats:
    """(K, R, S, C, 2, A) persons of one year; the last class of service is open, ages are 22 … 75."""
    rows = stock[stock["year"] == year]
    clipped = rows.assign(
        service_year=rows["service_year"].clip(upper=classes - 1),
        age=rows["age"].clip(FIRST_AGE, LAST_WORKING_AGE),
    )
    axes = {
        "service_year": range(classes),
        "region_code": regions,
        "specialty_code": specialties,
        "sector_code": SECTORS,
        "sex": SEXES,
        "age": range(FIRST_AGE, LAST_WORKING_AGE + 1),
    }
    cells = clipped.groupby(list(axes))["persons"].sum().reset_index()
    return to_array(cells, "staff_stock", axes, "persons")


def checked_stock(inputs: ProjectionInputs, regions: tuple[str, ...]) -> pd.DataFrame:
    """The stock, held against its contract and the regions of the population."""
    stock = require(inputs.staff_stock, STAFF_STOCK)
    strange = ~stock["region_code"].isin(regions)
    if strange.any():
        at = np.flatnonzero(strange)
        raise FrameError(
            "staff_stock",
            f"region_code {stock['region_code'].iloc[at[0]]!r} has no population in the base year; "
            "map it with the crosswalk or add its population",
            tuple(map(int, at)),
        )
    return stock


def published_stock(stock: pd.DataFrame) -> pd.DataFrame:
    """The last year of a stock as far as a projection needs it: nobody's own posts, no age beyond its own.

    The engine asks for full-time equivalents by region, specialty and sector only, clips ages to 22–75 and
    keeps ten classes of service. Each row gets its place's mean; rows that it cannot tell apart are one.

    Args:
        stock: STAFF_STOCK.

    >>> place = {"region_code": "R", "specialty_code": "S", "sector_code": "private"}
    >>> row = place | {"year": 2026, "sex": "male", "service_year": 12, "persons": 1.0}
    >>> three = pd.DataFrame([row | {"age": a, "fte": f} for a, f in ((77, 1.5), (79, 0.5), (40, 1.0))])
    >>> published_stock(three)[["age", "service_year", "persons", "fte"]].to_numpy().tolist()
    [[40.0, 9.0, 1.0, 1.0], [75.0, 9.0, 2.0, 2.0]]
    """
    last = stock[stock["year"] == stock["year"].max()]
    kept = last.assign(
        age=last["age"].clip(FIRST_AGE, LAST_WORKING_AGE),
        service_year=last["service_year"].clip(upper=SERVICE_YEARS - 1),
    )
    rows = kept.groupby(list(STAFF_STOCK.key), as_index=False)[["persons", "fte"]].sum()
    place = rows.groupby(["region_code", "specialty_code", "sector_code"])
    mean = place["fte"].transform("sum") / place["persons"].transform("sum")
    columns = list(stock.columns)
    made: pd.DataFrame = rows.assign(fte=(rows["persons"] * mean).fillna(0.0))[columns]
    return made


def _entry_ages(persons: Floats) -> Floats:
    """Sex and age in the first year of service; without any, evenly 25 to 29 and both sexes."""
    first = persons[0].sum(axis=(0, 1, 2))
    if first.sum() > 0:
        return np.asarray(first / first.sum())
    ages = np.zeros(persons.shape[4:])
    ages[:, 25 - FIRST_AGE : 30 - FIRST_AGE] = 0.1
    return ages


def _entry_mix(persons: Floats, seen: Floats | None) -> tuple[Floats, Floats]:
    """Region and sector of entrants by specialty, and the Gamma shape of each region's share.

    Specialties share one division among regions unless they differ by more than chance (moments of
    the Gamma–Poisson, as in `demand.py`); the sector within a region is that of all entrants there.
    """
    young = seen if seen is not None and seen.sum() > 0 else persons[:3].sum(axis=(0, 4, 5))
    if young.sum() == 0:
        young = persons.sum(axis=(0, 4, 5))
    by_region = young.sum(axis=2)
    whole = young.sum(axis=1) + 1e-9
    due = by_region.sum(axis=0) * (whole.sum(axis=1) / whole.sum())[:, None]
    prior = gamma_shapes(by_region.reshape(-1, 1), due.reshape(-1, 1))
    ratio = (prior + by_region) / (prior + due)
    region = ratio * (whole.sum(axis=1) / whole.sum())[:, None]
    region = region / region.sum(axis=0)
    sector = whole / whole.sum(axis=1, keepdims=True)
    return region[:, :, None] * sector[:, None, :], prior + by_region


def _landing(heads: Floats) -> Floats:
    """Public sectors of a region by specialty, shrunk to the region's; a region without any: urban."""
    public = heads * np.array([sector != "private" for sector in SECTORS])
    region = public.sum(axis=1, keepdims=True) + np.array([1e-9, 0.0, 0.0])
    prior = MIX_PRIOR_PERSONS * region / region.sum(axis=2, keepdims=True)
    land: Floats = (public + prior) / (public.sum(axis=2, keepdims=True) + MIX_PRIOR_PERSONS)
    return land
