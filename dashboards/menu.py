"""Which pages each audience has, in the order in which its year asks for them.

Belongs here: section, file, short title and icon of every page. Does not belong here: what a page shows.
A page that two audiences have reads whatever its audience's file holds.
"""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboards.audience import Kind
from dashboards.words import N_, _

# Not named `pages`: Streamlit runs files of a folder of that name past the router.
_PAGES = Path(__file__).parent / "views"


@dataclass(frozen=True)
class Entry:
    """One page in a menu."""

    file: str
    title: str
    icon: str


_OVERVIEW = Entry("shared/overview.py", N_("Overview"), ":material/dashboard:")
_CONTROL = Entry("shared/control.py", N_("Control list"), ":material/checklist:")
_PROGRAMMES = Entry("shared/programmes.py", N_("Chronic-disease programmes"), ":material/monitor_heart:")
_NETWORK = Entry("shared/network.py", N_("Network and access"), ":material/home_health:")
_POSTS = Entry("shared/posts.py", N_("Down to the post"), ":material/account_tree:")
_WARNINGS = Entry("shared/warnings.py", N_("Last doctor leaving"), ":material/notification_important:")

MENUS: dict[Kind, dict[str, tuple[Entry, ...]]] = {
    "ministry": {
        N_("Now"): (
            _OVERVIEW,
            Entry("ministry/deficits.py", N_("Deficits"), ":material/map:"),
            _POSTS,
            Entry("ministry/distribution.py", N_("Distribution"), ":material/balance:"),
            _NETWORK,
            _WARNINGS,
        ),
        N_("Plan"): (
            Entry("ministry/campaign.py", N_("Campaign"), ":material/how_to_reg:"),
            Entry("ministry/commission.py", N_("Commission"), ":material/gavel:"),
            Entry("ministry/outlook.py", N_("Outlook to 2035"), ":material/trending_up:"),
            Entry("ministry/scenarios.py", N_("Scenarios and what-if"), ":material/tune:"),
            Entry("ministry/places.py", N_("Places and their price"), ":material/request_quote:"),
            Entry("ministry/pipeline.py", N_("How long it takes"), ":material/timeline:"),
        ),
        N_("Check"): (
            _CONTROL,
            _PROGRAMMES,
            Entry("ministry/reconciliation.py", N_("Reconciliation"), ":material/rule:"),
            Entry("ministry/quality.py", N_("Data quality"), ":material/fact_check:"),
            Entry("ministry/scoreboard.py", N_("Scoreboard"), ":material/scoreboard:"),
        ),
    },
    "region": {
        N_("Now"): (
            _OVERVIEW,
            Entry("region/vacancies.py", N_("My vacancies"), ":material/work_alert:"),
            Entry("region/facilities.py", N_("My facilities"), ":material/local_hospital:"),
            _POSTS,
        ),
        N_("People"): (
            Entry("region/incoming.py", N_("Coming and offered"), ":material/group_add:"),
            Entry("region/service_ends.py", N_("Service ends"), ":material/event_upcoming:"),
            _WARNINGS,
        ),
        N_("Check"): (_CONTROL, _NETWORK, _PROGRAMMES),
    },
    "university": {
        N_("Graduates"): (
            _OVERVIEW,
            Entry("university/graduates.py", N_("My graduates"), ":material/school:"),
            Entry("university/service.py", N_("How far their service is"), ":material/hourglass_top:"),
            Entry("university/explanation.py", N_("Why this place"), ":material/help_center:"),
        ),
    },
}


def pages(kind: Kind) -> dict[str, list[st.Page]]:
    """The pages of an audience for `st.navigation`, titles in the session's language."""
    menu = MENUS[kind]
    first = next(iter(menu.values()))[0]
    return {
        _(section): [
            st.Page(_PAGES / entry.file, title=_(entry.title), icon=entry.icon, default=entry is first)
            for entry in entries
        ]
        for section, entries in menu.items()
    }
