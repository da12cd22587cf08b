"""What all charts share: quiet axes, the reader's number marks, a text for screen readers.

Belongs here: the frame and the drawing. Does not belong here: any one kind of chart.
"""

import textwrap

import plotly.graph_objects as go
import streamlit as st

from dashboards import theme
from dashboards.escape import plain, svg
from dashboards.words import language

# Decimal mark and thousands mark, as Plotly's `separators` wants them.
_SEPARATORS = {"kk": ", ", "ru": ", ", "en": ".,"}
_QUIET = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}


def blank(height: int = 360, *, unit: str = "") -> go.Figure:
    """An empty figure with the common frame; `unit` names the value axis."""
    colours = theme.palette()
    line = theme.translucent(colours.text, 0.14)
    axis = {"gridcolor": line, "linecolor": line, "zerolinecolor": theme.translucent(colours.text, 0.4)}
    return go.Figure(
        layout={
            "height": height,
            "margin": {"l": 8, "r": 16, "t": 28, "b": 8},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            # Streamlit's own font, already in the page: it has the Kazakh letters.
            "font": {"color": colours.text, "size": 13, "family": '"Source Sans", sans-serif'},
            "separators": _SEPARATORS[language()],
            "hoverlabel": {"align": "left"},
            "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "title": {"text": ""}},
            "xaxis": {
                **axis,
                "automargin": True,
                "fixedrange": True,
                "showgrid": False,
                "title": {"font": {"size": 12}},
            },
            "yaxis": {
                **axis,
                "automargin": True,
                "fixedrange": True,
                "title": {"text": unit, "font": {"size": 12}},
                "tickformat": ",~f",
            },
        }
    )


def lines(text: object, letters: int = 26) -> str:
    """A label from data on as many lines as it takes, broken between words."""
    return "<br>".join(svg(line) for line in textwrap.wrap(plain(text), letters, break_long_words=False))


def draw(figure: go.Figure, *, alt: str, key: str) -> None:
    """Show a figure with its text for readers who do not see it."""
    st.plotly_chart(figure, alt=alt, key=key, config=_QUIET, theme=None, width="stretch")
