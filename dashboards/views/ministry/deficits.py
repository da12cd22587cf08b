"""Where are staff missing now, and how will it develop?

The answer in one sentence, three methods side by side, the map, the scarcest specialties, the course so
far and the forecast, and the table to take away.
"""

import pandas as pd
import streamlit as st

from dashboards import choices, forecasts, measures, rollups, session, widgets
from dashboards.charts import bars, fan, frame, maps
from dashboards.words import _, codes, formats, labels


def main() -> None:
    """Draw the page."""
    widgets.title(_("Where are staff missing now, and how will it develop?"))
    if session.snapshot().state(rollups.TABLE) != "filled":
        widgets.no_data(rollups.TABLE)
        return
    left, middle, right = st.columns(3)
    with left:
        category = choices.choose(_("Staff"), rollups.categories(), "staff", preferred="doctor")
    with middle:
        specialty = choices.choose(_("Specialty"), rollups.specialties(category), "specialty")
    with right:
        settlement = choices.choose(_("Settlement"), rollups.settlements(), "settlement")
    nation = rollups.areas("nation", category, specialty, settlement)
    regions = rollups.areas("region", category, specialty, settlement)
    if nation.empty:
        widgets.no_data(rollups.TABLE)
        return
    regions["region_name"] = regions["region_code"].map(labels.regions())
    _answer(nation.iloc[0], regions, category)
    rollups.unknown_budget_note(nation)
    _figures(nation.iloc[0])
    measure = measures.METHODS[choices.pick(_("Method"), measures.methods(), "method")]
    map_side, list_side = st.columns([8, 5], gap="medium")
    with map_side:
        _map(regions, measure)
    with list_side:
        _scarcest(category, settlement, measure)
    _course(category, specialty, settlement, measure)
    _table(regions)


def _answer(nation: pd.Series, regions: pd.DataFrame, category: str) -> None:
    """The answer in two sentences."""
    staff, month = _(measures.STAFF.get(category, category)), formats.month(nation["month"])
    if pd.isna(nation["vacant_fte"]):
        widgets.answer(
            _("{staff}, {month}: how many posts stand vacant is not known.", staff=staff, month=month)
        )
        return
    worst = regions.nlargest(3, "vacant_fte")
    places = ", ".join(
        f"{row.region_name} ({formats.number(row.vacant_fte)})"
        for row in worst.itertuples()
        if row.vacant_fte > 0
    )
    widgets.answer(
        _(
            "{staff}, {month}: {count} posts stand vacant, {share} of the established ones.",
            month=month,
            count=formats.number(nation["vacant_fte"]),
            share=formats.percent(nation["vacant_share"]),
            staff=staff,
        )
        + (" " + _("Most of them: {places}.", places=places) if places else "")
    )


def _figures(nation: pd.Series) -> None:
    """The three methods, each with its own surplus beside it, never netted."""
    shown = []
    for measure in measures.METHODS.values():
        method = _(measure.method)
        if measure.column in measures.SURPLUS:
            above = formats.number(nation[measures.SURPLUS[measure.column]], 0)
            method += "; " + _("elsewhere {count} posts above the need, not netted", count=above)
        if measure.column in measures.KNOWN and pd.notna(nation[measure.column]):
            method += "; " + _(
                "the need is known for {known} of {all} specialties of facilities",
                known=formats.whole(nation[measures.KNOWN[measure.column]]),
                all=formats.whole(nation["cells_count"]),
            )
        if measure is measures.NORM and nation["norm_status"]:
            method += "; " + _("norm: {status}", status=codes.label(nation["norm_status"]))
        shown.append(
            widgets.Figure(
                measure.name,
                formats.number(nation[measure.column], 0 if measure is not measures.VACANT else 2),
                _("posts (FTE)"),
                method,
                rollups.TABLE,
                date=formats.month(nation["month"]),
            )
        )
    widgets.figures(shown)


