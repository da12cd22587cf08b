"""Contacts, procedures and doses of one month and block of persons.

Belongs here: drawing events from rates and choosing the facility of each. Does not belong here: the rates
(`contacts.py`), the persons (`patients.py`).

For every flow and band the number of events is Poisson and each falls on a person of the band at random,
which is the same as drawing every person on their own, at the cost of the events alone.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.contracts.shared_columns import AGE_BANDS
from orchestration.sources.embedded.contacts import MEAN_STAY_DAYS, Contacts, Flow
from orchestration.sources.embedded.doors import Doors
from orchestration.sources.embedded.draws import Integers, hex_keys, keys, stream
from orchestration.sources.embedded.facilities import OWNERS, Facilities
from orchestration.sources.embedded.hazards import SPECIALTIES
from orchestration.sources.embedded.patients import REGION_SHIFT, Bank, Block
from orchestration.sources.embedded.population import YEARS, Population
from orchestration.sources.embedded.posts import PRIMARY
from orchestration.sources.embedded.tables import blanked, coded, months, typed

FUNDING = ("gobmp", "osms", "paid", "unknown")
PROCEDURES = {
    "radiology": (("xray", 0.55), ("fluorograph", 0.25), ("ct", 0.11), ("mri", 0.05), ("mammograph", 0.04)),
    "ultrasound": (("ultrasound_scanner", 1.0),),
    "laboratory": (("lab_analyser", 0.6), ("haematology_analyser", 0.4)),
    "pathology": ((None, 1.0),),
    "endoscopy": (("endoscope", 1.0),),
}
VACCINES = (("HBV", 0, 3), ("DTaP-IPV-Hib", 0, 4), ("PCV", 0, 3), ("MMR", 1, 2), ("OPV", 1, 2), ("Td", 16, 1),
            ("FLU", 18, 1))  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """What events are drawn from: the bank of persons, the rates, and where care is found."""

    bank: Bank
    contacts: Contacts
    doors: Doors
    population: Population
    facilities: Facilities


@dataclass(frozen=True)
class Events:
    """Events of one month and block: person, flow, facility and specialty by position."""

    person: Integers
    flow: Integers
    facility: Integers
    specialty: Integers
    age: Integers


def draw_events(
    rng: np.random.Generator, flows: tuple[Flow, ...], scene: Scene, block: Block, month: int
) -> Events:
    """Draw all flows of a month."""
    year, calendar_month = month // 12, month % 12
    starts, sizes = _ranges(block, year)
    alive = sizes.sum()
    bank = scene.bank
    share = len(block.sex) / max(int(bank.counts[block.region].sum()), 1)
    people = scene.population.by_region[YEARS.index(year), block.region].sum()
    target = people * bank.fraction * share
    level = scene.contacts.region_factor[block.region] * (target / alive if alive else 0)
    after = (month - 12 * 2026) / 12
    factors = np.array([f.season[calendar_month] * np.exp(f.growth * after) for f in flows])
    rates = np.stack([f.rate for f in flows]) * (factors * level)[:, None, None, None]
    drawn = rng.poisson(rates.transpose(0, 1, 3, 2) * sizes)  # flow, sex, settlement, band
    axes = np.indices(drawn.shape).reshape(4, -1)
    flow, sex, kind, band = (np.repeat(axis, drawn.ravel()) for axis in axes)
    rank = np.floor(rng.random(len(flow)) * sizes[sex, kind, band]).astype(np.int64)
    person = starts[sex, kind, band] + rank
    death = block.deceased_year[person]
    kept = (death == 0) | (death >= year)
    person, flow = person[kept], flow[kept]
    facility, specialty = _facilities(rng, flows, scene.doors, block, person=person, flow=flow)
    return Events(person, flow, facility, specialty, year - block.birth_year[person])


def _ranges(block: Block, year: int) -> tuple[Integers, Integers]:
    """(2, 2, 18) start and size of every sex × settlement × band among the block's persons."""
    code = (block.sex * 2 + block.kind) * 4_000 + block.birth_year
    low = np.array([year - 5 * band - 4 for band in range(len(AGE_BANDS))])
    low[-1] = 0
    high = np.array([year - 5 * band for band in range(len(AGE_BANDS))])
    base = (np.arange(4) * 4_000)[:, None]
    start = np.searchsorted(code, base + low)
    stop = np.searchsorted(code, base + high, side="right")
    return start.reshape(2, 2, -1), (stop - start).reshape(2, 2, -1)


