"""How many persons and vacant posts a region has of a position, month by month: the targets of the posts.

Belongs here: published stocks carried through time, the hidden trends, the yearly swing. Does not belong
here: any facility (`posts.py`).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.sources.embedded.calendar import POST_MONTHS, month_number
from orchestration.sources.embedded.draws import Floats, stream
from orchestration.sources.embedded.geography import CITIES, REGION_CODES
from orchestration.sources.embedded.population import Population
from orchestration.sources.embedded.published import code_list, figures

DOCTORS_2025 = 83_379  # start of 2025, Ministry of Health
MID_LEVEL_2025 = 191_728
OWN_GROWTH = 0.012  # a year outside the published years: assumed
FTE_PER_PERSON = 1.10  # combined jobs: assumed
# Vacant posts of doctors in December, national. 2020: 5,201 on 15 July through the swing below; 2023, 2024
# and 2025 as reported; the years before 2020 are assumed.
VACANCY_PATH = {
    2013: 5_250, 2014: 5_180, 2015: 5_020, 2016: 4_880, 2017: 4_760, 2018: 4_640, 2019: 4_540, 2020: 4_480,
    2021: 4_560, 2022: 4_710, 2023: 4_864, 2024: 3_954, 2025: 4_080, 2026: 4_120,
}  # fmt: skip
# Vacant posts against December: graduates arrive in August and September (5,201 → 4,122 between 15.07 and
# 10.09.2020 is −20.7 %).
SWING = (1.00, 1.01, 1.03, 1.06, 1.09, 1.12, 1.16, 1.10, 0.92, 0.94, 0.97, 1.00)
PATHS_SD = {"stock region × position": 0.006, "vacancy position": 0.025, "vacancy region × position": 0.02}

POSITIONS: tuple[str, ...] = tuple(row["position_code"] for row in figures("positions"))
_LISTED = {row["position_code"]: row for row in code_list("positions")}
CATEGORY_OF: tuple[str, ...] = tuple(_LISTED[p]["staff_category"] for p in POSITIONS)
SPECIALTY_OF: tuple[str, ...] = tuple(_LISTED[p]["specialty_code"] for p in POSITIONS)
ISCO_OF: tuple[str, ...] = tuple(_LISTED[p]["isco08_code"] for p in POSITIONS)
IS_DOCTOR = np.array([c == "doctor" for c in CATEGORY_OF])


@dataclass(frozen=True)
class Establishment:
    """Targets over 20 regions × positions × months of `POST_MONTHS`.

    Attributes:
        persons: Persons.
        vacant: Vacant posts, with the yearly swing.
        budgeted: Established posts, without the swing.
        stock_drift: (20, positions) hidden annual growth of persons, log.
        vacancy_drift: (20, positions) hidden annual growth of vacancies beside the national path, log.
    """

    persons: Floats
    vacant: Floats
    budgeted: Floats
    stock_drift: Floats
    vacancy_drift: Floats


def doctors_by_year() -> tuple[list[int], Floats]:
    """Years and (years, 20) doctors at year end: published 2018–2022, then scaled to the count of 2024."""
    rows = figures("regions")
    known = {
        year: np.array([float(row[f"doctors_{year}_persons"] or np.nan) for row in rows])
        for year in range(2018, 2023)
    }
    heirs = {"KZ-10": "KZ-63", "KZ-33": "KZ-19", "KZ-62": "KZ-35"}  # regions split off in 2022
    for year in range(2018, 2022):
        for child, parent in heirs.items():
            c, p = REGION_CODES.index(child), REGION_CODES.index(parent)
            share = known[2022][c] / (known[2022][c] + known[2022][p])
            known[year][c] = known[year][p] * share
            known[year][p] *= 1 - share
    known[2024] = known[2022] * DOCTORS_2025 / known[2022].sum()
    known[2023] = np.sqrt(known[2022] * known[2024])
    for year in range(2017, 2012, -1):
        known[year] = known[year + 1] * np.exp(-OWN_GROWTH)
    for year in (2025, 2026):
        known[year] = known[year - 1] * np.exp(OWN_GROWTH)
    years = sorted(known)
    return years, np.stack([known[year] for year in years])


def _at_months(years: list[int], values: Floats) -> Floats:
    """(years, n) at year ends to (n, months) on straight lines."""
    ends = [month_number(year, 12) for year in years]
    return np.stack([np.interp(POST_MONTHS, ends, column) for column in values.T])


def build_establishment(seed: int, population: Population) -> Establishment:
    """Draw the hidden trends and bend them to the published totals."""
    rng = stream(seed, "establishment")
    rows = figures("positions")
    weight = np.array([float(row["persons"]) for row in rows])
    vacancies = np.array([float(row["vacant_fte"]) for row in rows])
    drift = np.array([float(row["annual_drift"]) for row in rows])
    regions, positions = len(REGION_CODES), len(POSITIONS)
    doctors = _at_months(*doctors_by_year())
    people = population.of(2026).sum(axis=(1, 2, 3))
    others = doctors.mean(axis=1) ** 0.35 * people**0.65
    since = (POST_MONTHS - month_number(2024, 12)) / 12

    own = rng.normal(0, PATHS_SD["stock region × position"], (regions, positions))
    stock_drift = drift + own
    mix = weight * np.exp(rng.normal(0, 0.10, (regions, positions)))
    mix = mix[:, :, None] * np.exp(stock_drift[:, :, None] * since)
    persons = np.empty_like(mix)
    persons[:, IS_DOCTOR] = mix[:, IS_DOCTOR] / mix[:, IS_DOCTOR].sum(1, keepdims=True) * doctors[:, None]
    national = doctors.sum(0) / DOCTORS_2025
    is_mid = np.array([category == "nurse_mid" for category in CATEGORY_OF])
    here = (others / others.sum())[:, None, None]
    mid = mix[:, is_mid] / mix[:, is_mid].sum(axis=1, keepdims=True) * here * MID_LEVEL_2025 * national
    persons[:, is_mid] = mid
    rest = ~IS_DOCTOR & ~is_mid
    persons[:, rest] = mix[:, rest] * here * national

    vacancy_drift = rng.normal(0, PATHS_SD["vacancy position"], positions)[None] + rng.normal(
        0, PATHS_SD["vacancy region × position"], (regions, positions)
    )
    is_city = np.array([code in CITIES for code in REGION_CODES])
    hardship = np.exp(rng.normal(0, 0.35, (regions, 1)) - 0.5 * is_city[:, None])
    hardship = hardship * np.exp(rng.normal(0, 0.25, (regions, positions)))
    share = persons[:, :, 0] ** 0.8 * hardship
    share = share / share.sum(axis=0) * vacancies
    walk = np.cumsum(rng.normal(0, 0.02, (regions, positions, len(POST_MONTHS))), axis=2)
    walk -= walk[:, :, -1:]
    steps = (POST_MONTHS - month_number(2025, 12)) / 12
    level = share[:, :, None] * np.exp(vacancy_drift[:, :, None] * steps + 0.35 * walk)
    path = np.interp(POST_MONTHS, [month_number(y, 12) for y in VACANCY_PATH], list(VACANCY_PATH.values()))
    calm = np.empty_like(level)
    calm[:, IS_DOCTOR] = level[:, IS_DOCTOR] * path / level[:, IS_DOCTOR].sum(axis=(0, 1))
    calm[:, ~IS_DOCTOR] = level[:, ~IS_DOCTOR] * path / VACANCY_PATH[2025]
    swing = np.array(SWING)[POST_MONTHS % 12]
    return Establishment(
        persons=persons,
        vacant=calm * swing,
        budgeted=persons * FTE_PER_PERSON + calm,
        stock_drift=stock_drift,
        vacancy_drift=vacancy_drift,
    )
