"""Forecast marts as pages ask for them: quantiles of an area, and how good such ranges have been.

Belongs here: queries to the schema `forecast`. Does not belong here: how they are drawn.
"""

import pandas as pd

from dashboards import session
from dashboards.words import _, formats, labels, phrases

FORECASTS = "forecast.fct_deficit_forecasts"
COVERAGE = "forecast.fct_coverage"
REASONS = "forecast.fct_forecast_reasons"

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


def left_out() -> str:
    """What the projection leaves out, and why: specialties without a standard, scenarios it refused."""
    rows = session.snapshot().read(REASONS, "from forecast.fct_forecast_reasons order by reason, subject")
    if rows.empty:
        return ""
    names = labels.specialties()
    named = rows["subject"].map(lambda code: names.get(code) or labels.scenario(code))
    parts = [
        f"{', '.join(group)} – {phrases.say(reason)}"
        for reason, group in named.groupby(rows["reason"], sort=False)
    ]
    return _("Not projected: {reasons}.", reasons="; ".join(parts))


def held() -> pd.DataFrame:
    """By measure and level: past forecasts, and how often their ranges held, before and after calibration."""
    share = """sum(covered_share * forecasts_count) filter (where {which})
        / sum(forecasts_count) filter (where {which})"""
    parts = [
        f"{share.format(which=which)} as {stage}_{percent}_share"
        for percent, nominal in ((80, "nominal_share < 0.9"), (95, "nominal_share > 0.9"))
        for stage in ("before", "after")
        for which in [f"stage = '{stage}' and {nominal}"]
    ]
    return session.snapshot().read(
        COVERAGE,
        f"""select measure, level, {", ".join(parts)},
          sum(forecasts_count) filter (where stage = 'after' and nominal_share < 0.9) as forecasts_count
        from forecast.fct_coverage where level in ('nation', 'region', 'leaves') group by measure, level
        order by measure, case level when 'nation' then 1 when 'region' then 2 else 3 end""",  # noqa: S608 - own
    )


def coverage_note(level: str, measure: str | None = None) -> str:
    """How often such ranges of a measure held what came, before and after they were calibrated.

    Args:
        level: leaves, region or nation.
        measure: What is forecast; None for all measures together.
    """
    rows = session.snapshot().read(
        COVERAGE,
        """select nominal_share,
             sum(covered_share * forecasts_count) filter (where stage = 'before')
               / sum(forecasts_count) filter (where stage = 'before') as before_share,
             sum(covered_share * forecasts_count) filter (where stage = 'after')
               / sum(forecasts_count) filter (where stage = 'after') as after_share,
             sum(forecasts_count) filter (where stage = 'after') as forecasts_count,
             max(horizon_years) filter (where stage = 'after') as horizon_years
        from forecast.fct_coverage where level = $level and ($measure is null or measure = $measure)
        group by nominal_share having count(*) filter (where stage = 'after') > 0 order by nominal_share""",
        level=level,
        measure=measure,
    )
    if rows.empty:
        return _("How often these ranges hold the truth has not been measured.")
    parts = [
        _("the {nominal} range held {covered}", nominal=formats.percent(r.nominal_share, 0),
          covered=formats.percent(r.after_share))
        + ("" if formats.is_blank(r.before_share)
           else " " + _("({before} before calibration)", before=formats.percent(r.before_share)))
        for r in rows.itertuples()
    ]  # fmt: skip
    count = formats.whole(rows["forecasts_count"].max())
    return _("Measured on {count} past forecasts of up to {years} years ahead: {parts}.", count=count,
             years=formats.whole(rows["horizon_years"].max()), parts="; ".join(parts))  # fmt: skip
