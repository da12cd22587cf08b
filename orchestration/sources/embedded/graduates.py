"""Graduates of the campaign of 2026 and of five cohorts before it, their duty and their exemptions.

Belongs here: who graduates, on what basis, who is let off. Does not belong here: wishes (`preferences.py`),
decisions and service (`service.py`).
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sources.embedded.draws import Integers, keys, pick, split_whole, stream
from orchestration.sources.embedded.facilities import OWNERS, Facilities, type_of
from orchestration.sources.embedded.geography import REGION_CODES
from orchestration.sources.embedded.hazards import SPECIALTIES
from orchestration.sources.embedded.population import SETTLEMENTS, Population
from orchestration.sources.embedded.settlements import Settlements
from orchestration.sources.embedded.tables import blanked, coded, typed
from orchestration.sources.embedded.universities import (
    GROWTH,
    MAIN_SPECIALTY,
    PROGRAMME_CODES,
    PROGRAMMES,
    UNIVERSITIES,
    level_of,
    offers,
    programme_weights,
)

COHORTS = tuple(range(2021, 2027))
CAMPAIGN_YEAR = 2026
BASES = ("state_grant", "rural_quota", "local_grant", "fee")
BASIS_SHARES = (0.63, 0.13, 0.12, 0.12)
REQUIRED_MONTHS = {"state_grant": 36, "rural_quota": 36, "local_grant": 60, "rural_payment": 60}
RURAL_PAYMENT_SHARE = 0.03
EXEMPT_SHARE = 0.22  # 2024: 22 % exempt, 2 % self-employed
SELF_EMPLOYED_SHARE = 0.02
GROUNDS = ("further_study", "spouse_no_vacancy", "pregnancy", "single_parent", "disability")
GROUND_SHARES = (0.58, 0.10, 0.20, 0.08, 0.04)
MILITARY_SHARE = 0.03  # of men, deferral for a year: assumed
COUPLE_SHARE, SPOUSE_SHARE = 0.04, 0.06
TRIPARTITE_SHARE = 0.35  # of residents, a contract signed before the campaign: assumed
COST_A_YEAR_KZT = 1_150_000
PAYMENT_KZT = 8_500_000  # 100 minimum wages


@dataclass(frozen=True)
class Graduates:
    """All arrays run over graduates, cohort by cohort.

    Attributes:
        year: Year of graduation.
        university: Position in `UNIVERSITIES`.
        programme: Position in `PROGRAMME_CODES`.
        specialty: Position in `SPECIALTIES`.
        basis: Position in `BASES`.
        has_payment: Took the one-off payment for a village.
        home: Position of the home region.
        home_kind: 0 urban, 1 rural.
        is_woman: Sex.
        ground: Exemption ground: position in `GROUNDS`, 10 self-employment, 11 military deferral, −1 none.
        couple: Position of the other one, −1 none.
        spouse_settlement: Position of the spouse's settlement, −1 none.
        preplaced: Facility of a contract signed before, −1 none.
        order_share: Share of the study paid by the budget.
    """

    year: Integers
    university: Integers
    programme: Integers
    specialty: Integers
    basis: Integers
    has_payment: np.ndarray
    home: Integers
    home_kind: Integers
    is_woman: np.ndarray
    ground: Integers
    couple: Integers
    spouse_settlement: Integers
    preplaced: Integers
    order_share: np.ndarray

    @property
    def owes(self) -> np.ndarray:
        """Whether the graduate has a duty and is not let off it for good."""
        return ((self.basis != BASES.index("fee")) | self.has_payment) & (
            (self.ground < 0) | (self.ground == 11)
        )

    def keys(self, seed: int) -> pa.Array:
        """Pseudonyms."""
        return keys(seed, "graduate", np.arange(len(self.year)))


def build_graduates(
    seed: int, population: Population, settlements: Settlements, facilities: Facilities
) -> Graduates:
    """Draw six cohorts."""
    rng = stream(seed, "graduates")
    weights = offers()
    weights = weights / weights.sum(axis=0) * programme_weights()
    year, university, programme = [], [], []
    for cohort in COHORTS:
        count = round(weights.sum() * np.exp(GROWTH * (cohort - CAMPAIGN_YEAR)))
        cells = split_whole(count, weights.ravel() * rng.lognormal(0, 0.04, weights.size))
        which = np.repeat(np.arange(weights.size), cells)
        year.append(np.full(count, cohort))
        university.append(which // weights.shape[1])
        programme.append(which % weights.shape[1])
    years, where, what = np.concatenate(year), np.concatenate(university), np.concatenate(programme)
    count = len(years)
    people = population.of(2026).sum(axis=(2, 3))
    cell = pick(rng, people.ravel() * np.tile([1.0, 1.15], len(people)), count)
    own = np.array([REGION_CODES.index(row["region_code"]) for row in UNIVERSITIES])[where]
    stays = rng.random(count) < 0.4
    home = np.where(stays, own, cell // 2)
    home_kind = np.where(people[home, 1] == 0, 0, np.where(stays, rng.random(count) < 0.35, cell % 2))
    basis = rng.choice(len(BASES), count, p=BASIS_SHARES)
    basis = np.where((basis == BASES.index("rural_quota")) & (home_kind == 0), 0, basis)
    is_woman = rng.random(count) < 0.70
    is_resident = np.array([row["level"] == "residency" for row in PROGRAMMES])[what]
    partial = rng.random(count) < 0.05
    return Graduates(
        year=years,
        university=where,
        programme=what,
        specialty=np.array([SPECIALTIES.index(MAIN_SPECIALTY[code]) for code in PROGRAMME_CODES])[what],
        basis=basis,
        has_payment=rng.random(count) < RURAL_PAYMENT_SHARE,
        home=home,
        home_kind=home_kind.astype(np.int64),
        is_woman=is_woman,
        ground=_grounds(rng, basis, is_woman),
        couple=_couples(rng, years, where),
        spouse_settlement=_spouses(rng, settlements, home),
        preplaced=_contracts(rng, facilities, home, is_resident & (years == CAMPAIGN_YEAR)),
        order_share=np.where(partial, rng.choice((0.2, 0.4, 0.6, 0.8), count), 1.0),
    )


def _grounds(rng: np.random.Generator, basis: Integers, is_woman: np.ndarray) -> Integers:
    draw = rng.random(len(basis))
    ground = rng.choice(len(GROUNDS), len(basis), p=GROUND_SHARES)
    maternal = np.isin(ground, [GROUNDS.index("pregnancy")]) & ~is_woman
    ground = np.where(maternal, GROUNDS.index("further_study"), ground)
    late = draw < EXEMPT_SHARE + SELF_EMPLOYED_SHARE
    result = np.where(draw < EXEMPT_SHARE, ground, np.where(late, 10, -1))
    soldier = (result < 0) & ~is_woman & (rng.random(len(basis)) < MILITARY_SHARE)
    result = np.where(soldier, 11, result)
    return np.where(basis == BASES.index("fee"), -1, result)


def _couples(rng: np.random.Generator, year: Integers, university: Integers) -> Integers:
    """Pairs of one university and year."""
    couple = np.full(len(year), -1)
    for cell in np.unique(year * 100 + university):
        mine = rng.permutation(np.flatnonzero(year * 100 + university == cell))
        pairs = int(len(mine) * COUPLE_SHARE / 2)
        left, right = mine[:pairs], mine[pairs : 2 * pairs]
        couple[left], couple[right] = right, left
    return couple


def _spouses(rng: np.random.Generator, settlements: Settlements, home: Integers) -> Integers:
    """A spouse lives in a place of any size of the home region, mostly."""
    place = pick(rng, settlements.persons.astype(float), len(home))
    return np.where(rng.random(len(home)) < SPOUSE_SHARE, place, -1)


def _contracts(
    rng: np.random.Generator, facilities: Facilities, home: Integers, may_have: np.ndarray
) -> Integers:
    hospitals = np.flatnonzero(
        np.isin(facilities.kind, [type_of("city_hospital"), type_of("multiprofile_hospital")])
        & (facilities.owner != OWNERS.index("private"))
    )
    result = np.full(len(home), -1)
    for person in np.flatnonzero(may_have & (rng.random(len(home)) < TRIPARTITE_SHARE)):
        near = hospitals[facilities.region[hospitals] == home[person]]
        result[person] = rng.choice(near if len(near) else hospitals)
    return result


def graduate_table(
    seed: int, settlements: Settlements, facilities: Facilities, graduates: Graduates
) -> pa.Table:
    """The contract `graduate`."""
    rng = stream(seed, "graduate papers")
    count = len(graduates.year)
    pair = np.minimum(np.arange(count), graduates.couple)
    study_years = np.array([int(row["programme_years"]) for row in PROGRAMMES])[graduates.programme]
    resident = np.array([row["level"] == "residency" for row in PROGRAMMES])[graduates.programme]
    age = 18 + study_years + 6 * resident + rng.poisson(0.8, count)
    return typed(
        "graduate",
        {
            "graduate_key": graduates.keys(seed),
            "university_id": coded([row["university_id"] for row in UNIVERSITIES], graduates.university),
            "programme_code": coded(PROGRAMME_CODES, graduates.programme),
            "level": level_of(graduates.programme),
            "specialty_code": coded(SPECIALTIES, graduates.specialty),
            "graduation_year": graduates.year.astype(np.int16),
            "sex": coded(("male", "female"), graduates.is_woman.astype(int)),
            "birth_year": (graduates.year - age).astype(np.int16),
            "home_region_code": coded(REGION_CODES, graduates.home),
            "home_settlement": coded(SETTLEMENTS, graduates.home_kind),
            "language": coded(("kk", "ru", "both"), rng.choice(3, count, p=(0.62, 0.22, 0.16))),
            "merit_score": np.clip(rng.normal(74, 10, count), 50, 100).round(1),
            "couple_key": coded(keys(seed, "couple", np.arange(count)).to_pylist(),
                                np.where(graduates.couple >= 0, pair, -1)),
            "spouse_locality_kato": coded(settlements.kato, graduates.spouse_settlement),
            "preplaced_facility_id": coded(facilities.ids, graduates.preplaced),
            "has_consent": rng.random(count) < 0.985,
        },
    )  # fmt: skip


def obligation_table(seed: int, graduates: Graduates, arrived_on: np.ndarray) -> pa.Table:
    """The contract `obligation`: one row for the study, one more for a payment.

    Args:
        seed: Seed of the country.
        graduates: The graduates.
        arrived_on: (n,) days on which service began, NaT for none.
    """
    study = np.flatnonzero(graduates.basis != BASES.index("fee"))
    paid = np.flatnonzero(graduates.has_payment)
    who = np.concatenate([study, paid])
    names = [BASES[b] for b in graduates.basis[study]] + ["rural_payment"] * len(paid)
    is_payment = np.arange(len(who)) >= len(study)
    years = np.array([int(row["programme_years"]) for row in PROGRAMMES])[graduates.programme[who]]
    share = np.where(is_payment, 1.0, graduates.order_share[who])
    pays = np.array([name in ("local_grant", "rural_payment") for name in names])
    began = arrived_on[who]
    return typed(
        "obligation",
        {
            "graduate_key": graduates.keys(seed).take(pa.array(who)),
            "basis": names,
            "state_order_share": share,
            "required_months": [REQUIRED_MONTHS[name] for name in names],
            "paying_region_code": coded(REGION_CODES, np.where(pays, graduates.home[who], -1)),
            "began_on": blanked(began, np.isnat(began)),
            "cost_kzt": np.where(is_payment, PAYMENT_KZT, years * COST_A_YEAR_KZT * share).round(),
        },
    )


def exemption_table(seed: int, graduates: Graduates) -> pa.Table:
    """The contract `exemption`: decided in the year of graduation."""
    rng = stream(seed, "exemptions")
    who = np.flatnonzero(graduates.ground >= 0)
    ground = graduates.ground[who]
    names = {10: "self_employment", 11: "military", **dict(enumerate(GROUNDS))}
    decided = np.array([np.datetime64(dt.date(y, 5, 1)) for y in graduates.year[who]])
    decided = decided + rng.integers(0, 60, len(who))
    deferred = ground == 11
    start = np.array([np.datetime64(dt.date(y, 9, 1)) for y in graduates.year[who]])
    return typed(
        "exemption",
        {
            "graduate_key": graduates.keys(seed).take(pa.array(who)),
            "ground_code": [names[g] for g in ground.tolist()],
            "kind": coded(("exemption", "deferral"), deferred.astype(int)),
            "decided_by": ["commission"] * len(who),
            "decided_on": decided,
            "from_date": start,
            "until_date": blanked(start + 364, ~deferred),
        },
    )
