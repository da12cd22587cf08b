"""First figures about people: proposed places, who comes, whose service ends, who serves and who broke off.

Belongs here: one function a figure; it says nothing where its mart is not filled. Does not belong here:
figures about posts and facilities (`posts.py`).
"""

import pandas as pd

from dashboards import session
from dashboards.highlights.highlight import Highlight, people
from dashboards.words import _, formats


def campaign() -> Highlight | None:
    """The newest campaign."""
    table = "placement.fct_campaigns"
    rows = session.snapshot().read(
        table, "from placement.fct_campaigns where placed_count is not null order by campaign_id desc limit 1"
    )
    if rows.empty:
        return None
    placed, unplaced = rows.iloc[0]["placed_count"], rows.iloc[0]["unplaced_count"]
    return Highlight(
        _("Graduates with a proposed place"),
        formats.whole(placed),
        people(int(placed)),
        _(
            "{count} have none; a proposal counts once the commission confirms it.",
            count=formats.whole(unplaced),
        ),
        table,
        "ministry/campaign.py",
        _("How the campaign went"),
    )


def incoming() -> Highlight | None:
    """Graduates on their way to the region."""
    table = "placement.fct_placements"
    rows = session.snapshot().read(
        table,
        """select count(*) as persons_count, count(*) filter (settlement = 'rural') as rural_count
        from placement.fct_placements where line_id is not null""",
    )
    if rows.empty:
        return None
    count = int(rows.iloc[0]["persons_count"])
    return Highlight(
        _("Graduates proposed to us"),
        formats.whole(count),
        people(count),
        _("{rural} of them for villages.", rural=formats.whole(rows.iloc[0]["rural_count"])),
        table,
        "region/incoming.py",
        _("Who, and to which post"),
    )


def service_ends() -> Highlight | None:
    """Specialists whose service ends within a year."""
    table = "service.fct_ledger"
    rows = session.snapshot().read(
        table,
        """select count(*) as persons_count, count(*) filter (settlement = 'rural') as rural_count
        from service.fct_ledger where ends_within_12_months""",
    )
    if rows.empty or not session.snapshot().is_delivered("service_event"):
        return None
    count = int(rows.iloc[0]["persons_count"])
    return Highlight(
        _("Service ends within 12 months"),
        formats.whole(count),
        people(count),
        _("{rural} of them in villages.", rural=formats.whole(rows.iloc[0]["rural_count"])),
        table,
        "region/service_ends.py",
        _("Whom to talk to"),
    )


def graduates() -> Highlight | None:
    """This year's graduates."""
    table = "placement.fct_placements"
    rows = session.snapshot().read(
        table,
        """select count(*) as persons_count, count(line_id) as placed_count,
             count(*) filter (state = 'unplaced') as unplaced_count
        from placement.fct_placements""",
    )
    if rows.empty:
        return None
    now = rows.iloc[0]
    return Highlight(
        _("Graduates with a proposed place"),
        formats.whole(now["placed_count"]),
        people(int(now["placed_count"])),
        _(
            "Of {all} graduates; {unplaced} took part and have no place.",
            all=formats.whole(now["persons_count"]),
            unplaced=formats.whole(now["unplaced_count"]),
        ),
        table,
        "university/graduates.py",
        _("The whole list"),
    )


def served() -> Highlight | None:
    """Duties of all cohorts."""
    rows = _ledger_states()
    if rows.empty:
        return None
    counts = rows.set_index("state")["persons_count"]
    serving = int(counts.get("serving", 0))
    return Highlight(
        _("In service now"),
        formats.whole(serving),
        people(serving),
        _("{completed} have completed it.", completed=formats.whole(counts.get("completed", 0))),
        "service.fct_ledger",
        "university/service.py",
        _("How far each is"),
    )


def breached() -> Highlight | None:
    """Duties broken off."""
    rows = _ledger_states()
    if rows.empty:
        return None
    count = int(rows.set_index("state")["persons_count"].get("breached", 0))
    return Highlight(
        _("Service broken off"),
        formats.whole(count),
        people(count),
        _("The cost of study is due back for the share not served."),
        "service.fct_ledger",
        "university/service.py",
        _("Who, and how much"),
    )


def _ledger_states() -> pd.DataFrame:
    """Persons by state of their service; none where no event of service was delivered."""
    rows = session.snapshot().read(
        "service.fct_ledger", "select state, count(*) as persons_count from service.fct_ledger group by state"
    )
    return rows if session.snapshot().is_delivered("service_event") else rows.iloc[:0]
