"""When does a decision of today become a specialist at work?

The stages from a grant to the end of service, by programme, from any year of decision.
"""

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from dashboards import session, theme, widgets
from dashboards.charts import frame, timeline
from dashboards.words import _, codes, formats, labels

LAGS = "forecast.fct_pipeline_lags"

_NAMED = 3  # programmes named in a row of the picture; the table names all


def main() -> None:
    """Draw the page."""
    widgets.title(_("When does a decision of today become a specialist at work?"))
    rows = session.snapshot().read(
        LAGS, "from forecast.fct_pipeline_lags order by programme_code, begins_year_offset"
    )
    if rows.empty:
        widgets.no_data(LAGS)
        return
    this_year = int(session.snapshot().meta["as_of"].year)
    decided = st.slider(_("Year of the decision"), this_year, 2035, this_year + 1)
    rows["track"] = labels.coded(rows["programme_code"], "programmes")
    rows["begins_year"] = rows["begins_year_offset"] + decided
    rows["ends_year"] = rows["ends_year_offset"] + decided
    widgets.answer(_answer(rows, decided))
    by_stage = _colours(rows["stage_code"].unique())
    names = {stage: codes.label(stage) for stage in by_stage}
    rows["kind"] = rows["stage_code"]
    figure = timeline.spans(_like_paths(rows), colours_by_kind=by_stage, names_by_kind=names, unit=_("year"))
    frame.draw(figure, alt=_("Stages from decision to specialist by programme, in years"), key="pipeline")
    widgets.note(_("More places hardly move 2035; retention, pay, retirement and residency do."))
    rows["stage_name"] = rows["stage_code"].map(codes.label)
    columns = {
        "track": _("Programme"),
        "stage_name": _("Stage"),
        "begins_year": _("Begins"),
        "ends_year": _("Ends"),
    }
    widgets.table(rows, columns, name="pipeline", alt=_("Stages by programme"), source=LAGS)


def _answer(rows: pd.DataFrame, decided: int) -> str:
    """When places in a residency, and grants for school-leavers, bring somebody to work."""
    last = rows[rows["stage_code"] != "service"].groupby("track")["ends_year"].max()
    resident = set(rows.loc[rows["stage_code"] == "residency", "track"])
    after, before = last[last.index.isin(resident)], last[~last.index.isin(resident)]
    said = []
    if len(after):
        said.append(
            _(
                "A residency place decided in {year} brings its first specialist in {first}, the longest"
                " residencies in {last}.",
                year=decided,
                first=formats.year(after.min()),
                last=formats.year(after.max()),
            )
        )
    if len(before):
        said.append(
            _(
                "A grant for school-leavers brings its first graduate in {first}, the longest studies in"
                " {last}.",
                first=formats.year(before.min()),
                last=formats.year(before.max()),
            )
        )
    if len(after) and len(before):
        longest = int(after.max()) - int(rows.loc[rows["track"].isin(resident), "begins_year"].min())
        said.append(
            _(
                "With a residency after it, a specialist by {last} at the latest.",
                last=formats.year(int(before.max()) + longest),
            )
        )
    return " ".join(said)


def _colours(stages: Iterable[str]) -> dict[str, str]:
    """Stage → colour; none of them a colour that means a deficit."""
    colours = theme.palette()
    known = {"internship": colours.internship, "residency": colours.residency, "service": colours.supply}
    return {stage: known.get(stage, colours.study) for stage in stages}


def _like_paths(rows: pd.DataFrame) -> pd.DataFrame:
    """The spans with programmes of one and the same path drawn once: three names and how many more."""
    paths = rows.groupby("track", sort=False).apply(
        lambda path: tuple(zip(path["kind"], path["begins_year"], path["ends_year"], strict=True))
    )
    named = {}
    for path, tracks in paths.groupby(paths, sort=False).groups.items():
        more = len(tracks) - _NAMED
        said = ", ".join(tracks[:_NAMED]) if more > 0 else ", ".join(tracks)
        named[path] = (tracks[0], said + (" " + _("and {count} more", count=more) if more > 0 else ""))
    first = {track: name for track, name in named.values()}
    drawn = rows[rows["track"].isin(first)].copy()
    drawn["track"] = drawn["track"].map(first)
    return drawn


main()