def _facilities(
    rng: np.random.Generator,
    flows: tuple[Flow, ...],
    doors: Doors,
    block: Block,
    *,
    person: Integers,
    flow: Integers,
) -> tuple[Integers, Integers]:
    """Facility and specialty of every event.

    First contacts go to the clinic of attachment; the others to the district's hospital as far as its posts
    reach, or to the region's facilities by their posts. A clinic that lacks the specialty sends its own GP.
    """
    specialty = np.array([SPECIALTIES.index(f.specialty) for f in flows])[flow]
    facility = np.empty(len(person), dtype=np.int64)
    chance = np.empty(len(person))
    draw = rng.random(len(person))
    edges = np.searchsorted(flow, np.arange(len(flows) + 1))  # flows come in order
    for index, one in enumerate(flows):
        here = slice(edges[index], edges[index + 1])
        clinics, weight = doors.by_flow[one.specialty, one.kind, block.region]
        facility[here] = clinics[np.searchsorted(weight, draw[here] * weight[-1], side="right")]
        chance[here] = doors.own_district[one.specialty, one.kind, block.region][block.district[person[here]]]
    attached = block.attached[person]
    first = np.array([f.specialty in PRIMARY and f.kind != "IMP" for f in flows])[flow] & (attached >= 0)
    hospital = doors.hospital_of[block.district[person]]
    near = ~first & (block.kind[person] == 1) & (hospital >= 0)
    near &= rng.random(len(person)) < chance
    facility = np.where(first, attached, np.where(near, hospital, facility))
    lacks = first & ~doors.has[facility, specialty]
    return facility, np.where(lacks, SPECIALTIES.index("gp"), specialty)


def event_numbers(block: Block, number: int, month: int, count: int) -> Integers:
    """Numbers that no other month, region or block gives."""
    base = ((month - 12 * 2000) * 32 + block.region) * 4_096 + number
    return (base << 32) + np.arange(count)


