"""Plans of places as the page asks for them.

Belongs here: queries to the `place_plan` marts. Does not belong here: how they are shown.
"""

import numpy as np
import pandas as pd

from dashboards import session

TOTALS = "forecast.fct_place_plan_totals"
SHORTAGES = "forecast.fct_place_plan_shortages"
MEASURES = "forecast.fct_place_plan_measures"
PLACES = "forecast.fct_place_plans"
QUOTA = "forecast.fct_quota_regions"
PRICES = "forecast.fct_plan_prices"


def measures(quantile: float) -> pd.DataFrame:
    """What each priced measure would close and cost alone, and how much of it the cheapest mix adopts."""
    rows = session.snapshot().read(
        MEASURES,
        """select * from forecast.fct_place_plan_measures
        where quantile_share = $quantile and strategy_code = 'cheapest_mix' order by measure_code""",
        quantile=quantile,
    )
    closed = rows["whole_fte"].where(rows["whole_fte"] > 0)
    return rows.assign(
        whole_cost_billion=rows["whole_cost_kzt"] / 1e9,
        kzt_million_per_fte=rows["whole_cost_kzt"] / closed / 1e6,
    )


def by_specialty(quantile: float, strategy: str) -> pd.DataFrame:
    """One row a specialty that is short: places, first intake, first effect, what is left and why."""
    rows = session.snapshot().read(
        SHORTAGES,
        """select shortages.*, places.places_persons, places.first_intake_year
        from forecast.fct_place_plan_shortages as shortages
        left join (
            select
              specialty_code, sum(places_persons) as places_persons, min(intake_year) as first_intake_year
            from forecast.fct_place_plans
            where quantile_share = $quantile and strategy_code = $strategy group by specialty_code
        ) as places using (specialty_code)
        where quantile_share = $quantile and strategy_code = $strategy and shortage_fte > 0
        order by shortage_fte desc""",
        quantile=quantile,
        strategy=strategy,
    )
    return rows.assign(places_persons=np.ceil(rows["places_persons"]))


def by_intake(quantile: float, strategy: str) -> pd.DataFrame:
    """One row a programme and intake, places rounded up."""
    rows = session.snapshot().read(
        PLACES,
        """select * from forecast.fct_place_plans
        where quantile_share = $quantile and strategy_code = $strategy and places_persons >= 0.05
        order by specialty_code, intake_year""",
        quantile=quantile,
        strategy=strategy,
    )
    return rows.assign(places_persons=np.ceil(rows["places_persons"] - 0.05))
