"""Have the chronic-disease programmes the teams their registers ask for?"""

import pandas as pd

from dashboards import session, theme, widgets
from dashboards.charts import bars, frame
from dashboards.words import _, codes, formats, labels, phrases

TEAMS = "staffing.fct_programme_teams"
REGISTERS = "staffing.fct_programme_registers"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Have the chronic-disease programmes the teams they need?"))
    registers = session.snapshot().read(
        REGISTERS,
        """select programme_code, sum(registered_persons) as registered_persons,
             sum(managed_persons) as managed_persons,
             sum(managed_persons) / nullif(sum(registered_persons), 0) as coverage_share
        from staffing.fct_programme_registers group by 1 order by 2 desc""",
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


def _teams() -> None:
    """Posts a programme's team asks for, and what is short."""
    widgets.section(_("Teams: posts asked for and short"))
    teams = session.snapshot().read(
        TEAMS,
        """select programme_code, position_code, any_value(act_number) as act_number,
             any_value(act_status) as act_status, sum(required_team_fte) as required_team_fte,
             sum(allocated_filled_fte) as allocated_filled_fte, sum(team_shortage_fte) as team_shortage_fte,
             sum(team_surplus_fte) as team_surplus_fte
        from staffing.fct_programme_teams group by all order by team_shortage_fte desc""",
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
