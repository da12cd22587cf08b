"""Persons of the passport bank: a sample of the population, block by block.

Belongs here: who is in the bank, where they live and are attached, their chronic conditions. Does not belong
here: what happens to them (`encounters.py`).

A region's persons are numbered; the number alone, with the seed, gives sex, year of birth and district.
They are ordered by sex, settlement and year of birth, so that any age band of any year is one range of
numbers: contacts are then drawn band by band without touching the persons who have none.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.contracts.shared_columns import AGE_BANDS
from orchestration.sources.embedded.draws import Floats, Integers, halves, hex_keys, split_whole, stream
from orchestration.sources.embedded.facilities import Facilities
from orchestration.sources.embedded.geography import REGION_CODES, Geography
from orchestration.sources.embedded.population import SETTLEMENTS, SEXES, Population
from orchestration.sources.embedded.settlements import Settlements
from orchestration.sources.embedded.tables import blanked, coded, typed

BLOCK_PERSONS = 250_000
UNATTACHED_SHARE = 0.02
REGION_SHIFT = 40
YEARS_OF_AGE = 100
# Prevalence at age 40 and 75, share under a programme; rounded from the order of national registers: assumed.
CHRONIC = (
    ("I10", 0.13, 0.48, 0.80), ("E11", 0.03, 0.14, 0.85), ("I50", 0.004, 0.07, 0.75),
    ("I25", 0.015, 0.16, 0.6), ("J45", 0.02, 0.03, 0.5), ("J44", 0.008, 0.05, 0.5), ("N18", 0.005, 0.04,
    0.5), ("E04", 0.04, 0.06, 0.1),
)  # fmt: skip


@dataclass(frozen=True)
class Block:
    """Persons of one region with consecutive numbers.

    Attributes:
        region: Position of the region.
        first: Number of the first.
        sex: 0 male, 1 female.
        kind: 0 urban, 1 rural.
        birth_year: Years.
        district: Positions.
        attached: Facility positions, −1 none.
        deceased_year: Years, 0 alive.
    """

    region: int
    first: int
    sex: Integers
    kind: Integers
    birth_year: Integers
    district: Integers
    attached: Integers
    deceased_year: Integers

    def key_halves(self, seed: int) -> np.ndarray:
        """(n, 2) halves of the patients' keys."""
        number = (self.region << REGION_SHIFT) + self.first + np.arange(len(self.sex))
        return halves(seed, "patient", number)


