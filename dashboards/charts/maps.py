"""The country by region: tiles by default, real boundaries where a file of them is configured.

Regions are filled polygons on plain axes. Plotly's own map types are not used: even with boundaries of
one's own they fetch a base map from outside. Belongs here: shapes and the drawing. Does not belong here:
which measure.
"""

import json
import logging
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboards import theme, widgets
from dashboards.charts import frame
from dashboards.escape import plain, svg
from dashboards.words import _, formats

BOUNDARIES_VARIABLE = "MEDKADR_BOUNDARIES"
_CODE_PROPERTIES = ("region_code", "iso_3166_2", "ISO", "shapeISO", "code")

_ATTRIBUTIONS = ("attribution", "source", "copyright", "licence", "license", "name")
_STRETCH = 1.5  # one degree north is as long as 1.5 degrees east at 48° north: 1 / cos 48°
_TILE_LETTERS = 9  # letters that fit a tile's width
_VOWELS = set("аәеёиоөуұүыіэюяaeiouy")

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Shape:
    """A region's outline (rings of x, y) and the point its label stands on."""

    rings: list[Ring]
    label_at: tuple[float, float]


@dataclass(frozen=True)
class Boundaries:
    """What a file of boundaries holds.

    Attributes:
        shapes: Region code → outline.
        attribution: Whose boundaries they are, as the file says; else the file's name.
    """

    shapes: dict[str, Shape]
    attribution: str


def region_map(
    regions: pd.DataFrame, values: pd.Series, *, colour: str, unit: str, alt: str, key: str
) -> str | None:
    """Draw the regions and return the code of the one that was clicked in this rerun, if any.

    Args:
        regions: region_code, region_name (in the reader's language), tile_column, tile_row.
        values: One number a region, by region_code; absent means "no data" and is hatched.
        colour: The measure's colour.
        unit: The measure's unit, for the hover text.
        alt: What the map shows.
        key: Widget key.
    """
    boundaries = _configured_boundaries()
    shapes = boundaries.shapes if boundaries else _tiles(regions)
    is_tiled = not boundaries
    colours = theme.palette()
    top = values.max() if len(values) else None
    figure = frame.blank(height=470)
    points = []
    drawn = regions[regions["region_code"].isin(list(shapes))]
    by_size = drawn["region_code"].map(lambda code: -_area(max(shapes[code].rings, key=_area)))
    for row in drawn.loc[by_size.sort_values().index].itertuples():  # a city lies on top of its region
        value = values.get(row.region_code)
        known = not formats.is_blank(value)
        fill = theme.ramp(colour, value / top if known and top else 0.0, colours.background)
        _fill(figure, shapes[row.region_code], fill if known else None, gap=3 if is_tiled else 1)
        points.append((row.region_code, row.region_name, value, fill if known else colours.background))
    _labels(figure, points, shapes, unit=unit, is_tiled=is_tiled)
    figure.update_layout(showlegend=False, margin={"l": 0, "r": 0, "t": 0, "b": 0}, dragmode=False)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(
        visible=False, scaleanchor=None if is_tiled else "x", scaleratio=1 if is_tiled else _STRETCH
    )
    state = st.plotly_chart(
        figure,
        alt=alt,
        key=key,
        theme=None,
        config={"displayModeBar": False},
        on_select="rerun",
        selection_mode="points",
    )
    if boundaries:
        widgets.note(_("Boundaries: {source}.", source=boundaries.attribution))
    clicked = state.selection.points if state else []
    return clicked[0]["customdata"][0] if clicked else None


def _configured_boundaries() -> Boundaries | None:
    """The boundaries that are configured; none, with a word to the reader, where they cannot be used."""
    path = os.environ.get(BOUNDARIES_VARIABLE)
    try:
        return _boundaries(path)
    except (OSError, ValueError, KeyError, TypeError):
        # The reader is told that, the log why: the reason names a path of the server.
        logging.getLogger(__name__).exception("%s=%s cannot be used", BOUNDARIES_VARIABLE, path)
        widgets.warn(_("The file of boundaries cannot be used; tiles are shown. The server's log says why."))
        return None


def _fill(figure: go.Figure, shape: Shape, fill: str | None, *, gap: int) -> None:
    """One region's area; no fill means no data: hatched, so that it does not read as a small number."""
    colours = theme.palette()
    for ring in shape.rings:
        xs, ys = zip(*ring, strict=True)
        trace = go.Scatter(
            x=xs, y=ys, mode="lines", fill="toself", hoverinfo="skip",
            line={"color": colours.background, "width": gap},
        )  # fmt: skip
        if fill is None:
            pattern = {
                "shape": "/",
                "fgcolor": theme.ramp(colours.no_data, 0.25, colours.background),
                "bgcolor": colours.background,
                "size": 7,
            }
            trace.update(fillpattern=pattern)
        else:
            trace.update(fillcolor=fill)
        figure.add_trace(trace)


