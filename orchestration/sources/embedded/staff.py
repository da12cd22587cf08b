"""Staff members: who fills the posts of the latest month, and who left since the register began.

Belongs here: persons with age, hire, origin and leaving. Does not belong here: the law of leaving
(`hazards.py`), the number of persons a line has (`posts.py`).

The people in post are drawn first, so that they agree with the posts. For each of them, with survival S(T) at
tenure T, the law implies S(k−1)·h(k)/S(T) colleagues of the same kind and month of hire who left in service
year k: that many are drawn (Poisson). Together they are a cohort that obeys the law exactly in expectation.
Retiring, by age, and dying compete with leaving all along and are part of S; colleagues were hired at one
age, so that every year of the register is as old as the last.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sources.embedded.calendar import AS_OF, LAST_MONTH, month_number
from orchestration.sources.embedded.draws import Floats, Integers, keys, stream
from orchestration.sources.embedded.establishment import CATEGORY_OF, IS_DOCTOR, POSITIONS, SPECIALTY_OF
from orchestration.sources.embedded.facilities import Facilities
from orchestration.sources.embedded.geography import CITIES, REGION_CODES
from orchestration.sources.embedded.hazards import NOT_DOCTOR, SPECIALTIES, LeaveLaw, annual_hazard
from orchestration.sources.embedded.posts import Posts
from orchestration.sources.embedded.tables import coded, months, posts, typed

REGISTER_BEGAN = month_number(2016, 1)
LONGEST_SERVICE = 44
SHARE_OF_WOMEN = {"doctor": 0.71, "nurse_mid": 0.93, "junior": 0.9, "manager": 0.55}
DIED_A_YEAR = 0.0025
# From this age on, this share of those in post retires within a year: 1.4 % of all doctors.
RETIRED_A_YEAR = {58: 0.02, 63: 0.06, 70: 0.25}
OLDEST_HIRED = 68
REASONS = ("retire", "move", "sector_exit", "abroad", "death", "other")
LEAVER_REASONS = (0.0, 0.53, 0.26, 0.04, 0.0, 0.17)  # 280–760 doctors a year went abroad (2020–2024)
QUALIFICATIONS = ("none", "second", "first", "highest")


@dataclass(frozen=True)
class Staff:
    """All arrays run over hires: those in post first, in the order of the lines, then those who left.

    Attributes:
        line: Line of `Posts`.
        quarters: Quarters of a post held.
        hired: Month number of hire.
        left: Month number of leaving, 0 while in post.
        reason: Position in `REASONS`, −1 while in post.
        birth_year: Year of birth.
        is_woman: Sex.
        home: Position of the region of origin.
    """

    line: Integers
    quarters: Integers
    hired: Integers
    left: Integers
    reason: Integers
    birth_year: Integers
    is_woman: np.ndarray
    home: Integers


def build_staff(seed: int, facilities: Facilities, lines: Posts, law: LeaveLaw) -> Staff:
    """Draw those in post, then those who left."""
    rng = stream(seed, "staff")
    heads = lines.persons[:, -1]
    line = np.repeat(np.arange(len(heads)), heads)
    rank = np.arange(len(line)) - np.repeat(np.cumsum(heads) - heads, heads)
    filled = lines.filled[:, -1]
    whole, more = filled[line] // heads[line], filled[line] % heads[line]
    quarters = whole + (rank < more)

    region = facilities.region[lines.facility[line]]
    home = _home(rng, region)
    shift = log_odds(facilities, lines, law, line, home)
    pay = lines.pay[line]
    is_doctor = IS_DOCTOR[lines.position[line]]
    hire_age = np.minimum(22 + 3 * is_doctor + rng.gamma(1.25, 10.8, len(line)), OLDEST_HIRED)
    survival = _survival(shift, pay, hire_age)
    hired = LAST_MONTH - _tenure(rng, survival)
    birth_year = np.floor(hired / 12 - hire_age).astype(int)
    women = np.array([SHARE_OF_WOMEN.get(category, 0.8) for category in CATEGORY_OF])

    who, left, reason = _leavers(rng, survival, hired, hire_age)
    return Staff(
        line=np.concatenate([line, line[who]]),
        quarters=np.concatenate([quarters, quarters[who]]),
        hired=np.concatenate([hired, hired[who]]),
        left=np.concatenate([np.zeros(len(line), dtype=np.int64), left]),
        reason=np.concatenate([np.full(len(line), -1), reason]),
        birth_year=np.concatenate([birth_year, birth_year[who]]),
        is_woman=rng.random(len(line) + len(who)) < women[lines.position[np.concatenate([line, line[who]])]],
        home=np.concatenate([home, home[who]]),
    )


def log_odds(facilities: Facilities, lines: Posts, law: LeaveLaw, line: Integers, home: Integers) -> Floats:
    """(n,) shift of everybody's baseline."""
    facility, position = lines.facility[line], lines.position[line]
    specialty = np.array([SPECIALTIES.index(code) for code in SPECIALTY_OF])[position]
    region = facilities.region[facility]
    shift = law.log_odds(
        is_rural=facilities.is_rural[facility],
        is_local=home == region,
        region=region,
        specialty=specialty,
    )
    return shift + NOT_DOCTOR * ~IS_DOCTOR[position]


