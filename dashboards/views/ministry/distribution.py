"""How evenly are staff spread over the country?

Density per 10,000, the Gini and concentration indices, and the maldistribution index that weighs the age
and sex of people and the hours of doctors.
"""

import pandas as pd
import streamlit as st

from dashboards import choices, rollups, session, theme, widgets
from dashboards.charts import bars, frame
from dashboards.words import _, codes, formats, labels

DENSITY = "staffing.fct_density"
INDICES = "staffing.fct_distribution_indices"
MALDISTRIBUTION = "staffing.fct_maldistribution"


def main() -> None:
    """Draw the page."""
    widgets.title(_("How evenly are staff spread over the country?"))
    left, right = st.columns(2)
    with left:
        category = choices.choose(_("Staff"), rollups.categories(), "staff", preferred="doctor")
    with right:
        settlement = choices.choose(_("Settlement"), rollups.settlements(), "settlement")
    _density(category, settlement)
    _indices(category)
    _maldistribution()


def _density(category: str, settlement: str) -> None:
    """Persons and filled posts per 10,000 by region."""
    rows = session.snapshot().read(
        DENSITY,
        """select * from staffing.fct_density
        where month = (select max(month) from staffing.fct_density) and level = 'region'
          and staff_category = $category and specialty_code = 'all' and settlement = $settlement
        order by persons_per_10k desc""",
        category=category,
        settlement=settlement,
    )
    known = rows.dropna(subset=["persons_per_10k"]) if len(rows) else rows
    if known.empty:
        widgets.no_data(DENSITY)
        return
    rows["region_name"] = rows["region_code"].map(labels.regions())
    top, bottom = rows.loc[known.index[0]], rows.loc[known.index[-1]]
    widgets.answer(
        _(
            "From {low} per 10,000 inhabitants in {bottom} to {high} in {top}.",
            low=formats.number(bottom["persons_per_10k"], 1),
            bottom=bottom["region_name"],
            high=formats.number(top["persons_per_10k"], 1),
            top=top["region_name"],
        )
    )
    colour = theme.palette().supply
    figure = bars.ranked(
        rows, "region_name", {"persons_per_10k": (_("Persons per 10,000"), colour)}, unit=_("per 10,000")
    )
    frame.draw(figure, alt=_("Staff per 10,000 inhabitants by region"), key="density")
    columns = {
        "region_name": _("Region"),
        "persons_count": _("Persons"),
        "filled_fte": _("Filled, posts"),
        "population_persons": _("Population, persons"),
        "population_year": _("Population of"),
        "persons_per_10k": _("Persons per 10,000"),
        "filled_fte_per_10k": _("Filled posts per 10,000"),
    }
    widgets.table(
        rows, columns, name="density", alt=_("Staff per 10,000 inhabitants by region"), source=DENSITY
    )


def _indices(category: str) -> None:
    """Gini and concentration index, latest month."""
    widgets.section(_("Inequality in one number"))
    rows = session.snapshot().read(
        INDICES,
        """select * from staffing.fct_distribution_indices
        where month = (select max(month) from staffing.fct_distribution_indices)
          and staff_category = $category and specialty_code = 'all' order by scope, area_code""",
        category=category,
    )
    if rows.empty:
        widgets.no_data(INDICES)
        return
    rows["scope_name"] = rows["scope"].map(codes.label)
    rows["area_name"] = rows["area_code"].map({**labels.regions(), "nation": _("Country")})
    rows["index_name"] = rows["index_code"].map(codes.label)
    columns = {
        "scope_name": _("Compared"),
        "area_name": _("Area"),
        "index_name": _("Index"),
        "index_value": _("Value"),
        "areas_count": _("Areas"),
    }
    widgets.table(rows, columns, name="indices", alt=_("Inequality indices"), source=INDICES, height=320)
    widgets.note(
        _("0 is an even spread, 1 all staff in one area; below zero the concentration index favours towns.")
    )


def _maldistribution() -> None:
    """The Japanese index by region."""
    widgets.section(_("Maldistribution index: doctors against the need that age and sex make"))
    rows: pd.DataFrame = session.snapshot().read(
        MALDISTRIBUTION,
        "select * from staffing.fct_maldistribution where level = 'region' order by rank_from_worst",
    )
    if rows.empty:
        widgets.no_data(MALDISTRIBUTION)
        return
    rows["region_name"] = rows["region_code"].map(labels.regions())
    columns = {
        "rank_from_worst": _("Rank from the lowest"),
        "region_name": _("Region"),
        "maldistribution_index": _("Doctors per 100,000 standardised inhabitants"),
        "doctors_persons": _("Doctors, persons"),
        "hours_weighted_doctors_fte": _("Doctors weighted by hours"),
        "standardised_utilisation_ratio": _("Use expected, ratio to the country"),
    }
    widgets.table(
        rows,
        columns,
        name="maldistribution",
        alt=_("Maldistribution index by region"),
        source=MALDISTRIBUTION,
    )


main()
