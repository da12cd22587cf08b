"""The policy frontier: one quantity against another, with the present choice marked.

Belongs here: the frontier. Does not belong here: what it trades, and forecasts with ranges (`fan.py`).
"""

import pandas as pd
import plotly.graph_objects as go

from dashboards import theme
from dashboards.charts import frame


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
    rows = rows[~rows["is_present"].astype(bool)]
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
    figure.update_xaxes(title={"text": labels[0]}, tickformat=".1%", showgrid=True)
    figure.update_yaxes(tickformat=".1%")
    return figure
