"""Outlines of regions: read from a GeoJSON file, measured, and the point a label stands on.

Belongs here: shapes. Does not belong here: the drawing (`maps.py`).
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_CODE_PROPERTIES = ("region_code", "iso_3166_2", "ISO", "shapeISO", "code")
_ATTRIBUTIONS = ("attribution", "source", "copyright", "licence", "license", "name")

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Shape:
    """A region's outline (rings of x, y) and the point its label stands on."""

    rings: list[Ring]
    label_at: tuple[float, float]

    @property
    def area(self) -> float:
        """Area of the largest ring, in the square of the coordinates' unit."""
        return max(area(ring) for ring in self.rings)


@dataclass(frozen=True)
class Boundaries:
    """What a file of boundaries holds.

    Attributes:
        shapes: Region code → outline.
        attribution: Whose boundaries they are, as the file says; else the file's name.
    """

    shapes: dict[str, Shape]
    attribution: str


@lru_cache(maxsize=4)
def read(path: str | None) -> Boundaries | None:
    """Outer rings by region code from a GeoJSON of (Multi)Polygons; none where no file is configured.

    Raises:
        ValueError: The file holds no feature with a region code.
    """
    if not path:
        return None
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    shapes = {}
    for feature in content["features"]:
        properties, geometry = feature["properties"], feature["geometry"]
        code = next((properties[name] for name in _CODE_PROPERTIES if properties.get(name)), None)
        polygons = (
            geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        )
        rings = [[(float(x), float(y)) for x, y, *_z in polygon[0]] for polygon in polygons]
        if code:
            shapes[str(code)] = Shape(rings, middle(max(rings, key=area)))
    if not shapes:
        raise ValueError(
            f"{path}: no feature names its region; one of {', '.join(_CODE_PROPERTIES)} is needed"
        )
    stated = next((str(content[name]) for name in _ATTRIBUTIONS if content.get(name)), Path(path).name)
    return Boundaries(shapes, stated)


def area(ring: Ring) -> float:
    """Area of a closed ring, in square degrees (shoelace formula)."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def middle(ring: Ring) -> tuple[float, float]:
    """Centroid of a ring's area; the mean of its corners where it has no area."""
    crosses = [
        (x0 * y1 - x1 * y0, x0 + x1, y0 + y1)
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    whole = 3 * sum(cross for cross, *_sums in crosses)
    if abs(whole) < 1e-12:
        return sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring)
    return sum(c * x for c, x, _y in crosses) / whole, sum(c * y for c, _x, y in crosses) / whole
