"""What a reader sees who cannot be let in, and what to do about it.

Belongs here: the pages before the pages. Does not belong here: the decision (`access.py`).
"""

from pathlib import Path

import streamlit as st

from dashboards import access, widgets
from dashboards.audience import Audience
from dashboards.words import _

_SECRETS = """# .streamlit/secrets.toml
[auth]
redirect_uri = "https://HOST/oauth2callback"
cookie_secret = "…"
client_id = "…"
client_secret = "…"
server_metadata_url = "https://PROVIDER/.well-known/openid-configuration"
"""
_ROLES = """# roles.csv, named by MEDKADR_ROLES
email,audience
planner@example.org,ministry
officer@example.org,region_KZ-10
"""


def nothing_published(missing: str) -> None:
    """There is no snapshot to show."""
    widgets.title(_("Nothing is published yet"))
    widgets.answer(_("Run the pipeline first; the pages appear by themselves when it has published."))
    st.code("medkadr run\nmedkadr serve", language="shell")
    widgets.note(_("Looked for {path}. Another folder is named by MEDKADR_PUBLICATION.", path=missing))


def sign_in_unconfigured(is_demonstration: bool) -> None:
    """Nobody has said who may read."""
    widgets.title(_("Sign-in is not configured"))
    widgets.answer(_("Nobody is shown anything until the server knows who may read which audience's data."))
    if is_demonstration:
        widgets.note(_("The published data are the demonstration. To walk through it as any audience:"))
        st.code("medkadr serve", language="shell")
    widgets.note(_("On one machine, for one reader:"))
    st.code("MEDKADR_AUDIENCE=ministry medkadr serve", language="shell")
    widgets.note(_("For an organisation: an OpenID Connect provider and a table of roles."))
    st.code(_SECRETS, language="toml")
    st.code(_ROLES, language="csv")


def sign_in(roles_file: Path) -> tuple[Audience, ...]:
    """The audiences of the reader who signed in; stops the run until there is one."""
    if not _has_provider():
        sign_in_unconfigured(is_demonstration=False)
        st.stop()
    if not st.user.is_logged_in:
        widgets.title(_("Health-workforce planning"))
        st.button(_("Sign in"), on_click=st.login, type="primary")
        st.stop()
    email = st.user.get("email") if st.user.get("email_verified", True) else None
    try:
        granted = access.audiences_of(str(email or ""), roles_file)
    except access.RolesError:
        # The message names a path of the server: it goes to the server's log, not to the reader.
        st.error(_("The table of roles cannot be read. Tell the administrator; the server's log says why."))
        raise
    st.sidebar.button(_("Sign out"), on_click=st.logout)
    if not granted:
        widgets.title(_("No audience is granted to you"))
        widgets.answer(
            _("{email} is signed in, but the table of roles names no audience for it.", email=email or "")
        )
        st.stop()
    return granted


def _has_provider() -> bool:
    """Whether an OpenID Connect provider is configured."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False
