"""Where exactly is the deficit: nation → region → district → facility → post.

Each choice narrows the next and stands in the address, so that a link opens the same place.
"""

import pandas as pd
import streamlit as st

from dashboards import choices, measures, rollups, session, widgets
from dashboards.charts import bars, frame
from dashboards.words import _, formats, labels

FACILITIES = "staffing.fct_deficits_monthly"
POSTS = "staffing.fct_posts_monthly"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Where exactly is the deficit, down to the post?"))
    if session.snapshot().state(FACILITIES) != "filled":
        widgets.no_data(FACILITIES)
        return
    category, region, district, facility = _path()
    if facility != "all":
        _facility(facility, category)
    elif district != "all":
        _facilities(district, category)
    elif region != "all":
        _areas("district", category, labels.districts(), region)
    else:
        _areas("region", category, labels.regions())


def _path() -> tuple[str, str, str, str]:
    """The choices, each among what the one before holds."""
    columns = st.columns(4)
    with columns[0]:
        category = choices.choose(_("Staff"), rollups.categories(), "staff", preferred="doctor")
    here = session.snapshot().read(
        FACILITIES,
        """select distinct region_code, district_kato, facility_id from staffing.fct_deficits_monthly
        where month = (select max(month) from staffing.fct_deficits_monthly)
          and staff_category = $category""",
        category=category,
    )
    with columns[1]:
        regions = _named(here["region_code"], labels.regions())
        first = {} if len(regions) == 1 else {"all": _("All regions")}
        region = choices.choose(_("Region"), first | regions, "region")
    with columns[2]:
        inside = here[here["region_code"] == region]
        districts = _named(inside["district_kato"].dropna(), labels.districts())
        district = choices.choose(_("District"), {"all": _("All districts")} | districts, "district")
    with columns[3]:
        inside = inside[inside["district_kato"] == district]
        facilities = _named(inside["facility_id"], labels.facilities())
        facility = choices.choose(_("Facility"), {"all": _("All facilities")} | facilities, "facility")
    return category, region, district, facility


def _named(codes: pd.Series, names: dict[str, str]) -> dict[str, str]:
    """Code → name, by name."""
    return dict(sorted(((c, names.get(c, c)) for c in codes.unique()), key=lambda item: item[1]))


def _areas(level: str, category: str, names: dict[str, str], region: str | None = None) -> None:
    """Regions of the country, or districts of a region, three methods side by side."""
    rows = rollups.areas(level, category)
    if region and len(rows):
        rows = rows[rows["region_code"] == region]
    if rows.empty:
        widgets.no_data(rollups.TABLE)
        return
    rows = rows.assign(area_name=rows["area_code"].map(names).fillna(rows["area_code"]))
    _compare(
        rows.sort_values("vacant_fte", ascending=False),
        "area_name",
        _("Region") if level == "region" else _("District"),
    )


def _facilities(district: str, category: str) -> None:
    """Facilities of a district."""
    rows = session.snapshot().read(
        FACILITIES,
        """select facility_id, sum(budgeted_fte) as budgeted_fte, sum(filled_fte) as filled_fte,
             sum(vacant_fte) as vacant_fte,
             sum(budget_unknown_filled_fte) as budget_unknown_filled_fte,
             sum(norm_shortage_fte) as norm_shortage_fte,
             sum(norm_surplus_fte) as norm_surplus_fte, sum(wisn_shortage_fte) as wisn_shortage_fte,
             sum(wisn_surplus_fte) as wisn_surplus_fte, max(month) as month,
             array_to_string(list_sort(list_distinct(flatten(
               list(string_split(norm_status, ', ')) filter (where norm_status is not null)
             ))), ', ') as norm_status
        from staffing.fct_deficits_monthly
        where month = (select max(month) from staffing.fct_deficits_monthly)
          and staff_category = $category and district_kato = $district
        group by facility_id order by vacant_fte desc""",
        category=category,
        district=district,
    )
    rows["area_name"] = rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"])
    _compare(rows, "area_name", _("Facility"))


def _compare(rows: pd.DataFrame, name: str, heading: str) -> None:
    """Bars and table of one level."""
    total = rows["vacant_fte"].sum(min_count=1)
    month = formats.month(rows["month"].max())
    widgets.answer(
        _("{month}: how many posts stand vacant is not known.", month=month)
        if pd.isna(total)
        else _(
            "{count} vacant posts in {month}; the most in {place}.",
            count=formats.number(total),
            month=month,
            place=rows[name].iloc[0],
        )
    )
    rollups.unknown_budget_note(rows)
    shown = {m.column: (m.name, m.colour) for m in measures.METHODS.values()}
    figure = bars.ranked(rows.head(12), name, shown, unit=_("posts"), hatched="norm_shortage_fte")
    frame.draw(figure, alt=_("Three deficits side by side: {heading}", heading=heading), key="compare")
    widgets.note(
        _("Three methods, three questions: they are never added up or netted. A missing bar is no data.")
    )
    columns = {
        name: heading,
        "budgeted_fte": _("Established, posts"),
        "filled_fte": _("Filled, posts"),
        "vacant_fte": _("Vacant, posts"),
        "norm_shortage_fte": _("Short of the norm, posts"),
        "norm_surplus_fte": _("Above the norm, posts"),
        "wisn_shortage_fte": _("Short of the workload need, posts"),
        "wisn_surplus_fte": _("Above the workload need, posts"),
        "norm_status": _("Standing of the norm"),
    }
    if "norm_act_numbers" in rows:  # one facility: each specialty has its own acts
        columns |= {
            "norm_act_numbers": _("Act of the norm"),
            "wisn_status": _("Need by workload, standing"),
        }
    widgets.table(
        rows,
        columns,
        name="posts",
        alt=_("Three deficits side by side: {heading}", heading=heading),
        source=FACILITIES,
    )


def _facility(facility: str, category: str) -> None:
    """Specialties of one facility, then its posts."""
    rows = session.snapshot().read(
        FACILITIES,
        """select * from staffing.fct_deficits_monthly
        where month = (select max(month) from staffing.fct_deficits_monthly)
          and staff_category = $category and facility_id = $facility order by vacant_fte desc""",
        category=category,
        facility=facility,
    )
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties())
    _compare(rows, "specialty_name", _("Specialty"))
    widgets.section(_("Posts"))
    posts = session.snapshot().read(
        POSTS,
        """select * from staffing.fct_posts_monthly
        where month = (select max(month) from staffing.fct_posts_monthly)
          and staff_category = $category and facility_id = $facility order by vacant_fte desc""",
        category=category,
        facility=facility,
    )
    if posts.empty:
        widgets.no_data(POSTS)
        return
    posts["position_name"] = posts["position_code"].map(labels.positions())
    columns = {
        "position_name": _("Position"),
        "budgeted_fte": _("Established, posts"),
        "filled_fte": _("Filled, posts"),
        "vacant_fte": _("Vacant, posts"),
        "funded_vacant_fte": _("Vacant and funded, posts"),
        "housed_vacant_fte": _("Vacant with housing, posts"),
        "combined_fte": _("Combined jobs, posts"),
        "persons_count": _("Persons"),
        "vacant_since_date": _("Vacant since"),
    }
    widgets.table(posts, columns, name="facility_posts", alt=_("Posts of the facility"), source=POSTS)


main()
