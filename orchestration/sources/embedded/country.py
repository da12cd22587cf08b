"""The seeded country as one object: ask it for a contract's table.

Belongs here: putting the parts together and handing them out. Does not belong here: how any part is drawn.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from orchestration.errors import UserError
from orchestration.sources.embedded import graduates as graduate_tables
from orchestration.sources.embedded import service as service_tables
from orchestration.sources.embedded import standards
from orchestration.sources.embedded.calendar import (
    AS_OF,
    PASSPORT_MONTHS,
    POST_MONTHS,
    month_date,
    month_number,
)
from orchestration.sources.embedded.contacts import build_contacts
from orchestration.sources.embedded.doors import build_doors
from orchestration.sources.embedded.encounters import (
    Scene,
    encounter_table,
    immunization_table,
    procedure_table,
    tombstone_table,
)
from orchestration.sources.embedded.equipment import equipment_table
from orchestration.sources.embedded.establishment import build_establishment
from orchestration.sources.embedded.facilities import build_facilities
from orchestration.sources.embedded.facility_table import facility_table
from orchestration.sources.embedded.faults import FAULTS, outcomes, with_faults
from orchestration.sources.embedded.geography import read_geography
from orchestration.sources.embedded.hazards import draw_law
from orchestration.sources.embedded.patients import Block, build_bank, condition_table, patient_table
from orchestration.sources.embedded.population import build_population, population_table
from orchestration.sources.embedded.posts import build_posts, post_table
from orchestration.sources.embedded.preferences import preference_table
from orchestration.sources.embedded.settlements import build_settlements, settlement_table
from orchestration.sources.embedded.staff import build_staff, staff_table
from orchestration.sources.embedded.truth import hidden_truth
from orchestration.sources.embedded.universities import seat_table, university_table

CHUNK_ROWS = 250_000
KEPT_PERSONS = 2_000_000
SEAT_BASIS_OF = np.array([0, 0, 1, 2])  # a rural quota place is a state grant place


@dataclass(frozen=True)
class Country:
    """A country in which every contract has rows.

    Attributes:
        seed: Seed; the same seed gives the same bytes.
        sampling_fraction: Share of persons in the passport bank; registries are always whole.
        as_of: Last day the country describes.
        months: First days of the passport months.
        post_months: First days of the months with staffing tables.
        truth: Hidden truth for tests: hazards, trends, growth, planted faults.
    """

    seed: int
    sampling_fraction: float
    as_of: dt.date
    months: tuple[dt.date, ...]
    post_months: tuple[dt.date, ...]
    truth: dict[str, Any]
    _makers: dict[str, Callable[[], pa.Table]]
    _posts: Callable[[int], pa.Table]
    _passports: dict[str, Callable[[tuple[int, int], int], pa.Table]]
    _blocks: list[tuple[int, int]]

    def table(self, contract_name: str, month: dt.date | None = None) -> pa.Table:
        """A whole table, or one month of `staff_post`; typed as the contract, without common columns.

        Args:
            contract_name: Name of a contract.
            month: First day of the month, for contracts that come by month.

        Raises:
            UserError: No such contract, or no such month.
        """
        if contract_name == "staff_post":
            table = self._posts(self._month(month, self.post_months, POST_MONTHS))
            return with_faults("staff_post", table, month == self.post_months[-1])
        if contract_name in self._makers:
            return with_faults(contract_name, self._makers[contract_name](), True)
        return pa.concat_tables(self.passports(contract_name, month)).combine_chunks()

    def passports(self, contract_name: str, month: dt.date | None = None) -> Iterator[pa.Table]:
        """A passport table in chunks of about 250,000 rows, in the order of regions.

        Args:
            contract_name: Name of a passport contract.
            month: First day of the month; blank for patients, conditions and deletions.

        Raises:
            UserError: No such contract, or no such month.
        """
        if contract_name == "passport_tombstone":
            yield self._makers[contract_name]()
            return
        if contract_name not in self._passports:
            raise UserError(f"The embedded country has no contract {contract_name!r}.")
        whole = contract_name in ("passport_patient", "passport_condition")
        number = 0 if whole else int(PASSPORT_MONTHS[self._month(month, self.months, PASSPORT_MONTHS)])
        waiting: list[pa.Table] = []
        for place in self._blocks:
            if sum(table.num_rows for table in waiting) >= CHUNK_ROWS:
                yield pa.concat_tables(waiting).combine_chunks()
                waiting = []
            waiting.append(self._passports[contract_name](place, number))
        rest = pa.concat_tables(waiting).combine_chunks()
        yield with_faults(contract_name, rest, whole or month == self.months[-1])

    def _month(self, month: dt.date | None, known: tuple[dt.date, ...], numbers: np.ndarray) -> int:
        if month is None or month not in known:
            raise UserError(
                f"The embedded country has no month {month}.",
                why=f"It runs from {known[0]} to {known[-1]}.",
                mend="Ask for one of its months.",
            )
        return int(np.searchsorted(numbers, month_number(month.year, month.month)))


def build_country(seed: int = 2026, sampling_fraction: float = 0.01) -> Country:
    """Draw the country; passports are drawn when asked for.

    Args:
        seed: Any non-negative integer.
        sampling_fraction: Share of persons in the passport bank, above 0, at most 1.

    Raises:
        UserError: The fraction or the seed is out of range.
    """
    if not 0 < sampling_fraction <= 1:
        raise UserError(
            f"The sampling fraction {sampling_fraction} is out of range.",
            where="embedded.sampling_fraction",
            mend="Give a share above 0 and at most 1.",
        )
    if not 0 <= seed < 2**31:
        raise UserError(f"The seed {seed} is out of range.", where="embedded.seed", mend="0 to 2147483647.")
    geography = read_geography()
    population = build_population(geography)
    settlements = build_settlements(seed, geography, population)
    facilities = build_facilities(seed, geography, settlements)
    establishment = build_establishment(seed, population)
    lines = build_posts(seed, facilities, establishment)
    law = draw_law(seed)
    staff = build_staff(seed, facilities, lines, law)
    graduates = graduate_tables.build_graduates(seed, population, settlements, facilities)
    service = service_tables.build_service(seed, facilities, lines, graduates, law)
    contacts = build_contacts(seed, population)
    bank = build_bank(
        seed,
        sampling_fraction,
        geography=geography,
        population=population,
        settlements=settlements,
        facilities=facilities,
    )
    doors = build_doors(contacts, facilities, lines, geography, population)

    scene = Scene(bank, contacts, doors, population, facilities)
    # A small bank is kept; a large one is drawn block by block, month by month, so that memory stays bounded.
    persons = sum(int(counts.sum()) for counts in bank.counts)

    @lru_cache(maxsize=len(bank.blocks()) if persons <= KEPT_PERSONS else 1)
    def block(place: tuple[int, int]) -> Block:
        return bank.block(*place)

    def events(draw: Callable[..., pa.Table]) -> Callable[[tuple[int, int], int], pa.Table]:
        return lambda place, month: draw(scene, block(place), place[1], month)

    basis = SEAT_BASIS_OF[graduates.basis]
    makers: dict[str, Callable[[], pa.Table]] = {
        "settlement": lambda: settlement_table(geography, settlements),
        "facility": lambda: facility_table(seed, geography, settlements, facilities),
        "staff_member": lambda: staff_table(seed, facilities, lines, staff),
        "equipment": lambda: equipment_table(seed, facilities),
        "university": university_table,
        "university_seat": lambda: seat_table(
            seed, graduates.university, graduates.programme, basis, graduates.year
        ),
        "graduate": lambda: graduate_tables.graduate_table(seed, settlements, facilities, graduates),
        "obligation": lambda: graduate_tables.obligation_table(seed, graduates, service.arrived_on),
        "exemption": lambda: graduate_tables.exemption_table(seed, graduates),
        "preference": lambda: preference_table(seed, facilities, lines, graduates),
        "campaign": lambda: service_tables.campaign_table(seed),
        "placement_decision": lambda: service_tables.decision_table(
            seed, facilities, lines, graduates, service
        ),
        "service_event": lambda: service_tables.event_table(seed, facilities, lines, graduates, service),
        "population": lambda: population_table(geography, population),
        "norm": standards.norm_table,
        "network_norm": standards.network_norm_table,
        "equipment_norm": standards.equipment_norm_table,
        "activity_standard": standards.activity_standard_table,
        "support_standard": standards.support_standard_table,
        "leave_calendar": standards.leave_calendar_table,
        "programme_standard": standards.programme_standard_table,
        "priority_rule": standards.priority_rule_table,
        "quota": standards.quota_table,
        "passport_tombstone": lambda: tombstone_table(bank),
    }
    return Country(
        seed=seed,
        sampling_fraction=sampling_fraction,
        as_of=AS_OF,
        months=tuple(month_date(int(number)) for number in PASSPORT_MONTHS),
        post_months=tuple(month_date(int(number)) for number in POST_MONTHS),
        truth={
            **hidden_truth(establishment, law, contacts),
            "faults": FAULTS,
            "fault_outcomes": outcomes(),
        },
        _makers=makers,
        _posts=lambda index: post_table(facilities, lines, index),
        _passports={
            "passport_patient": lambda place, _: patient_table(bank, block(place), geography, facilities),
            "passport_condition": lambda place, _: condition_table(bank, block(place), place[1]),
            "passport_encounter": events(encounter_table),
            "passport_procedure": events(procedure_table),
            "passport_immunization": events(immunization_table),
        },
        _blocks=bank.blocks(),
    )
