"""What the commission has decided so far on the campaign that is still open.

Belongs here: two sittings and an objection answered late, so that re-runs, held posts and clocks can be seen
at work. Does not belong here: past campaigns (`service.py`), and the placement itself, which this source does
not know: graduates object to and confirm whatever they are offered.
"""

import numpy as np
import pyarrow as pa

from orchestration.sources.embedded.draws import stream
from orchestration.sources.embedded.establishment import SPECIALTY_OF
from orchestration.sources.embedded.facilities import Facilities
from orchestration.sources.embedded.graduates import CAMPAIGN_YEAR, Graduates
from orchestration.sources.embedded.hazards import SPECIALTIES
from orchestration.sources.embedded.posts import Posts
from orchestration.sources.embedded.tables import typed

SITTINGS = ("2026-09-18T10:00", "2026-09-25T10:00")
CROWDED = ("gp", "therapy", "paediatrics", "dentistry", "pharmacy", "epidemiology", "emergency")
REFUSING, DECLINED, OBJECTING, CONFIRMED, OVERRIDDEN = 45, 18, 16, 160, 10


def open_decisions(seed: int, facilities: Facilities, lines: Posts, graduates: Graduates) -> pa.Table:
    """Rows of the contract `placement_decision` for the open campaign."""
    rng = stream(seed, "open campaign")
    takes_part = graduates.owes & (graduates.year == CAMPAIGN_YEAR) & (graduates.ground < 0)
    takes_part &= graduates.preplaced < 0
    # Elsewhere graduates outnumber seats, and most would have no place that could be decided on.
    takes_part &= ~np.isin(graduates.specialty, [SPECIALTIES.index(code) for code in CROWDED])
    people = rng.permutation(np.flatnonzero(takes_part))
    groups = np.split(people, np.cumsum([REFUSING, DECLINED, OBJECTING, CONFIRMED, OVERRIDDEN]))[:5]
    refusing, declined, objecting, confirmed, overridden = groups
    keys = graduates.keys(seed)
    rows: list[tuple[int, str | None, str, str | None, str, str]] = []
    for at, person in enumerate(refusing):
        reason = ("family", "distance", "pay", "no_housing")[at % 4]
        rows.append((person, None, "refused_by_graduate", reason, "graduate", SITTINGS[at % 2]))
    for person in declined:
        line = _line(rng, facilities, lines, graduates, person)
        rows.append((person, line, "refused_by_employer", "post_withdrawn", "employer", SITTINGS[0]))
    for at, person in enumerate(objecting):
        rows.append((person, None, "objection", "family", "graduate", SITTINGS[at % 2]))
        if at % 4 == 0:  # answered a week after: later than three working days
            rows.append((person, None, "confirmed", None, "commission", SITTINGS[1]))
    rows += [(person, None, "confirmed", None, "commission", SITTINGS[0]) for person in confirmed]
    for at, person in enumerate(overridden):
        # The last one names a line that is not open: what cannot be carried out is shown, not lost.
        line = _line(rng, facilities, lines, graduates, person) if at < OVERRIDDEN - 1 else "F0000000|gp"
        rows.append((person, line, "overridden", "health", "commission", SITTINGS[at % 2]))
    latest: dict[tuple[int, str], tuple] = {(row[0], row[5]): row for row in rows}
    who, line_ids, decisions, reasons, by, moments = zip(*latest.values(), strict=True)
    return typed(
        "placement_decision",
        {
            "campaign_id": [str(CAMPAIGN_YEAR)] * len(who),
            "graduate_key": keys.take(pa.array(who)),
            "line_id": pa.array(line_ids, pa.string()),
            "decision": list(decisions),
            "reason_code": pa.array(reasons, pa.string()),
            "decided_by": list(by),
            "decided_at": pa.array(np.array(moments, dtype="datetime64[us]"), pa.timestamp("us", tz="UTC")),
        },
    )


def _line(
    rng: np.random.Generator, facilities: Facilities, lines: Posts, graduates: Graduates, person: int
) -> str | None:
    """A vacant line of the graduate's specialty, at home where there is one."""
    of_line = np.array([SPECIALTIES.index(code) for code in SPECIALTY_OF])[lines.position]
    fits = (of_line == graduates.specialty[person]) & lines.is_funded & (lines.vacant[:, -1] >= 1)
    at_home = fits & (facilities.region[lines.facility] == graduates.home[person])
    choice = np.flatnonzero(at_home if at_home.any() else fits)
    if not len(choice):
        return None
    line = int(rng.choice(choice))
    return f"{facilities.ids[lines.facility[line]]}|{SPECIALTY_OF[lines.position[line]]}"