def encounter_table(scene: Scene, block: Block, number: int, month: int) -> pa.Table:
    """The contract `passport_encounter` of one month and block."""
    bank, facilities = scene.bank, scene.facilities
    rng = stream(bank.seed, "encounters", month, block.region, number)
    flows = tuple(f for f in scene.contacts.flows if f.kind != "procedure")
    events = draw_events(rng, flows, scene, block, month)
    count = len(events.person)
    kinds = [f.kind for f in flows]
    stays = np.array([kind == "IMP" for kind in kinds])[events.flow]
    days = np.minimum(1 + rng.gamma(1.6, (MEAN_STAY_DAYS - 1) / 1.6, count), 60).astype(np.int64)
    reasons = sorted({code for f in flows for code in f.reasons})
    width = max(len(f.reasons) for f in flows)
    table = np.array([[reasons.index((f.reasons * width)[i]) for i in range(width)] for f in flows])
    lengths = np.array([len(f.reasons) for f in flows])[events.flow]
    choice = np.floor(rng.random(count) ** 1.5 * lengths).astype(int)
    reason = np.where(rng.random(count) < 0.03, -1, table[events.flow, choice])
    is_private = facilities.owner[events.facility] == OWNERS.index("private")
    draw = rng.random(count)
    public = np.digitize(draw, (0.58, 0.93, 0.98))
    funding = np.where(is_private, np.digitize(draw, (0.0, 0.4, 0.98)), public)
    return typed(
        "passport_encounter",
        {
            "encounter_key": keys(bank.seed, "encounter", event_numbers(block, number, month, count)),
            "patient_key": hex_keys(block.key_halves(bank.seed)[events.person]),
            "facility_id": coded(facilities.ids, events.facility),
            "event_month": months(np.full(count, month)),
            "class_code": coded(kinds, events.flow),
            "specialty_code": coded(SPECIALTIES, events.specialty),
            "reason_icd10_code": coded(reasons, reason),
            "age_band": coded(AGE_BANDS, np.minimum(events.age // 5, len(AGE_BANDS) - 1)),
            "length_of_stay_days": blanked(days, ~stays),
            "funding": coded(FUNDING, funding),
        },
    )


def procedure_table(scene: Scene, block: Block, number: int, month: int) -> pa.Table:
    """The contract `passport_procedure` of one month and block."""
    bank, facilities = scene.bank, scene.facilities
    rng = stream(bank.seed, "procedures", month, block.region, number)
    flows = tuple(f for f in scene.contacts.flows if f.kind == "procedure")
    events = draw_events(rng, flows, scene, block, month)
    count = len(events.person)
    codes: list[str | None] = sorted({str(e) for f in flows for e, _ in PROCEDURES[f.specialty] if e})
    kind = np.full(count, -1)
    for index, flow in enumerate(flows):
        here = np.flatnonzero(events.flow == index)
        names, weights = zip(*PROCEDURES[flow.specialty], strict=True)
        place = np.array([codes.index(name) if name else -1 for name in names])
        kind[here] = place[rng.choice(len(place), len(here), p=weights)]
    specialties = [f.specialty for f in flows]
    return typed(
        "passport_procedure",
        {
            "procedure_key": keys(bank.seed, "procedure", event_numbers(block, number, month, count)),
            "patient_key": hex_keys(block.key_halves(bank.seed)[events.person]),
            "facility_id": coded(facilities.ids, events.facility),
            "code_system": coded(["embedded"], np.zeros(count, dtype=int)),
            "procedure_code": coded([*codes, *specialties],
                                    np.where(kind >= 0, kind, len(codes) + events.flow)),
            "event_month": months(np.full(count, month)),
            "equipment_type_code": coded(codes, kind),
        },
    )  # fmt: skip


def immunization_table(scene: Scene, block: Block, number: int, month: int) -> pa.Table:
    """The contract `passport_immunization`: the child's calendar, Td at 16, influenza in autumn."""
    bank, facilities = scene.bank, scene.facilities
    rng = stream(bank.seed, "immunisations", month, block.region, number)
    age = month // 12 - block.birth_year
    alive = (age >= 0) & ((block.deceased_year == 0) | (block.deceased_year >= month // 12))
    alive &= block.attached >= 0
    autumn = month % 12 in (8, 9, 10)
    who, vaccine, dose = [], [], []
    for index, (name, at_age, doses) in enumerate(VACCINES):
        is_yearly = name == "FLU"
        due = np.flatnonzero(alive & ((age >= at_age) & autumn if is_yearly else age == at_age))
        chance = 0.04 + 0.06 * (age[due] >= 60) if is_yearly else 0.95 * doses / 12
        has = due[rng.random(len(due)) < chance]
        who.append(has)
        vaccine.append(np.full(len(has), index))
        dose.append(rng.integers(1, doses + 1, len(has)))
    person = np.concatenate(who)
    numbers = event_numbers(block, number, month, len(person))
    return typed(
        "passport_immunization",
        {
            "immunization_key": keys(bank.seed, "immunisation", numbers),
            "patient_key": hex_keys(block.key_halves(bank.seed)[person]),
            "facility_id": coded(facilities.ids, block.attached[person]),
            "vaccine_code": coded([name for name, _, _ in VACCINES], np.concatenate(vaccine)),
            "event_month": months(np.full(len(person), month)),
            "dose_number": np.concatenate(dose).astype(np.int64),
        },
    )


def tombstone_table(bank: Bank) -> pa.Table:
    """The contract `passport_tombstone`: deleted by their source, none of them delivered again."""
    rng = stream(bank.seed, "tombstones")
    numbers = (1 << REGION_SHIFT) * 31 + np.arange(40)
    return typed(
        "passport_tombstone",
        {
            "resource_type": ["Encounter"] * 40,
            "record_key": keys(bank.seed, "encounter", numbers),
            "deleted_month": months(12 * 2026 + rng.integers(0, 9, 40)),
        },
    )
