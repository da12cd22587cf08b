"""How good have our own forecasts been?

Measured coverage and error of past forecasts by level, specialty and horizon, with the data they were
made from.
"""

import pandas as pd
import streamlit as st

from dashboards import choices, forecasts, session, theme, widgets
from dashboards.charts import bars, calibration, frame
from dashboards.words import _, codes, formats, labels, many

LEAVING = "forecast.fct_leaving_calibration"
HAZARDS = "forecast.fct_leaving_hazards"


def main() -> None:
    """Draw the page."""
    widgets.title(_("How good have our own forecasts been?"))
    rows = session.snapshot().read(forecasts.COVERAGE, "from forecast.fct_coverage order by all")
    if rows.empty:
        widgets.no_data(forecasts.COVERAGE)
        return
    widgets.answer(
        _("All measures together, the country:") + " " + forecasts.coverage_note("nation") + " "
        + _("Regions:") + " " + forecasts.coverage_note("region")
    )  # fmt: skip
    _held()
    _by_horizon(rows)
    _leaving()
    _every_score(rows)


def _held() -> None:
    """How often the ranges held, by measure and level, before and after calibration."""
    table = forecasts.held()
    table["measure_name"] = table["measure"].map(codes.label)
    table["level_name"] = table["level"].map(codes.label)
    columns = {
        "measure_name": _("Measure"),
        "level_name": _("Level"),
        "forecasts_count": _("Forecasts"),
        "before_80_share": _("80 % held, before"),
        "after_80_share": _("80 % held, after"),
        "before_95_share": _("95 % held, before"),
        "after_95_share": _("95 % held, after"),
    }
    widgets.table(table, columns, name="held", alt=_("How often the ranges held"), source=forecasts.COVERAGE)
    widgets.note(
        _(
            "Every forecast was made from the data of its own year. After: with ranges calibrated on what was"
            " known then. A country has one forecast a year and horizon, and forecasts of the same years"
            " share their luck: few forecasts say little."
        )
    )


def _every_score(rows: pd.DataFrame) -> None:
    """Every score of a measure and level."""
    widgets.section(_("Every score"))
    left, right = st.columns(2)
    with left:
        options = {code: codes.label(code) for code in sorted(rows["measure"].unique())}
        measure = choices.choose(_("Measure"), options, "measure", preferred="shortage_fte")
    rows = rows[rows["measure"] == measure]
    with right:
        options = {code: codes.label(code) for code in sorted(rows["level"].unique())}
        level = choices.choose(_("Level"), options, "level", preferred="nation")
    rows = rows[rows["level"] == level]
    rows["region_name"] = rows["region_code"].map(labels.regions())
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties()).fillna(_("All specialties"))
    columns = {
        "region_name": _("Region"),
        "specialty_name": _("Specialty"),
        "stage": _("Calibration"),
        "horizon_years": _("Years ahead"),
        "nominal_share": _("Range promised"),
        "covered_share": _("Range held"),
        "forecasts_count": _("Forecasts"),
        "mase_ratio": _("Error, ratio to the naive forecast (MASE)"),
        "bias_share": _("Bias, share"),
        "data_vintage_date": _("Data as of"),
    }
    named = {"region_name": rows["region_code"].notna(), "specialty_name": rows["specialty_code"] != "all"}
    shown = {
        name: heading
        for name, heading in columns.items()
        if name in rows and named.get(name, pd.Series([True])).any()
    }
    widgets.table(
        rows,
        shown,
        name="scoreboard",
        alt=_("Scores of past forecasts"),
        source=forecasts.COVERAGE,
        height=480,
    )


