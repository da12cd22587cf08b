"""A timeline of stages that follow each other: how long a decision takes to become a doctor.

Belongs here: the drawing of spans. Does not belong here: how long the stages are.
"""

import pandas as pd
import plotly.graph_objects as go

from dashboards import theme
from dashboards.charts import frame
from dashboards.escape import plain


def spans(
    rows: pd.DataFrame, *, colours_by_kind: dict[str, str], names_by_kind: dict[str, str], unit: str
) -> go.Figure:
    """Horizontal spans.

    Args:
        rows: track (row label), kind, begins_year, ends_year.
        colours_by_kind: kind → colour.
        names_by_kind: kind → legend.
        unit: Title of the time axis.
    """
    tracks = list(dict.fromkeys(rows["track"]))
    figure = frame.blank(height=120 + 46 * len(tracks))
    for kind, name in names_by_kind.items():
        part = rows[rows["kind"] == kind]
        figure.add_trace(
            go.Bar(
                y=[plain(track) for track in part["track"]],
                x=part["ends_year"] - part["begins_year"],
                base=part["begins_year"],
                orientation="h",
                name=name,
                marker={"color": colours_by_kind[kind]},
                text=[
                    f"{begin:.0f}–{end:.0f}"
                    for begin, end in zip(part["begins_year"], part["ends_year"], strict=True)
                ],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                insidetextfont={"color": theme.ink(colours_by_kind[kind])},
                hovertemplate="%{y}: %{text}<extra>" + name + "</extra>",
            )
        )
    figure.update_layout(barmode="overlay", bargap=0.35)
    figure.update_xaxes(title={"text": unit}, tickformat="d", showgrid=True, dtick=1)
    figure.update_yaxes(showgrid=False, autorange="reversed", title={"text": ""})
    return figure
