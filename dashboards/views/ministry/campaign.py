"""How did the campaign go, and what did its rules cost?

Placed, unplaced, coverage against the bound, cut-offs, floors and their price, and the policy frontier
with the present choice marked.
"""

import re
from collections.abc import Mapping

import pandas as pd

from dashboards import session, widgets
from dashboards.charts import frame, frontier
from dashboards.words import _, codes, formats, labels, phrases

CAMPAIGNS = "placement.fct_campaigns"
FRONTIER = "placement.fct_frontier"
FLOORS = "placement.fct_floor_results"
LINES = "placement.fct_lines"
LEAST_SHARE = 0.0005  # what is shown as a tenth of a per cent; below it a price is no price
YEARS = "placement.fct_years_ahead"


def main() -> None:
    """Draw the page."""
    widgets.title(_("How did the campaign go, and what did its rules cost?"))
    campaigns = session.snapshot().read(
        CAMPAIGNS,
        "from placement.fct_campaigns where placed_count is not null order by campaign_id desc",
    )
    if campaigns.empty:
        widgets.no_data(CAMPAIGNS)
        return
    _result(campaigns.iloc[0])
    _frontier()
    _floors()
    _years_ahead()
    _cut_offs()


def _result(campaign: pd.Series) -> None:
    """The campaign in one sentence and four figures."""
    widgets.answer(
        _(
            "{placed} graduates have a proposed place, {unplaced} have none; {first} got their first choice.",
            placed=formats.whole(campaign["placed_count"]),
            unplaced=formats.whole(campaign["unplaced_count"]),
            first=formats.percent(campaign["first_choice_share"]),
        )
    )
    widgets.note(_("A placement is a proposal until the commission confirms it."))
    persons = _("persons")
    widgets.figures(
        [
            widgets.Figure(
                _("Placed"),
                formats.whole(campaign["placed_count"]),
                persons,
                _("deferred acceptance"),
                CAMPAIGNS,
            ),
            widgets.Figure(
                _("Unplaced"),
                formats.whole(campaign["unplaced_count"]),
                persons,
                _("every option refused"),
                CAMPAIGNS,
            ),
            widgets.Figure(
                _("First choice"),
                formats.percent(campaign["first_choice_share"]),
                _("of the placed"),
                _("own list"),
                CAMPAIGNS,
            ),
            widgets.Figure(
                _("Coverage of the deficit"),
                formats.percent(campaign["coverage_share"]),
                _("of the most that any placement could cover"),
                _("bound by minimum-cost flow"),
                CAMPAIGNS,
            ),
        ]
    )
    widgets.note(
        _(
            "Outside the campaign: exempt {exempt}, deferred {deferred}, placed by contract {contract},"
            " no duty {free}.",
            exempt=formats.whole(campaign["exempt_count"]),
            deferred=formats.whole(campaign["deferred_count"]),
            contract=formats.whole(campaign["preplaced_count"]),
            free=formats.whole(campaign["no_duty_count"]),
        )
    )
    if not campaign["is_checker_clean"]:
        widgets.warn(_("The independent checker found a fault in this run; do not act on it."))
    widgets.note(
        _(
            "Campaign {campaign}, rules {rules}, lottery seed {seed}, inputs {inputs}.",
            campaign=campaign["campaign_id"],
            rules=campaign["rule_version"],
            seed=campaign["lottery_seed"],
            inputs=str(campaign["input_hash"])[:12],
        )
    )


def _frontier() -> None:
    """Coverage against first choices as floors rise."""
    widgets.section(_("What higher floors would buy, and what they would cost"))
    rows = session.snapshot().read(FRONTIER, "from placement.fct_frontier order by step_number")
    if rows.empty:
        widgets.no_data(FRONTIER)
        return
    rows["label"] = [
        _("Present rules") if present else formats.percent(share, 0)
        for share, present in zip(rows["floor_share"], rows["is_present"], strict=True)
    ]
    figure = frontier.frontier(
        rows,
        "coverage_share",
        "first_choice_share",
        labels=(_("Coverage of the deficit, share of the bound"), _("First choice, share")),
        chosen=_("Present rules"),
        name=_("Floors, share of the highest feasible"),
    )
    frame.draw(
        figure,
        alt=_("Coverage against first choices as floors rise; the present rules are marked"),
        key="frontier",
    )
    rows["mean_rank_value"] = rows["mean_rank"]
    columns = {
        "label": _("Floors, share of the highest feasible"),
        "floor_seats_count": _("Sum of the floors, persons"),
        "coverage_share": _("Coverage of the deficit, share of the bound"),
        "first_choice_share": _("First choice, share"),
        "mean_rank_value": _("Mean place in the own list"),
        "unplaced_count": _("Without a place, persons"),
    }
    widgets.table(rows, columns, name="frontier", alt=_("The policy frontier, step by step"), source=FRONTIER)
    widgets.note(
        _(
            "Each step runs the whole campaign again, before any decision of the commission. Floors are"
            " shares of what the placement with the greatest coverage puts into each scope."
        )
    )


