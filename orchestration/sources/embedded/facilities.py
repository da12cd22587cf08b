"""Facilities of every ownership, level of care and type, and who is attached to them.

Belongs here: which facility stands where, its beds, catchment, owner and names. Does not belong here: posts
(`posts.py`) and equipment (`equipment.py`).

Numbers: hospitals by region as published (2022); villages by the network order ҚР ДСМ-133/2020 with some
gaps; polyclinics, laboratories and dental clinics by urban people per facility (assumed). About 3,000 have
doctors.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orchestration.contracts.facilities import FACILITY_TYPES
from orchestration.sources.embedded.draws import Floats, Integers, split_whole, stream
from orchestration.sources.embedded.geography import REGION_CODES, Geography
from orchestration.sources.embedded.published import figures
from orchestration.sources.embedded.settlements import Settlements

TYPES = FACILITY_TYPES
OWNERS = ("state_republican", "state_communal", "quasi_state", "private", "ngo")
NETWORK = ((50, "medical_point"), (500, "fap"), (1_500, "ambulatory"), (5_000, "phc_centre"))
NETWORK_GAP_SHARE = 0.06  # villages with one step less than the order asks for: assumed
DISTRICT_BEDS_PER_1000 = 2.6  # with the others about 5 beds per 1,000 people, as reported nationally
TYPICAL_BEDS = {
    "city_hospital": 80, "multiprofile_hospital": 350, "dispensary": 150, "perinatal": 130,
    "republican_centre": 220,
}  # in a region of a million: assumed  # fmt: skip
REPUBLICAN_CENTRES = {"KZ-71": 8, "KZ-75": 10}
PROFILES = ("oncology", "psychiatry", "phthisiology", "dermatology")


def type_of(name: str) -> int:
    """Position of a facility type."""
    return TYPES.index(name)


ATTACHING = np.array([type_of(t) for t in ("ambulatory", "phc_centre", "polyclinic", "district_hospital")])
BRANCHES = np.array([type_of(t) for t in ("medical_point", "fap")])


@dataclass(frozen=True)
class Facilities:
    """All arrays run over facilities.

    Attributes:
        kind: Position in `TYPES`.
        owner: Position in `OWNERS`.
        settlement: Position of the settlement.
        district: Position of the district.
        region: Position of the region.
        is_rural: Stands in a village.
        number: Running number of its type in the settlement or region, for names.
        profile: Position in `PROFILES` of a dispensary, −1 otherwise.
        beds: Beds.
        attached: Attached persons, −1 where nobody is attached.
        parent: Position of the facility it is a branch of, −1 for none.
        size: What its posts are proportional to inside its group.
        is_closed: Closed; has no posts.
        catchment_facility: Facility of every catchment entry.
        catchment_settlement: Settlement of every catchment entry.
        catchment_persons: Persons of every catchment entry.
    """

    kind: Integers
    owner: Integers
    settlement: Integers
    district: Integers
    region: Integers
    is_rural: np.ndarray
    number: Integers
    profile: Integers
    beds: Integers
    attached: Integers
    parent: Integers
    size: Floats
    is_closed: np.ndarray
    catchment_facility: Integers
    catchment_settlement: Integers
    catchment_persons: Integers

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Identifiers of the registry: region digits and a running number."""
        return tuple(
            f"F{REGION_CODES[region][3:]}{position:05d}" for position, region in enumerate(self.region)
        )


