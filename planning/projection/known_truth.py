"""A country whose truth is known, doctors simulated one by one, so that a forecast can be marked.

Belongs here: the country, its records as a ministry would hold them, and its futures. Does not belong here:
a doctor's year (`known_doctors.py`); any fit.

One country has one past and as many futures as are asked for. What all of a future's doctors and patients
share – population, inflow, trend of use – moves a whole country by some per cent, so that single futures tell
a forecast's bias poorly: futures are spread evenly over the population's chances, and every second one has
the shocks of the one before with the sign turned (antithetic variates, Hammersley & Morton 1956).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.axes import to_frame
from planning.projection.ages import AGE_BANDS
from planning.projection.inputs import Assumptions, ProjectionInputs
from planning.projection.known_doctors import (
    REFUSAL,
    Doctors,
    World,
    entrants,
    fte_in_post,
    live_a_year,
    stock_of,
)
from planning.projection.population import SEXES, NationalRates, project_population

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REGION_SD, SPECIALTY_SD = 0.45, 0.25
BURN_IN_YEARS, HISTORY_YEARS, BASE_YEAR = 45, 8, 2026
INFLOW_SD, TREND_SD, USE_SD = 0.05, 0.02, 0.20
CHANCES = 1000  # populations of which futures are chosen


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
    world = World(
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
    people = entrants(world, rng, usual)
    records, stocks = [], []
    for step in range(BURN_IN_YEARS + HISTORY_YEARS):
        people, record = live_a_year(people, world, rng)
        people = people.join(entrants(world, rng, usual))
        if step >= BURN_IN_YEARS:
            year = BASE_YEAR - HISTORY_YEARS + step - BURN_IN_YEARS + 1
            records.append(record.assign(year=year))
            stocks.append(stock_of(people, world, year))
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
    people: Doctors, world: World, ahead: int, luck: "_Luck", rng: np.random.Generator
) -> Floats:
    """(Y, R, S) doctors in one future, from the same base year."""
    shock = np.exp(INFLOW_SD * (luck.inflow[0] + luck.inflow[1:]))
    people = people.pick(np.ones(len(people.age), dtype=bool))
    supply = [fte_in_post(people, world)]
    for _ in range(ahead):
        people = live_a_year(people, world, rng)[0].join(entrants(world, rng, shock))
        supply.append(fte_in_post(people, world))
    return np.array(supply)


def _population(
    world: World, years: tuple[int, ...], futures: int, rng: np.random.Generator
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
    world: World,
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
