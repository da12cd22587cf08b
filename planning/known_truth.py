"""A country whose truth is known: doctors simulated one by one, so that a forecast can be marked.

Belongs here: the simulation of persons with a stated hazard, and of what they would have been seen
doing. Does not belong here: any fit. It shares no code with the cohort engine, so that agreement
between the two is evidence.

One country has one past and as many futures as are asked for. What all of a future's doctors and patients
share – population, inflow, trend of use – moves a whole country by some per cent, so that single futures tell
a forecast's bias poorly: futures are spread evenly over the population's chances, and every second one has
the shocks of the one before with the sign turned (antithetic variates, Hammersley & Morton 1956).

The hazard is the baseline of the embedded country: annual leaving by year of service, log-odds for
rural posts, local origin and pay, and normal effects of regions and specialties.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.ages import AGE_BANDS
from planning.axes import to_frame
from planning.inputs import Assumptions, ProjectionInputs
from planning.population import SEXES, NationalRates, project_population

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAVING = np.array([0.09, 0.07, 0.16, 0.38, 0.24, 0.18, 0.14, 0.12, 0.10, 0.09])
RURAL, LOCAL, LOCAL_RURAL, PAY = 0.35, -0.30, -0.18, -0.22
REGION_SD, SPECIALTY_SD = 0.45, 0.25
REFUSAL = 0.30
CAUSE_NAMES = ("region", "sector", "abroad", "out")
CAUSE_SHARES = np.array([0.45, 0.25, 0.10, 0.20])
SECTOR_NAMES = ("public_urban", "public_rural", "private")
BURN_IN_YEARS, HISTORY_YEARS, BASE_YEAR = 45, 8, 2026
INFLOW_SD, TREND_SD, USE_SD = 0.05, 0.02, 0.20
CHANCES = 1000  # populations of which futures are chosen
CHANGED_JOB = 20  # completed years given to those who change region or sector: no duty any more
FIRST, LAST = 22, 75


@dataclass(frozen=True)
class TrueCountry:
    """Inputs as a ministry would hold them, and what then happened in each future.

    Attributes:
        inputs: Tables up to the base year.
        years: Base year and the years after it.
        demand_fte: (F, Y, R, S) work that came.
        supply_fte: (F, Y, R, S) doctors who were there.
        region_effect, specialty_effect: The hidden effects.
    """

    inputs: ProjectionInputs
    years: tuple[int, ...]
    demand_fte: Floats
    supply_fte: Floats
    region_effect: Floats
    specialty_effect: Floats


@dataclass
class _Doctors:
    """Everyone in post, one entry a person."""

    region: Ints
    specialty: Ints
    sector: Ints
    age: Ints
    sex: Ints
    service: Ints  # completed years
    local: NDArray[np.bool_]
    pay: Floats

    def pick(self, mask: NDArray[np.bool_]) -> "_Doctors":
        return _Doctors(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    def join(self, other: "_Doctors") -> "_Doctors":
        fields = self.__dataclass_fields__
        return _Doctors(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in fields))


@dataclass(frozen=True)
class _World:
    regions: tuple[str, ...]
    specialties: tuple[str, ...]
    size: Floats  # (R,) weight of a region
    rural_share: Floats
    places: Floats  # (S,) a year
    region_effect: Floats
    specialty_effect: Floats
    fte: Floats  # (S,)


@dataclass(frozen=True)
class _Luck:
    """Standard normals that one future shares: inflow (together, then by specialty), trend of use (Y, S)."""

    inflow: Floats
    trend: Floats


def simulate_country(
    seed: int, *, regions: int = 20, specialties: int = 12, ahead: int = 10, futures: int = 1
) -> TrueCountry:
    """Simulate eight years of records and `ahead` years of truth.

    Args:
        seed: Everything follows from it.
        regions: Number of regions.
        specialties: Number of specialties.
        ahead: Years of truth after the base year.
        futures: How often the years after the base year are lived.
    """
    rng = np.random.default_rng(seed)
    world = _World(
        tuple(f"R{i:02d}" for i in range(regions)),
        tuple(f"S{i:02d}" for i in range(specialties)),
        rng.dirichlet(np.full(regions, 4.0)),
        rng.uniform(0.1, 0.5, regions),
        rng.uniform(60, 260, specialties) * regions / 20,
        rng.normal(0, REGION_SD, regions),
        rng.normal(0, SPECIALTY_SD, specialties),
        rng.uniform(1.0, 1.2, specialties),
    )
    usual = np.ones(specialties)
    people = _entrants(world, rng, usual)
    records, stocks = [], []
    for step in range(BURN_IN_YEARS + HISTORY_YEARS):
        people, record = _live(people, world, rng)
        people = people.join(_entrants(world, rng, usual))
        if step >= BURN_IN_YEARS:
            year = BASE_YEAR - HISTORY_YEARS + step - BURN_IN_YEARS + 1
            records.append(record.assign(year=year))
            stocks.append(_stock(people, world, year))
    stock = pd.concat(stocks, ignore_index=True)
    luck = [_Luck(rng.normal(size=specialties + 1), rng.normal(size=(ahead, specialties)))]
    for future in range(1, futures):
        before = luck[-1]
        turned = _Luck(-before.inflow, -before.trend)
        drawn = _Luck(rng.normal(size=specialties + 1), rng.normal(size=(ahead, specialties)))
        luck.append(turned if future % 2 else drawn)
    supply = np.stack([_futures_supply(people, world, ahead, one, rng) for one in luck])
    years = tuple(range(BASE_YEAR, BASE_YEAR + ahead + 1))
    population, rates, people_then = _population(world, years, futures, rng)
    trends = np.stack([one.trend for one in luck])
    encounters, demand, minutes, measured = _work(world, population, people_then, supply[0, 0], trends, rng)
    norms = pd.DataFrame({"specialty_code": list(world.specialties), "posts_per_10k": 5.0})
    intake = pd.DataFrame(
        {
            "specialty_code": list(world.specialties),
            "programme_code": [f"P{s}" for s in world.specialties],
            "level": "residency",
            "intake_year": BASE_YEAR - 2,
            "intake_persons": world.places / 0.9,
            "programme_years": 3,
            "completion_share": 0.9,
        }
    )
    back = range(HISTORY_YEARS + 2)
    intake = pd.concat([intake.assign(intake_year=BASE_YEAR - 2 - y) for y in back], ignore_index=True)
    rows = pd.concat(records, ignore_index=True)
    moves = rows[rows["exit_code"] == "region"].rename(columns={"region_code": "from_region_code"})
    inputs = ProjectionInputs(
        population,
        rates,
        encounters,
        minutes,
        norms,
        stock,
        rows.drop(columns="to_region_code"),
        intake,
        observed_need=measured,
        moves=moves.groupby(["from_region_code", "to_region_code"]).size().rename("persons").reset_index(),
        assumptions=Assumptions(
            last_year=years[-1], refusal_share=REFUSAL, base_definition_sd=0.0, internship=None
        ),
    )
    return TrueCountry(inputs, years, demand, supply, world.region_effect, world.specialty_effect)


def _futures_supply(
    people: _Doctors, world: _World, ahead: int, luck: "_Luck", rng: np.random.Generator
) -> Floats:
    """(Y, R, S) doctors in one future, from the same base year."""
    shock = np.exp(INFLOW_SD * (luck.inflow[0] + luck.inflow[1:]))
    people = people.pick(np.ones(len(people.age), dtype=bool))
    supply = [_fte(people, world)]
    for _ in range(ahead):
        people = _live(people, world, rng)[0].join(_entrants(world, rng, shock))
        supply.append(_fte(people, world))
    return np.array(supply)


def true_leaving(service: Ints, is_rural: Floats, is_local: Floats, pay_sd: Floats) -> Floats:
    """Log-odds of leaving before region and specialty, by completed years of service."""
    chance = LEAVING[np.minimum(service, len(LEAVING) - 1)]
    base = np.log(chance / (1 - chance))
    place = RURAL * is_rural + is_local * (LOCAL + LOCAL_RURAL * is_rural)
    return np.asarray(base + place + PAY * pay_sd * (service >= 3))


def _live(doctors: _Doctors, world: _World, rng: np.random.Generator) -> tuple[_Doctors, pd.DataFrame]:
    """One year of everyone: who is there at its end, and the record of the year."""
    n = len(doctors.age)
    is_rural, is_local = (doctors.sector == 1).astype(float), doctors.local.astype(float)
    logit = true_leaving(doctors.service, is_rural, is_local, doctors.pay)
    logit = logit + world.region_effect[doctors.region] + world.specialty_effect[doctors.specialty]
    dies = rng.random(n) < 0.0004 * np.exp(0.08 * (doctors.age - 25))
    retires = ~dies & (rng.random(n) < np.where(doctors.age >= 60, 0.25, 0.0))
    retires |= ~dies & (doctors.age >= LAST)
    leaves = ~dies & ~retires & (rng.random(n) < 1 / (1 + np.exp(-logit)))
    cause = rng.choice(len(CAUSE_NAMES), n, p=CAUSE_SHARES)
    names = np.array(["region", "sector", "abroad", "out", "stay", "retire", "die"], dtype=object)
    code = np.where(leaves, cause, 4)
    code = np.where(retires, 5, np.where(dies, 6, code))
    exit_code = names[code]
    exit_code[exit_code == "sector"] = "private"
    exit_code[(exit_code == "private") & (doctors.sector == 2)] = "public"
    record = pd.DataFrame(
        {
            "region_code": np.array(world.regions)[doctors.region],
            "specialty_code": np.array(world.specialties)[doctors.specialty],
            "sector_code": np.array(SECTOR_NAMES)[doctors.sector],
            "service_year": doctors.service + 1,
            "age": doctors.age,
            "sex": np.array(SEXES)[doctors.sex],
            "is_local_origin": doctors.local,
            "pay_sd": doctors.pay,
            "exit_code": exit_code,
        }
    )
    moves, changes = leaves & (cause == 0), leaves & (cause == 1)
    for origin in range(len(world.regions)):
        mine = moves & (doctors.region == origin)
        chance = world.size * (np.arange(len(world.size)) != origin)
        doctors.region[mine] = rng.choice(len(chance), int(mine.sum()), p=chance / chance.sum())
    public = (rng.random(n) < world.rural_share[doctors.region]).astype(np.int64)
    goes_public = moves | (changes & (doctors.sector == 2))
    doctors.sector[changes & ~goes_public] = 2
    doctors.sector[goes_public] = public[goes_public]
    record["to_region_code"] = np.array(world.regions)[doctors.region]
    doctors.local[moves] = False
    doctors.service[:] = np.where(moves | changes, CHANGED_JOB, doctors.service + 1)
    doctors.age[:] += 1
    return doctors.pick(~dies & ~retires & (~leaves | moves | changes)), record


def _entrants(world: _World, rng: np.random.Generator, shock: Floats) -> _Doctors:
    """Graduates who took up their post; the others refused and never appear."""
    counts = rng.poisson(world.places * (1 - REFUSAL) * shock)
    specialty = np.repeat(np.arange(len(counts)), counts)
    n = len(specialty)
    region = rng.choice(len(world.size), n, p=world.size)
    return _Doctors(
        region,
        specialty,
        (rng.random(n) < world.rural_share[region]).astype(np.int64),
        rng.integers(25, 30, n),
        (rng.random(n) < 0.4).astype(np.int64),
        np.zeros(n, dtype=np.int64),
        rng.random(n) < 0.5,
        rng.normal(size=n),
    )


def _fte(doctors: _Doctors, world: _World) -> Floats:
    """(R, S) full-time equivalents in post."""
    cell = doctors.region * len(world.specialties) + doctors.specialty
    counts = np.bincount(cell, minlength=len(world.regions) * len(world.specialties))
    return np.asarray(counts.reshape(len(world.regions), -1) * world.fte)


def _stock(doctors: _Doctors, world: _World, year: int) -> pd.DataFrame:
    """The stock at the end of a year as the staff register would hold it."""
    rows = pd.DataFrame(
        {
            "region_code": np.array(world.regions)[doctors.region],
            "specialty_code": np.array(world.specialties)[doctors.specialty],
            "sector_code": np.array(SECTOR_NAMES)[doctors.sector],
            "year": year,
            "age": doctors.age,
            "sex": np.array(SEXES)[doctors.sex],
            "service_year": doctors.service,
            "persons": 1.0,
            "fte": world.fte[doctors.specialty],
        }
    )
    return rows.groupby(list(rows.columns[:7]), as_index=False)[["persons", "fte"]].sum()


def _population(
    world: _World, years: tuple[int, ...], futures: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, NationalRates, Floats]:
    """Counts of eight years, published rates, and the populations that then came (F, Y, R, 2, 18)."""
    pyramid = np.exp(-np.arange(len(AGE_BANDS)) / 12)
    now = 10_000_000 * world.size[:, None, None] * (pyramid / pyramid.sum() / 2) * np.ones((1, 2, 1))
    past = range(BASE_YEAR - HISTORY_YEARS + 1, BASE_YEAR + 1)
    counts = np.stack([now * 1.01 ** (year - BASE_YEAR) for year in past])
    axes = {"year": past, "region_code": world.regions, "sex": SEXES, "age_band": AGE_BANDS}
    history = to_frame(axes, persons=counts)
    published = range(BASE_YEAR - HISTORY_YEARS + 1, years[-1] + 1)
    horizon = np.array(published) - BASE_YEAR
    medium = now.sum() * 1.01**horizon
    totals = pd.DataFrame({"year": published, "medium_persons": medium, "births_persons": 0.02 * medium})
    for name, rate in (("low_80", -0.010), ("high_80", 0.010), ("low_95", -0.016), ("high_95", 0.016)):
        totals[f"{name}_persons"] = medium * np.exp(rate * np.maximum(horizon, 0))
    starts = np.arange(0, 101, 5)
    deaths = {"age_from": starts, "deaths_per_person_year": 0.0003 * np.exp(0.08 * starts)}
    mortality = pd.concat([pd.DataFrame({"period_start_year": BASE_YEAR, "sex": s} | deaths) for s in SEXES])
    bands = list(AGE_BANDS[3:9])
    fertility = pd.DataFrame(
        {
            "year": BASE_YEAR,
            "mother_age_band": bands,
            "fertility_share": np.array([0.05, 0.25, 0.30, 0.25, 0.12, 0.03]),
        }
    )
    nobody = pd.DataFrame(
        {
            "period_start_year": [BASE_YEAR],
            "sex": ["male"],
            "age_from": [0],
            "net_migration_5_years_persons": [0.0],
        }
    )
    rates = NationalRates(totals, mortality, fertility, nobody)
    truth = project_population(history, rates, last_year=years[-1], draws=CHANCES, rng=rng)
    by_size = np.argsort(truth.factor[:, -1].mean(axis=1))
    strata = (rng.permutation(futures) + rng.random()) / futures
    chosen = truth.factor[by_size[(strata * CHANCES).astype(int)]]
    return history, rates, truth.persons * chosen[..., None, None]


def _work(
    world: _World,
    history: pd.DataFrame,
    futures: Floats,
    supply: Floats,
    trends: Floats,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, Floats, pd.DataFrame, pd.DataFrame]:
    """Encounters of eight years, the work that then came (F, Y, R, S), minutes, and the need measured.

    The minutes are such that the work of the base year asks for 15 % more doctors than there are.
    """
    regions, specialties = len(world.regions), len(world.specialties)
    bands = np.arange(len(AGE_BANDS))
    peak = rng.uniform(0, 17, specialties)
    rate = rng.uniform(0.1, 0.6, (specialties, 1, 1)) * np.exp(
        -((bands - peak[:, None, None]) ** 2) / rng.uniform(40, 200, (specialties, 1, 1))
    )
    rate = np.broadcast_to(rate, (specialties, 2, len(bands)))
    use = np.exp(rng.normal(0, USE_SD, (regions, specialties)))
    drift = rng.normal(0.01, 0.01, specialties)
    past_steps = drift + TREND_SD * rng.normal(size=(HISTORY_YEARS, specialties))
    next_steps = 0.9 ** np.arange(1, trends.shape[1] + 1)[:, None] * drift + TREND_SD * trends
    past = np.exp(np.cumsum(past_steps, axis=0) - past_steps.sum(axis=0))
    ahead = np.exp(np.cumsum(next_steps, axis=1))
    ahead = np.concatenate([np.ones((len(ahead), 1, specialties)), ahead], axis=1)
    years = sorted(history["year"].unique())
    people = history["persons"].to_numpy().reshape(len(years), regions, 1, 2, len(bands))
    due = people * rate * use[:, :, None, None] * past[:, None, :, None, None]
    contacts = rng.poisson(due / 2, size=(2, *due.shape))
    months = [f"{y}-{m}-01" for m in ("01", "12") for y in years]
    axes = {
        "month": list(pd.to_datetime(months)),
        "region_code": world.regions,
        "specialty_code": world.specialties,
        "sex": SEXES,
        "age_band": AGE_BANDS,
    }
    encounters = to_frame(axes, encounters_count=contacts.reshape(-1, *due.shape[1:]).astype(float))
    volume = np.einsum("fyrga,sga,rs,fys->fyrs", futures, rate, use, ahead, optimize=True)
    yearly = 1.15 * supply.sum(axis=0) / volume[0, 0].sum(axis=0)
    minutes_a_year = Assumptions().working_time.minutes()
    minutes = pd.DataFrame(
        {"specialty_code": list(world.specialties), "contact_minutes": yearly * minutes_a_year}
    )
    counted = contacts.sum(axis=(0, 4, 5))
    places = {"year": years, "region_code": world.regions, "specialty_code": world.specialties}
    measured = to_frame(places, need_fte=counted * yearly, error_fte=np.sqrt(counted) * yearly)
    return encounters, volume * yearly, minutes, measured