def _floors() -> None:
    """Floors and caps: asked for, got, bound, price."""
    widgets.section(_("Floors and their price"))
    rows = session.snapshot().read(
        FLOORS, "from placement.fct_floor_results order by scope_column, scope_value"
    )
    if rows.empty:
        widgets.no_data(FLOORS)
        return
    names = {**labels.regions(), **labels.specialty_groups(), "true": codes.label("rural")}
    rows["scope_name"] = [
        _scope(columns, values, names)
        for columns, values in zip(rows["scope_column"], rows["scope_value"], strict=True)
    ]
    for column in rows.columns.intersection(["cut_explanation"]):
        rows[column] = [_cut(text, names) for text in rows[column]]
    for column in ("price_first_choice_share", "gain_coverage_share"):
        rows[column] = rows[column].where(rows[column].abs() >= LEAST_SHARE, 0.0).where(rows[column].notna())
    rows["price_mean_rank_value"] = rows["price_mean_rank"].round(2) + 0.0
    columns = {
        "scope_name": _("Scope"),
        "floor_count": _("Floor, persons"),
        "relaxed_to_count": _("Lowered to, persons"),
        "got_count": _("Got, persons"),
        "bound_count": _("Feasible at most, persons"),
        "cap_count": _("Cap, persons"),
        "is_binding": _("Binding"),
        "price_first_choice_share": _("Price: first choices lost, share"),
        "price_mean_rank_value": _("Price: places added to the mean rank"),
        "gain_coverage_share": _("Gain: coverage of the bound, share"),
        "cut_explanation": _("Why lowered"),
    }
    columns = {name: heading for name, heading in columns.items() if name in rows}
    widgets.table(
        rows, columns, name="floors", alt=_("Floors and caps of the campaign"), source=FLOORS, height=380
    )


def _years_ahead() -> None:
    """Each rule by what it does in five years."""
    widgets.section(_("What each rule does in five years"))
    rows = session.snapshot().read(
        YEARS, "from placement.fct_years_ahead where year_number in (1, 5) order by year_number, rule_code"
    )
    if rows.empty:
        widgets.no_data(YEARS)
        return
    rows["rule_name"] = rows["rule_code"].map(codes.label)
    columns = {
        "year_number": _("Year ahead"),
        "rule_name": _("Rule"),
        "first_choice_share": _("First choice, share"),
        "placed_count": _("Placed, persons"),
        "refused_count": _("Refused, persons"),
        "in_service_count": _("In service, persons"),
        "stayed_after_count": _("Stayed after the service, persons"),
        "vacant_count": _("Vacant seats"),
        "rural_vacant_count": _("Vacant seats in villages"),
    }
    widgets.table(rows, columns, name="years_ahead", alt=_("Rules compared in five years"), source=YEARS)
    widgets.note(
        _(
            "The same people and fates are drawn under every rule, with exemptions, refusals and exits as"
            " observed so far: only the rule differs. One draw of chance, no forecast of persons."
        )
    )


def _scope(columns: str, values: str, names: Mapping[str, str]) -> str:
    """Columns `specialty_group_code|region_code|is_rural` and their values in words, joined by commas."""
    parts = zip(str(columns).split("|"), str(values).split("|"), strict=False)
    return ", ".join(
        codes.label("rural" if value == "true" else "urban")
        if column == "is_rural"
        else names.get(value, codes.label(value))
        for column, value in parts
    )


def _cut(text: object, names: Mapping[str, str]) -> str:
    """Why a floor was lowered, with its regions by name."""
    named = re.sub(r"\w+=([\w|-]+)", lambda found: names.get(found[1], found[1]), formats.text(text))
    return phrases.say(named)


def _cut_offs() -> None:
    """Every line with seats, filled and cut-off: the anonymous table for publication."""
    widgets.section(_("Cut-offs by line"))
    rows = session.snapshot().read(
        LINES, "from placement.fct_lines order by waiting_count desc nulls last, cutoff_score desc nulls last"
    )
    if rows.empty:
        widgets.no_data(LINES)
        return
    rows["facility_name"] = rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"])
    rows["region_name"] = rows["region_code"].map(labels.regions())
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties())
    columns = {
        "facility_name": _("Facility"),
        "region_name": _("Region"),
        "specialty_name": _("Specialty"),
        "seats_count": _("Seats"),
        "filled_count": _("Filled"),
        "waiting_count": _("Would have preferred it"),
        "cutoff_score": _("Cut-off, points"),
    }
    widgets.table(rows, columns, name="cut_offs", alt=_("Cut-offs by line"), source=LINES, height=460)


main()
