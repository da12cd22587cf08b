"""Regions and districts with their published sizes.

Belongs here: the map of the country as arrays, and the way from district to region. Does not belong here:
people by age and year (`population.py`), places inside a district (`settlements.py`).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.sources.embedded.draws import Floats, Integers
from orchestration.sources.embedded.published import code_list, figures

REGION_CODES: tuple[str, ...] = tuple(row["region_code"] for row in figures("regions"))
CITIES = ("KZ-71", "KZ-75", "KZ-79")
# Fertility and age differ strongly from south to north; the sign follows the census, the size is assumed.
YOUNG_REGIONS = ("KZ-61", "KZ-79", "KZ-47", "KZ-31", "KZ-43", "KZ-23", "KZ-33", "KZ-19")
OLD_REGIONS = ("KZ-59", "KZ-39", "KZ-63", "KZ-55", "KZ-11", "KZ-35")


@dataclass(frozen=True)
class Geography:
    """The 20 regions and 224 districts.

    Attributes:
        district_katos: (224,) KATO codes; the order of all district arrays.
        district_names_ru: (224,) names without the word for district.
        district_names_kk: (224,) the same in Kazakh.
        region_of_district: (224,) position in `REGION_CODES`.
        latitude: (224,) degrees, a point inside.
        longitude: (224,) degrees.
        area: (224,) square degrees.
        urban_persons: (224,) inhabitants of its cities and towns, 01.01.2023.
        rural_persons: (224,) inhabitants of its villages, 01.01.2023.
    """

    district_katos: tuple[str, ...]
    district_names_ru: tuple[str, ...]
    district_names_kk: tuple[str, ...]
    region_of_district: Integers
    latitude: Floats
    longitude: Floats
    area: Floats
    urban_persons: Floats
    rural_persons: Floats


def read_geography() -> Geography:
    """The map as published."""
    sizes = {row["district_kato"]: row for row in figures("districts")}
    rows = [row for row in code_list("districts") if row["district_kato"] in sizes]

    def numbers(name: str) -> Floats:
        return np.array([float(sizes[row["district_kato"]][name]) for row in rows])

    return Geography(
        district_katos=tuple(row["district_kato"] for row in rows),
        district_names_ru=tuple(row["district_name_ru"] for row in rows),
        district_names_kk=tuple(row["district_name_kk"] for row in rows),
        region_of_district=np.array([REGION_CODES.index(row["region_code"]) for row in rows]),
        latitude=np.array([float(row["latitude"]) for row in rows]),
        longitude=np.array([float(row["longitude"]) for row in rows]),
        area=numbers("area_deg2"),
        urban_persons=numbers("urban_persons"),
        rural_persons=numbers("rural_persons"),
    )
