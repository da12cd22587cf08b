"""How many places close the deficit, by when, at what price, and is there a cheaper mix?

The plans of the last run beside each other, what each specialty gets and when it first helps, the regions a
rural quota should name, the prices with their owners, and the reader's own question.
"""

import pandas as pd
import streamlit as st

from dashboards import assumptions, choices, plans, session, what_if, widgets
from dashboards.words import _, codes, formats, labels, phrases
from planning.errors import FrameError
from planning.projection.scenario import ScenarioError
from planning.questions.inverse import Plan


def main() -> None:
    """Draw the page."""
    widgets.title(_("How many places close the deficit, by when and at what price?"))
    totals = session.snapshot().read(plans.TOTALS, "from forecast.fct_place_plan_totals")
    if totals.empty:
        widgets.no_data(plans.TOTALS)
        return
    left, right = st.columns(2)
    with left:
        names = {0.5: _("Middle forecast (P50)"), 0.8: _("Cautious (P80)")}
        options = {
            str(share): names.get(share, f"P{100 * share:.0f}")
            for share in sorted(totals["quantile_share"].unique())
        }
        quantile = float(choices.choose(_("Shortage to close"), options, "quantile"))
    totals = totals[totals["quantile_share"] == quantile]
    with right:
        options = {code: codes.label(code) for code in totals["strategy_code"].unique()}
        strategy = choices.choose(_("Plan"), options, "strategy")
    _answer(totals[totals["strategy_code"] == strategy].iloc[0])
    _compared(totals, quantile)
    _specialties(quantile, strategy)
    _quota()
    _prices()
    if what_if.is_published():
        _own_question()


def _answer(plan: "pd.Series") -> None:
    """The plan in one sentence, and whether it is one."""
    widgets.answer(_sentence(plan))
    if not formats.is_blank(plan.get("remaining_undirected_fte")):
        widgets.note(
            _(
                "That counts every doctor where one is missing: the quota must send them there. If they go"
                " where entrants go today, {left} of {shortage} posts stay short.",
                left=formats.whole(plan["remaining_undirected_fte"]),
                shortage=formats.whole(plan["shortage_fte"]),
            )
        )
    widgets.note(
        _(
            "A place begun now yields its first doctor years later: see the column of the first effect."
            " Places are rounded up; residents are not taken out of general graduates."
        )
        + " "
        + _(
            "P50: in half of the futures the shortage is no larger; P80: in 8 of 10. FTE is a full-time post."
        )
    )


def _sentence(plan: "pd.Series") -> str:
    """Places, cost, and what remains."""
    values = {
        "places": formats.whole(plan["places_persons"]),
        "cost": formats.number(plan["cost_kzt"] / 1e9, 1),
        "year": int(plan["year"]),
        "shortage": formats.whole(plan["shortage_fte"]),
        "left": formats.whole(plan["remaining_fte"]),
    }
    if plan["is_feasible"]:
        return _(
            "{places} more places for {cost} billion tenge close the shortage of {shortage} posts by {year}.",
            **{name: value for name, value in values.items() if name != "left"},
        )
    return _(
        "No plan closes it: {places} more places for {cost} billion tenge leave {left} of {shortage} posts"
        " short in {year}.",
        **values,
    )


def _compared(rows: pd.DataFrame, quantile: float) -> None:
    """The plans beside each other, and what a measure alone would do."""
    widgets.section(_("Plans compared"))
    rows = rows.assign(plan_name=rows["strategy_code"].map(codes.label), cost_billion=rows["cost_kzt"] / 1e9)
    columns = {
        "plan_name": _("Plan"),
        "places_persons": _("Places, persons"),
        "cost_billion": _("Cost, billion tenge"),
        "shortage_fte": _("Shortage, posts"),
        "closed_fte": _("Closed, posts"),
        "remaining_fte": _("Left, posts"),
        "remaining_undirected_fte": _("Left if nobody is sent, posts"),
        "is_feasible": _("Closes all of it"),
        "scenario_hash": _("Scenario hash"),
    }
    columns = {column: words for column, words in columns.items() if column in rows}
    widgets.table(
        rows, columns, name="plans", alt=_("Plans compared"), source=plans.TOTALS, is_estimated=True
    )
    measures = plans.measures(quantile)
    if measures.empty:
        return
    measures = measures.assign(measure_name=measures["measure_code"].map(labels.scenario))
    columns = {
        "measure_name": _("What is done"),
        "whole_fte": _("Would close, posts"),
        "whole_cost_billion": _("Would cost, billion tenge"),
        "kzt_million_per_fte": _("A post closed, million tenge"),
        "adopted_share": _("Adopted in the cheapest mix"),
    }
    widgets.table(
        measures, columns, name="measures", alt=_("Measures priced"), source=plans.MEASURES, is_estimated=True
    )


