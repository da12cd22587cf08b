"""Text from data made harmless before a markdown surface or a chart's label shows it.

Streamlit's labels, captions, metrics and messages render markdown: `![](http://elsewhere/x)` in a facility's
name would make every reader's browser call elsewhere. Belongs here: the one escape. Does not belong here:
formulas in downloads (`exports.py`).
"""

import re

# Every character with a meaning in markdown, GitHub tables, emoji codes, KaTeX or Streamlit's colour syntax.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#!|~$:&^.]|^[-+=])")
# Controls, line ends and marks that reverse or hide text.
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


def plain(text: object) -> str:
    """One line of text without controls, zero-width or direction marks."""
    return _CONTROL.sub(" ", str(text)).strip()


def svg(text: object) -> str:
    """`text` such that a Plotly label shows it letter by letter; Plotly knows <a>, <b>, <br> and more."""
    return plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def markdown(text: object) -> str:
    """`text` such that markdown shows it letter by letter."""
    return _SPECIAL.sub(r"\\\1", plain(text))
