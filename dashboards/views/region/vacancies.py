"""Which posts stand empty in my region, and which of them can be filled now (funded, with housing)?"""

import pandas as pd

from dashboards import choices, measures, rollups, session, widgets
from dashboards.charts import bars, frame
from dashboards.words import _, formats, labels

POSTS = "staffing.fct_posts_monthly"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Which posts stand empty in my region?"))
    if session.snapshot().state(POSTS) != "filled":
        widgets.no_data(POSTS)
        return
    category = choices.choose(_("Staff"), rollups.categories(), "staff", preferred="doctor")
    rows = session.snapshot().read(
        POSTS,
        """select * from staffing.fct_posts_monthly
        where month = (select max(month) from staffing.fct_posts_monthly)
          and staff_category = $category
        order by vacant_fte desc, vacant_since_date""",
        category=category,
    )
    if rows.empty:
        widgets.no_data(POSTS)
        return
    rollups.unknown_budget_note(rows)
    is_unknown = rows["vacant_fte"].isna().all()
    rows = rows[rows["vacant_fte"] > 0].copy()
    if rows.empty:
        if is_unknown:
            return
        widgets.nothing(_("No post of this staff is vacant."))
        return
    _answer(rows)
    _specialties(rows)
    rows["facility_name"] = rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"])
    rows["district_name"] = rows["district_kato"].map(labels.districts())
    rows["position_name"] = rows["position_code"].map(labels.positions())
    columns = {
        "facility_name": _("Facility"),
        "district_name": _("District"),
        "position_name": _("Position"),
        "vacant_fte": _("Vacant, posts"),
        "funded_vacant_fte": _("Vacant and funded, posts"),
        "housed_vacant_fte": _("Vacant with housing, posts"),
        "vacant_since_date": _("Vacant since"),
        "vacant_months": _("Months vacant"),
    }
    widgets.section(_("Every vacant post"))
    widgets.table(
        rows, columns, name="vacancies", alt=_("Vacant posts of the region"), source=POSTS, height=520
    )


def _answer(rows: pd.DataFrame) -> None:
    """The answer and three figures."""
    date = formats.month(rows["month"].max())
    total, funded, housed = (rows[c].sum() for c in ("vacant_fte", "funded_vacant_fte", "housed_vacant_fte"))
    widgets.answer(
        _(
            "{count} posts stand vacant; {funded} of them are funded, {housed} come with housing.",
            count=formats.number(total),
            funded=formats.number(funded),
            housed=formats.number(housed),
        )
    )
    unit = _("posts (FTE)")
    widgets.figures(
        [
            widgets.Figure(
                _("Vacant posts"), formats.number(total), unit, _(measures.VACANT.method), POSTS, date
            ),
            widgets.Figure(
                _("Vacant and funded"), formats.number(funded), unit, _("money is in the budget"), POSTS, date
            ),
            widgets.Figure(
                _("Vacant with housing"), formats.number(housed), unit, _("housing is offered"), POSTS, date
            ),
        ]
    )


def _specialties(rows: pd.DataFrame) -> None:
    """The specialties with the most vacant posts."""
    by = rows.groupby("specialty_code", as_index=False)[["vacant_fte", "funded_vacant_fte"]].sum()
    by["specialty_name"] = by["specialty_code"].map(labels.specialties())
    top = by.nlargest(10, "vacant_fte")
    widgets.section(_("Scarcest specialties"))
    shown = {"vacant_fte": (measures.VACANT.name, measures.VACANT.colour)}
    figure = bars.ranked(top, "specialty_name", shown, unit=_("posts"))
    alt = _("Ten specialties with the most posts missing, first {name}", name=top["specialty_name"].iloc[0])
    frame.draw(figure, alt=alt, key="scarcest")


main()
