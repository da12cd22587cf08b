"""How good have our own forecasts been?

Measured coverage and error of past forecasts by level, specialty and horizon, with the data they were
made from.
"""

import pandas as pd

from dashboards import forecasts, session, theme, widgets
from dashboards.charts import bars, frame
from dashboards.words import _, codes, formats, labels, many


def main() -> None:
    """Draw the page."""
    widgets.title(_("How good have our own forecasts been?"))
    rows = session.snapshot().read(forecasts.COVERAGE, "from forecast.fct_coverage order by all")
    if rows.empty:
        widgets.no_data(forecasts.COVERAGE)
        return
    widgets.answer(forecasts.coverage_note("nation") + " " + forecasts.coverage_note("region"))
    _by_horizon(rows)
    rows["measure_name"] = rows["measure"].map(codes.label)
    rows["level_name"] = rows["level"].map(codes.label)
    rows["region_name"] = rows["region_code"].map(labels.regions())
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties()).fillna(_("All specialties"))
    columns = {
        "measure_name": _("Measure"),
        "level_name": _("Level"),
        "region_name": _("Region"),
        "specialty_name": _("Specialty"),
        "horizon_years": _("Years ahead"),
        "nominal_share": _("Range promised"),
        "covered_share": _("Range held"),
        "mase_ratio": _("Error, ratio to the naive forecast (MASE)"),
        "bias_share": _("Bias, share"),
        "forecasts_count": _("Forecasts"),
        "stage": _("Calibration"),
        "data_vintage_date": _("Data as of"),
    }
    shown = {name: heading for name, heading in columns.items() if name in rows}
    widgets.section(_("Every score"))
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
    widgets.note(_("The dashed line is what was promised: 80 %."))


main()
