"""Equipment of the facilities: what is there, how old, and whether it works.

Belongs here: items by facility. Does not belong here: what there ought to be (`equipment_norms.py`).
"""

import numpy as np
import pyarrow as pa

from orchestration.sources.embedded.draws import stream
from orchestration.sources.embedded.equipment_norms import EQUIPMENT_MINIMUM
from orchestration.sources.embedded.facilities import TYPES, Facilities
from orchestration.sources.embedded.published import code_list
from orchestration.sources.embedded.tables import coded, typed

STATUSES = ("working", "repair", "idle", "written_off")
MISSING_SHARE = {"urban": 0.05, "rural": 0.12}
SERVICE_LIFE_YEARS = 10


def equipment_table(seed: int, facilities: Facilities) -> pa.Table:
    """Lots of equal items: some facilities lack some, some lots stand idle or in repair."""
    rng = stream(seed, "equipment")
    listed = [row["equipment_type_code"] for row in code_list("equipment_types")]
    needs = {
        row["equipment_type_code"]: row["required_specialty_code"] for row in code_list("equipment_types")
    }
    facility, kind, minimum = [], [], []
    for position, type_index in enumerate(facilities.kind):
        for code, count in EQUIPMENT_MINIMUM[TYPES[type_index]].items():
            facility.append(position)
            kind.append(listed.index(code))
            minimum.append(count)
    where, what, least = np.array(facility), np.array(kind), np.array(minimum)
    missing = np.where(facilities.is_rural[where], MISSING_SHARE["rural"], MISSING_SHARE["urban"])
    kept = (rng.random(len(where)) >= missing) & ~facilities.is_closed[where]
    where, what, least = where[kept], what[kept], least[kept]
    quantity = np.maximum(np.round(least * rng.lognormal(0.12, 0.25, len(where))), 1).astype(np.int64)
    age = np.minimum(rng.gamma(2.0, 3.5, len(where)), 25)
    wear = np.clip(100 * age / SERVICE_LIFE_YEARS + rng.normal(0, 8, len(where)), 0, 100).round(1)
    broken = rng.random(len(where)) < 0.01 + 0.10 * wear / 100
    status = np.where(broken, rng.choice((1, 2, 3), len(where), p=(0.55, 0.3, 0.15)), 0)
    specialties = sorted({code for code in needs.values() if code})
    need = np.array([specialties.index(needs[c]) if needs[c] else -1 for c in listed])
    return typed(
        "equipment",
        {
            "equipment_id": [f"E{number:06d}" for number in range(len(where))],
            "facility_id": coded(facilities.ids, where),
            "equipment_type_code": coded(listed, what),
            "quantity_count": quantity,
            "commissioned_year": (2026 - age).astype(np.int16),
            "status": coded(STATUSES, status),
            "wear_pct": wear,
            "required_specialty_code": coded(specialties, need[what]),
        },
    )