def _specialties(quantile: float, strategy: str) -> None:
    """Places by specialty with the first year of effect, and every intake in the download."""
    widgets.section(_("Places by specialty and intake"))
    rows = plans.by_specialty(quantile, strategy)
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties())
    rows["reason"] = phrases.spoken(rows["reason"])
    columns = {
        "specialty_name": _("Specialty"),
        "places_persons": _("Places, persons"),
        "first_intake_year": _("First intake"),
        "first_effect_year": _("First effect"),
        "shortage_fte": _("Shortage, posts"),
        "remaining_fte": _("Left, posts"),
        "reason": _("Why something is left"),
    }
    widgets.table(
        rows,
        columns,
        name="places",
        alt=_("Places by specialty and intake"),
        source=plans.SHORTAGES,
        is_estimated=True,
    )
    intakes = plans.by_intake(quantile, strategy)
    if intakes.empty:
        return
    intakes["specialty_name"] = intakes["specialty_code"].map(labels.specialties())
    intakes["programme_name"] = labels.coded(intakes["programme_code"], "programmes")
    columns = {
        "specialty_name": _("Specialty"),
        "programme_name": _("Programme"),
        "intake_year": _("Intake"),
        "graduation_year": _("Finish"),
        "places_persons": _("Places, persons"),
        "added_fte": _("Adds, posts"),
    }
    widgets.table(
        intakes,
        columns,
        name="intakes",
        alt=_("Places by specialty and intake"),
        source=plans.PLACES,
        is_estimated=True,
    )


def _quota() -> None:
    """Regions that the rural quota should name."""
    rows = session.snapshot().read(
        plans.QUOTA, "from forecast.fct_quota_regions order by specialty_code, quota_places desc"
    )
    if rows.empty:
        return
    widgets.section(_("Regions the rural quota should name"))
    names = labels.specialties()
    known = {code: names.get(code, code) for code in rows["specialty_code"].unique()}
    specialty = choices.choose(
        _("Specialty"), dict(sorted(known.items(), key=lambda item: item[1])), "quota_specialty"
    )
    rows = rows[rows["specialty_code"] == specialty]
    rows["region_name"] = rows["region_code"].map(labels.regions())
    columns = {
        "region_name": _("Region"),
        "shortage_fte": _("Shortage, posts"),
        "deficit_probability_share": _("Probability of a deficit"),
        "quota_places": _("Quota places, persons"),
    }
    widgets.table(
        rows,
        columns,
        name="quota",
        alt=_("Regions the rural quota should name"),
        source=plans.QUOTA,
        is_estimated=True,
    )


def _prices() -> None:
    """What anything costs, and who answers for it."""
    rows = session.snapshot().read(plans.PRICES, "from forecast.fct_plan_prices order by price_code")
    if rows.empty:
        return
    widgets.section(_("What it costs, and who answers for it"))
    alt = _("Prices of places and measures")
    assumptions.table(rows, "price_code", _("Price"), name="prices", alt=alt, source=plans.PRICES)


@st.fragment
def _own_question() -> None:
    """The reader's own year, quantile and budget, answered on the random draws of the run."""
    widgets.section(_("Ask it your way"))
    left, middle, right = st.columns(3)
    first = int(session.snapshot().meta["as_of"].year) + 2
    with left:
        year = st.slider(_("Close it by"), first, 2035, 2033, key="plan_year")
    with middle:
        budget = st.slider(_("Budget, billion tenge"), 0, 300, 100, 5, key="plan_budget")
    with right:
        is_cautious = st.toggle(_("Cautious (P80)"), key="plan_cautious")
        with_measures = st.toggle(_("Pay and retention too"), value=True, key="plan_measures")
    try:
        with st.spinner(_("Making the projection ready …")):
            plan = what_if.plan(year, 0.8 if is_cautious else 0.5, budget * 1e9, with_measures=with_measures)
    except (FrameError, ScenarioError) as error:
        widgets.no_data(plans.PRICES, str(error))
        return
    _told(plan, year)


def _told(plan: Plan, year: int) -> None:
    shortages = plan.shortages
    total = pd.Series(
        {
            "places_persons": plan.places["places_persons"].sum(),
            "cost_kzt": plan.cost_kzt,
            "year": year,
            "shortage_fte": shortages["shortage_fte"].sum(),
            "remaining_fte": shortages["remaining_fte"].sum(),
            "is_feasible": plan.is_feasible,
        }
    )
    widgets.answer(_sentence(total))
    places = plan.places.groupby("specialty_code")["places_persons"].sum()
    shortages = shortages.assign(
        specialty_name=shortages["specialty_code"].map(labels.specialties()),
        places_persons=shortages["specialty_code"].map(places),
        reason=phrases.spoken(
            shortages["specialty_code"].map(dict(text.split(": ", 1) for text in plan.reasons))
        ),
    )
    shown = shortages[shortages["shortage_fte"] > 0].sort_values("shortage_fte", ascending=False)
    columns = {
        "specialty_name": _("Specialty"),
        "places_persons": _("Places, persons"),
        "first_effect_year": _("First effect"),
        "shortage_fte": _("Shortage, posts"),
        "remaining_fte": _("Left, posts"),
        "reason": _("Why something is left"),
    }
    widgets.table(
        shown,
        columns,
        name="own_plan",
        alt=_("The reader's own plan"),
        source=plans.SHORTAGES,
        is_estimated=True,
    )


main()
