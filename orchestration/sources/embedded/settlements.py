"""Cities, towns and some six thousand villages with inhabitants and coordinates.

Belongs here: places, their sizes and generic names. Does not belong here: what stands in them
(`facilities.py`).

Villages share the rural people of their district by a lognormal of median about 620; the spread of sizes
(σ = 1.25) gives the published kind of network: about 40 % below 500 inhabitants, a quarter above 1,500.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sources.embedded.draws import Floats, Integers, split_whole, stream
from orchestration.sources.embedded.geography import CITIES, REGION_CODES, Geography
from orchestration.sources.embedded.population import SETTLEMENTS, YEARS, Population
from orchestration.sources.embedded.tables import coded, typed

VILLAGES = 6_000
SIZE_SIGMA = 1.25
LARGEST_VILLAGE = 28_000
FIRST = (
    ("Ақ", "Ак"), ("Қара", "Кара"), ("Сары", "Сары"), ("Көк", "Кок"), ("Жаңа", "Жана"), ("Қызыл", "Кызыл"),
    ("Тас", "Тас"), ("Бес", "Бес"), ("Үш", "Уш"), ("Ұзын", "Узын"), ("Кең", "Кен"), ("Алма", "Алма"),
)  # fmt: skip
SECOND = (
    ("бұлақ", "булак"), ("төбе", "тобе"), ("тау", "тау"), ("су", "су"), ("қайың", "кайын"), ("жар", "жар"),
    ("сай", "сай"), ("көл", "коль"), ("арал", "арал"), ("дала", "дала"), ("талап", "талап"), ("жол", "жол"),
    ("ағаш", "агаш"), ("ой", "ой"), ("құм", "кум"), ("өзек", "озек"),
)  # fmt: skip


@dataclass(frozen=True)
class Settlements:
    """All arrays run over settlements.

    Attributes:
        kato: Nine-digit codes.
        name_ru: Names in Russian.
        name_kk: Names in Kazakh.
        district: Position of the district.
        region: Position of the region.
        kind: 0 urban, 1 rural.
        persons: Inhabitants, 01.01.2026.
        latitude: Degrees.
        longitude: Degrees.
    """

    kato: tuple[str, ...]
    name_ru: tuple[str, ...]
    name_kk: tuple[str, ...]
    district: Integers
    region: Integers
    kind: Integers
    persons: Integers
    latitude: Floats
    longitude: Floats


def build_settlements(seed: int, geography: Geography, population: Population) -> Settlements:
    """One town for the urban people of every district, villages for the rural ones."""
    rng = stream(seed, "settlements")
    people = population.by_district[YEARS.index(2026)].sum(axis=(2, 3))
    rural = people[:, 1]
    village_count = split_whole(VILLAGES, rural**0.6)
    village_count = np.where(rural > 0, np.maximum(village_count, np.ceil(rural / LARGEST_VILLAGE * 2)), 0)
    towns = np.flatnonzero(people[:, 0] > 0)
    district = np.concatenate([towns, np.repeat(np.arange(len(rural)), village_count.astype(int))])
    kind = np.concatenate([np.zeros(len(towns), int), np.ones(len(district) - len(towns), int)])
    persons = np.zeros(len(district), dtype=np.int64)
    persons[: len(towns)] = people[towns, 0]
    number = np.zeros(len(district), dtype=int)
    for place in np.flatnonzero(village_count):
        mine = np.flatnonzero((district == place) & (kind == 1))
        weights = np.sort(rng.lognormal(0, SIZE_SIGMA, len(mine)))[::-1]
        weights = np.minimum(weights / weights.sum(), LARGEST_VILLAGE / rural[place])
        persons[mine] = split_whole(int(rural[place]), weights)
        number[mine] = rng.permutation(len(FIRST) * len(SECOND))[np.arange(len(mine)) % 192]
    region = geography.region_of_district[district]
    latitude, longitude = _scatter(rng, geography, district, kind)
    names = [_name(geography, d, k, n) for d, k, n in zip(district, kind, number, strict=True)]
    kato = [_kato(geography, d, k, i) for d, k, i in zip(district, kind, _rank(district), strict=True)]
    return Settlements(
        kato=tuple(kato),
        name_ru=tuple(ru for ru, _ in names),
        name_kk=tuple(kk for _, kk in names),
        district=district,
        region=region,
        kind=kind,
        persons=persons,
        latitude=latitude,
        longitude=longitude,
    )


def _rank(district: Integers) -> Integers:
    """Running number of every settlement inside its district."""
    order = np.argsort(district, kind="stable")
    start = np.searchsorted(district[order], district[order])
    rank = np.empty(len(district), dtype=int)
    rank[order] = np.arange(len(district)) - start
    return rank


def _kato(geography: Geography, district: int, kind: int, rank: int) -> str:
    """The district's own code for its town; generic codes, not real ones, for villages."""
    base = geography.district_katos[district]
    return base if kind == 0 else f"{base[:6]}-{rank + 1:03d}"


def _name(geography: Geography, district: int, kind: int, number: int) -> tuple[str, str]:
    if kind == 0:
        if REGION_CODES[geography.region_of_district[district]] in CITIES:
            return (
                f"{geography.district_names_ru[district]} район",
                f"{geography.district_names_kk[district]} ауданы",
            )
        return geography.district_names_ru[district], geography.district_names_kk[district]
    first, second = FIRST[number // len(SECOND)], SECOND[number % len(SECOND)]
    return first[1] + second[1], first[0] + second[0]


def _scatter(
    rng: np.random.Generator, geography: Geography, district: Integers, kind: Integers
) -> tuple[Floats, Floats]:
    """Villages lie around the district's point; one that falls nearer to a foreign region moves back."""
    centre = np.stack([geography.latitude, geography.longitude], axis=1)
    radius = 0.38 * np.sqrt(geography.area[district]) * np.sqrt(rng.random(len(district))) * (kind == 1)
    angle = rng.random(len(district)) * 2 * np.pi
    step = radius[:, None] * np.stack([0.75 * np.sin(angle), 1.25 * np.cos(angle)], axis=1)
    region = geography.region_of_district[district]
    for _ in range(4):
        place = centre[district] + step
        distance = ((place[:, None, :] - centre[None]) ** 2).sum(axis=2)
        foreign = geography.region_of_district[distance.argmin(axis=1)] != region
        step[foreign] *= 0.4
    place = centre[district] + step
    return place[:, 0].round(4), place[:, 1].round(4)


def settlement_table(geography: Geography, settlements: Settlements) -> pa.Table:
    """The contract `settlement`."""
    return typed(
        "settlement",
        {
            "settlement_kato": list(settlements.kato),
            "settlement_name_kk": list(settlements.name_kk),
            "settlement_name_ru": list(settlements.name_ru),
            "region_code": coded(REGION_CODES, settlements.region),
            "district_kato": coded(geography.district_katos, settlements.district),
            "settlement": coded(SETTLEMENTS, settlements.kind),
            "inhabitants_persons": settlements.persons,
            "latitude": settlements.latitude,
            "longitude": settlements.longitude,
        },
    )