def _labels(
    figure: go.Figure,
    points: list[tuple[str, str, object, str]],
    shapes: dict[str, Shape],
    *,
    unit: str,
    is_tiled: bool,
) -> None:
    """Names and values over the regions, as the points that can be clicked."""
    if not points:
        return
    at = [shapes[code].label_at for code, *_rest in points]
    names = [plain(name) for _code, name, *_rest in points]
    shown = [formats.number(value, 0) for *_rest, value, _fill_colour in points]
    texts = [f"{_wrap(name)}<br><b>{text}</b>" for name, text in zip(names, shown, strict=True)]
    figure.add_trace(
        go.Scatter(
            x=[x for x, _y in at],
            y=[y for _x, y in at],
            mode="markers+text",
            text=texts,
            textposition="middle center",
            textfont={"size": 11 if is_tiled else 10, "color": [theme.ink(fill) for *_r, fill in points]},
            marker={"size": 66 if is_tiled else 24, "opacity": 0, "symbol": "square"},
            customdata=[[code] for code, *_rest in points],
            hovertext=[f"<b>{svg(n)}</b><br>{t} {unit}" for n, t in zip(names, shown, strict=True)],
            hoverinfo="text",
            selected={"marker": {"opacity": 0}, "textfont": {}},
            unselected={"marker": {"opacity": 0}, "textfont": {}},
        )
    )


def _wrap(name: str) -> str:
    """A region's name short enough for a tile: the word for "region" left out, one break at most."""
    for word in ("облысы", "область", " region"):
        name = name.replace(word, "")
    name = name.replace("қаласы", "қ.").replace("г. ", "г.\u00a0").replace(" қ.", "\u00a0қ.")
    name = name.strip()
    for mark in ("-", " "):
        if len(name) > _TILE_LETTERS + 1 and mark in name:
            head, _mark, tail = name.partition(mark)
            return f"{_halved(head)}{mark.strip()}<br>{_halved(tail)}"
    return _halved(name)


def _halved(word: str) -> str:
    """A long word on two lines, parted after a vowel where one is near the middle."""
    if len(word.removeprefix("г.\u00a0").removesuffix("\u00a0қ.")) <= _TILE_LETTERS:
        return svg(word)
    ends = [i for i in range(3, len(word) - 2) if word[i - 1].lower() in _VOWELS and word[i] not in _VOWELS]
    middle = min(ends, key=lambda i: abs(i - len(word) / 2), default=len(word) // 2)
    return f"{svg(word[:middle])}-<br>{svg(word[middle:])}"


def _tiles(regions: pd.DataFrame) -> dict[str, Shape]:
    """A unit square a region at its place in the grid; rows count downwards."""
    placed = regions.dropna(subset=["tile_column", "tile_row"])
    return {
        row.region_code: Shape([[(c, r), (c + 1, r), (c + 1, r + 1), (c, r + 1), (c, r)]], (c + 0.5, r + 0.5))
        for row in placed.itertuples()
        for c, r in [(float(row.tile_column), -float(row.tile_row))]
    }


@lru_cache(maxsize=4)
def _boundaries(path: str | None) -> Boundaries | None:
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
            shapes[str(code)] = Shape(rings, _middle(max(rings, key=_area)))
    if not shapes:
        raise ValueError(
            f"{path}: no feature names its region; one of {', '.join(_CODE_PROPERTIES)} is needed"
        )
    stated = next((str(content[name]) for name in _ATTRIBUTIONS if content.get(name)), Path(path).name)
    return Boundaries(shapes, stated)


def _area(ring: Ring) -> float:
    """Area of a closed ring, in square degrees (shoelace formula)."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def _middle(ring: Ring) -> tuple[float, float]:
    """Centroid of a ring's area; the mean of its corners where it has no area."""
    crosses = [
        (x0 * y1 - x1 * y0, x0 + x1, y0 + y1)
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    whole = 3 * sum(cross for cross, *_sums in crosses)
    if abs(whole) < 1e-12:
        return sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring)
    return sum(c * x for c, x, _y in crosses) / whole, sum(c * y for c, _x, y in crosses) / whole
