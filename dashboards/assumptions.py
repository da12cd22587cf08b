"""The table of what was assumed: its value, who answers for it, since when, within which bounds, from where.

Belongs here: the columns every assumption has, on whichever page it stands. Does not belong here: reading
scenarios or prices (the pages do).
"""

import pandas as pd

from dashboards import widgets
from dashboards.words import _, codes, phrases


def table(rows: pd.DataFrame, code: str, heading: str, *, name: str, alt: str, source: str) -> None:
    """Draw assumptions, one row each.

    Args:
        rows: `value, unit, owner, stated_on, minimum, maximum, source`, `scenario_hash` where there is one.
        code: Column of what is assumed.
        heading: What that column is called.
        name: Name of the downloads.
        alt: Text for a screen reader.
        source: The mart.
    """
    shown = rows.assign(
        assumed_name=rows[code].map(codes.label),
        owner=phrases.spoken(rows["owner"]),
        source=phrases.spoken(rows["source"]),
    )
    columns = {
        "assumed_name": heading,
        "value": _("Value"),
        "unit": _("Unit"),
        "owner": _("Owner"),
        "stated_on": _("Stated on"),
        "minimum": _("From"),
        "maximum": _("To"),
        "source": _("Source"),
        "scenario_hash": _("Scenario hash"),
    }
    columns = {column: words for column, words in columns.items() if column in shown}
    widgets.table(shown, columns, name=name, alt=alt, source=source)
