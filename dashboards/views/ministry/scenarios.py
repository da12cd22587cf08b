"""What would change the deficit, and by how much?

Each scenario against the baseline, lever by lever (waterfall); what a scenario assumes, with source and
owner; and sliders that answer at once.
"""

import time

import pandas as pd
import streamlit as st

from dashboards import assumptions, choices, escape, forecasts, session, theme, what_if, widgets
from dashboards.charts import bars, fan, frame
from dashboards.words import _, codes, formats, labels
from planning.errors import FrameError
from planning.projection.scenario import ScenarioError

SCENARIOS = "forecast.fct_scenarios"
STEPS = "forecast.fct_scenario_steps"
ELASTICITIES = "forecast.fct_elasticities"


def main() -> None:
    """Draw the page."""
    widgets.title(_("What would change the deficit, and by how much?"))
    steps = session.snapshot().read(STEPS, "from forecast.fct_scenario_steps order by step_order")
    if steps.empty:
        widgets.no_data(STEPS)
    else:
        _prepared(steps)
    _elasticities()
    widgets.section(_("Try it yourself"))
    if what_if.is_published():
        _sliders()
    else:
        widgets.no_data(what_if.SETTINGS_TABLE)


def _prepared(steps: pd.DataFrame) -> None:
    """A scenario of the last run against the baseline."""
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
    if text := forecasts.left_out():
        widgets.note(text)
    _assumptions(scenario)


