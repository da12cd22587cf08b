"""Where are my graduates now?"""

import pandas as pd

from dashboards import choices, session, theme, widgets
from dashboards.charts import bars, frame
from dashboards.words import _, codes, formats, labels

PLACEMENTS = "placement.fct_placements"
EXPLANATIONS = "placement.fct_explanations"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Where are my graduates?"))
    rows = session.snapshot().read(PLACEMENTS, "from placement.fct_placements order by graduate_key")
    if rows.empty:
        widgets.no_data(PLACEMENTS)
        return
    placed = rows["line_id"].notna()
    widgets.answer(
        _(
            "{placed} of {all} graduates have a proposed place; {rural} of these are in villages.",
            placed=formats.whole(int(placed.sum())),
            all=formats.whole(len(rows)),
            rural=formats.whole(int((placed & rows["settlement"].eq("rural")).sum())),
        )
    )
    _by_region(rows[placed])
    rows["decision_name"] = rows["decision"].map(codes.label)
    rows["graduate"] = rows["graduate_key"].str[:8]
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties()).fillna(rows["specialty_code"])
    rows["region_name"] = rows["region_code"].map(labels.regions())
    rows["facility_name"] = rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"])
    rows["reason"] = rows["unplaced_reason_code"].map(codes.label, na_action="ignore")
    rows["refused"] = rows["graduate_key"].map(_refused())
    state = choices.pick(_("State"), {"all": _("All")} | _states(rows), "state")
    shown = rows[(rows["state"] == state) | (state == "all")]
    columns = {
        "graduate": _("Graduate (code)"),
        "specialty_name": _("Specialty"),
        "study_basis": _("Basis of study"),
        "state": _("State"),
        "decision_name": _("Decision"),
        "region_name": _("Region"),
        "facility_name": _("Facility"),
        "settlement": _("Town or village"),
        "own_rank": _("Rank in own list"),
        "reason": _("Why no place"),
        "refused": _("Options above the result and why not"),
    }
    widgets.table(
        shown, columns, name="graduates", alt=_("Graduates and their places"), source=PLACEMENTS, height=560
    )


def _refused() -> dict[str, str]:
    """Graduate → why the options above the result were refused, with how many options each reason took."""
    found = session.snapshot().read(
        EXPLANATIONS,
        """select graduate_key, reason_code, count(*) as options_count from placement.fct_explanations
        group by graduate_key, reason_code order by options_count desc, reason_code""",
    )
    if found.empty:
        return {}
    said = found["reason_code"].map(codes.label) + " – " + found["options_count"].map(formats.whole)
    return said.groupby(found["graduate_key"], sort=False).agg("; ".join).to_dict()


def _states(rows: pd.DataFrame) -> dict[str, str]:
    """The states that occur."""
    return {code: codes.label(code) for code in sorted(rows["state"].dropna().unique())}


def _by_region(placed: pd.DataFrame) -> None:
    """How many go to each region."""
    if placed.empty:
        return
    counts = (
        placed["region_code"]
        .map(labels.regions())
        .value_counts()
        .rename_axis("region_name")
        .reset_index(name="count")
    )
    colour = theme.palette().supply
    figure = bars.ranked(counts, "region_name", {"count": (_("Graduates"), colour)}, unit=_("persons"))
    frame.draw(figure, alt=_("Graduates by region of their place"), key="by_region")


main()
