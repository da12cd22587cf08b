"""One colour for one meaning, on every page, in light and in dark.

Belongs here: colours and hatches by meaning, and the page's margins. Does not belong here: Streamlit's own
theme (`.streamlit/config.toml`) and the drawing (`charts/`).
"""

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Palette:
    """Colours of one background; contrast of each against its background is at least 4.5 : 1.

    Attributes:
        vacancy: Budgeted posts that nobody fills.
        norm_gap: Need by the provision norm above the filled posts.
        wisn_gap: Need by workload above the filled posts.
        shortage: Too few, whatever the method.
        surplus: Too many; never netted against a shortage.
        supply: Staff there are or will be.
        history: What was observed.
        study: Years of study before practice.
        internship: Internship.
        residency: Residency.
        no_data: Nothing was reported.
        text: Text and axes.
        background: The page.
    """

    vacancy: str
    norm_gap: str
    wisn_gap: str
    shortage: str
    surplus: str
    supply: str
    history: str
    study: str
    internship: str
    residency: str
    no_data: str
    text: str
    background: str


LIGHT = Palette(
    vacancy="#b9480e",
    norm_gap="#6d3fc0",
    wisn_gap="#0b6aa2",
    shortage="#b3261e",
    surplus="#1b7a4b",
    supply="#2f6f73",
    history="#44525f",
    study="#5d6b78",
    internship="#a8327d",
    residency="#7a5c00",
    no_data="#7d8790",
    text="#1c2733",
    background="#ffffff",
)
DARK = Palette(
    vacancy="#f29a5c",
    norm_gap="#b79cf2",
    wisn_gap="#6db7e8",
    shortage="#f2867e",
    surplus="#6fcf97",
    supply="#7cc5c9",
    history="#b4c0cb",
    study="#9fb0c0",
    internship="#e68cc4",
    residency="#d9b74a",
    no_data="#8b96a1",
    text="#e8eef4",
    background="#12181f",
)


# Less empty room round the page; notes dark enough to read (Streamlit's give 4.1 : 1, 4.5 is asked); on paper
# no menu, no buttons, and no chart cut in two.
STYLE = """<style>
[data-testid="stMainBlockContainer"] {padding: 3.2rem 3rem 3rem; max-width: 1500px}
[data-testid="stCaptionContainer"] {opacity: 0.8}
[data-testid="stMetricLabel"] p, [data-testid="stMetricValue"] * {white-space: normal}
@media (max-width: 1100px) {
  [data-testid="stMainBlockContainer"] {padding: 3.2rem 1.2rem 2rem}
  [data-testid="stColumn"] {min-width: 190px}
  [data-testid="stColumn"]:has([data-testid="stPlotlyChart"]) {min-width: 340px}
}
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stDownloadButton"] {display: none}
  [data-testid="stMainBlockContainer"] {padding: 0}
  [data-testid="stPlotlyChart"], [data-testid="stDataFrame"] {break-inside: avoid}
}
</style>"""


def palette() -> Palette:
    """The colours for the background the reader sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def ramp(colour: str, share: float, background: str) -> str:
    """`colour` mixed into `background`; share 0 is nearly the background, 1 the full colour."""
    weight = 0.12 + 0.88 * min(max(share, 0.0), 1.0)
    mixed = (
        round(weight * a + (1 - weight) * b)
        for a, b in zip(_channels(colour), _channels(background), strict=True)
    )
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def ink(fill: str) -> str:
    """Black or white, whichever is better read on `fill` (WCAG relative luminance)."""
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in _channels(fill)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if luminance < 0.179 else "#12181f"


def translucent(colour: str, opacity: float) -> str:
    """`colour` as rgba, for the bands of a fan."""
    red, green, blue = _channels(colour)
    return f"rgba({red},{green},{blue},{opacity})"


def _channels(colour: str) -> tuple[int, int, int]:
    """Red, green, blue of #rrggbb."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
