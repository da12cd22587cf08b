"""Predicted against observed: points with ranges, and the line on which they would agree.

Belongs here: the calibration plot and the fit beside a known truth. Does not belong here: the marks
themselves (`planning/projection/leaving_scores.py`).
"""

import pandas as pd
import plotly.graph_objects as go

from dashboards import theme
from dashboards.charts import frame
from dashboards.words import _


def plot(bins: pd.DataFrame, *, colour: str, predicted: str, observed: str) -> go.Figure:
    """Points of (predicted, observed) with ranges of the observed, per cent, and the diagonal.

    Args:
        bins: predicted_percent, observed_percent, low_percent, high_percent, name.
        colour: Of the points.
        predicted: Title of the axis across.
        observed: Title of the axis up.
    """
    figure = frame.blank(height=380, unit=observed)
    end = 1.05 * float(bins[["predicted_percent", "high_percent"]].to_numpy().max())
    figure.add_trace(
        go.Scatter(
            x=[0, end], y=[0, end], name=_("Predicted = observed"), mode="lines",
            line={"color": theme.palette().text, "dash": "dash", "width": 1}, hoverinfo="skip",
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=bins["predicted_percent"], y=bins["observed_percent"], mode="markers",
            name=_("Tenth of the person-years"), marker={"color": colour, "size": 9},
            error_y=_ranges(bins, "observed_percent", colour), customdata=bins[["name"]],
            hovertemplate="%{customdata[0]}: %{x:.1f} → %{y:.1f} %<extra></extra>",
        )
    )  # fmt: skip
    figure.update_xaxes(title={"text": predicted}, range=[0, end], showgrid=True)
    figure.update_yaxes(range=[0, end])
    return figure


def beside(years: pd.DataFrame, *, colour: str, across: str, unit: str) -> go.Figure:
    """The fit by year with its ranges, and the known truth where there is one.

    Args:
        years: x, fitted_percent, low_percent, high_percent, known_percent (blank where unknown).
        colour: Of the fit.
        across: Title of the axis across.
        unit: Title of the axis up.
    """
    figure = frame.blank(height=320, unit=unit)
    figure.add_trace(
        go.Scatter(
            x=years["x"], y=years["fitted_percent"], mode="markers", name=_("Fitted, 95 % range"),
            marker={"color": colour, "size": 9}, error_y=_ranges(years, "fitted_percent", colour),
            hovertemplate="%{x}: %{y:.1f} %<extra></extra>",
        )
    )  # fmt: skip
    if years["known_percent"].notna().any():
        figure.add_trace(
            go.Scatter(
                x=years["x"], y=years["known_percent"], mode="markers", name=_("Known truth"),
                marker={"color": theme.palette().text, "size": 12, "symbol": "line-ew-open"},
                hovertemplate="%{x}: %{y:.1f} %<extra></extra>",
            )
        )  # fmt: skip
    figure.update_xaxes(title={"text": across}, dtick=1)
    figure.update_yaxes(rangemode="tozero")
    return figure


def _ranges(rows: pd.DataFrame, middle: str, colour: str) -> dict[str, object]:
    """Error bars from low_percent to high_percent."""
    return {
        "type": "data", "symmetric": False, "thickness": 2, "width": 5, "color": colour,
        "array": rows["high_percent"] - rows[middle], "arrayminus": rows[middle] - rows["low_percent"],
    }  # fmt: skip