def build_facilities(seed: int, geography: Geography, settlements: Settlements) -> Facilities:
    """Stand up the network, then attach everybody to somebody."""
    rng = stream(seed, "facilities")
    stands: list[tuple[str, int, str, int]] = []  # type, settlement, owner, profile
    stands += _village_network(rng, settlements)
    stands += _district_hospitals(settlements)
    stands += _town_clinics(rng, settlements)
    stands += _hospitals(rng, settlements, stands)
    stands.sort(key=lambda s: (settlements.region[s[1]], s[1], type_of(s[0]), s[2], s[3]))
    kind = np.array([type_of(s[0]) for s in stands])
    settlement = np.array([s[1] for s in stands])
    owner = np.array([OWNERS.index(s[2]) for s in stands])
    profile = np.array([s[3] for s in stands])
    is_closed = np.isin(kind, BRANCHES) & (rng.random(len(kind)) < 0.012)
    district, region = settlements.district[settlement], settlements.region[settlement]
    catchment = _attach(rng, settlements, kind, settlement, owner)
    attached = np.full(len(kind), -1, dtype=np.int64)
    attaching = np.isin(kind, ATTACHING)
    attached[attaching] = 0
    np.add.at(attached, catchment[0], catchment[2])
    beds = _beds(rng, geography, settlements, kind, settlement)
    parent = _parents(kind, settlement, catchment)
    size = np.where(attaching, np.maximum(attached, 300), 1.0)
    hospital = np.isin(kind, [type_of(t) for t in TYPES if t.endswith("hospital")])
    size = np.where(hospital | np.isin(kind, [type_of("dispensary"), type_of("perinatal")]), beds, size)
    size = np.where(kind == type_of("republican_centre"), beds, size).astype(float)
    small = np.isin(kind, [type_of("laboratory"), type_of("other"), type_of("emergency")])
    size = np.where(small, rng.lognormal(0, 0.5, len(kind)), size)
    return Facilities(
        kind=kind,
        owner=owner,
        settlement=settlement,
        district=district,
        region=region,
        is_rural=settlements.kind[settlement] == 1,
        number=_numbers(kind, settlement),
        profile=profile,
        beds=beds,
        attached=attached,
        parent=parent,
        size=size,
        is_closed=is_closed,
        catchment_facility=catchment[0],
        catchment_settlement=catchment[1],
        catchment_persons=catchment[2],
    )


def _village_network(rng: np.random.Generator, settlements: Settlements) -> list[tuple[str, int, str, int]]:
    steps = np.array([step for step, _ in NETWORK])
    level = np.searchsorted(steps, settlements.persons, side="right") - 1
    level -= rng.random(len(level)) < NETWORK_GAP_SHARE
    rural = np.flatnonzero((settlements.kind == 1) & (level >= 0))
    private = rng.random(len(rural)) < 0.04
    return [
        (NETWORK[level[s]][1], int(s), "private" if p and level[s] >= 2 else "state_communal", -1)
        for s, p in zip(rural, private, strict=True)
    ]


def _district_hospitals(settlements: Settlements) -> list[tuple[str, int, str, int]]:
    """One for every district that has villages, in its largest place."""
    stands = []
    for district in np.unique(settlements.district[settlements.kind == 1]):
        mine = np.flatnonzero(settlements.district == district)
        rural = settlements.persons[mine][settlements.kind[mine] == 1].sum()
        if rural >= 3_000:
            place = int(mine[settlements.persons[mine].argmax()])
            stands.append(("district_hospital", place, "state_communal", -1))
    return stands


def _town_clinics(rng: np.random.Generator, settlements: Settlements) -> list[tuple[str, int, str, int]]:
    stands = []
    rules = (
        ("polyclinic", 42_000, "state_communal", True),
        ("polyclinic", 75_000, "private", False),
        ("laboratory", 120_000, "private", False),
        ("other", 38_000, "private", False),
    )
    for place in np.flatnonzero(settlements.kind == 0):
        for kind, persons, owner, always in rules:
            count = int(settlements.persons[place] / persons + rng.random())
            for number in range(max(count, 1) if always else count):
                is_ngo = kind == "other" and rng.random() < 0.03
                is_quasi = kind == "polyclinic" and number % 9 == 8
                name = "ngo" if is_ngo else "quasi_state" if is_quasi and owner != "private" else owner
                stands.append((kind, int(place), name, -1))
    return stands


def _hospitals(
    rng: np.random.Generator, settlements: Settlements, stands: list[tuple[str, int, str, int]]
) -> list[tuple[str, int, str, int]]:
    """Fill up to the region's published number; emergency stations come on top."""
    result: list[tuple[str, int, str, int]] = []
    districts = np.bincount(
        [settlements.region[s[1]] for s in stands if s[0] == "district_hospital"], minlength=len(REGION_CODES)
    )
    for region, row in enumerate(figures("regions")):
        code = row["region_code"]
        towns = np.flatnonzero((settlements.region == region) & (settlements.kind == 0))
        if not len(towns):
            towns = np.flatnonzero(settlements.region == region)
        towns = towns[np.argsort(-settlements.persons[towns], kind="stable")]
        capital = int(towns[0])
        weights = settlements.persons[towns].astype(float) ** 1.1
        persons = settlements.persons[settlements.region == region].sum()

        def anywhere(towns: Integers = towns, weights: Floats = weights) -> int:
            return int(rng.choice(towns, p=weights / weights.sum()))

        large = persons > 900_000
        mine = [("multiprofile_hospital", capital if n == 0 else anywhere(), "state_communal", -1)
                for n in range(3 if large else 1)]  # fmt: skip
        mine += [("dispensary", capital, "state_communal", profile) for profile in range(len(PROFILES))]
        mine += [("perinatal", anywhere() if n else capital, "state_communal", -1) for n in range(1 + large)]
        for number in range(REPUBLICAN_CENTRES.get(code, 0)):
            mine.append(
                ("republican_centre", anywhere(), "quasi_state" if number % 2 else "state_republican", -1)
            )
        left = max(int(row["hospitals_2022_count"]) - districts[region] - len(mine), 2)
        for number in range(left):
            mine.append(("city_hospital", anywhere(), "private" if number % 5 > 1 else "state_communal", -1))
        stations = 1 + int(persons > 1_000_000)
        mine += [("emergency", capital if n == 0 else anywhere(), "state_communal", -1)
                 for n in range(stations)]  # fmt: skip
        result += mine
    return result


