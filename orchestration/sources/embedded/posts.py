"""Lines of the staffing tables: established, filled and vacant posts in quarters, month by month.

Belongs here: how a region's posts are spread over facilities and how whole quarters follow the trends. Does
not belong here: the trends (`establishment.py`), the people who fill the posts (`staff.py`).

Every line keeps one offset u in [0, 1): posts are ⌊x(t) + u⌋ quarters, so a line moves only when its trend
carries it over the next quarter, and the offsets are spread so that the sum over lines stays on target.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sources.embedded.calendar import POST_MONTHS, month_number
from orchestration.sources.embedded.draws import Floats, Integers, stream
from orchestration.sources.embedded.establishment import (
    CATEGORY_OF,
    IS_DOCTOR,
    ISCO_OF,
    POSITIONS,
    SPECIALTY_OF,
    Establishment,
)
from orchestration.sources.embedded.facilities import BRANCHES, OWNERS, PROFILES, Facilities, type_of
from orchestration.sources.embedded.geography import REGION_CODES
from orchestration.sources.embedded.published import figures
from orchestration.sources.embedded.tables import blanked, coded, months, posts, typed

GROUPS = {
    "medical_point": ("medical_point",),
    "fap": ("fap",),
    "village": ("ambulatory", "phc_centre"),
    "polyclinic": ("polyclinic",),
    "district_hospital": ("district_hospital",),
    "city_hospital": ("city_hospital", "multiprofile_hospital"),
    "dispensary": ("dispensary",),
    "perinatal": ("perinatal",),
    "republican_centre": ("republican_centre",),
    "emergency": ("emergency",),
    "laboratory": ("laboratory",),
    "dental": ("other",),
}
PROFILE_OF = {
    "oncology": "oncology", "psychiatry": "psychiatry", "narcology": "psychiatry",
    "phthisiology": "phthisiology", "dermatology": "dermatology",
}  # fmt: skip
DEPARTMENTS = {
    "doctor_primary": "Отделение первичной помощи",
    "doctor_clinic": "Консультативно-диагностическое отделение",
    "doctor_ward": "Стационар",
    "nurse_mid": "Сестринская служба",
    "manager": "Администрация",
    "pharmacist": "Аптека",
    "other": "Социально-психологическая служба",
    "junior": "Хозяйственная служба",
}
PRIMARY = ("gp", "therapy", "paediatrics")
SALARY_BANDS = ("A", "B", "C", "D", "E")
REFERENCE = int(np.flatnonzero(month_number(2024, 12) == POST_MONTHS)[0])
LATEST = len(POST_MONTHS) - 1
MOST_QUARTERS_A_PERSON = 6
QUARTERS = 4


@dataclass(frozen=True)
class Posts:
    """All arrays run over lines; the last axis, where there is one, over `POST_MONTHS`.

    Attributes:
        facility: Position of the facility.
        position: Position in `POSITIONS`.
        budgeted: (lines, months) established quarters.
        vacant: (lines, months) vacant quarters, at most the established ones.
        persons: (lines, months) persons who fill the rest.
        vacant_since: (lines, months) month number in which the present vacancy arose, 0 for none.
        pay: Pay against the average, standard deviations.
        is_funded: Vacancies of the line have money.
        has_housing: Housing comes with them.
    """

    facility: Integers
    position: Integers
    budgeted: np.ndarray
    vacant: np.ndarray
    persons: np.ndarray
    vacant_since: np.ndarray
    pay: Floats
    is_funded: np.ndarray
    has_housing: np.ndarray

    @property
    def filled(self) -> np.ndarray:
        """(lines, months) filled quarters."""
        return self.budgeted - self.vacant


def build_posts(seed: int, facilities: Facilities, establishment: Establishment) -> Posts:
    """Spread posts over facilities at the latest month, then run them through all months."""
    rng = stream(seed, "posts")
    facility, position, expected = _spread(facilities, establishment)
    # Nobody sets up a line of a few hours: a doctor's begins at one post, others' at two (one in a branch).
    is_branch = np.isin(facilities.kind[facility], BRANCHES)
    least = QUARTERS * np.where(IS_DOCTOR[position] | is_branch, 1, 2)
    unit = np.where(expected < least, least, 1)
    quarters = np.zeros(len(expected), dtype=np.int64)
    offset = np.zeros(len(expected))
    for size in (1, QUARTERS, 2 * QUARTERS):
        mine = np.flatnonzero(unit == size)
        offset[mine] = _even_offsets(rng, expected[mine], size)
        quarters[mine] = size * np.floor(expected[mine] / size + offset[mine])
    kept = quarters > 0
    facility, position, quarters, offset = facility[kept], position[kept], quarters[kept], offset[kept]
    region = facilities.region[facility]

    path = establishment.budgeted[region, position] / establishment.budgeted[region, position][:, -1:]
    budgeted = np.maximum(np.floor(quarters[:, None] * path + offset[:, None]), 1).astype(np.int32)
    vacant = _vacancies(
        rng, facilities, establishment, facility=facility, position=position, budgeted=budgeted
    )
    filled = budgeted - vacant
    persons = _persons(rng, establishment, region, position, filled)
    pay = _pay(rng, facilities, facility)
    is_rural = facilities.is_rural[facility]
    return Posts(
        facility=facility,
        position=position,
        budgeted=budgeted,
        vacant=vacant,
        persons=persons,
        vacant_since=_since(rng, vacant),
        pay=pay,
        is_funded=rng.random(len(facility)) < 0.86,
        has_housing=rng.random(len(facility)) < np.where(is_rural, 0.45, 0.07),
    )


def _spread(facilities: Facilities, establishment: Establishment) -> tuple[Integers, Integers, Floats]:
    """Facility, position and expected quarters of every possible line at the latest month."""
    open_now = ~facilities.is_closed
    rows = figures("positions")
    lines: list[tuple[Integers, int, Floats]] = []
    for index, code in enumerate(POSITIONS):
        share = np.zeros(len(facilities.kind))
        weight = np.zeros(len(facilities.kind))
        group_of = np.full(len(facilities.kind), -1)
        shares = []
        for number, (group, types) in enumerate(GROUPS.items()):
            here = open_now & np.isin(facilities.kind, [type_of(t) for t in types])
            if group == "dispensary" and code in PROFILE_OF:
                here &= facilities.profile == PROFILES.index(PROFILE_OF[code])
            part = float(rows[index][f"{group}_weight"])
            shares.append(part)
            if part > 0:
                group_of[here], share[here] = number, part
                weight[here] = facilities.size[here]
        cell = facilities.region * len(GROUPS) + group_of
        used = group_of >= 0
        size = np.bincount(cell[used], weight[used], minlength=len(REGION_CODES) * len(GROUPS))
        present = (size > 0).reshape(len(REGION_CODES), len(GROUPS)) * np.array(shares)
        mine = np.flatnonzero(used)
        region = facilities.region[mine]
        part = share[mine] / present.sum(axis=1)[region] * weight[mine] / size[cell[mine]]
        expected = establishment.budgeted[region, index, -1] * part * QUARTERS
        lines.append((mine, index, expected))
    facility = np.concatenate([line[0] for line in lines])
    position = np.concatenate([np.full(len(line[0]), line[1]) for line in lines])
    return facility, position, np.concatenate([line[2] for line in lines])


def _even_offsets(rng: np.random.Generator, expected: Floats, unit: Floats | int = 1) -> Floats:
    """Offsets u in [0, 1) for which Σ⌊x + u⌋ = ⌊Σx + u₀⌋ (systematic sampling, Madow 1949)."""
    running = np.cumsum(expected / unit)
    return (np.concatenate([[0.0], running[:-1]]) + rng.random()) % 1.0


def _vacancies(
    rng: np.random.Generator,
    facilities: Facilities,
    establishment: Establishment,
    *,
    facility: Integers,
    position: Integers,
    budgeted: np.ndarray,
) -> np.ndarray:
    """Vacant quarters, in posts, halves or quarters; villages carry more, private owners less."""
    region = facilities.region[facility]
    is_private = facilities.owner[facility] == OWNERS.index("private")
    pull = budgeted[:, LATEST] * np.where(facilities.is_rural[facility], 1.9, 1.0)
    pull = pull * np.where(is_private, 0.35, 1.0) * rng.lognormal(0, 0.6, len(facility))
    cell = region * len(POSITIONS) + position
    total = np.bincount(cell, pull, minlength=len(REGION_CODES) * len(POSITIONS))
    expected = establishment.vacant[region, position] * QUARTERS * (pull / total[cell])[:, None]
    unit = np.array([1, 2, 4])[rng.choice(3, len(facility), p=[0.2, 0.35, 0.45])]
    unit = np.minimum(unit, np.where(budgeted[:, LATEST] >= 4, 4, np.where(budgeted[:, LATEST] >= 2, 2, 1)))
    offset = np.zeros(len(facility))
    for size in (1, 2, 4):
        mine = np.flatnonzero(unit == size)
        mine = mine[np.lexsort((rng.random(len(mine)), region[mine], position[mine]))]
        offset[mine] = _even_offsets(rng, expected[mine, REFERENCE], size)
    vacant = unit[:, None] * np.floor(expected / unit[:, None] + offset[:, None])
    return np.minimum(vacant, budgeted).astype(np.int32)


def _persons(
    rng: np.random.Generator,
    establishment: Establishment,
    region: Integers,
    position: Integers,
    filled: np.ndarray,
) -> np.ndarray:
    """Persons whose posts add up to the filled ones, on the published totals at the reference month.

    A person holds a quarter to one and a half posts. The posts a person holds on average are found by
    bisection for every region, doctors and others apart.
    """
    reference = filled[:, REFERENCE].astype(float)
    offset = rng.random(len(region))
    category = np.array([("doctor", "nurse_mid").index(c) if c in ("doctor", "nurse_mid") else 2
                         for c in CATEGORY_OF])[position]  # fmt: skip
    cell = region * 3 + category
    target = np.zeros(len(REGION_CODES) * 3)
    np.add.at(target, cell_of_targets(), establishment.persons[:, :, REFERENCE].ravel())
    low, high = np.full(len(target), 1.0), np.full(len(target), 12.0)
    for _ in range(24):
        middle = (low + high) / 2
        got = np.bincount(cell, _heads(reference, middle[cell], offset), minlength=len(target))
        low, high = np.where(got > target, middle, low), np.where(got > target, high, middle)
    return _heads(filled, ((low + high) / 2)[cell][:, None], offset[:, None]).astype(np.int32)


def cell_of_targets() -> Integers:
    """Region × (doctor, mid-level, other) cell of every region × position."""
    category = np.array([{"doctor": 0, "nurse_mid": 1}.get(c, 2) for c in CATEGORY_OF])
    return (np.arange(len(REGION_CODES))[:, None] * 3 + category).ravel()


def _heads(filled: np.ndarray, quarters_a_person: Floats, offset: Floats) -> np.ndarray:
    heads = np.floor(filled / quarters_a_person + offset)
    return np.clip(heads, np.ceil(filled / MOST_QUARTERS_A_PERSON), filled)


def _pay(rng: np.random.Generator, facilities: Facilities, facility: Integers) -> Floats:
    by_region = rng.normal(0, 0.5, len(REGION_CODES))
    by_facility = rng.normal(0, 0.7, len(facilities.kind))
    pay = by_region[facilities.region[facility]] + by_facility[facility] + rng.normal(0, 0.5, len(facility))
    return (pay - pay.mean()) / pay.std()


def _since(rng: np.random.Generator, vacant: np.ndarray) -> np.ndarray:
    """Month in which the present vacancy arose; those there at the first count are up to two years old."""
    since = np.zeros(vacant.shape, dtype=np.int32)
    since[:, 0] = np.where(vacant[:, 0] > 0, POST_MONTHS[0] - rng.integers(0, 24, len(vacant)), 0)
    for index in range(1, vacant.shape[1]):
        lasting = (vacant[:, index] > 0) & (vacant[:, index - 1] > 0)
        new = np.where(vacant[:, index] > 0, POST_MONTHS[index], 0)
        since[:, index] = np.where(lasting, since[:, index - 1], new)
    return since


def department_of(code: str) -> str:
    """Department of a position."""
    category = CATEGORY_OF[POSITIONS.index(code)]
    if category != "doctor":
        return DEPARTMENTS[category]
    if code in PRIMARY:
        return DEPARTMENTS["doctor_primary"]
    wards = ("anaesthesiology", "neonatology", "surgery", "cardiac_surgery", "neurosurgery", "pathology")
    return DEPARTMENTS["doctor_ward" if code in wards else "doctor_clinic"]


def post_table(facilities: Facilities, lines: Posts, month_index: int) -> pa.Table:
    """The contract `staff_post` of one month."""
    since = lines.vacant_since[:, month_index].astype(np.int64)
    none = since == 0
    band = np.digitize(lines.pay, (-0.84, -0.25, 0.25, 0.84))
    ids = np.array(facilities.ids)
    numbers = pa.array(np.char.add("P", np.char.zfill(np.arange(len(since)).astype(str), 6)))
    is_doctor = IS_DOCTOR[lines.position]
    return typed(
        "staff_post",
        {
            "post_id": numbers,
            "facility_id": coded(ids.tolist(), lines.facility),
            "department": coded([department_of(p) for p in POSITIONS], lines.position),
            "position_code": coded(POSITIONS, lines.position),
            "specialty_code": coded(SPECIALTY_OF, lines.position),
            "isco08_code": coded(ISCO_OF, lines.position),
            "staff_category": coded(CATEGORY_OF, lines.position),
            "budgeted_fte": posts(lines.budgeted[:, month_index].astype(np.int64)),
            "filled_fte": posts(lines.filled[:, month_index].astype(np.int64)),
            "persons_count": lines.persons[:, month_index].astype(np.int64),
            "vacant_since": months(np.maximum(since, 12 * 1970), none),
            "is_funded": blanked(lines.is_funded, none),
            "has_housing": blanked(lines.has_housing, none),
            "salary_band": blanked(np.array(SALARY_BANDS)[band], none & ~is_doctor),
            "month": months(np.full(len(since), POST_MONTHS[month_index])),
        },
    )
