"""Bars: ranked values side by side, and a waterfall from one total to another.

Belongs here: bars and the waterfall. Does not belong here: which measures.
"""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboards import theme
from dashboards.charts import frame
from dashboards.escape import plain
from dashboards.words import formats


def ranked(
    frame_: pd.DataFrame, name: str, measures: Mapping[str, tuple[str, str]], *, unit: str, hatched: str = ""
) -> go.Figure:
    """Horizontal bars, first row on top, measures beside each other and never stacked.

    Args:
        frame_: One row a bar group.
        name: Column of the labels.
        measures: column → (legend, colour).
        unit: Unit of the values.
        hatched: A measure to hatch, so that it can be told apart without colour.
    """
    rows = frame_.iloc[::-1]
    figure = frame.blank(height=90 + len(rows) * (14 + 16 * len(measures)))
    for column, (legend, colour) in reversed(list(measures.items())):
        figure.add_trace(
            go.Bar(
                y=[plain(value) for value in rows[name]],
                x=rows[column],
                orientation="h",
                name=legend,
                marker={"color": colour, "pattern": {"shape": "/" if column == hatched else ""}},
                text=[formats.number(value, 0) for value in rows[column]],
                textposition="outside",
                cliponaxis=False,
                hovertemplate="%{y}: %{x:,.2f} " + unit + "<extra>" + legend + "</extra>",
            )
        )
    figure.update_layout(barmode="group", bargap=0.28, legend={"traceorder": "reversed"})
    if len(measures) == 1:
        figure.update_layout(showlegend=False)
    longest = max(
        (float(rows[column].max()) for column in measures if rows[column].notna().any()), default=1.0
    )
    figure.update_xaxes(
        visible=False, range=[0, (longest or 1.0) * 1.16]
    )  # room for the figures at the bars' ends
    figure.update_yaxes(showgrid=False, title={"text": ""})
    return figure


def waterfall(steps: pd.DataFrame, *, unit: str) -> go.Figure:
    """From the first total through each lever's contribution to the last total.

    Args:
        steps: name, value, is_total (bool); in order.
        unit: Unit of the values.
    """
    colours = theme.palette()
    figure = frame.blank(height=400, unit=unit)
    figure.add_trace(
        go.Waterfall(
            x=[plain(name) for name in steps["name"]],
            y=steps["value"],
            measure=["absolute" if total else "relative" for total in steps["is_total"]],
            text=[formats.number(value, 0) for value in steps["value"]],
            textposition="outside",
            cliponaxis=False,
            increasing={"marker": {"color": colours.shortage}},
            decreasing={"marker": {"color": colours.surplus}},
            totals={"marker": {"color": colours.history}},
            connector={"line": {"color": theme.translucent(colours.text, 0.4), "width": 1}},
            hovertemplate="%{x}: %{y:,.1f} " + unit + "<extra></extra>",
        )
    )
    figure.update_layout(showlegend=False)
    return figure