def _map(regions: pd.DataFrame, measure: measures.Measure) -> None:
    """The country by region; a click goes down to the region."""
    places = session.snapshot().read("core.dim_regions", "from core.dim_regions")
    if places.empty:
        widgets.no_data("core.dim_regions")
        return
    places["region_name"] = places["region_code"].map(labels.regions())
    values = regions.set_index("region_code")[measure.column].dropna()
    widgets.section(_("{measure} by region", measure=measure.name))
    worst = regions.nlargest(1, measure.column)["region_name"]
    clicked = maps.region_map(
        places,
        values,
        colour=measure.colour,
        unit=_("posts (FTE)"),
        alt=_(
            "Map of {count} regions by {measure}; the most in {place}. The table below holds the same"
            " figures.",
            count=len(places),
            measure=measure.name,
            place=worst.iloc[0] if len(worst) else _("no data"),
        ),
        key="map",
    )
    widgets.note(
        _(
            "Stronger colour is more. Hatched is no data, not zero. Choose a region on the map to go down"
            " to its posts."
        )
    )
    if clicked:
        choices.set_choice("region", clicked)
        st.switch_page("views/shared/posts.py", query_params={"region": clicked})


def _scarcest(category: str, settlement: str, measure: measures.Measure) -> None:
    """The ten specialties with the most posts missing."""
    widgets.section(_("Scarcest specialties"))
    rows = rollups.by_specialty("nation", category, settlement)
    if rows.empty or rows[measure.column].isna().all():
        widgets.no_data(rollups.TABLE)
        return
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties())
    top = rows.nlargest(10, measure.column)
    figure = bars.ranked(
        top, "specialty_name", {measure.column: (measure.name, measure.colour)}, unit=_("posts")
    )
    frame.draw(
        figure,
        alt=_(
            "Ten specialties with the most posts missing, first {name}", name=top["specialty_name"].iloc[0]
        ),
        key="scarcest",
    )


def _course(category: str, specialty: str, settlement: str, measure: measures.Measure) -> None:
    """The same month of each year so far, and the forecast with its range."""
    widgets.section(_("How it develops: {measure}", measure=measure.name))
    past = rollups.history("nation", category, specialty, settlement)
    latest = past["month"].max()
    same = past[past["month"].dt.month == latest.month]
    observed = pd.DataFrame({"x": same["month"].dt.year, "value": same[measure.column]})
    ahead = forecasts.of_area("nation", specialty, measure.column) if settlement == "all" else pd.DataFrame()
    if ahead.empty:
        ahead = pd.DataFrame({"x": [], "p50": []})
        widgets.note(_("No forecast is published for this choice: {reason}.", reason=forecasts.why_absent()))
    figure = fan.fan(observed, ahead, colour=measure.colour, unit=_("posts (FTE)"))
    frame.draw(
        figure,
        alt=_("{measure} in the country by year, with forecast and ranges", measure=measure.name),
        key="course",
    )
    widgets.note(
        _(
            "Each year's figure is that of {month}; different months are never compared.",
            month=formats.month_name(latest),
        )
        + " "
        + forecasts.coverage_note("nation", measure.column)
    )


def _table(regions: pd.DataFrame) -> None:
    """Every region with the three methods side by side."""
    widgets.section(_("All regions, three methods side by side"))
    shown = regions.sort_values("vacant_fte", ascending=False)
    widgets.table(
        shown,
        {
            "region_name": _("Region"),
            "budgeted_fte": _("Established, posts"),
            "filled_fte": _("Filled, posts"),
            "vacant_fte": _("Vacant, posts"),
            "vacant_share": _("Vacant, share"),
            "funded_vacant_fte": _("Vacant and funded, posts"),
            "housed_vacant_fte": _("Vacant with housing, posts"),
            "norm_shortage_fte": _("Short of the norm, posts"),
            "norm_surplus_fte": _("Above the norm, posts"),
            "wisn_shortage_fte": _("Short of the workload need, posts"),
            "wisn_surplus_fte": _("Above the workload need, posts"),
            "norm_status": _("Standing of the norm"),
        },
        name="deficits",
        alt=_("Deficits of posts by region, {month}", month=formats.month(shown["month"].max())),
        source=rollups.TABLE,
    )


main()
