"""Choices that a link carries: what the reader picked stands in the address and opens again from it.

Belongs here: widgets that choose one of several codes. Does not belong here: what the codes are. The address
holds codes, not translated labels, so that a link works in every language.
"""

from collections.abc import Mapping

import streamlit as st

from dashboards import escape
from dashboards.words import _

_MADE = "choices_made"


def choose(label: str, options: Mapping[str, str], key: str, *, preferred: str | None = None) -> str:
    """One of `options` (code → label) from a list; `key` names it in the address."""
    codes = _settle(options, key, preferred)
    chosen = st.selectbox(
        label,
        codes,
        format_func=lambda code: escape.plain(options[code]),
        key=_state(key),
        persist_state="session",
        placeholder=_("no data"),
    )
    return _publish(key, chosen, label, options)


def pick(label: str, options: Mapping[str, str], key: str, *, preferred: str | None = None) -> str:
    """One of a few `options` (code → label), all of them in sight."""
    codes = _settle(options, key, preferred)
    chosen = st.segmented_control(
        label,
        codes,
        format_func=lambda code: escape.markdown(options[code]),
        key=_state(key),
        persist_state="session",
        required=True,
    )
    return _publish(key, chosen, label, options)


def set_choice(key: str, code: str) -> None:
    """Choose from outside the widget: a click on a map. Call it in a callback, before the widget is drawn."""
    st.session_state[_state(key)] = code


def _state(key: str) -> str:
    """The widget's own key; one name a choice, on whatever page."""
    return f"choice_{key}"


def _settle(options: Mapping[str, str], key: str, preferred: str | None) -> list[str]:
    """The codes; the session's choice is made valid first: kept, else from the address, else preferred."""
    codes = list(options)
    if st.session_state.get(_state(key)) not in options:
        asked = st.query_params.get(key)
        st.session_state[_state(key)] = next(
            (code for code in (asked, preferred) if code in options), codes[0] if codes else None
        )
    return codes


def forget() -> None:
    """Begin a rerun: nothing is chosen yet on this page."""
    st.session_state[_MADE] = {}


def made() -> list[str]:
    """The choices made so far on this page, in words: a download says what it was filtered by."""
    return list(st.session_state.get(_MADE, {}).values())


def _publish(key: str, chosen: str, label: str, options: Mapping[str, str]) -> str:
    """Write the choice into the address, and into the page's list of choices."""
    if chosen is not None:
        st.query_params[key] = chosen
        st.session_state.setdefault(_MADE, {})[key] = f"{label}: {escape.plain(options.get(chosen, chosen))}"
    return chosen
