"""Deficits of an area, read from the roll-up mart: the one place that knows how its splits are asked for.

Belongs here: queries to `staffing.fct_deficit_rollups`. Does not belong here: how they are drawn.
"""

import pandas as pd

from dashboards import session, widgets
from dashboards.words import _, codes, formats, labels

TABLE = "staffing.fct_deficit_rollups"


def split_of(specialty: str, settlement: str) -> str:
    """The mart's split for a choice of specialty and settlement, either of them possibly `all`."""
    return {
        (False, False): "all",
        (True, False): "specialty",
        (False, True): "settlement",
        (True, True): "specialty_settlement",
    }[specialty != "all", settlement != "all"]


def areas(level: str, category: str, specialty: str = "all", settlement: str = "all") -> pd.DataFrame:
    """One row an area of the level, latest month."""
    return session.snapshot().read(
        TABLE,
        """select * from staffing.fct_deficit_rollups
        where month = (select max(month) from staffing.fct_deficit_rollups)
          and level = $level and split = $split and staff_category = $category
          and specialty_code = $specialty and settlement = $settlement""",
        level=level,
        category=category,
        specialty=specialty,
        settlement=settlement,
        split=split_of(specialty, settlement),
    )


def by_specialty(area_code: str, category: str, settlement: str = "all") -> pd.DataFrame:
    """One row a specialty of an area, latest month."""
    return session.snapshot().read(
        TABLE,
        """select * from staffing.fct_deficit_rollups
        where month = (select max(month) from staffing.fct_deficit_rollups)
          and area_code = $area and staff_category = $category
          and specialty_code <> 'all' and settlement = $settlement and split = $split""",
        area=area_code,
        category=category,
        settlement=settlement,
        split=split_of("one", settlement),
    )


def history(area_code: str, category: str, specialty: str = "all", settlement: str = "all") -> pd.DataFrame:
    """One row a month of an area, oldest first."""
    return session.snapshot().read(
        TABLE,
        """select * from staffing.fct_deficit_rollups
        where area_code = $area and split = $split and staff_category = $category
          and specialty_code = $specialty and settlement = $settlement order by month""",
        area=area_code,
        category=category,
        specialty=specialty,
        settlement=settlement,
        split=split_of(specialty, settlement),
    )


def unknown_budget_note(rows: pd.DataFrame) -> None:
    """Say for how many filled posts nobody told how many are established, where there are such posts."""
    unknown = rows["budget_unknown_filled_fte"].sum() if "budget_unknown_filled_fte" in rows else 0
    if unknown > 0:
        widgets.note(
            _(
                "For {count} filled posts the source does not say how many are established: vacant posts"
                " there are unknown, not zero.",
                count=formats.number(unknown),
            )
        )


def categories() -> dict[str, str]:
    """Staff categories in the mart, doctors first."""
    found = session.snapshot().read(
        TABLE,
        "select distinct staff_category from staffing.fct_deficit_rollups order by staff_category <>"
        " 'doctor', 1",
    )
    if found.empty:  # posts may be known where no deficit could be reckoned
        found = session.snapshot().read(
            "staffing.fct_posts_monthly",
            """select distinct staff_category from staffing.fct_posts_monthly
            order by staff_category <> 'doctor', staff_category""",
        )
    return {code: codes.label(code) for code in found.get("staff_category", ())}


def specialties(category: str) -> dict[str, str]:
    """Specialties that have a figure in the category, `all` first, then by name."""
    found = session.snapshot().read(
        TABLE,
        """select distinct specialty_code from staffing.fct_deficit_rollups
        where staff_category = $category and split = 'specialty'""",
        category=category,
    )
    names = labels.specialties()
    named = {code: names.get(code, code) for code in found.get("specialty_code", ()) if code != "all"}
    return {"all": _("All specialties")} | dict(sorted(named.items(), key=lambda item: item[1]))


def settlements() -> dict[str, str]:
    """Urban and rural, or both."""
    return {"all": _("Town and village"), "urban": _("Town"), "rural": _("Village")}
