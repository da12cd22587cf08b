"""The router: language, who reads, which snapshot, which pages. `streamlit run dashboards/app.py`.

Belongs here: the order of these decisions. Does not belong here: what any page shows.
"""

from pathlib import Path

# pandas and pyarrow come in before any session asks DuckDB for a frame: two sessions that trigger the first
# import at once from two threads hang the server for ever (measured: 3 of 3 cold starts with two readers).
import pandas as pd  # noqa: F401
import pyarrow as pa  # noqa: F401
import streamlit as st

from dashboards import access, choices, data, menu, session, signs, theme, widgets, words
from dashboards.audience import Audience
from dashboards.data import NotPublishedError
from dashboards.words import _, labels


def main() -> None:
    """Draw the frame of every page, then the page."""
    icon = str(Path(__file__).with_name("icon.svg"))
    st.set_page_config(page_title="medkadr", page_icon=icon, layout="wide", initial_sidebar_state=290)
    st.logo(str(Path(__file__).with_name("logo.svg")), icon_image=icon, size="large")
    st.html(theme.STYLE)
    _choose_language()
    try:
        run_id = data.current_run_id()
        published = data.published_audiences(run_id)
        audience = _reader(published, run_id)
        session.keep(data.open_snapshot(audience, run_id))
    except NotPublishedError as error:
        signs.nothing_published(str(error))
        return
    choices.forget()
    page = st.navigation(menu.pages(audience.kind), expanded=True)
    widgets.banner()
    page.run()
    widgets.footer()


def _choose_language() -> None:
    """The language of this session, from the address, the choice, or the browser."""
    asked = st.query_params.get("language")
    if words.STATE_KEY not in st.session_state:
        st.session_state[words.STATE_KEY] = asked if asked in words.LANGUAGES else words.language()
    st.sidebar.segmented_control(
        "Тіл · Язык · Language",
        list(words.LANGUAGES),
        format_func=words.SHORT.get,
        key=words.STATE_KEY,
        required=True,
        width="stretch",
    )
    spoken = words.language()
    st.query_params["language"] = spoken
    # Streamlit says lang="en" whatever is spoken; a screen reader would read Kazakh with an English voice.
    st.html(f"<script>document.documentElement.lang = '{spoken}'</script>", unsafe_allow_javascript=True)


def _reader(published: list[Audience], run_id: str) -> Audience:
    """For whom this session reads; stops the run with a sign where nobody may."""
    if not published:
        raise NotPublishedError(str(data.publication() / "snapshots" / run_id))
    is_demonstration = bool(data.Snapshot(published[0], run_id).meta["is_demonstration"])
    door = access.door(access.environment(), published, is_demonstration)
    granted = door.audiences
    if door.way == "unconfigured":
        signs.sign_in_unconfigured(is_demonstration)
        st.stop()
    if door.way == "sign_in":
        granted = signs.sign_in(door.roles_file)
    if door.way == "one_machine" or len(granted) == 1:
        return granted[0]
    options = {audience.name: labels.audience(audience, run_id) for audience in granted}
    with st.sidebar:
        label = _("Show as (demonstration)") if door.way == "demonstration" else _("Read as")
        return Audience.named(choices.choose(label, options, "audience"))


main()
