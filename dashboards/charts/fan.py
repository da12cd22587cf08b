"""A past and its forecast with ranges: line, two bands, and where the past ends.

Belongs here: the fan. Does not belong here: how good the ranges are – the page says so beside the chart.
"""

import pandas as pd
import plotly.graph_objects as go

from dashboards import theme
from dashboards.charts import frame
from dashboards.words import _

_QUANTILES = ("p2_5", "p10", "p50", "p90", "p97_5")


def fan(
    past: pd.DataFrame, forecast: pd.DataFrame, *, colour: str, unit: str, height: int = 340
) -> go.Figure:
    """A figure of observed values and quantiles.

    Args:
        past: x, value.
        forecast: x, p50 and, where known, p10, p90, p2_5, p97_5.
        colour: The measure's colour.
        unit: The measure's unit.
        height: Pixels.
    """
    colours = theme.palette()
    figure = frame.blank(height, unit=unit)
    # The forecast starts where the past ends; where both know the last year, each shows its own.
    if len(past) and len(forecast) and forecast["x"].iloc[0] > past["x"].iloc[-1]:
        last = dict.fromkeys(forecast.columns.intersection(_QUANTILES), past["value"].iloc[-1])
        forecast = pd.concat([pd.DataFrame([{"x": past["x"].iloc[-1], **last}]), forecast], ignore_index=True)
    for low, high, opacity, name in (
        ("p2_5", "p97_5", 0.16, _("95 % range")),
        ("p10", "p90", 0.30, _("80 % range")),
    ):
        if {low, high} <= set(forecast.columns) and forecast[low].notna().any():
            _band(figure, forecast, low, high, fill=theme.translucent(colour, opacity), name=name)
    figure.add_trace(
        go.Scatter(
            x=forecast["x"], y=forecast["p50"], name=_("Middle forecast"), mode="lines",
            line={"color": colour, "width": 3, "dash": "dash"},
            hovertemplate="%{x}: %{y:,.0f} " + unit + "<extra></extra>",
        )
    )  # fmt: skip
    if len(past):
        figure.add_trace(
            go.Scatter(
                x=past["x"], y=past["value"], name=_("Observed"), mode="lines+markers",
                line={"color": colours.history, "width": 3}, marker={"size": 5},
                hovertemplate="%{x}: %{y:,.0f} " + unit + "<extra></extra>",
            )
        )  # fmt: skip
    figure.update_yaxes(rangemode="tozero", tickformat=",.0f")
    known = [*past.get("x", ()), *forecast["x"]]
    if known:  # half a year of room, so that the last year's label is not cut off
        figure.update_xaxes(tickformat="d", dtick=1, range=[min(known) - 0.5, max(known) + 0.5])
    return figure


def _band(figure: go.Figure, forecast: pd.DataFrame, low: str, high: str, *, fill: str, name: str) -> None:
    """One band between two quantiles."""
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_trace(go.Scatter(x=forecast["x"], y=forecast[high], showlegend=False, **edge))
    figure.add_trace(
        go.Scatter(x=forecast["x"], y=forecast[low], fill="tonexty", fillcolor=fill, name=name, **edge)
    )
