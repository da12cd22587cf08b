"""How often people of an age, sex and place see which specialty, in which month: the rates of the passports.

Belongs here: rates, seasons, trends and their hidden truth. Does not belong here: any person
(`patients.py`) or row (`encounters.py`).

Rates follow from the work the country's doctors can do: posts × available minutes, shared between kinds of
contact (`figures/contacts.csv`, assumed) and divided by the minutes of a contact
(`figures/activity_minutes.csv`). `pressure` above one makes a specialty short by its workload.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.contracts.shared_columns import AGE_BANDS
from orchestration.sources.embedded.draws import Floats, stream
from orchestration.sources.embedded.establishment import DOCTORS_2025, FTE_PER_PERSON
from orchestration.sources.embedded.geography import REGION_CODES
from orchestration.sources.embedded.population import NATION_2026, Population
from orchestration.sources.embedded.published import figures

MINUTES_A_POST = 1_586 * 60 / 1.52  # 206 days × 7.7 h less the support standards: `standards.py`
MEAN_STAY_DAYS = 7.0
CLASSES = ("AMB", "HH", "VR", "IMP", "EMER")
MINUTES_COLUMN = {
    "AMB": "ambulatory_visit_minutes", "HH": "home_visit_minutes", "VR": "remote_visit_minutes",
    "IMP": "inpatient_day_minutes", "EMER": "emergency_call_minutes", "procedure": "procedure_minutes",
}  # fmt: skip
RURAL_RATIO = {"AMB": 0.90, "HH": 0.85, "VR": 0.60, "IMP": 0.97, "EMER": 0.80, "procedure": 0.80}
GROWTH_MEAN, GROWTH_SD, REGION_SD = 0.012, 0.015, 0.07

_AGE = np.arange(2, 92, 5)[: len(AGE_BANDS)].astype(float)
AGE_PROFILES: dict[str, Floats] = {
    "all": 1.5 * np.exp(-_AGE / 6) + 0.7 + 0.9 * (_AGE / 70) ** 2,
    "adult": np.where(_AGE < 15, 0.03, 0.6 + 0.9 * (_AGE / 65) ** 1.6),
    "older": 0.12 + (_AGE / 62) ** 2.6 * np.where(_AGE > 80, 0.85, 1.0),
    "child": np.where(_AGE < 15, 1.6 * np.exp(-_AGE / 7) + 0.35, 0.0) + np.where(_AGE == 17, 0.25, 0.0),
    "fertile": np.exp(-(((_AGE - 30) / 11) ** 2)) + 0.18 * (_AGE > 12),
    "newborn": np.where(_AGE < 5, 1.0, 0.0),
}
_MONTH = np.arange(12)
SEASONS: dict[str, Floats] = {
    "respiratory": 1 + 0.26 * np.cos(2 * np.pi * (_MONTH - 0.8) / 12) - 0.05 * (_MONTH == 7),
    "winter": 1 + 0.12 * np.cos(2 * np.pi * _MONTH / 12),
    "calm": 1 + 0.05 * np.cos(2 * np.pi * (_MONTH - 2) / 12) - 0.05 * np.isin(_MONTH, (6, 7)),
    "spring": 1 + 0.22 * np.cos(2 * np.pi * (_MONTH - 4) / 12),
    "summer": 1 + 0.18 * np.cos(2 * np.pi * (_MONTH - 7) / 12),
}


@dataclass(frozen=True)
class Flow:
    """One specialty and kind of contact.

    Attributes:
        specialty: Code.
        kind: One of `CLASSES`, or `procedure`.
        rate: (2 sexes, 18 bands, 2 settlements) contacts a person and month, start of 2026.
        season: (12,) factor by month.
        growth: Hidden annual growth, log.
        reasons: ICD-10 categories, the commonest first.
    """

    specialty: str
    kind: str
    rate: Floats
    season: Floats
    growth: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Contacts:
    """All flows, and the (20,) factor of each region."""

    flows: tuple[Flow, ...]
    region_factor: Floats


def build_contacts(seed: int, population: Population) -> Contacts:
    """Rates that use up the work of the doctors there are."""
    rng = stream(seed, "contacts")
    minutes = {row["position_code"]: row for row in figures("activity_minutes")}
    stock = {row["position_code"]: float(row["persons"]) for row in figures("positions")}
    listed = sum(count for code, count in stock.items() if code in minutes)
    people = population.of(2026).sum(axis=0).transpose(1, 2, 0)  # sex, band, settlement
    flows = []
    for row in figures("contacts"):
        code = row["specialty_code"]
        posts = stock[code] / listed * DOCTORS_2025 * 0.977 * FTE_PER_PERSON
        work = posts * MINUTES_A_POST * float(row["pressure"])
        growth = rng.normal(GROWTH_MEAN, GROWTH_SD)
        profile = AGE_PROFILES[row["age_profile"]]
        sex = np.array([1.0, float(row["women_ratio"])])
        for kind in (*CLASSES, "procedure"):
            share = float(row[f"{kind}_work"]) / 100
            if share == 0:
                continue
            unit = float(minutes[code][MINUTES_COLUMN[kind]]) * (MEAN_STAY_DAYS if kind == "IMP" else 1)
            place = np.array([1.0, RURAL_RATIO[kind]])
            shape = sex[:, None, None] * profile[None, :, None] * place
            rate = shape * (work * share / unit / 12) / (shape * people).sum()
            season = SEASONS[row["season"]]
            flows.append(
                Flow(code, kind, rate, season / season.mean(), growth, tuple(row["reasons"].split()))
            )
    factor = np.exp(rng.normal(0, REGION_SD, len(REGION_CODES)))
    return Contacts(tuple(flows), factor)


def contacts_a_head(contacts: Contacts, population: Population) -> float:
    """Contacts of all classes a person and year."""
    people = population.of(2026).sum(axis=0).transpose(1, 2, 0)
    return sum(12 * (f.rate * people).sum() for f in contacts.flows if f.kind != "procedure") / NATION_2026
