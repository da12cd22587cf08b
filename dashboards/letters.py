"""The one-page explanation of a graduate's result, as a page to print, in the language spoken.

Belongs here: the sentences and their layout. Does not belong here: finding the reasons (`planning/placement`)
and the page on screen (`views/university/explanation.py`). Data are escaped; the page loads nothing.
"""

import hashlib
from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from dashboards import session
from dashboards.escape import plain
from dashboards.words import _, codes, formats, labels, language

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:46em;margin:3em auto;color:#1c2733}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{border-bottom:1px solid #d5dde5;padding:.4em .6em;text-align:left;vertical-align:top}"
    ".mark{background:#fff4d6;padding:.5em .8em}small{color:#556}"
)


def result(mine: pd.Series) -> str:
    """The result in one sentence."""
    facility = labels.facilities().get(mine["facility_id"], mine["facility_id"])
    specialty = labels.specialties().get(mine["specialty_code"], mine["specialty_code"])
    if formats.is_blank(mine["line_id"]):
        return _without_line(mine, facility)
    if mine.get("decision") == "confirmed":
        return _(
            "Confirmed by the commission on {day}: {facility}, {specialty}.",
            day=formats.day(mine["decided_date"]),
            facility=facility,
            specialty=specialty,
        )
    if mine.get("is_pinned", False):
        return _(
            "The commission decided on this place: {facility}, {specialty}.",
            facility=facility,
            specialty=specialty,
        )
    if formats.is_blank(mine["own_rank"]):
        return _(
            "Proposed place: {facility}, {specialty}; it comes from the published tail after the own list.",
            facility=facility,
            specialty=specialty,
        )
    return _(
        "Proposed place: {facility}, {specialty}; number {rank} in the own list.",
        facility=facility,
        specialty=specialty,
        rank=int(mine["own_rank"]),
    )


def _without_line(mine: pd.Series, facility: str) -> str:
    """Why nothing is proposed."""
    if mine["state"] == "refused":
        return _("The graduate refused the place and left the campaign.")
    if not formats.is_blank(mine["facility_id"]):
        return _("Place by a contract signed before the campaign: {facility}.", facility=facility)
    code = mine["unplaced_reason_code"]
    reason = codes.label(mine["state"] if formats.is_blank(code) else code)
    return _("No place is proposed: {reason}.", reason=reason or _("no reason recorded"))


def reason(option: Mapping[str, Any]) -> str:
    """Why an option was refused: the code in words, and what bound where the table says it."""
    said = codes.label(option["reason_code"])
    if not formats.is_blank(option.get("exclusion_code")) and option["exclusion_code"]:
        return f"{said}: {codes.label(option['exclusion_code'])}"
    if not formats.is_blank(option.get("scope")) and option["scope"]:
        return f"{said}: {labels.scope(option['scope'])}"
    own, cut_off = option.get("own_score"), option.get("cutoff_score")
    is_draw = option["reason_code"] == "FILLED_BY_HIGHER" and own == cut_off
    if is_draw and not formats.is_blank(option.get("cutoff_draw")):
        return _(
            "Equal points: the lottery decided, place {theirs} before place {own}",
            theirs=formats.whole(option["cutoff_draw"]),
            own=formats.whole(option["own_draw"]),
        )
    return said


def letter(mine: pd.Series, refused: pd.DataFrame) -> bytes:
    """The page as HTML in UTF-8."""
    snapshot = session.snapshot()
    parts = []
    if snapshot.meta["is_demonstration"]:
        parts.append(_element("p class=mark", _("Demonstration data")))
    parts.append(_element("h1", _("Why this place and not another?")))
    parts.append(_element("p", _("Graduate {code}", code=mine["graduate_key"])))
    parts.append(_element("p", _element("b", result(mine)), is_safe=True))
    parts.append(_element("h2", _("Options above the result")))
    parts.append(_options(refused) or _element("p", _("No option stood above the result.")))
    parts.append(
        _element(
            "p",
            _(
                "Every graduate applies to the options of the list in its order; every line keeps those"
                " who stand"
                " highest by the published points, and the lottery decides between equals. Nobody with"
                " fewer points"
                " holds a seat that this graduate wanted more, unless a published floor or cap is named"
                " above."
            ),
        )
    )
    parts.append(
        _element(
            "p",
            _(
                "This is a proposal until the commission confirms it. An objection is answered within three"
                " working days."
            ),
        )
    )
    dated = _("Data as of {day}", day=formats.day(snapshot.meta["as_of"]))
    parts.append(_element("small", f"{dated} · {_('run {run}', run=snapshot.run_id)}"))
    head = f"<meta charset=utf-8><title>medkadr</title><style>{_STYLE}</style>"
    return f"<!doctype html><html lang={language()}>{head}{''.join(parts)}</html>".encode()


def file_name(mine: pd.Series, content: bytes) -> str:
    """Audience, graduate, run, language and hash, so that no two letters share a name."""
    snapshot = session.snapshot()
    digest = hashlib.sha256(content).hexdigest()[:12]
    graduate = mine["graduate_key"][:8]
    return f"explanation_{snapshot.audience.name}_{graduate}_{snapshot.run_id}_{language()}_{digest}.html"


def _options(refused: pd.DataFrame) -> str:
    """The table of refused options; empty where there are none."""
    if refused.empty:
        return ""
    facilities = labels.facilities()
    headings = (
        _("Rank in own list"),
        _("Facility"),
        _("Why not"),
        _("Own score, points"),
        _("Cut-off, points"),
    )
    rows = [[_element("th", heading) for heading in headings]]
    for option in refused.to_dict("records"):
        cells = (
            formats.whole(option["wish_rank"]),
            facilities.get(option["facility_id"], option["facility_id"]),
            reason(option),
            formats.number(option["own_score"]),
            formats.number(option["cutoff_score"]),
        )
        rows.append([_element("td", cell) for cell in cells])
    lines = [_element("tr", "".join(cells), is_safe=True) for cells in rows]
    return _element("table", "".join(lines), is_safe=True)


def _element(tag: str, text: str, *, is_safe: bool = False) -> str:
    """An element round a text, escaped unless it is HTML of our own making."""
    return f"<{tag}>{text if is_safe else escape(plain(text))}</{tag.split(maxsplit=1)[0]}>"
