"""Who is coming to my region, and to which post?

Graduates whom the campaign proposes for this region's lines, and the lines that stay empty.
"""

import pandas as pd

from dashboards import session, widgets
from dashboards.words import _, codes, formats, labels

PLACEMENTS = "placement.fct_placements"
LINES = "placement.fct_lines"
DECISIONS = "placement.fct_decisions"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Who is coming, and to which post?"))
    rows = session.snapshot().read(
        PLACEMENTS,
        "from placement.fct_placements where line_id is not null order by facility_id, specialty_code",
    )
    lines = session.snapshot().read(
        LINES, "from placement.fct_lines order by seats_count - filled_count desc, facility_id"
    )
    if rows.empty and len(lines) and session.snapshot().is_delivered("graduate"):
        widgets.nothing(_("The campaign proposes nobody for this region."))
    elif rows.empty:
        widgets.no_data(PLACEMENTS)
    else:
        _people(rows, lines)
    _decisions()
    _lines(lines)


def _decisions() -> None:
    """What was decided on this region's lines."""
    rows = session.snapshot().read(
        DECISIONS, "from placement.fct_decisions order by decided_at desc, graduate_key"
    )
    if rows.empty:
        return
    widgets.section(_("Decided on our lines"))
    shown = rows.assign(
        graduate=rows["graduate_key"].str[:8],
        facility_name=rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"]),
        decision_name=rows["decision"].map(codes.label),
        effect_name=rows["effect_code"].map(codes.label),
        reason=rows["reason_code"].map(codes.label),
        decided_date=pd.to_datetime(rows["decided_at"]).dt.date,
    )
    columns = {
        "graduate": _("Graduate (code)"),
        "facility_name": _("Facility"),
        "decision_name": _("Decision"),
        "effect_name": _("What came of it"),
        "reason": _("Reason"),
        "decided_date": _("Decided on"),
    }
    widgets.table(shown, columns, name="decisions", alt=_("Decisions"), source=DECISIONS, height=320)


def _people(rows: pd.DataFrame, lines: pd.DataFrame) -> None:
    """The proposals."""
    seats = lines["seats_count"].sum() if len(lines) else None
    widgets.answer(
        _(
            "{count} graduates are proposed for {seats} seats of this region.",
            count=formats.whole(len(rows)),
            seats=formats.whole(seats),
        )
    )
    widgets.note(
        _("A placement is a proposal until the commission confirms it. Decline one only with a reason.")
    )
    _named(rows)
    rows["decision_name"] = rows["decision"].map(codes.label)
    rows["university_name"] = rows["university_id"].map(labels.universities()).fillna(rows["university_id"])
    columns = {
        "graduate": _("Graduate (code)"),
        "specialty_name": _("Specialty"),
        "facility_name": _("Facility"),
        "university_name": _("University"),
        "state": _("State"),
        "decision_name": _("Decision"),
        "own_rank": _("Rank in own list"),
    }
    widgets.table(
        rows,
        columns,
        name="incoming",
        alt=_("Graduates proposed for the region"),
        source=PLACEMENTS,
        height=460,
    )


def _lines(lines: pd.DataFrame) -> None:
    """The seats of the region, empty ones first."""
    widgets.section(_("Seats, empty ones first"))
    if lines.empty:
        widgets.no_data(LINES)
        return
    _named(lines)
    lines["empty_count"] = lines["seats_count"] - lines["filled_count"]
    columns = {
        "facility_name": _("Facility"),
        "specialty_name": _("Specialty"),
        "seats_count": _("Seats"),
        "filled_count": _("Filled"),
        "empty_count": _("Empty"),
        "waiting_count": _("Would have preferred it"),
    }
    widgets.table(lines, columns, name="seats", alt=_("Seats of the region"), source=LINES, height=420)


def _named(rows: pd.DataFrame) -> None:
    """Add names to codes, in place."""
    rows["facility_name"] = rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"])
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties()).fillna(rows["specialty_code"])
    if "graduate_key" in rows:
        rows["graduate"] = rows["graduate_key"].str[:8]


main()