@dataclass(frozen=True)
class Bank:
    """The whole bank, as recipes for its blocks.

    Attributes:
        seed: Seed of the country.
        fraction: Share of the population.
        cells: For every region (cells, 4): sex, settlement, year of birth, district.
        counts: For every region (cells,) persons.
        catchments: (district, settlement) to facilities and their running weights.
    """

    seed: int
    fraction: float
    cells: tuple[Integers, ...]
    counts: tuple[Integers, ...]
    catchments: dict[tuple[int, int], tuple[Integers, Floats]]

    def blocks(self) -> list[tuple[int, int]]:
        """Region and number of every block."""
        return [
            (region, number)
            for region, counts in enumerate(self.counts)
            for number in range(-(-int(counts.sum()) // BLOCK_PERSONS))
        ]

    def block(self, region: int, number: int) -> Block:
        """Draw one block; the same every time."""
        rng = stream(self.seed, "patients", region, number)
        running = np.cumsum(self.counts[region])
        first = number * BLOCK_PERSONS
        stop = min(first + BLOCK_PERSONS, int(running[-1]))
        cell = np.searchsorted(running, np.arange(first, stop), side="right")
        sex, kind, birth_year, district = self.cells[region][cell].T
        attached = np.full(stop - first, -1)
        for d, k in np.unique(self.cells[region][:, [3, 1]], axis=0).tolist():
            mine = np.flatnonzero((district == d) & (kind == k))
            if len(mine) and (d, k) in self.catchments:
                clinics, weight = self.catchments[d, k]
                attached[mine] = clinics[np.searchsorted(weight, rng.random(len(mine)) * weight[-1])]
        attached[rng.random(len(attached)) < UNATTACHED_SHARE] = -1
        age = 2026 - birth_year
        dies = rng.random(len(age)) < 3.7 * np.minimum(0.0004 * np.exp(0.072 * age), 0.2)
        deceased = np.where(dies, rng.integers(2023, 2027, len(age)), 0)
        deceased = np.where((deceased > 0) & (deceased < birth_year), birth_year, deceased)
        return Block(region, first, sex, kind, birth_year, district, attached, deceased)


def build_bank(
    seed: int,
    fraction: float,
    *,
    geography: Geography,
    population: Population,
    settlements: Settlements,
    facilities: Facilities,
) -> Bank:
    """Count the sampled persons of every cell."""
    people = population.by_district[-1]
    cells, counts = [], []
    for region in range(len(REGION_CODES)):
        districts = np.flatnonzero(geography.region_of_district == region)
        here = people[districts].transpose(2, 1, 3, 0)  # sex, settlement, band, district
        single = np.zeros((2, 2, YEARS_OF_AGE, len(districts)))
        for band in range(len(AGE_BANDS)):
            last = band == len(AGE_BANDS) - 1
            ages = np.arange(85, YEARS_OF_AGE) if last else np.arange(5 * band, 5 * band + 5)
            fade = np.arange(len(ages), 0, -1.0) if last else np.ones(len(ages))
            single[:, :, ages] = here[:, :, band, None] * (fade / fade.sum())[:, None]
        flat = single[:, :, ::-1].ravel()  # oldest first: years of birth rise
        total = round(flat.sum() * fraction)
        sizes = split_whole(total, flat)
        sex, kind, place, district = np.unravel_index(np.arange(len(flat)), single.shape)
        cell = np.stack([sex, kind, 2025 - (YEARS_OF_AGE - 1 - place), districts[district]], axis=1)
        kept = sizes > 0
        cells.append(cell[kept])
        counts.append(sizes[kept])
    catchments = _catchments(settlements, facilities)
    return Bank(seed, fraction, tuple(cells), tuple(counts), catchments)


def _catchments(
    settlements: Settlements, facilities: Facilities
) -> dict[tuple[int, int], tuple[Integers, Floats]]:
    place = facilities.catchment_settlement
    code = settlements.district[place] * 2 + settlements.kind[place]
    result = {}
    for value in np.unique(code).tolist():
        mine = code == value
        weight = np.cumsum(facilities.catchment_persons[mine].astype(float))
        result[value // 2, value % 2] = facilities.catchment_facility[mine], weight
    return result


def patient_table(bank: Bank, block: Block, geography: Geography, facilities: Facilities) -> pa.Table:
    """The contract `passport_patient`."""
    return typed(
        "passport_patient",
        {
            "patient_key": hex_keys(block.key_halves(bank.seed)),
            "birth_year": block.birth_year.astype(np.int16),
            "sex": coded(SEXES, block.sex),
            "region_code": coded(REGION_CODES, np.full(len(block.sex), block.region)),
            "district_kato": coded(geography.district_katos, block.district),
            "settlement": coded(SETTLEMENTS, block.kind),
            "attached_facility_id": coded(facilities.ids, block.attached),
            "deceased_year": blanked(block.deceased_year.astype(np.int16), block.deceased_year == 0),
        },
    )


def condition_table(bank: Bank, block: Block, number: int) -> pa.Table:
    """The contract `passport_condition`: chronic registers and some acute episodes."""
    rng = stream(bank.seed, "conditions", block.region, number)
    age = 2026 - block.birth_year
    women = np.where(block.sex == 1, 1.08, 0.92)
    who, what, dispensary, active = [], [], [], []
    for index, (_, at_40, at_75, share) in enumerate(CHRONIC):
        slope = np.log(at_75 / at_40) / 35
        chance = np.minimum(at_40 * np.exp(slope * (np.minimum(age, 80) - 40)), 0.6) * women
        has = np.flatnonzero(rng.random(len(age)) < np.where(age < 18, 0.15 * chance, chance))
        who.append(has)
        what.append(np.full(len(has), index))
        dispensary.append(rng.random(len(has)) < share)
        active.append(rng.choice(3, len(has), p=(0.9, 0.08, 0.02)))
    acute = ("J06", "J20", "K29", "N30", "S52", "A09", "H66")
    has = np.flatnonzero(rng.random(len(age)) < 0.30)
    who.append(has)
    what.append(len(CHRONIC) + rng.integers(0, len(acute), len(has)))
    dispensary.append(np.zeros(len(has), dtype=bool))
    active.append(np.full(len(has), 3))
    person, code = np.concatenate(who), np.concatenate(what)
    span = np.minimum(rng.integers(0, 20, len(person)), 2026 - block.birth_year[person])
    onset = np.where(code < len(CHRONIC), 2026 - span, np.maximum(2024, block.birth_year[person]))
    number_of = ((block.region << REGION_SHIFT) + block.first + person) * 64 + code
    names = [entry[0] for entry in CHRONIC] + list(acute)
    return typed(
        "passport_condition",
        {
            "condition_key": hex_keys(halves(bank.seed, "condition", number_of)),
            "patient_key": hex_keys(block.key_halves(bank.seed)[person]),
            "icd10_code": coded(names, code),
            "status": coded(("active", "remission", "recurrence", "resolved"), np.concatenate(active)),
            "onset_year": np.minimum(onset, 2026).astype(np.int16),
            "dispensary": np.concatenate(dispensary),
        },
    )
