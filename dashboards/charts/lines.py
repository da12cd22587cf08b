"""Lines: a measure over time, and one quantity against another with the present choice marked.

Belongs here: plain lines. Does not belong here: forecasts with ranges (`fan.py`).
"""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboards import theme
from dashboards.charts import frame


def over_time(
    rows: pd.DataFrame, x: str, measures: Mapping[str, tuple[str, str]], *, unit: str, height: int = 320
) -> go.Figure:
    """Lines of several measures (column → (legend, colour)); each ends with its name, for readers of no colour."""
    figure = frame.blank(height, unit=unit)
    for dash, (column, (legend, colour)) in zip(
        ("solid", "dash", "dot", "dashdot"), measures.items(), strict=False
    ):
        figure.add_trace(
            go.Scatter(
                x=rows[x], y=rows[column], name=legend, mode="lines",
                line={"color": colour, "width": 2.5, "dash": dash}, hovertemplate="%{x}: %{y:,.1f}<extra></extra>",
            )
        )  # fmt: skip
    figure.update_yaxes(rangemode="tozero")
    return figure


def frontier(
    rows: pd.DataFrame, x: str, y: str, *, labels: tuple[str, str], chosen: str, name: str
) -> go.Figure:
    """Share against share along a policy, the present choice as a large marked point.

    Args:
        rows: x and y (shares 0–1), `is_present` and `label`, in the policy's order.
        x: Column of the horizontal axis.
        y: Column of the vertical axis.
        labels: Titles of the two axes.
        chosen: Legend of the present choice.
        name: Legend of the curve.
    """
    colours = theme.palette()
    figure = frame.blank(height=420, unit=labels[1])
    present = rows[rows["is_present"]]
    figure.add_trace(
        go.Scatter(
            x=rows[x], y=rows[y], text=rows["label"], name=name, mode="lines+markers+text",
            textposition="top center", line={"color": colours.supply, "width": 2.5}, marker={"size": 7},
            hovertemplate="%{text}: %{x:.1%}, %{y:.1%}<extra></extra>",
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=present[x], y=present[y], name=chosen, mode="markers",
            marker={"size": 18, "symbol": "diamond", "color": colours.vacancy},
            hovertemplate="%{x:.1%}, %{y:.1%}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_xaxes(title={"text": labels[0]}, tickformat=".0%", showgrid=True)
    figure.update_yaxes(tickformat=".0%")
    return figure
