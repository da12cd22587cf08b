"""Which villages are about to lose their only doctor of a kind?

Within twelve months, because service ends or pension age is reached; the most urgent first.
"""

import pandas as pd

from dashboards import session, theme, widgets
from dashboards.charts import bars, frame
from dashboards.words import _, codes, formats, labels

TABLE = "staffing.fct_early_warnings"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Which villages are about to lose their only doctor?"))
    rows = session.snapshot().read(
        TABLE,
        """select * from staffing.fct_early_warnings
        order by standing <> 'within_12_months', greatest(months_left_count, -1),
          inhabitants_persons desc""",
    )
    snapshot = session.snapshot()
    if rows.empty and snapshot.state(TABLE) == "empty" and snapshot.is_delivered("staff_member"):
        widgets.nothing(_("No settlement is about to lose its only doctor of a specialty."))
        return
    if rows.empty:
        widgets.no_data(TABLE)
        return
    rows["settlement_name"] = labels.settlement(rows)
    rows["region_name"] = rows["region_code"].map(labels.regions())
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties())
    rows["facility_name"] = rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"])
    is_near = rows["standing"] == "within_12_months"
    near = rows[is_near]
    people = near.drop_duplicates("settlement_kato")["inhabitants_persons"].sum()
    widgets.answer(
        _(
            "{count} settlements may lose their only doctor of a specialty within 12 months; {people}"
            " people live there.",
            count=formats.whole(near["settlement_kato"].nunique()),
            people=formats.whole(people),
        )
    )
    if len(near["region_code"].unique()) > 1:
        _by_region(near)
    if not is_near.all():
        widgets.note(
            _(
                "{count} more doctors are past pension age or the end of service and still work, the only"
                " ones of their kind: they stand below, after those whose time is still to come.",
                count=formats.whole(int((~is_near).sum())),
            )
        )
    rows["standing"] = rows["standing"].map(codes.label)
    rows["months_left_count"] = rows["months_left_count"].where(is_near)
    columns = {
        "settlement_name": _("Settlement"),
        "region_name": _("Region"),
        "specialty_name": _("Specialty"),
        "months_left_count": _("Months left"),
        "warning_kind": _("Why"),
        "inhabitants_persons": _("Inhabitants, persons"),
        "event_month": _("Month"),
        "standing": _("Standing"),
        "facility_name": _("Facility"),
        "rank_in_region": _("Rank in region"),
    }
    widgets.table(
        rows,
        columns,
        name="warnings",
        alt=_("Settlements about to lose their only doctor"),
        source=TABLE,
        height=520,
    )


def _by_region(rows: pd.DataFrame) -> None:
    """How many such settlements a region has."""
    counts = (
        rows.groupby("region_name")["settlement_kato"].nunique().rename("settlements_count").reset_index()
    )
    counts = counts.sort_values("settlements_count", ascending=False)
    colour = theme.palette().shortage
    figure = bars.ranked(
        counts, "region_name", {"settlements_count": (_("Settlements"), colour)}, unit=_("settlements")
    )
    frame.draw(figure, alt=_("Settlements about to lose their only doctor, by region"), key="by_region")


main()
