"""Wishes of the campaign's graduates.

Belongs here: how graduates rank facilities with vacancies. Does not belong here: the placement.

Method: Gumbel–max (a ranking drawn in proportion to liking, Plackett–Luce): cities and home are liked,
villages less; every tenth list names the home region at its end.
"""

import numpy as np
import pyarrow as pa

from orchestration.sources.embedded.draws import stream
from orchestration.sources.embedded.establishment import SPECIALTY_OF
from orchestration.sources.embedded.facilities import Facilities
from orchestration.sources.embedded.geography import CITIES, REGION_CODES
from orchestration.sources.embedded.graduates import CAMPAIGN_YEAR, Graduates
from orchestration.sources.embedded.posts import Posts
from orchestration.sources.embedded.tables import coded, typed
from orchestration.sources.embedded.universities import COMPATIBLE, PROGRAMME_CODES

LIKES_CITY, LIKES_HOME, DISLIKES_VILLAGE = 0.9, 1.8, 1.1
LONGEST_LIST = 12


def preference_table(seed: int, facilities: Facilities, lines: Posts, graduates: Graduates) -> pa.Table:
    """The contract `preference`; a few graduates file no list."""
    rng = stream(seed, "preferences")
    specialty_of_line = np.array(SPECIALTY_OF)[lines.position]
    is_city = np.isin(np.array(REGION_CODES), CITIES)
    liking = LIKES_CITY * is_city[facilities.region] - DISLIKES_VILLAGE * facilities.is_rural
    liking = liking + rng.normal(0, 0.6, len(facilities.kind))
    files = graduates.owes & (graduates.year == CAMPAIGN_YEAR) & (rng.random(len(graduates.year)) < 0.96)
    who, rank, wish, region = [], [], [], []
    for programme, code in enumerate(PROGRAMME_CODES):
        people = np.flatnonzero(files & (graduates.programme == programme))
        open_lines = (lines.vacant[:, -1] > 0) & np.isin(specialty_of_line, COMPATIBLE[code])
        places = np.unique(lines.facility[open_lines])
        if not len(people) or not len(places):
            continue
        home = graduates.home[people][:, None] == facilities.region[places][None]
        score = liking[places] + LIKES_HOME * home - np.log(rng.exponential(size=home.shape))
        longest = min(LONGEST_LIST, len(places))
        best = np.argsort(-score, axis=1, kind="stable")[:, :longest]
        length = np.minimum(1 + rng.poisson(5.5, len(people)), longest)
        kept = np.arange(longest) < length[:, None]
        who.append(np.repeat(people, length))
        rank.append(np.broadcast_to(np.arange(1, longest + 1), kept.shape)[kept])
        wish.append(places[best[kept]])
        region.append(np.full(length.sum(), -1))
        adds = rng.random(len(people)) < 0.1
        who.append(people[adds])
        rank.append(length[adds] + 1)
        wish.append(np.full(adds.sum(), -1))
        region.append(graduates.home[people[adds]])
    people = np.concatenate(who)
    order = np.lexsort((np.concatenate(rank), people))
    return typed(
        "preference",
        {
            "graduate_key": graduates.keys(seed).take(pa.array(people[order])),
            "rank": np.concatenate(rank)[order].astype(np.int64),
            "facility_id": coded(facilities.ids, np.concatenate(wish)[order]),
            "region_code": coded(REGION_CODES, np.concatenate(region)[order]),
        },
    )