def _attach(
    rng: np.random.Generator, settlements: Settlements, kind: Integers, settlement: Integers, owner: Integers
) -> tuple[Integers, Integers, Integers]:
    """Everybody in a place with clinics goes there; the others to the nearest clinic of their district."""
    clinics = np.flatnonzero(np.isin(kind, ATTACHING))
    in_town = settlements.kind[settlement[clinics]] == 0
    clinics = clinics[~(in_town & (kind[clinics] == type_of("district_hospital")))]
    pull = np.where(owner[clinics] == OWNERS.index("private"), 0.5, 1.0) * rng.lognormal(
        0, 0.25, len(clinics)
    )
    pull = np.where(kind[clinics] == type_of("district_hospital"), 1.5 * pull, pull)
    facility, place, persons = [], [], []
    for district in np.unique(settlements.district):
        mine = clinics[settlements.district[settlement[clinics]] == district]
        strength = pull[settlements.district[settlement[clinics]] == district]
        for here in np.flatnonzero(settlements.district == district):
            if settlements.persons[here] == 0:
                continue
            local = settlement[mine] == here
            if not local.any():
                rows = settlement[mine]
                far = (settlements.latitude[rows] - settlements.latitude[here]) ** 2
                far += 0.4 * (settlements.longitude[rows] - settlements.longitude[here]) ** 2
                local = settlement[mine] == rows[far.argmin()]
            shares = split_whole(int(settlements.persons[here]), strength[local])
            facility.append(mine[local])
            place.append(np.full(local.sum(), here))
            persons.append(shares)
    return np.concatenate(facility), np.concatenate(place), np.concatenate(persons)


def _beds(
    rng: np.random.Generator, geography: Geography, settlements: Settlements, kind: Integers, place: Integers
) -> Integers:
    """District hospitals by their district's people; the others by the size of their region."""
    district, region = settlements.district[place], settlements.region[place]
    beds = np.zeros(len(kind), dtype=np.int64)
    by_district = np.bincount(
        settlements.district, settlements.persons, minlength=len(geography.district_katos)
    )
    here = kind == type_of("district_hospital")
    people = np.minimum(by_district[district[here]], 90_000)
    beds[here] = np.maximum(people * DISTRICT_BEDS_PER_1000 / 1000, 15).astype(int) // 5 * 5
    by_region = np.bincount(settlements.region, settlements.persons, minlength=len(REGION_CODES))
    for name, typical in TYPICAL_BEDS.items():
        here = kind == type_of(name)
        scale = (by_region[region[here]] / 1_000_000) ** 0.35 * rng.lognormal(0, 0.3, here.sum())
        beds[here] = np.maximum(typical * scale, 10).astype(int) // 5 * 5
    return beds


def _parents(
    kind: Integers, settlement: Integers, catchment: tuple[Integers, Integers, Integers]
) -> Integers:
    """A FAP or medical point is a branch of the clinic its village is attached to."""
    clinic_of = np.full(max(settlement.max(), catchment[1].max()) + 1, -1, dtype=np.int64)
    clinic_of[catchment[1]] = catchment[0]
    return np.where(np.isin(kind, BRANCHES), clinic_of[settlement], -1)


def _numbers(kind: Integers, settlement: Integers) -> Integers:
    numbers = np.zeros(len(kind), dtype=np.int64)
    seen: dict[tuple[int, int], int] = {}
    for position, key in enumerate(zip(kind.tolist(), settlement.tolist(), strict=True)):
        seen[key] = seen.get(key, 0) + 1
        numbers[position] = seen[key]
    return numbers
