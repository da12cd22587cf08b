"""Coordinates against the box of their region: swapped or misplaced points are found, small errors let be.

A box instead of the boundary: it needs no geometry library, takes one comparison a row, and a point just over
a simplified boundary is not refused. Two regions whose boxes overlap can still hide a wrong one.
"""

import csv
from functools import cache

from orchestration.settings import SEEDS_DIR

# About 11 km: boundaries are simplified, and a facility may stand at the edge of a city of regional rank.
MARGIN_DEGREES = 0.1


@cache
def region_boxes() -> dict[str, tuple[float, float, float, float]]:
    """South, north, west and east of each region, degrees, without the margin."""
    with (SEEDS_DIR / "region_extents.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    names = ("south_latitude", "north_latitude", "west_longitude", "east_longitude")
    return {row["region_code"]: tuple(float(row[name]) for name in names) for row in rows}


def inside_sql(latitude: str = "latitude", longitude: str = "longitude") -> str:
    """SQL condition: the point lies in the box of `region_code`; null where a part is blank or unknown."""
    cases = [
        f"when '{code}' then {latitude} between {south - MARGIN_DEGREES:.2f} and {north + MARGIN_DEGREES:.2f}"
        f" and {longitude} between {west - MARGIN_DEGREES:.2f} and {east + MARGIN_DEGREES:.2f}"
        for code, (south, north, west, east) in region_boxes().items()
    ]
    return f"case region_code {' '.join(cases)} end"
