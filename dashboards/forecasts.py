"""Forecast marts as pages ask for them: quantiles of an area, and how good such ranges have been.

Belongs here: queries to the schema `forecast`. Does not belong here: how they are drawn.
"""

import pandas as pd

from dashboards import session
from dashboards.words import _, formats

FORECASTS = "forecast.fct_deficit_forecasts"
COVERAGE = "forecast.fct_coverage"

_QUANTILES = {f"{name}_fte": name for name in ("p2_5", "p10", "p50", "p90", "p97_5")}


def of_area(area_code: str, specialty: str, measure: str, scenario: str = "baseline") -> pd.DataFrame:
    """One row a year: x, p2_5, p10, p50, p90, p97_5 and deficit_probability_share."""
    rows = session.snapshot().read(
        FORECASTS,
        """select * from forecast.fct_deficit_forecasts
        where area_code = $area and specialty_code = $specialty and measure = $measure
          and scenario_code = $scenario order by year""",
        area=area_code,
        specialty=specialty,
        measure=measure,
        scenario=scenario,
    )
    return rows.rename(columns={"year": "x", **_QUANTILES})


def in_year(year: int, measure: str, scenario: str, specialty: str) -> pd.DataFrame:
    """One row a region in a year."""
    return session.snapshot().read(
        FORECASTS,
        """select * from forecast.fct_deficit_forecasts
        where year = $year and measure = $measure and scenario_code = $scenario
          and specialty_code = $specialty and level = 'region' order by p50_fte desc""",
        year=year,
        measure=measure,
        scenario=scenario,
        specialty=specialty,
    )


def values(column: str) -> list:
    """The distinct values of scenario_code, measure, specialty_code or year, in order."""
    rows = session.snapshot().read(
        FORECASTS,
        "select distinct scenario_code, measure, specialty_code, year from forecast.fct_deficit_forecasts",
    )
    return sorted(rows[column].unique()) if len(rows) else []


def why_absent() -> str:
    """Why there is no forecast to draw."""
    return {
        "absent": _("the forecast is not part of this publication"),
        "empty": _("the forecast has no rows; it needs at least three years of history"),
        "filled": _("it is made for the whole of a region or the country and for single specialties"),
    }[session.snapshot().state(FORECASTS)]


def coverage_note(level: str) -> str:
    """How often such ranges held what came, measured on our own past forecasts."""
    rows = session.snapshot().read(
        COVERAGE,
        """select nominal_share, sum(covered_share * forecasts_count) / sum(forecasts_count) as covered_share,
             sum(forecasts_count) as forecasts_count
        from forecast.fct_coverage where level = $level and stage = 'after'
        group by nominal_share having sum(forecasts_count) > 0 order by nominal_share""",
        level=level,
    )
    if rows.empty:
        return _("How often these ranges hold the truth has not been measured.")
    parts = [
        _(
            "the {nominal} range held {covered}",
            nominal=formats.percent(r.nominal_share),
            covered=formats.percent(r.covered_share),
        )
        for r in rows.itertuples()
    ]
    count = formats.whole(rows["forecasts_count"].max())
    return _("Measured on {count} past forecasts: {parts}.", count=count, parts="; ".join(parts))
