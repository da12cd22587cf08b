"""Campaigns, decisions of the commission and the service of five past cohorts.

Belongs here: where past graduates were placed, who refused, and what happened to each in months. Does not
belong here: the duty itself (`graduates.py`), the law of leaving (`hazards.py`).
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sources.embedded.calendar import AS_OF, LAST_MONTH, POST_MONTHS, month_number
from orchestration.sources.embedded.draws import Floats, Integers, stream
from orchestration.sources.embedded.establishment import SPECIALTY_OF
from orchestration.sources.embedded.facilities import Facilities
from orchestration.sources.embedded.graduates import BASES, CAMPAIGN_YEAR, COHORTS, Graduates
from orchestration.sources.embedded.hazards import REFUSAL, SPECIALTIES, LeaveLaw, annual_hazard
from orchestration.sources.embedded.open_campaign import open_decisions
from orchestration.sources.embedded.posts import Posts
from orchestration.sources.embedded.standards import RULES_2026
from orchestration.sources.embedded.tables import coded, typed

EVENTS = ("arrived", "not_arrived", "on_leave", "returned", "moved", "left", "completed", "repaid")
EVIDENCE = ("pension_record", "employer_letter", "other")
MOVES_A_YEAR, LEAVES_A_YEAR, REPAID_SHARE = 0.05, 0.04, 0.35
BODIES = (
    (2023, "Commission of the Ministry of Health", "390 of 30.03.2012"),
    (9999, "Commission of the Ministry of Science and Higher Education", "403 of 11.08.2023"),
)


@dataclass(frozen=True)
class Service:
    """All arrays run over graduates.

    Attributes:
        line: Line of `Posts` where placed, −1 none.
        has_refused: Placed and refused, before any service.
        arrived: Month of arrival, 0 none.
        left: Month of leaving, during service or after it, 0 while there.
        completed: Month in which the duty was served, 0 not yet.
    """

    line: Integers
    has_refused: np.ndarray
    arrived: Integers
    left: Integers
    completed: Integers

    @property
    def arrived_on(self) -> np.ndarray:
        """Days on which service began; NaT for none."""
        days = (self.arrived - 12 * 1970).astype("datetime64[M]").astype("datetime64[D]")
        return np.where(self.arrived > 0, days, np.datetime64("NaT"))


def build_service(
    seed: int, facilities: Facilities, lines: Posts, graduates: Graduates, law: LeaveLaw
) -> Service:
    """Place past cohorts by vacancies, then let each serve by the law."""
    rng = stream(seed, "service")
    count = len(graduates.year)
    placed = graduates.owes & (graduates.year < CAMPAIGN_YEAR)
    line = _place(rng, facilities, lines, graduates, placed)
    placed = line >= 0
    refused = placed & (rng.random(count) < REFUSAL)
    serves = placed & ~refused
    late = np.where(graduates.ground == 11, 12, 0)
    arrived = np.where(serves, month_number(0, 9) + 12 * graduates.year + late, 0)
    arrived = np.where(arrived > LAST_MONTH, 0, arrived)
    serves &= arrived > 0
    facility = lines.facility[np.maximum(line, 0)]
    region = facilities.region[facility]
    shift = law.log_odds(
        is_rural=facilities.is_rural[facility],
        is_local=graduates.home == region,
        region=region,
        specialty=graduates.specialty,
    )
    left = _leaving(rng, shift, lines.pay[np.maximum(line, 0)], arrived, serves)
    months_due = np.ceil(36 * graduates.order_share).astype(int)
    long = (graduates.basis == BASES.index("local_grant")) | graduates.has_payment
    months_due = np.where(long, 60, months_due)
    done = arrived + months_due
    completed = np.where(serves & (done <= LAST_MONTH) & ((left == 0) | (left > done)), done, 0)
    return Service(line, refused, arrived, left, completed)


def _place(
    rng: np.random.Generator, facilities: Facilities, lines: Posts, graduates: Graduates, placed: np.ndarray
) -> Integers:
    """Lines in proportion to their vacancies of that autumn; rural quota to villages, local grants home."""
    result = np.full(len(graduates.year), -1)
    specialty = np.array([SPECIALTIES.index(code) for code in SPECIALTY_OF])[lines.position]
    region, rural = facilities.region[lines.facility], facilities.is_rural[lines.facility]
    bound_home = graduates.basis == BASES.index("local_grant")
    bound_rural = (graduates.basis == BASES.index("rural_quota")) | graduates.has_payment
    likes_home = rng.random(len(result)) < 0.45
    where = np.where(bound_home | likes_home, graduates.home, -1)
    for cohort in COHORTS[:-1]:
        month = int(np.searchsorted(POST_MONTHS, month_number(cohort, 9)))
        appeal = lines.vacant[:, month] + 0.02 * lines.budgeted[:, month]
        for code in np.unique(graduates.specialty[placed]):
            candidates = np.flatnonzero(specialty == code)
            people = np.flatnonzero(placed & (graduates.year == cohort) & (graduates.specialty == code))
            for home in np.unique(where[people]):
                for must_rural in (False, True):
                    mine = people[(where[people] == home) & (bound_rural[people] == must_rural)]
                    allowed = (home < 0) | (region[candidates] == home)
                    allowed &= rural[candidates] | (not must_rural)
                    weight = np.cumsum(appeal[candidates] * allowed)
                    if len(mine) and len(weight) and weight[-1] > 0:
                        draws = rng.random(len(mine)) * weight[-1]
                        result[mine] = candidates[np.searchsorted(weight, draws, side="right")]
    return result


def _leaving(
    rng: np.random.Generator, shift: Floats, pay: Floats, arrived: Integers, serves: np.ndarray
) -> Integers:
    """Month of leaving by the annual law, even over the twelve months of a service year."""
    left = np.zeros(len(shift), dtype=np.int64)
    for year in range(1, CAMPAIGN_YEAR - COHORTS[0] + 1):
        here = serves & (left == 0)
        leaves = here & (rng.random(len(shift)) < annual_hazard(shift, pay, year))
        month = arrived + 12 * (year - 1) + rng.integers(1, 13, len(shift))
        left = np.where(leaves, month, left)
    return np.where(left > LAST_MONTH, 0, left)


def campaign_table(seed: int) -> pa.Table:
    """The contract `campaign`. The one of 2026 closes late: it is still being decided on the as-of day."""
    rows = []
    for year in COHORTS:
        body, act = next((body, act) for until, body, act in BODIES if year < until)
        is_open = year == CAMPAIGN_YEAR
        rows.append(
            {
                "campaign_id": str(year),
                "campaign_year": year,
                "placing_body": body,
                "act_number": act,
                "lists_close_on": dt.date(year, 9, 10) if is_open else dt.date(year, 6, 15),
                "arrive_by": dt.date(year, 10, 15) if is_open else dt.date(year, 9, 1),
                "seed": f"{seed}-{year}",
                "rule_version": RULES_2026,
            }
        )
    return typed("campaign", {name: [row[name] for row in rows] for name in rows[0]})


def decision_table(
    seed: int, facilities: Facilities, lines: Posts, graduates: Graduates, service: Service
) -> pa.Table:
    """The contract `placement_decision`.

    A confirmation each, half of the refusals on paper; and what the commission has decided so far on the
    campaign that is open.
    """
    rng = stream(seed, "decisions")
    who = np.flatnonzero(service.line >= 0)
    on_paper = np.flatnonzero(service.has_refused & (rng.random(len(service.line)) < 0.5))
    by_employer = rng.random(len(on_paper)) < 0.12
    everyone = np.concatenate([who, on_paper])
    june = np.array([np.datetime64(f"{year}-06-20T09:00", "us") for year in graduates.year[everyone]])
    delay = rng.integers(0, 10 * 24 * 60, len(everyone)) + 30 * 24 * 60 * (
        np.arange(len(everyone)) >= len(who)
    )
    decision = np.concatenate([np.zeros(len(who), int), np.where(by_employer, 2, 1)])
    line = service.line[everyone]
    facility, position = lines.facility[line], lines.position[line]
    ids = np.array(facilities.ids, dtype=object)[facility]
    line_ids = ids + "|" + np.array(SPECIALTY_OF, dtype=object)[position]
    reasons = ("family", "distance", "pay", "no_housing", "post_withdrawn")
    reason = np.where(decision == 0, -1, np.where(decision == 2, 4, rng.integers(0, 4, len(everyone))))
    past = typed(
        "placement_decision",
        {
            "campaign_id": [str(year) for year in graduates.year[everyone]],
            "graduate_key": graduates.keys(seed).take(pa.array(everyone)),
            "line_id": line_ids.tolist(),
            "decision": coded(("confirmed", "refused_by_graduate", "refused_by_employer"), decision),
            "reason_code": coded(reasons, reason),
            "decided_by": coded(("commission", "graduate", "employer"), decision),
            "decided_at": pa.array(june + delay.astype("timedelta64[m]"), pa.timestamp("us", tz="UTC")),
        },
    )
    return pa.concat_tables([past, open_decisions(seed, facilities, lines, graduates)])


def event_table(
    seed: int, facilities: Facilities, lines: Posts, graduates: Graduates, service: Service
) -> pa.Table:
    """The contract `service_event`."""
    rng = stream(seed, "events")
    count = len(graduates.year)
    facility = np.where(service.line >= 0, lines.facility[np.maximum(service.line, 0)], -1)
    end = np.where(service.left > 0, service.left, LAST_MONTH + 1)
    serves = service.arrived > 0
    span = np.maximum(end - service.arrived, 0)
    log: list[tuple[Integers, str, Integers, Integers]] = []

    def tell(who: np.ndarray, event: str, month: Integers, where: Integers) -> None:
        people = np.flatnonzero(who)
        log.append((people, event, month[people], where[people]))

    tell(serves, "arrived", service.arrived, facility)
    tell(service.has_refused, "not_arrived", 12 * graduates.year + month_number(0, 9), facility)
    moves = serves & (rng.random(count) < 1 - (1 - MOVES_A_YEAR) ** (span / 12)) & (span > 6)
    target = _other_facility(rng, facilities, facility)
    moves &= target >= 0
    moved = service.arrived + 1 + np.floor(rng.random(count) * np.maximum(span - 2, 1)).astype(int)
    tell(moves, "moved", moved, target)
    away = serves & ~moves & (rng.random(count) < LEAVES_A_YEAR * (1 + graduates.is_woman) * span / 12)
    away &= span > 16
    gone = service.arrived + 3 + np.floor(rng.random(count) * np.maximum(span - 15, 1)).astype(int)
    tell(away, "on_leave", gone, facility)
    back = gone + rng.integers(4, 19, count)
    tell(away & (back < end), "returned", back, facility)
    last = np.where(moves, target, facility)
    # Leave before the end is a pause: the duty ends so much later, or not at all for who left meanwhile.
    paused = np.where(away & (gone < service.completed), back - gone, 0)
    done = np.where(service.completed > 0, service.completed + paused, 0)
    completes = (done > 0) & (done <= LAST_MONTH) & ((service.left == 0) | (service.left > done))
    tell(completes, "completed", done, last)
    tell(service.left > 0, "left", service.left, last)
    broke = (service.left > 0) & ~completes
    repaid = service.left + rng.integers(3, 19, count)
    tell(broke & (rng.random(count) < REPAID_SHARE) & (repaid <= LAST_MONTH), "repaid", repaid, last)

    people = np.concatenate([entry[0] for entry in log])
    kind = np.concatenate([np.full(len(entry[0]), EVENTS.index(entry[1])) for entry in log])
    month = np.concatenate([entry[2] for entry in log])
    where = np.concatenate([entry[3] for entry in log])
    day = (month - 12 * 1970).astype("datetime64[M]").astype("datetime64[D]")
    day = day + np.where(np.isin(kind, (0, 1, 6)), 0, rng.integers(0, 28, len(kind)))
    kept = day <= np.datetime64(AS_OF)
    order = np.lexsort((kind, day, people))
    order = order[kept[order]]
    return typed(
        "service_event",
        {
            "graduate_key": graduates.keys(seed).take(pa.array(people[order])),
            "facility_id": coded(facilities.ids, where[order]),
            "event": coded(EVENTS, kind[order]),
            "event_date": day[order],
            "evidence": coded(EVIDENCE, rng.choice(3, len(kind), p=(0.7, 0.25, 0.05))[order]),
        },
    )


def _other_facility(rng: np.random.Generator, facilities: Facilities, facility: Integers) -> Integers:
    """Another facility of the same type, region and settlement, −1 where there is none."""
    cell = facilities.region * 1000 + facilities.kind * 10 + facilities.is_rural
    order = np.argsort(cell, kind="stable")
    start = np.searchsorted(cell[order], cell[np.maximum(facility, 0)])
    stop = np.searchsorted(cell[order], cell[np.maximum(facility, 0)], side="right")
    choice = order[start + np.floor(rng.random(len(facility)) * (stop - start)).astype(int)]
    return np.where((choice != facility) & (facility >= 0), choice, -1)