def _by_horizon(rows: pd.DataFrame) -> None:
    """How often the 80 % range held, by years ahead."""
    after = rows[
        (rows["stage"] == "after")
        & (rows["level"] == "leaves")
        & (rows["nominal_share"].sub(0.8).abs() < 0.001)
    ]
    if after.empty:
        return
    weighed = after.assign(held=after["covered_share"] * after["forecasts_count"])
    by = weighed.groupby("horizon_years", as_index=False)[["held", "forecasts_count"]].sum()
    by["covered_percent"] = 100 * by["held"] / by["forecasts_count"]
    by["name"] = [
        many("{years} year ahead", "{years} years ahead", int(years), years=formats.whole(years))
        for years in by["horizon_years"]
    ]
    colour = theme.palette().supply
    figure = bars.ranked(by, "name", {"covered_percent": (_("Held, %"), colour)}, unit="%", mark=80)
    frame.draw(figure, alt=_("How often the 80 % range held, by years ahead"), key="held")
    widgets.note(
        _("Cells of region and specialty, all measures, after calibration.")
        + " "
        + _("The dashed line is what was promised: 80 %.")
    )


def _leaving() -> None:
    """The chance of leaving: predicted against observed, and beside the truth where it is known."""
    bins = session.snapshot().read(LEAVING, "from forecast.fct_leaving_calibration order by bin")
    if bins.empty:
        return
    widgets.section(_("Who leaves: predicted and observed"))
    held = bins["predicted_share"].between(bins["low_95_share"], bins["high_95_share"])
    far = (bins["predicted_share"] - bins["observed_share"]).abs().max()
    widgets.note(
        _(
            "Each of {years} past years was predicted from the years before it; {count} person-years in ten"
            " parts of equal size by predicted chance. In {held} of {parts} the prediction lies in the 95 %"
            " range of what was observed; the largest miss is {far} percentage points. The ranges are"
            " chance among persons alone.",
            years=int(bins["years_count"].iloc[0]),
            count=formats.whole(bins["person_years"].sum()),
            held=int(held.sum()),
            parts=len(bins),
            far=formats.number(100 * far, 1),
        )
    )
    colour = theme.palette().supply
    drawn = _percents(bins, "predicted", "observed")
    drawn["name"] = bins["bin"].astype(str)
    left, right = st.columns(2)
    with left:
        figure = calibration.plot(
            drawn, colour=colour, predicted=_("Predicted to leave, %"), observed=_("Left, %")
        )
        frame.draw(figure, alt=_("Predicted and observed leaving by tenth"), key="leaving")
    years = session.snapshot().read(HAZARDS, "from forecast.fct_leaving_hazards order by service_year")
    with right:
        if len(years):
            by_year = _percents(years, "fitted", "known").assign(x=years["service_year"])
            figure = calibration.beside(
                by_year, colour=colour, across=_("Year of service (10: ten and more)"), unit=_("Leave, %")
            )
            frame.draw(figure, alt=_("Chance of leaving by year of service"), key="hazards")
            widgets.note(
                _("A doctor in a town, from elsewhere, at mean pay.")
                + ("" if years["known_share"].isna().all() else " " + _recovered(years))
            )
    columns = {
        "bin": _("Tenth"),
        "person_years": _("Person-years"),
        "predicted_share": _("Predicted to leave"),
        "observed_share": _("Observed to leave"),
        "low_95_share": _("95 % from"),
        "high_95_share": _("95 % to"),
    }
    widgets.table(
        bins, columns, name="leaving", alt=_("Predicted and observed leaving by tenth"), source=LEAVING
    )


def _recovered(years: pd.DataFrame) -> str:
    """How near the fit came to the law that the demonstration's register was made with."""
    off = (years["fitted_share"] - years["known_share"]).abs()
    inside = years["known_share"].between(years["low_95_share"], years["high_95_share"])
    return _(
        "The demonstration's register was made with a known law: the fit misses it by {mean} percentage"
        " points on average and by {most} at most; {inside} of {count} lie in the 95 % range.",
        mean=formats.number(100 * off.mean(), 1),
        most=formats.number(100 * off.max(), 1),
        inside=int(inside.sum()),
        count=len(years),
    )


def _percents(rows: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Shares as per cent, with the 95 % range."""
    made = {f"{name}_percent": 100 * rows[f"{name}_share"] for name in names}
    return pd.DataFrame(
        made | {"low_percent": 100 * rows["low_95_share"], "high_percent": 100 * rows["high_95_share"]}
    )


main()
