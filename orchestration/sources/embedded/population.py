"""People by region, settlement kind, district, year, sex and age band, 1 January 2014–2026.

Belongs here: how published totals are joined into one consistent table. Does not belong here: persons of the
passport bank (`patients.py`).

Method: region × settlement totals of 2023 and region totals of 2026 are published; between them they run on a
straight logarithm, before 2023 they follow the United Nations' path of the nation with the region's own
growth damped. Ages come from the United Nations' structure, tilted to the young south and the old north,
raked to both margins (`planning.trends.reconcile.rake`).
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.contracts.shared_columns import AGE_BANDS
from orchestration.sources.embedded.draws import Floats, split_whole
from orchestration.sources.embedded.geography import (
    CITIES,
    OLD_REGIONS,
    REGION_CODES,
    YOUNG_REGIONS,
    Geography,
)
from orchestration.sources.embedded.published import figures
from orchestration.sources.embedded.tables import coded, typed
from planning.trends.reconcile import rake

YEARS = tuple(range(2014, 2027))
SEXES = ("male", "female")
SETTLEMENTS = ("urban", "rural")
NATION_2026 = 20_495_975  # Bureau of National Statistics, 01.01.2026
URBAN_2026, RURAL_2026 = 13_029_803, 7_466_172
AGE_TILT = 0.45  # log-share at age 85 against age 0, half of it either way: assumed
SHARED_GROWTH = 0.5  # part of a region's own growth that also held before 2023: assumed


@dataclass(frozen=True)
class Population:
    """Whole persons.

    Attributes:
        by_region: (13 years, 20 regions, 2 settlements, 2 sexes, 18 bands).
        by_district: (13 years, 224 districts, 2 settlements, 2 sexes, 18 bands), the same people.
    """

    by_region: Floats
    by_district: Floats

    def of(self, year: int) -> Floats:
        """(20, 2, 2, 18) persons of a year."""
        return self.by_region[YEARS.index(year)]


def _region_totals() -> Floats:
    """(13, 20, 2) persons by year, region, settlement."""
    rows = figures("regions")
    start = np.array([[float(r["urban_2023_persons"]), float(r["rural_2023_persons"])] for r in rows])
    known = np.array([float(r["population_2026_persons"] or np.nan) for r in rows])
    unknown = np.isnan(known)
    rest = NATION_2026 - np.nansum(known)
    known[unknown] = start.sum(1)[unknown] * rest / start.sum(1)[unknown].sum()
    end = rake(start, known, np.array([URBAN_2026, RURAL_2026], dtype=float))
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where(start > 0, np.log(end / start) / 3, 0.0)
    nation = _nation()
    national_growth = np.log(NATION_2026 / start.sum()) / 3
    totals = np.empty((len(YEARS), *start.shape))
    for position, year in enumerate(YEARS):
        if year >= 2023:
            totals[position] = start * np.exp(growth * (year - 2023))
        else:
            raw = start * np.exp(SHARED_GROWTH * (growth - national_growth) * (year - 2023))
            totals[position] = raw * nation[position] / raw.sum()
    return totals


def _ages(year: float) -> Floats:
    """(2, 18) national age structure, straight between the published years."""
    by_year: dict[int, Floats] = {}
    for row in figures("ages"):
        cell = by_year.setdefault(int(row["year"]), np.zeros((2, len(AGE_BANDS))))
        place = SEXES.index(row["sex"]), AGE_BANDS.index(row["age_band"])
        cell[place] = float(row["population_persons"])
    known = sorted(by_year)
    low = max(y for y in known if y <= year)
    high = min(y for y in known if y >= year)
    weight = 0.0 if high == low else (year - low) / (high - low)
    return by_year[low] * (1 - weight) + by_year[high] * weight


def _nation() -> Floats:
    """(13,) national path: the United Nations' shape before 2023, scaled to the count of 2023."""
    shape = np.array([_ages(year).sum() for year in YEARS])
    start = sum(float(r["urban_2023_persons"]) + float(r["rural_2023_persons"]) for r in figures("regions"))
    return shape * start / shape[YEARS.index(2023)]


def _tilt() -> Floats:
    slope = [AGE_TILT * ((code in OLD_REGIONS) - (code in YOUNG_REGIONS)) for code in REGION_CODES]
    return np.exp(np.outer(slope, np.linspace(-0.5, 0.5, len(AGE_BANDS)) * 2))


def build_population(geography: Geography) -> Population:
    """Join the published totals; nothing here is drawn by chance."""
    totals = _region_totals()
    rows = figures("regions")
    men = np.array([float(r["male_2023_persons"]) for r in rows])
    women = np.array([float(r["female_2023_persons"]) for r in rows])
    sex_share = np.stack([men, women], axis=1) / (men + women)[:, None]
    cells = len(REGION_CODES) * 2
    by_region = np.empty((len(YEARS), len(REGION_CODES), 2, 2, len(AGE_BANDS)))
    by_district = np.zeros((len(YEARS), len(geography.district_katos), 2, 2, len(AGE_BANDS)))
    first_guess = np.repeat(_tilt(), 2, axis=0)
    shares = _district_shares(geography)
    for position, year in enumerate(YEARS):
        ages = _ages(year)
        for sex in range(2):
            margin = (totals[position] * sex_share[:, sex, None]).ravel()
            columns = ages[sex] * margin.sum() / ages[sex].sum()
            guess = first_guess * columns * (margin > 0)[:, None]
            raked = rake(guess, margin, columns, tolerance=1e-10).reshape(len(REGION_CODES), 2, -1)
            by_region[position, :, :, sex] = raked
        spread = by_region[position][geography.region_of_district] * shares[:, :, None, None]
        whole = split_whole(round(spread.sum()), spread.ravel()).reshape(spread.shape)
        by_district[position] = whole
        for region in range(len(REGION_CODES)):
            mine = geography.region_of_district == region
            by_region[position, region] = whole[mine].sum(axis=0)
    assert by_region.reshape(len(YEARS), cells, -1).sum() == by_district.sum()  # noqa: S101
    return Population(by_region, by_district)


def _district_shares(geography: Geography) -> Floats:
    """(224, 2) share of a district in its region's urban and rural people."""
    sizes = np.stack([geography.urban_persons, geography.rural_persons], axis=1)
    totals = np.zeros((len(REGION_CODES), 2))
    np.add.at(totals, geography.region_of_district, sizes)
    return np.divide(sizes, totals[geography.region_of_district], where=sizes > 0, out=np.zeros_like(sizes))


def population_table(geography: Geography, population: Population) -> pa.Table:
    """The contract `population`: district rows only, so that any sum counts everybody once."""
    persons = population.by_district
    place = np.argwhere(np.broadcast_to(persons.sum(axis=(3, 4), keepdims=True) > 0, persons.shape))
    year, district, settlement, sex, band = place.T
    return typed(
        "population",
        {
            "region_code": coded(REGION_CODES, geography.region_of_district[district]),
            "district_kato": coded(geography.district_katos, district),
            "settlement": coded(SETTLEMENTS, settlement),
            "year": np.array(YEARS, dtype=np.int16)[year],
            "sex": coded(SEXES, sex),
            "age_band": coded(AGE_BANDS, band),
            "population_persons": persons[year, district, settlement, sex, band],
        },
    )


def is_city(region_code: str) -> bool:
    """Whether the region is a city of republican rank."""
    return region_code in CITIES