def _home(rng: np.random.Generator, region: Integers) -> Integers:
    """Two thirds come from the region they work in; half in the three cities."""
    is_city = np.isin(np.array(REGION_CODES), CITIES)[region]
    stays = rng.random(len(region)) < np.where(is_city, 0.5, 0.68)
    return np.where(stays, region, rng.integers(0, len(REGION_CODES), len(region)))


def _retiring(hire_age: Floats, year: int) -> Floats:
    """(n,) chance of retiring in a service year (1, 2, …)."""
    step = np.searchsorted(list(RETIRED_A_YEAR), np.floor(hire_age) + year - 1, side="right")
    return np.array([0.0, *RETIRED_A_YEAR.values()])[step]


def _survival(shift: Floats, pay: Floats, hire_age: Floats) -> np.ndarray:
    """(n, years + 1) share still there at the start of every service year."""
    result = np.ones((len(shift), LONGEST_SERVICE + 1), dtype=np.float32)
    for year in range(1, LONGEST_SERVICE + 1):
        stay = (1 - DIED_A_YEAR) * (1 - _retiring(hire_age, year)) * (1 - annual_hazard(shift, pay, year))
        result[:, year] = result[:, year - 1] * stay
    return result


def _tenure(rng: np.random.Generator, survival: np.ndarray) -> Integers:
    """Months served so far of people found in post: in proportion to survival."""
    running = np.cumsum(survival[:, :-1], axis=1)
    year = (running < (rng.random(len(running)) * running[:, -1])[:, None]).sum(axis=1)
    return (year * 12 + rng.integers(0, 12, len(running))).astype(np.int64)


def _leavers(
    rng: np.random.Generator, survival: np.ndarray, hired: Integers, hire_age: Floats
) -> tuple[Integers, Integers, Integers]:
    """Positions, months of leaving and reasons of those who left since the register began."""
    tenure = LAST_MONTH - hired
    done, part = tenure // 12, tenure % 12
    rows = np.arange(len(hired))
    begun = np.minimum(done + 1, LONGEST_SERVICE)
    hazard_now = 1 - survival[rows, begun] / survival[rows, begun - 1]
    still = survival[rows, begun - 1] * (1 - hazard_now * part / 12)
    who, left, reason = [], [], []
    for year in range(1, LONGEST_SERVICE + 1):
        start = hired + 12 * (year - 1)
        here = np.flatnonzero((done >= year - 1) & (start + 12 >= REGISTER_BEGAN))
        months_open = np.where(done[here] >= year, 12, part[here])
        leaving = survival[here, year - 1] - survival[here, year]
        drawn = rng.poisson(leaving * months_open / 12 / still[here])
        chosen = np.repeat(here, drawn)
        after = 1 + np.floor(rng.random(len(chosen)) * np.repeat(months_open, drawn)).astype(int)
        month = start[chosen] + after
        kept = month >= REGISTER_BEGAN
        who.append(chosen[kept])
        left.append(month[kept])
        begun = survival[here, year - 1] / np.maximum(leaving, 1e-9)
        retire = _retiring(hire_age[here], year)
        ends = np.stack([begun * DIED_A_YEAR, begun * (1 - DIED_A_YEAR) * retire])
        reason.append(_reasons(rng, *np.repeat(ends, drawn, axis=1)[:, kept]))
    return np.concatenate(who), np.concatenate(left), np.concatenate(reason)


def _reasons(rng: np.random.Generator, dead: Floats, retired: Floats) -> Integers:
    """Why each went: dead or retired by the shares of these in all endings, else by the law's own."""
    luck = rng.random(len(dead))
    by_law = rng.choice(len(REASONS), len(dead), p=LEAVER_REASONS)
    old = np.where(luck < dead, REASONS.index("death"), REASONS.index("retire"))
    return np.where(luck < dead + retired, old, by_law)


def staff_table(seed: int, facilities: Facilities, lines: Posts, staff: Staff) -> pa.Table:
    """The contract `staff_member`."""
    rng = stream(seed, "staff papers")
    count = len(staff.line)
    position = lines.position[staff.line]
    experience = np.clip((staff.hired - month_number(2026, 1)) / -12, 0, 30)
    rank = np.digitize(experience + rng.normal(0, 4, count), (3, 8, 15))
    until = np.datetime64(AS_OF, "D") + rng.integers(-30, 365 * 5, count)
    return typed(
        "staff_member",
        {
            "staff_key": keys(seed, "staff", np.arange(count)),
            "birth_year": staff.birth_year.astype(np.int16),
            "sex": coded(("male", "female"), staff.is_woman.astype(int)),
            "facility_id": coded(facilities.ids, lines.facility[staff.line]),
            "position_code": coded(POSITIONS, position),
            "specialty_code": coded(SPECIALTY_OF, position),
            "fte": posts(staff.quarters),
            "qualification": coded(QUALIFICATIONS, rank),
            "certificate_until": pa.array(until, mask=staff.left > 0),
            "home_region_code": coded(REGION_CODES, staff.home),
            "hired_month": months(staff.hired),
            "left_month": months(np.maximum(staff.left, 12 * 1970), staff.left == 0),
            "leave_reason": coded(REASONS, staff.reason),
        },
    )
