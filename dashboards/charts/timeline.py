"""A timeline of stages that follow each other: how long a decision takes to become a doctor.

Belongs here: the drawing of spans. Does not belong here: how long the stages are.
"""

import pandas as pd
import plotly.graph_objects as go

from dashboards import theme
from dashboards.charts import frame


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
    places = {track: place for place, track in enumerate(tracks)}
    labels = [frame.lines(track, 44) for track in tracks]
    figure = frame.blank(height=110 + sum(22 + 18 * (label.count("<br>") + 1) for label in labels))
    for kind, name in names_by_kind.items():
        part = rows[rows["kind"] == kind]
        figure.add_trace(
            go.Bar(
                y=[places[track] for track in part["track"]],
                x=part["ends_year"] - part["begins_year"],
                base=part["begins_year"],
                orientation="h",
                width=0.62,
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
                customdata=[[frame.lines(track, 200)] for track in part["track"]],
                hovertemplate="%{customdata[0]}: %{text}<extra>" + name + "</extra>",
            )
        )
    figure.update_layout(barmode="overlay", bargap=0.35)
    figure.update_xaxes(title={"text": unit}, tickformat="d", showgrid=True, dtick=1)
    figure.update_yaxes(
        showgrid=False, zeroline=False, autorange="reversed", title={"text": ""}, tickmode="array",
        tickvals=list(range(len(tracks))), ticktext=labels,
    )  # fmt: skip
    return figure
