"""Where care of a specialty is found: shares of the facilities of a region and of a district's own hospital.

Belongs here: weights by posts. Does not belong here: persons and events (`encounters.py`), posts
(`posts.py`).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.sources.embedded.contacts import RURAL_RATIO, Contacts
from orchestration.sources.embedded.draws import Floats, Integers
from orchestration.sources.embedded.establishment import POSITIONS, SPECIALTY_OF
from orchestration.sources.embedded.facilities import Facilities, type_of
from orchestration.sources.embedded.geography import REGION_CODES, Geography
from orchestration.sources.embedded.hazards import SPECIALTIES
from orchestration.sources.embedded.population import Population
from orchestration.sources.embedded.posts import Posts


@dataclass(frozen=True)
class Doors:
    """Where a specialty is found.

    Attributes:
        has: (facilities, specialties) whether the facility has a line of it.
        by_flow: (specialty code, kind, region) to facilities and running weights, what villagers bring to
            their district's hospital left out.
        own_district: (specialty code, kind, region) to (districts,) chance that a villager goes there.
        hospital_of: (districts,) district hospital, −1 none.
    """

    has: np.ndarray
    by_flow: dict[tuple[str, str, int], tuple[Integers, Floats]]
    own_district: dict[tuple[str, str, int], Floats]
    hospital_of: Integers


def build_doors(
    contacts: Contacts, facilities: Facilities, lines: Posts, geography: Geography, population: Population
) -> Doors:
    """Weights by established posts; beds are needed for a stay, a door to the street for a visit.

    Villagers fill the posts of their district's hospital and no more: whom it has no doctor for goes to the
    region's facilities, so that work follows posts within a region and differs between regions.
    """
    position_of = {code: POSITIONS.index(code) for code in POSITIONS}
    has = np.zeros((len(facilities.kind), len(SPECIALTIES)), dtype=bool)
    has[lines.facility, np.array([SPECIALTIES.index(s) for s in SPECIALTY_OF])[lines.position]] = True
    persons = population.by_district[-1].sum(axis=(2, 3))  # districts, settlements
    region_of_district = geography.region_of_district
    hospital_of = np.full(len(persons), -1)
    hospitals = np.flatnonzero(facilities.kind == type_of("district_hospital"))
    hospital_of[facilities.district[hospitals]] = hospitals
    by_flow, own_district = {}, {}
    for flow in contacts.flows:
        mine = lines.position == position_of[flow.specialty]
        posts = np.zeros(len(facilities.kind))
        np.add.at(posts, lines.facility[mine], lines.budgeted[mine, -1].astype(float))
        if flow.kind == "IMP":
            posts *= facilities.beds > 0
        brought = persons * (1.0, RURAL_RATIO[flow.kind])
        for region in range(len(REGION_CODES)):
            weight = posts * (facilities.region == region)
            if not weight.any():
                weight = posts
            mine_too = region_of_district == region
            rural = np.where(mine_too, brought[:, 1], 0) / brought[mine_too].sum()
            own = np.where(hospital_of >= 0, weight[hospital_of], 0) / weight.sum()
            stays = np.minimum(rural, own)
            chance = np.divide(stays, rural, where=rural > 0, out=np.zeros_like(rural))
            own_district[flow.specialty, flow.kind, region] = chance
            rest = weight.copy()
            np.add.at(rest, hospital_of[hospital_of >= 0], -(stays * weight.sum())[hospital_of >= 0])
            where = np.flatnonzero(rest > 1e-9 if (rest > 1e-9).any() else weight)
            by_flow[flow.specialty, flow.kind, region] = (
                where,
                np.cumsum(rest[where] if (rest > 1e-9).any() else weight[where]),
            )
    return Doors(has, by_flow, own_district, hospital_of)