def _waterfall(shown: pd.DataFrame, scenario: str, year: int) -> None:
    """From the baseline to the scenario, lever by lever."""
    # A snapshot made before ranges were published has none.
    ranges = ["p10_fte", "p90_fte", "change_p10_fte", "change_p90_fte"]
    shown = shown.reindex(columns=[*shown.columns.difference(ranges), *ranges])
    last = shown.iloc[-1]
    before, after = shown.iloc[0]["value_fte"], last["value_fte"]
    widgets.answer(
        _(
            "{scenario}: the mean shortage of {year} goes from {before} to {after} posts ({change}; 80 %"
            " range of the change {low} to {high}).",
            scenario=labels.scenario(scenario),
            year=year,
            before=formats.whole(before),
            after=formats.whole(after),
            change=formats.signed(after - before),
            low=formats.signed(last["change_p10_fte"]),
            high=formats.signed(last["change_p90_fte"]),
        )
    )
    rows = pd.DataFrame(
        {
            "name": [codes.label(code) for code in shown["lever_code"]],
            "value": shown["value_fte"].to_numpy(),
            "is_total": shown["lever_code"].isin(["baseline", "scenario"]).to_numpy(),
            "p10_fte": shown["p10_fte"].to_numpy(),
            "p90_fte": shown["p90_fte"].to_numpy(),
        }
    )
    figure = bars.waterfall(rows, unit=_("posts (FTE)"))
    frame.draw(figure, alt=_("From the baseline to the scenario, lever by lever"), key="waterfall")
    widgets.note(
        _("Both run on the same random draws, so the difference is the levers' alone.")
        + " "
        + _(
            "Steps are means of the draws, so that they add up; the middle forecast (P50) lies beside the"
            " mean."
        )
        + " "
        + _(
            "Ranges hold how differently people, studies and moves may turn out; that every lever reaches its"
            " value is assumed."
        )
        + " "
        + _("The axis does not begin at zero.")
        + " "
        + _(
            "Scenario {hash}, model version {version}.",
            hash=last["scenario_hash"],
            version=last["model_version"],
        )
    )
    rows["value_fte"] = rows["value"]
    widgets.table(
        rows,
        {
            "name": _("Step"),
            "value_fte": _("Posts (FTE)"),
            "p10_fte": _("80 % from, posts"),
            "p90_fte": _("80 % to, posts"),
        },
        name="waterfall",
        alt=_("From the baseline to the scenario, lever by lever"),
        source=STEPS,
        is_estimated=True,
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
    alt = _("Assumptions of the scenario")
    assumptions.table(rows, "lever_code", _("Lever"), name="assumptions", alt=alt, source=SCENARIOS)


def _elasticities() -> None:
    """What one step of each lever moves, all levers side by side."""
    rows = session.snapshot().read(
        ELASTICITIES,
        "from forecast.fct_elasticities order by scenario_code, lever_code",
    )
    if rows.empty:
        return
    # A whole unit of a share would double it: a step that somebody could decide reads easier.
    steps = {
        "share": (0.1, _("ten per cent more")),
        "share_points": (0.1, _("ten percentage points more")),
        "years": (1.0, _("one year more")),
    }
    size, said = (rows["unit"].map({unit: step[i] for unit, step in steps.items()}) for i in (0, 1))
    year = int(rows["year"].max())
    shown = rows.assign(
        lever_name=rows["lever_code"].map(codes.label),
        scenario_name=rows["scenario_code"].map(labels.scenario),
        step_name=said,
        change_fte=rows["shortage_change_fte_per_unit"] * size,
    )
    widgets.section(_("What one step of each lever moves, {year}", year=year))
    columns = {
        "lever_name": _("Lever"),
        "scenario_name": _("Around the scenario"),
        "step_name": _("Step"),
        "change_fte": _("Change of the shortage, posts"),
        "scenario_hash": _("Scenario hash"),
    }
    widgets.table(
        shown,
        columns,
        name="elasticities",
        alt=_("What one step of each lever moves, {year}", year=year),
        source=ELASTICITIES,
        is_estimated=True,
    )
    widgets.note(
        _(
            "The difference between a twentieth of the lever's tested range up and down, on common draws,"
            " scaled to the step. The shortage is by workload: a norm moves none."
        )
    )


@st.fragment
def _sliders() -> None:
    """Levers to move; the projection answers at once, on the random draws of the baseline."""
    percent, points = _("per cent"), _("percentage points")
    left, middle, right = st.columns(3)
    with left:
        grants = st.slider(f"{_('Grant places')}, {percent}", -50, 100, 0, 5, key="grant_places")
        residency = st.slider(f"{_('Residency places')}, {percent}", -50, 100, 0, 5, key="residency_places")
    with middle:
        stay = st.slider(
            f"{_('Rural retention after 5 years')}, {points}", -15, 15, 0, 1, key="rural_retention"
        )
        pay = st.slider(f"{_('Pay in rural posts')}, {percent}", -25, 100, 0, 5, key="rural_pay")
    with right:
        retire = st.slider(f"{_('Later retirement')}, {_('years')}", -3, 5, 0, 1, key="retirement_age")
        refusal = st.slider(f"{_('Refusals of the place')}, {points}", -30, 30, 0, 5, key="refusal")
    first_year = int(session.snapshot().meta["as_of"].year) + 1
    levers = {
        "grant_places": grants / 100,
        "residency_places": residency / 100,
        "rural_retention": stay / 100,
        "rural_pay": pay / 100,
        "retirement_age": float(retire),
        "refusal": refusal / 100,
    }
    try:
        with st.spinner(_("Making the projection ready …")):
            base = what_if.nation({}, first_year)
    except FrameError as error:
        widgets.no_data(what_if.SETTINGS_TABLE, str(error))
        return
    if base.empty:
        widgets.no_data(what_if.SETTINGS_TABLE)
        return
    began = time.perf_counter()
    try:
        own = what_if.nation(levers, first_year)
    except ScenarioError as error:
        st.warning(_("These levers cannot be reached: {reason}", reason=escape.markdown(str(error))))
        return
    took = time.perf_counter() - began
    _own_answer(base, own, took)


def _own_answer(base: pd.DataFrame, own: pd.DataFrame, took: float) -> None:
    """The reader's scenario beside the baseline."""
    last_base, last = base.iloc[-1], own.iloc[-1]
    said = {
        "year": int(last["year"]),
        "own": formats.whole(last["shortage_fte_q50"]),
        "low": formats.whole(last["shortage_fte_q10"]),
        "high": formats.whole(last["shortage_fte_q90"]),
    }
    if last["scenario_hash"] == last_base["scenario_hash"]:
        told = _(
            "Shortage in {year}: {own} posts (80 % range {low} to {high}). Move a lever to see what it"
            " changes.",
            **said,
        )
    else:
        told = _(
            "Shortage in {year}: {own} posts (80 % range {low} to {high}) instead of {base}. Draw by draw,"
            " the levers change it by {change} (80 % range {change_low} to {change_high}).",
            **said,
            base=formats.whole(last_base["shortage_fte_q50"]),
            change=formats.signed(last["change_fte_q50"]),
            change_low=formats.signed(last["change_fte_q10"]),
            change_high=formats.signed(last["change_fte_q90"]),
        )
    widgets.answer(told)
    names = {"year": "x", "shortage_fte_q50": "p50", "shortage_fte_q10": "p10", "shortage_fte_q90": "p90"}
    names |= {"shortage_fte_lo95": "p2_5", "shortage_fte_hi95": "p97_5"}
    colours = theme.palette()
    nothing = pd.DataFrame({"x": [], "value": []})
    figure = fan.fan(nothing, own.rename(columns=names), colour=colours.shortage, unit=_("posts (FTE)"))
    figure.add_scatter(
        x=base["year"], y=base["shortage_fte_q50"], name=_("Baseline, middle"), mode="lines",
        line={"color": colours.history, "width": 2},
    )  # fmt: skip
    frame.draw(
        figure, alt=_("Shortage of the country under the reader's own levers, beside the baseline"), key="own"
    )
    widgets.note(
        _(
            "Need by workload; {draws} random draws shared with the baseline; scenario {hash}; answered"
            " in {seconds} s.",
            draws=what_if.draws(),
            hash=last["scenario_hash"],
            seconds=formats.number(max(took, 0.1), 1),
        )
    )


main()
