"""How do my facilities stand: staff, vacancies, licence?"""

import pandas as pd

from dashboards import choices, rollups, session, widgets
from dashboards.words import _, formats, labels

FACILITIES = "core.dim_facilities"
DEFICITS = "staffing.fct_deficits_monthly"


def main() -> None:
    """Draw the page."""
    widgets.title(_("How do my facilities stand?"))
    rows = session.snapshot().read(FACILITIES, "from core.dim_facilities order by facility_name_ru")
    if rows.empty:
        widgets.no_data(FACILITIES)
        return
    category = choices.choose(_("Staff"), rollups.categories(), "staff", preferred="doctor")
    rows = rows.merge(_staff(category), on="facility_id", how="left")
    rows["facility_name"] = rows["facility_id"].map(labels.facilities())
    rows["district_name"] = rows["district_kato"].map(labels.districts())
    rows["facility_type_name"] = labels.coded(rows["facility_type"], "facility_types")
    rows = rows.sort_values("vacant_fte", ascending=False)
    known = rows["vacant_fte"].notna()
    widgets.answer(
        _(
            "{count} facilities; {vacant} of them have vacant posts, {silent} did not report.",
            count=formats.whole(len(rows)),
            vacant=formats.whole(int((rows["vacant_fte"] > 0).sum())),
            silent=formats.whole(int((~known).sum())),
        )
    )
    columns = {
        "facility_name": _("Facility"),
        "facility_type_name": _("Type"),
        "ownership": _("Ownership"),
        "settlement": _("Town or village"),
        "district_name": _("District"),
        "budgeted_fte": _("Established, posts"),
        "filled_fte": _("Filled, posts"),
        "vacant_fte": _("Vacant, posts"),
        "attached_persons": _("Attached population, persons"),
        "beds_count": _("Beds"),
        "licence_until_date": _("Licence until"),
    }
    widgets.table(
        rows, columns, name="facilities", alt=_("Facilities of the region"), source=FACILITIES, height=620
    )


def _staff(category: str) -> pd.DataFrame:
    """Posts of each facility in the latest month."""
    rows = session.snapshot().read(
        DEFICITS,
        """select facility_id, sum(budgeted_fte) as budgeted_fte, sum(filled_fte) as filled_fte,
             sum(vacant_fte) as vacant_fte
        from staffing.fct_deficits_monthly
        where month = (select max(month) from staffing.fct_deficits_monthly) and staff_category = $category
        group by facility_id""",
        category=category,
    )
    empty = pd.DataFrame(columns=["facility_id", "budgeted_fte", "filled_fte", "vacant_fte"], dtype="float64")
    return rows if len(rows) else empty.astype({"facility_id": "str"})


main()
