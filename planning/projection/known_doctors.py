"""Doctors of the country whose truth is known, one entry a person: who comes, works, moves and leaves.

Belongs here: a year in the lives of doctors by a stated hazard, and how a staff register would have seen it.
Does not belong here: the country around them, its futures and its patients (`known_truth.py`); any fit. It
shares no code with the cohort engine, so that agreement between the two is evidence.

The hazard is the baseline of the embedded country: annual leaving by year of service, log-odds for
rural posts, local origin and pay, and normal effects of regions and specialties.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.projection.population import SEXES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAVING = np.array([0.09, 0.07, 0.16, 0.38, 0.24, 0.18, 0.14, 0.12, 0.10, 0.09])
RURAL, LOCAL, LOCAL_RURAL, PAY = 0.35, -0.30, -0.18, -0.22
REFUSAL = 0.30
CAUSE_NAMES = ("region", "sector", "abroad", "out")
CAUSE_SHARES = np.array([0.45, 0.25, 0.10, 0.20])
SECTOR_NAMES = ("public_urban", "public_rural", "private")
CHANGED_JOB = 20  # completed years given to those who change region or sector: no duty any more
LAST = 75


@dataclass
class Doctors:
    """Everyone in post, one entry a person."""

    region: Ints
    specialty: Ints
    sector: Ints
    age: Ints
    sex: Ints
    service: Ints  # completed years
    local: NDArray[np.bool_]
    pay: Floats

    def pick(self, mask: NDArray[np.bool_]) -> "Doctors":
        """Those of the mask."""
        return Doctors(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    def join(self, other: "Doctors") -> "Doctors":
        """Both together."""
        fields = self.__dataclass_fields__
        return Doctors(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in fields))


@dataclass(frozen=True)
class World:
    """The country as its doctors meet it: R regions, S specialties."""

    regions: tuple[str, ...]
    specialties: tuple[str, ...]
    size: Floats  # (R,) weight of a region
    rural_share: Floats
    places: Floats  # (S,) a year
    region_effect: Floats
    specialty_effect: Floats
    fte: Floats  # (S,)


def true_leaving(service: Ints, is_rural: Floats, is_local: Floats, pay_sd: Floats) -> Floats:
    """Log-odds of leaving before region and specialty, by completed years of service."""
    chance = LEAVING[np.minimum(service, len(LEAVING) - 1)]
    base = np.log(chance / (1 - chance))
    place = RURAL * is_rural + is_local * (LOCAL + LOCAL_RURAL * is_rural)
    return np.asarray(base + place + PAY * pay_sd * (service >= 3))


def live_a_year(doctors: Doctors, world: World, rng: np.random.Generator) -> tuple[Doctors, pd.DataFrame]:
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
    left = doctors.region.copy()  # one move a year
    for origin in range(len(world.regions)):
        mine = moves & (left == origin)
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


def entrants(world: World, rng: np.random.Generator, shock: Floats) -> Doctors:
    """Graduates who took up their post; the others refused and never appear."""
    counts = rng.poisson(world.places * (1 - REFUSAL) * shock)
    specialty = np.repeat(np.arange(len(counts)), counts)
    n = len(specialty)
    region = rng.choice(len(world.size), n, p=world.size)
    return Doctors(
        region,
        specialty,
        (rng.random(n) < world.rural_share[region]).astype(np.int64),
        rng.integers(25, 30, n),
        (rng.random(n) < 0.4).astype(np.int64),
        np.zeros(n, dtype=np.int64),
        rng.random(n) < 0.5,
        rng.normal(size=n),
    )


def fte_in_post(doctors: Doctors, world: World) -> Floats:
    """(R, S) full-time equivalents in post."""
    cell = doctors.region * len(world.specialties) + doctors.specialty
    counts = np.bincount(cell, minlength=len(world.regions) * len(world.specialties))
    return np.asarray(counts.reshape(len(world.regions), -1) * world.fte)


def stock_of(doctors: Doctors, world: World, year: int) -> pd.DataFrame:
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
