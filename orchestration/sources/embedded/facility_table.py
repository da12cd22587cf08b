"""The contract `facility`: what the registry says about each facility.

Belongs here: names, licences, days, status. Does not belong here: the network itself (`facilities.py`).
"""

import numpy as np
import pyarrow as pa

from orchestration.sources.embedded.draws import stream
from orchestration.sources.embedded.facilities import OWNERS, PROFILES, TYPES, Facilities, type_of
from orchestration.sources.embedded.geography import REGION_CODES, Geography
from orchestration.sources.embedded.population import SETTLEMENTS
from orchestration.sources.embedded.settlements import Settlements
from orchestration.sources.embedded.tables import blanked, coded, typed

LEVEL_OF_TYPE = {
    "medical_point": "primary", "fap": "primary", "ambulatory": "primary", "phc_centre": "primary",
    "polyclinic": "primary", "emergency": "primary", "laboratory": "primary", "other": "primary",
    "district_hospital": "secondary", "city_hospital": "secondary", "dispensary": "secondary",
    "multiprofile_hospital": "tertiary", "perinatal": "tertiary", "republican_centre": "tertiary",
}  # fmt: skip
NAMES = {
    "medical_point": ("Медпункт с. {ru}", "{kk} ауылының медпункті"),
    "fap": ("ФАП с. {ru}", "{kk} ауылының ФАП-ы"),
    "ambulatory": ("Врачебная амбулатория с. {ru}", "{kk} ауылының дәрігерлік амбулаториясы"),
    "phc_centre": ("Центр ПМСП с. {ru}", "{kk} ауылының МСАК орталығы"),
    "polyclinic": ("Поликлиника № {n}, {ru}", "№ {n} емхана, {kk}"),
    "district_hospital": ("Районная больница, {ru}", "Аудандық аурухана, {kk}"),
    "city_hospital": ("Городская больница № {n}, {ru}", "№ {n} қалалық аурухана, {kk}"),
    "multiprofile_hospital": ("Многопрофильная больница № {n}, {ru}", "№ {n} көпбейінді аурухана, {kk}"),
    "dispensary": ("Диспансер ({profile_ru}), {ru}", "Диспансер ({profile_kk}), {kk}"),
    "perinatal": ("Перинатальный центр № {n}, {ru}", "№ {n} перинаталдық орталық, {kk}"),
    "emergency": ("Станция скорой помощи № {n}, {ru}", "№ {n} жедел жәрдем станциясы, {kk}"),
    "republican_centre": ("Республиканский центр № {n}, {ru}", "№ {n} республикалық орталық, {kk}"),
    "laboratory": ("Лаборатория № {n}, {ru}", "№ {n} зертхана, {kk}"),
    "other": ("Стоматология № {n}, {ru}", "№ {n} стоматология, {kk}"),
}
PROFILE_NAMES = {
    "oncology": ("онкология", "онкология"),
    "psychiatry": ("психическое здоровье", "психикалық денсаулық"),
    "phthisiology": ("фтизиопульмонология", "фтизиопульмонология"),
    "dermatology": ("дерматовенерология", "дерматовенерология"),
}


def facility_table(
    seed: int, geography: Geography, settlements: Settlements, facilities: Facilities
) -> pa.Table:
    """One row a facility; branches carry no number or licence of their own."""
    rng = stream(seed, "facility registry")
    count = len(facilities.kind)
    names = [_name(settlements, facilities, position) for position in range(count)]
    is_branch = facilities.parent >= 0
    is_private = facilities.owner == OWNERS.index("private")
    opened = np.datetime64("1955-01-01") + rng.integers(0, 365 * 65, count)
    opened = np.where(is_private, np.datetime64("2000-01-01") + rng.integers(0, 365 * 24, count), opened)
    closed = np.datetime64("2019-01-01") + rng.integers(0, 365 * 6, count)
    suspended = ~facilities.is_closed & (rng.random(count) < 0.004) & is_branch
    status = np.where(facilities.is_closed, 2, np.where(suspended, 1, 0))
    until = np.datetime64("2026-10-01") + rng.integers(-120, 365 * 5, count)
    numbers = rng.integers(0, 10**6, count)
    jitter = rng.normal(0, 0.004, (2, count)) * (facilities.number > 1)
    place = facilities.settlement
    has_beds = np.isin(facilities.kind, [type_of(t) for t in TYPES if LEVEL_OF_TYPE[t] != "primary"])
    ids = facilities.ids
    return typed(
        "facility",
        {
            "facility_id": list(ids),
            "bin": blanked(np.array([f"{99_0000_000000 + i:012d}" for i in numbers]), is_branch),
            "facility_name_ru": [ru for ru, _ in names],
            "facility_name_kk": [kk for _, kk in names],
            "facility_type": coded(TYPES, facilities.kind),
            "care_level": coded([LEVEL_OF_TYPE[t] for t in TYPES], facilities.kind),
            "ownership": coded(OWNERS, facilities.owner),
            "parent_facility_id": coded(ids, facilities.parent),
            "region_code": coded(REGION_CODES, facilities.region),
            "district_kato": coded(geography.district_katos, facilities.district),
            "settlement_kato": coded(settlements.kato, place),
            "settlement": coded(SETTLEMENTS, facilities.is_rural.astype(int)),
            "latitude": (settlements.latitude[place] + jitter[0]).round(4),
            "longitude": (settlements.longitude[place] + jitter[1]).round(4),
            "beds_count": blanked(facilities.beds, ~has_beds),
            "attached_persons": blanked(facilities.attached, facilities.attached < 0),
            "licence_no": blanked(np.array([f"L-{i:06d}" for i in numbers]), is_branch),
            "licence_until": blanked(until, is_branch),
            "has_osms_contract": ~is_private | (rng.random(count) < 0.6),
            "status": coded(("active", "suspended", "closed"), status),
            "opened_on": opened,
            "closed_on": blanked(closed, ~facilities.is_closed),
            "valid_from": np.full(count, np.datetime64("2026-01-01")),
        },
    )


def _name(settlements: Settlements, facilities: Facilities, position: int) -> tuple[str, str]:
    place = facilities.settlement[position]
    profile = PROFILE_NAMES[PROFILES[max(facilities.profile[position], 0)]]
    words = {
        "ru": settlements.name_ru[place],
        "kk": settlements.name_kk[place],
        "n": facilities.number[position],
        "profile_ru": profile[0],
        "profile_kk": profile[1],
    }
    ru, kk = NAMES[TYPES[facilities.kind[position]]]
    return ru.format(**words), kk.format(**words)
