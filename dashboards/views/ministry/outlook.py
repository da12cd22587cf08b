"""How large will the deficit be until 2035, by region and specialty, and how sure is that?"""

import pandas as pd
import streamlit as st

from dashboards import choices, forecasts, measures, rollups, session, theme, widgets
from dashboards.charts import fan, frame
from dashboards.words import _, codes, formats, labels

BASE_YEAR = "forecast.fct_base_year_needs"


def main() -> None:
    """Draw the page."""
    widgets.title(_("How large will the deficit be, and how sure is that?"))
    if session.snapshot().state(forecasts.FORECASTS) != "filled":
        widgets.no_data(forecasts.FORECASTS)
        return
    area, specialty, measure, scenario = _choices()
    ahead = forecasts.of_area(area, specialty, measure, scenario)
    if ahead.empty:
        widgets.no_data(forecasts.FORECASTS)
        return
    _answer(ahead, measure, specialty)
    last = ahead.iloc[-1]
    past = _observed(area, specialty, measure)
    colour = measures.METHODS[measure].colour if measure in measures.METHODS else theme.palette().supply
    frame.draw(
        fan.fan(past, ahead, colour=colour, unit=_("posts (FTE)"), height=420),
        alt=_("{measure} by year with forecast and ranges", measure=codes.label(measure)),
        key="outlook",
    )
    widgets.note(forecasts.coverage_note(_level(area, specialty), measure))
    widgets.note(
        _(
            "Scenario {hash}, model version {version}.",
            hash=last["scenario_hash"],
            version=last["model_version"],
        )
        + " "
        + _(
            "Nobody adjusts the forecast by hand. A grant given today yields a specialist about ten"
            " years later."
        )
    )
    if measure not in measures.METHODS and (text := forecasts.left_out()):
        widgets.note(text)
    _years(ahead, specialty)
    _regions(int(ahead["x"].max()), specialty, measure, scenario)
    _base_year(area, specialty)


def _level(area: str, specialty: str) -> str:
    """The level at which the ranges of the choice were scored."""
    if specialty != "all":
        return "leaves"
    return "nation" if area == "nation" else "region"


def _base_year(area: str, specialty: str) -> None:
    """Where the projection starts: need, norm and doctors as each source reads them, side by side."""
    rows = session.snapshot().read(
        BASE_YEAR,
        """select * from forecast.fct_base_year_needs
        where area_code = $area and ($specialty = 'all' or specialty_code in ($specialty, 'all'))
        order by specialty_code = 'all' desc, need_wisn_fte desc nulls last""",
        area=area,
        specialty=specialty,
    )
    if rows.empty:
        return
    widgets.section(_("Where the projection starts, {year}", year=formats.year(rows["year"].iloc[0])))
    widgets.note(
        _(
            "Need by workload starts from the measured need (WISN): contacts, bed days and procedures, with"
            " allowances. The norm asks by inhabitants. The register counts people, the tables filled"
            " posts. The readings stand side by side and are never merged."
        )
    )
    names = labels.specialties() | {"all": _("All specialties")}
    rows["specialty_name"] = rows["specialty_code"].map(names)
    columns = {
        "specialty_name": _("Specialty"),
        "need_projected_fte": _("Projected need, posts"),
        "need_wisn_fte": _("Measured need (WISN), posts"),
        "required_norm_fte": _("Norm, posts"),
        "register_fte": _("Register, posts"),
        "register_persons": _("Register, persons"),
        "filled_fte": _("Filled posts, posts"),
    }
    widgets.table(
        rows,
        columns,
        name="base_year",
        alt=_("The base year in five readings"),
        source=BASE_YEAR,
        is_estimated=True,
    )


def _choices() -> tuple[str, str, str, str]:
    """Area, specialty, measure and scenario."""
    columns = st.columns(4)
    with columns[0]:
        area = choices.choose(_("Region"), {"nation": _("Whole country")} | labels.regions(), "area")
    with columns[1]:
        names = labels.specialties()
        known = {code: names.get(code, code) for code in forecasts.values("specialty_code") if code != "all"}
        options = {"all": _("All specialties")} | dict(sorted(known.items(), key=lambda item: item[1]))
        specialty = choices.choose(_("Specialty"), options, "specialty")
    with columns[2]:
        options = {code: codes.label(code) for code in forecasts.values("measure")}
        measure = choices.choose(_("Measure"), options, "measure", preferred="vacant_fte")
    with columns[3]:
        options = {code: labels.scenario(code) for code in forecasts.values("scenario_code")}
        scenario = choices.choose(_("Scenario"), options, "scenario", preferred="baseline")
    return area, specialty, measure, scenario


