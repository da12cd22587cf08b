"""What would change the deficit, and by how much?

Each scenario against the baseline, lever by lever (waterfall); what a scenario assumes, with source and
owner; and sliders that answer at once.
"""

import pandas as pd
import streamlit as st

from dashboards import choices, session, widgets
from dashboards.charts import bars, frame
from dashboards.words import _, codes, formats, labels

SCENARIOS = "forecast.fct_scenarios"
STEPS = "forecast.fct_scenario_steps"


def main() -> None:
    """Draw the page."""
    widgets.title(_("What would change the deficit, and by how much?"))
    steps = session.snapshot().read(STEPS, "from forecast.fct_scenario_steps order by step_order")
    if steps.empty:
        widgets.no_data(STEPS)
        return
    left, middle, right = st.columns(3)
    with left:
        options = {
            code: labels.scenario(code) for code in steps["scenario_code"].unique() if code != "baseline"
        }
        scenario = choices.choose(_("Scenario"), options, "scenario")
    with middle:
        names = labels.specialties() | {"all": _("All specialties")}
        specialty = choices.choose(
            _("Specialty"),
            {c: names.get(c, c) for c in sorted(steps["specialty_code"].unique())},
            "specialty",
        )
    with right:
        years = {str(year): str(year) for year in sorted(steps["year"].unique(), reverse=True)}
        year = int(choices.choose(_("Year"), years, "year"))
    shown = steps[
        (steps["scenario_code"] == scenario)
        & (steps["specialty_code"] == specialty)
        & (steps["year"] == year)
    ]
    if shown.empty:
        widgets.no_data(STEPS)
    else:
        _waterfall(shown, scenario, year)
    _assumptions(scenario)


def _waterfall(shown: pd.DataFrame, scenario: str, year: int) -> None:
    """From the baseline to the scenario, lever by lever."""
    before, after = shown.iloc[0]["value_fte"], shown.iloc[-1]["value_fte"]
    widgets.answer(
        _(
            "{scenario}: the deficit of {year} goes from {before} to {after} posts ({change}).",
            scenario=labels.scenario(scenario),
            year=year,
            before=formats.whole(before),
            after=formats.whole(after),
            change=formats.signed(after - before),
        )
    )
    rows = pd.DataFrame(
        {
            "name": [codes.label(code) for code in shown["lever_code"]],
            "value": shown["value_fte"].to_numpy(),
            "is_total": shown["lever_code"].isin(["baseline", "scenario"]).to_numpy(),
        }
    )
    figure = bars.waterfall(rows, unit=_("posts (FTE)"))
    frame.draw(figure, alt=_("From the baseline to the scenario, lever by lever"), key="waterfall")
    widgets.note(_("Both run on the same random draws, so the difference is the levers' alone."))
    rows["value_fte"] = rows["value"]
    widgets.table(
        rows,
        {"name": _("Step"), "value_fte": _("Posts (FTE)")},
        name="waterfall",
        alt=_("From the baseline to the scenario, lever by lever"),
        source=STEPS,
    )


def _assumptions(scenario: str) -> None:
    """What the scenario assumes, and who answers for it."""
    widgets.section(_("What it assumes, and who answers for it"))
    rows = session.snapshot().read(
        SCENARIOS,
        "from forecast.fct_scenarios where scenario_code = $scenario order by lever_code",
        scenario=scenario,
    )
    if rows.empty:
        widgets.no_data(SCENARIOS)
        return
    rows["lever_name"] = rows["lever_code"].map(codes.label)
    columns = {
        "lever_name": _("Lever"),
        "value": _("Value"),
        "unit": _("Unit"),
        "minimum": _("From"),
        "maximum": _("To"),
        "source": _("Source"),
        "stated_on": _("Stated on"),
        "owner": _("Owner"),
        "scenario_hash": _("Scenario hash"),
    }
    widgets.table(rows, columns, name="assumptions", alt=_("Assumptions of the scenario"), source=SCENARIOS)


main()
