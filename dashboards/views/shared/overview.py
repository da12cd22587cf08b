"""What needs attention now? The first page of every audience: its first figures, each with the way deeper."""

import pandas as pd
import streamlit as st

from dashboards import choices, highlights, measures, rollups, session, theme, widgets
from dashboards.charts import bars, frame, maps
from dashboards.words import _, codes, formats, labels

_A_ROW = 3


def main() -> None:
    """Draw the page."""
    widgets.title(_("What needs attention now?"))
    kind = session.snapshot().audience.kind
    shown = highlights.of_audience(kind)
    if not shown:
        widgets.no_data({"university": "placement.fct_placements"}.get(kind, rollups.TABLE))
        return
    first = shown[0]
    widgets.answer(f"{first.label}: {first.value} {first.unit}. {widgets.capital(first.text)}")
    _welcome()
    for start in range(0, len(shown), _A_ROW):
        for column, highlight in zip(st.columns(_A_ROW), shown[start : start + _A_ROW], strict=False):
            with column.container(border=True, height="stretch"):
                _card(highlight)
    {"ministry": _map, "region": _specialties, "university": _states}[kind]()


def _welcome() -> None:
    """What this is and through whose eyes it is seen; who has signed in knows."""
    snapshot = session.snapshot()
    if snapshot.meta["is_demonstration"]:
        widgets.note(
            _(
                "medkadr plans a country's health workforce: where staff are missing, whom to place where,"
                " what comes by 2035. You read as: {audience}. Another reader and the language are chosen"
                " on the left.",
                audience=labels.audience(snapshot.audience, snapshot.run_id),
            )
        )


def _card(highlight: highlights.Highlight) -> None:
    """One figure, what it means, and the page that goes deeper."""
    widgets.figure(highlight.label, highlight.value, highlight.unit)
    widgets.note(widgets.capital(highlight.text))
    widgets.note(widgets.capital(widgets.as_of(highlight.table)))
    st.page_link(f"views/{highlight.page}", label=f"**{highlight.link}**", icon=":material/arrow_forward:")


def _map() -> None:
    """Doctors' posts vacant by region."""
    regions = rollups.areas("region", "doctor")
    places = session.snapshot().read("core.dim_regions", "from core.dim_regions")
    if regions.empty or places.empty:
        return
    places["region_name"] = places["region_code"].map(labels.regions())
    widgets.section(_("Doctors' posts vacant, by region"))
    clicked = maps.region_map(
        places,
        regions.set_index("region_code")["vacant_fte"].dropna(),
        colour=measures.VACANT.colour,
        unit=_("posts (FTE)"),
        alt=_("Map of {count} regions: doctors' posts vacant", count=len(places)),
        key="map",
    )
    widgets.note(
        _(
            "Stronger colour is more. Hatched is no data, not zero. Choose a region on the map to go down"
            " to its posts."
        )
    )
    widgets.origin(rollups.TABLE)
    if clicked:
        choices.set_choice("region", clicked)
        st.switch_page("views/shared/posts.py", query_params={"region": clicked})


def _specialties() -> None:
    """The specialties with most vacant posts in the region."""
    rows = rollups.by_specialty(session.snapshot().audience.key, "doctor")
    rows = rows[rows["vacant_fte"] > 0].nlargest(10, "vacant_fte") if len(rows) else rows
    if rows.empty:
        return
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties())
    widgets.section(_("Scarcest specialties"))
    colour = measures.VACANT.colour
    frame.draw(
        bars.ranked(rows, "specialty_name", {"vacant_fte": (_("Vacant posts"), colour)}, unit=_("posts")),
        alt=_(
            "Ten specialties with the most posts missing, first {name}", name=rows["specialty_name"].iloc[0]
        ),
        key="scarcest",
    )
    widgets.origin(rollups.TABLE)


def _states() -> None:
    """This year's graduates by state."""
    table = "placement.fct_placements"
    rows = session.snapshot().read(
        table, "select state, count(*) as count from placement.fct_placements group by state order by 2 desc"
    )
    if rows.empty:
        return
    widgets.section(_("Graduates of this year by state"))
    drawn = pd.DataFrame({"name": rows["state"].map(codes.label), "count": rows["count"]})
    colour = theme.palette().supply
    frame.draw(
        bars.ranked(drawn, "name", {"count": (_("Graduates"), colour)}, unit=_("persons")),
        alt=_("Graduates of this year by state, most: {name}", name=formats.text(drawn["name"].iloc[0])),
        key="states",
    )
    widgets.origin(table)


main()