def _answer(ahead: pd.DataFrame, measure: str, specialty: str) -> None:
    """The last year's range in one sentence."""
    last = ahead.iloc[-1]
    text = _(
        "{measure} in {year}: most likely {middle} posts, 80 % range from {low} to {high}.",
        measure=codes.label(measure),
        year=formats.year(last["x"]),
        middle=formats.whole(last["p50"]),
        low=formats.whole(last["p10"]),
        high=formats.whole(last["p90"]),
    )
    if specialty != "all" and not formats.is_blank(last.get("deficit_probability_share")):
        chance = formats.percent(last["deficit_probability_share"], 0)
        text += " " + _("Probability of a deficit: {chance}.", chance=chance)
    # Somewhere somebody is always missing: of sums only a large share says something.
    if not formats.is_blank(last.get("large_deficit_probability_share")):
        chance = formats.percent(last["large_deficit_probability_share"], 0)
        text += " " + _("Probability that over a tenth of the need is missing: {chance}.", chance=chance)
    widgets.answer(text)


def _observed(area: str, specialty: str, measure: str) -> pd.DataFrame:
    """The same month of each past year."""
    past = rollups.history(area, "doctor", specialty)
    if past.empty or measure not in past:
        return pd.DataFrame({"x": [], "value": []})
    same = past[past["month"].dt.month == past["month"].max().month]
    return pd.DataFrame({"x": same["month"].dt.year, "value": same[measure]})


def _chances(specialty: str) -> dict[str, str]:
    """Columns of chances: of any deficit for one specialty, of a large one always."""
    single = {"deficit_probability_share": _("Probability of a deficit")} if specialty != "all" else {}
    return single | {"large_deficit_probability_share": _("Probability that over a tenth is missing")}


def _years(ahead: pd.DataFrame, specialty: str) -> None:
    """The forecast as a table."""
    widgets.section(_("Year by year"))
    columns = {
        "year": _("Year"),
        "p50_fte": _("Most likely, posts"),
        "p10_fte": _("80 % from, posts"),
        "p90_fte": _("80 % to, posts"),
        "p2_5_fte": _("95 % from, posts"),
        "p97_5_fte": _("95 % to, posts"),
        **_chances(specialty),
        "scenario_hash": _("Scenario hash"),
    }
    back = {
        "x": "year",
        "p50": "p50_fte",
        "p10": "p10_fte",
        "p90": "p90_fte",
        "p2_5": "p2_5_fte",
        "p97_5": "p97_5_fte",
    }
    rows = ahead.rename(columns=back)
    columns = {
        name: heading for name, heading in columns.items() if name in rows and rows[name].notna().any()
    }
    widgets.table(
        rows,
        columns,
        name="outlook",
        alt=_("Forecast by year"),
        source=forecasts.FORECASTS,
        is_estimated=True,
    )


def _regions(year: int, specialty: str, measure: str, scenario: str) -> None:
    """Every region in the last year."""
    rows = forecasts.in_year(year, measure, scenario, specialty)
    if rows.empty:
        return
    widgets.section(_("Regions in {year}", year=year))
    rows["region_name"] = rows["region_code"].map(labels.regions())
    columns = {
        "region_name": _("Region"),
        "p50_fte": _("Most likely, posts"),
        "p10_fte": _("80 % from, posts"),
        "p90_fte": _("80 % to, posts"),
        **_chances(specialty),
    }
    columns = {
        name: heading for name, heading in columns.items() if name in rows and rows[name].notna().any()
    }
    widgets.table(
        rows,
        columns,
        name="outlook_regions",
        alt=_("Forecast by region, {year}", year=year),
        source=forecasts.FORECASTS,
        is_estimated=True,
    )


main()
