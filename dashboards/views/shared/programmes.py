"""Have the chronic-disease programmes the teams their registers ask for?"""

import pandas as pd

from dashboards import session, theme, widgets
from dashboards.charts import bars, frame
from dashboards.words import N_, _, codes, formats, labels, phrases

TEAMS = "staffing.fct_programme_team_gaps"
REGISTERS = "staffing.fct_programme_coverage"

# Where the figure of a facility was counted.
BASIS = {
    "own": N_("counted in the facility"),
    "district": N_("its part of the district's small registers"),
    "region": N_("its part of the region's small registers"),
    "nation": N_("its part of the country's small registers"),
    "withheld": N_("withheld: too few patients"),
}


def main() -> None:
    """Draw the page."""
    widgets.title(_("Have the chronic-disease programmes the teams they need?"))
    registers = session.snapshot().read(
        REGISTERS,
        """select programme_code, sum(registered_persons) as registered_persons,
             sum(managed_persons) as managed_persons,
             sum(managed_persons) / nullif(sum(registered_persons), 0) as coverage_share
        from staffing.fct_programme_coverage group by 1 order by 2 desc""",
    )
    if registers.empty:
        widgets.no_data(REGISTERS)
        return
    registers["programme_name"] = labels.coded(registers["programme_code"], "chronic_programmes")
    first = registers.iloc[0]
    widgets.answer(
        _(
            "{name}: {registered} people registered, {share} of them under the programme.",
            name=first["programme_name"],
            registered=formats.whole(first["registered_persons"]),
            share=formats.percent(first["coverage_share"]),
        )
    )
    columns = {
        "programme_name": _("Programme"),
        "registered_persons": _("Registered, persons"),
        "managed_persons": _("Under the programme, persons"),
        "coverage_share": _("Coverage, share"),
    }
    widgets.table(registers, columns, name="registers", alt=_("Registers by programme"), source=REGISTERS)
    _teams()
    _facilities()


def _facilities() -> None:
    """Each facility's registers, as they may be shown."""
    widgets.section(_("Registers by facility"))
    rows = session.snapshot().read(
        REGISTERS,
        "from staffing.fct_programme_coverage order by registered_persons desc nulls last, facility_id",
    )
    rows["facility_name"] = rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"])
    rows["programme_name"] = labels.coded(rows["programme_code"], "chronic_programmes")
    rows["basis_name"] = rows["basis"].map({code: _(name) for code, name in BASIS.items()})
    columns = {
        "facility_name": _("Facility"),
        "programme_name": _("Programme"),
        "registered_persons": _("Registered, persons"),
        "coverage_share": _("Coverage, share"),
        "basis_name": _("Where it was counted"),
    }
    alt = _("Registers by facility")
    widgets.table(rows, columns, name="facilities", alt=alt, source=REGISTERS, height=480)
    widgets.note(
        _(
            "Counts are rounded to five patients; a register of fewer than ten is counted together with its "
            "neighbours' and shared by attached people, so that nobody can be recognised."
        )
    )


def _teams() -> None:
    """Posts a programme's team asks for, and what is short."""
    widgets.section(_("Teams: posts asked for and short"))
    teams = session.snapshot().read(
        TEAMS,
        """select programme_code, position_code, any_value(act_number) as act_number,
             any_value(act_status) as act_status, sum(required_team_fte) as required_team_fte,
             sum(allocated_filled_fte) as allocated_filled_fte, sum(team_shortage_fte) as team_shortage_fte,
             sum(team_surplus_fte) as team_surplus_fte
        from staffing.fct_programme_team_gaps group by all order by team_shortage_fte desc""",
    )
    if teams.empty:
        widgets.no_data(TEAMS)
        return
    positions = labels.positions()
    teams["programme_name"] = labels.coded(teams["programme_code"], "chronic_programmes")
    teams["position_name"] = [positions.get(code, codes.label(code)) for code in teams["position_code"]]
    teams["act_number"] = phrases.spoken(teams["act_number"])
    teams["member"] = teams["programme_name"] + " · " + teams["position_name"]
    _picture(teams.head(12))
    columns = {
        "programme_name": _("Programme"),
        "position_name": _("Position"),
        "required_team_fte": _("Asked for, posts"),
        "allocated_filled_fte": _("Filled, posts"),
        "team_shortage_fte": _("Short, posts"),
        "team_surplus_fte": _("Above, posts"),
        "act_number": _("Act"),
        "act_status": _("Standing of the act"),
    }
    widgets.table(teams, columns, name="teams", alt=_("Teams by programme and position"), source=TEAMS)
    widgets.note(_("Shortage and surplus are summed apart over facilities and never netted."))


def _picture(teams: pd.DataFrame) -> None:
    """The largest shortages."""
    shown = {"team_shortage_fte": (_("Short, posts"), theme.palette().shortage)}
    frame.draw(
        bars.ranked(teams, "member", shown, unit=_("posts")),
        alt=_("Largest shortages of team members"),
        key="teams",
    )


main()
