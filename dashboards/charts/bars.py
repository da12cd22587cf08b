"""Bars: ranked values side by side, and a waterfall from one total to another.

Belongs here: bars and the waterfall. Does not belong here: which measures.
"""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboards import theme
from dashboards.charts import frame
from dashboards.words import formats

_BAR, _GAP = 17, 14  # pixels a bar and a group's gap take
_LABEL_LINE = 18  # pixels


def ranked(
    frame_: pd.DataFrame,
    name: str,
    measures: Mapping[str, tuple[str, str]],
    *,
    unit: str,
    hatched: str = "",
    decimals: int = 0,
    mark: float | None = None,
) -> go.Figure:
    """Horizontal bars, first row on top, measures beside each other and never stacked.

    Args:
        frame_: One row a bar group.
        name: Column of the labels.
        measures: column → (legend, colour).
        unit: Unit of the values, written under the bars.
        hatched: A measure to hatch, so that it can be told apart without colour.
        decimals: Decimal places of the figures at the bars' ends.
        mark: A value to compare with: a dashed line behind the bars, the figures inside them.
    """
    labels = [frame.lines(value) for value in frame_[name]]
    tallest = max((label.count("<br>") + 1 for label in labels), default=1) * _LABEL_LINE
    figure = frame.blank(height=96 + len(frame_) * max(_GAP + _BAR * len(measures), tallest + 4))
    places = list(range(len(frame_)))  # two rows of one name stay two rows
    for column, (legend, colour) in measures.items():
        shown = [formats.number(value, decimals) for value in frame_[column]]
        figure.add_trace(
            go.Bar(
                y=places,
                x=frame_[column],
                orientation="h",
                name=legend,
                marker={"color": colour, "pattern": {"shape": "/" if column == hatched else ""}},
                text=shown,
                textposition="outside" if mark is None else "inside",
                insidetextanchor="start",
                insidetextfont={"color": theme.ink(colour)},
                textangle=0,
                cliponaxis=False,
                customdata=[[label.replace("<br>", " ")] for label in labels],
                hovertemplate="%{customdata[0]}: %{text} " + unit + "<extra>" + legend + "</extra>",
            )
        )
    if mark is not None:
        figure.add_vline(x=mark, line={"color": theme.palette().text, "dash": "dash", "width": 2})
    figure.update_layout(barmode="group", bargap=0.28, showlegend=len(measures) > 1)
    ends = [float(frame_[column].max()) for column in measures if frame_[column].notna().any()]
    longest = max([*ends, mark or 0.0])
    figure.update_xaxes(  # room for the figures at the bars' ends
        showticklabels=False,
        range=[0, (longest or 1.0) * 1.18],
        title={"text": unit, "standoff": 4},
        zeroline=True,
    )
    figure.update_yaxes(
        showgrid=False, zeroline=False, autorange="reversed", title={"text": ""},
        tickmode="array", tickvals=places, ticktext=labels,
    )  # fmt: skip
    return figure


def waterfall(steps: pd.DataFrame, *, unit: str) -> go.Figure:
    """From the first total through each lever's contribution to the last total.

    The value axis starts near the smallest level, not at zero: a contribution of one per cent must be seen.
    Totals are therefore drawn as marks of a level, not as bars whose length would mislead.

    Args:
        steps: name, value, is_total (bool); in order.
        unit: Unit of the values.
    """
    colours = theme.palette()
    figure = frame.blank(height=400, unit=unit)
    levels = _levels(steps)
    values = [float(value) for value in steps["value"]]
    names = [frame.lines(name, 18) for name in steps["name"]]
    for place, ((before, after), value, total) in enumerate(
        zip(levels, values, steps["is_total"], strict=True)
    ):
        colour = colours.history if total else colours.shortage if value > 0 else colours.surplus
        said = formats.number(value, 0) if total else formats.signed(value)
        figure.add_trace(
            go.Scatter(
                x=[place - 0.36, place + 0.36, place + 0.36, place - 0.36, place - 0.36],
                y=[before, before, after, after, before],
                mode="lines", fill="toself", fillcolor=colour, line={"color": colour, "width": 3},
                hoverinfo="skip",
            )
        )  # fmt: skip
        figure.add_annotation(
            x=place, y=max(before, after), text=f"<b>{said}</b>", showarrow=False, yshift=14,
            font={"color": colours.text},
        )  # fmt: skip
        if place + 1 < len(levels):
            figure.add_shape(
                type="line", x0=place + 0.36, x1=place + 0.64, y0=after, y1=after,
                line={"color": theme.translucent(colours.text, 0.4), "width": 1},
            )  # fmt: skip
    reached = [level for pair in levels for level in pair]
    spread = max(max(reached) - min(reached), 0.02 * max(map(abs, reached)), 1.0)
    figure.update_yaxes(range=[min(reached) - 0.35 * spread, max(reached) + 0.35 * spread])
    figure.update_xaxes(tickmode="array", tickvals=list(range(len(names))), ticktext=names, zeroline=False)
    figure.update_layout(showlegend=False)
    return figure


def _levels(steps: pd.DataFrame) -> list[tuple[float, float]]:
    """Level before and after each step; a total's are the same."""
    level, found = 0.0, []
    for value, total in zip(steps["value"], steps["is_total"], strict=True):
        before = float(value) if total else level
        level = float(value) if total else level + float(value)
        found.append((before, level))
    return found
