"""What a reader sees who cannot be let in, and what to do about it.

Belongs here: the pages before the pages. Does not belong here: the decision (`access.py`).
"""

import logging
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
email,subject,audience
planner@example.org,,ministry
,8c1f20b7,region_KZ-10
"""


def nothing_published(missing: str) -> None:
    """There is no snapshot to show. The reader is told what to do, the server's log which path is missing."""
    logging.getLogger(__name__).warning("nothing is published at %s", missing)
    widgets.title(_("Nothing is published yet"))
    widgets.answer(_("Run the pipeline first; the pages appear by themselves when it has published."))
    st.code("medkadr run\nmedkadr serve", language="shell")
    widgets.note(
        _("The server's log names the folder that was looked in; MEDKADR_PUBLICATION names another.")
    )


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
        widgets.answer(_("Sign in with your organisation's account to see the pages of your audience."))
        st.button(_("Sign in"), on_click=st.login, type="primary")
        st.stop()
    try:
        granted = access.audiences_of(st.user.to_dict(), roles_file)
    except access.RolesError:
        # The message names a path of the server: it goes to the server's log, not to the reader.
        st.error(_("The table of roles cannot be read. Tell the administrator; the server's log says why."))
        raise
    st.sidebar.button(_("Sign out"), on_click=st.logout)
    if not granted:
        widgets.title(_("No audience is granted to you"))
        widgets.answer(
            _(
                "{account} is signed in, but the table of roles names no audience for it.",
                account=st.user.get("email") or st.user.get("sub") or "",
            )
        )
        st.stop()
    return granted


def _has_provider() -> bool:
    """Whether an OpenID Connect provider is configured."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False
