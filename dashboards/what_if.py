"""The what-if: planning's own projection, made ready once a snapshot, answering a scenario in under a second.

Belongs here: bringing the snapshot's tables to `planning`. Does not belong here: sliders and pictures
(`views/ministry/scenarios.py`) and any mathematics.
"""

import datetime as dt

import numpy as np
import pandas as pd
import streamlit as st

from dashboards import session
from dashboards.data import Snapshot
from planning.projection.deficit import Draws, answer
from planning.projection.projector import Projector
from planning.projection.published import MAY_BE_EMPTY, NEEDED, SETTINGS, published_projector, scenarios_from
from planning.projection.scenario import BASELINE, LEVERS, Lever, Scenario
from planning.questions.inverse import Plan, Question, close_deficit
from planning.questions.plan_costs import Price, bill

SETTINGS_TABLE = f"forecast.{SETTINGS}"
SCENARIOS = "forecast.fct_scenarios"
PRICES = "forecast.fct_plan_prices"


def is_published() -> bool:
    """Whether the snapshot holds what a projection is made of."""
    snapshot = session.snapshot()
    return all(snapshot.state(f"forecast.{name}") == "filled" for name in NEEDED) and all(
        snapshot.state(f"forecast.whatif_{name}") != "absent" for name in MAY_BE_EMPTY
    )


def draws() -> int:
    """Random draws behind every answer."""
    return len(_projector(session.snapshot()).coefficients)


def nation(values: dict[str, float], from_year: int) -> pd.DataFrame:
    """The nation year by year under the levers: shortage quantiles, probability, scenario hash.

    `change_fte_q10`, `_q50`, `_q90` are of what the levers change, draw by draw on common random numbers: far
    surer than either shortage alone.

    Args:
        values: Lever → value, in the lever's own unit; neutral values are left out.
        from_year: First year in which the levers act.
    """
    snapshot = session.snapshot()
    table, shortage = _nation(snapshot, tuple(sorted(values.items())), from_year)
    _table, baseline = _nation(snapshot, (), from_year)
    ends = np.quantile(shortage - baseline, (0.1, 0.5, 0.9), axis=0)
    return table.assign(
        **dict(zip(("change_fte_q10", "change_fte_q50", "change_fte_q90"), ends, strict=True))
    )


@st.cache_data(
    max_entries=64, show_spinner=False, hash_funcs={Snapshot: lambda s: (s.audience.name, s.run_id)}
)
def _nation(
    snapshot: Snapshot, values: tuple[tuple[str, float], ...], from_year: int
) -> tuple[pd.DataFrame, Draws]:
    """The answer and its draws, kept: the baseline is asked for at every movement of a slider."""
    answered = answer(_projector(snapshot), scenario_of(dict(values), from_year))
    return answered.table("nation"), answered.national_shortage()


def plan(year: int, quantile: float, budget_kzt: float, *, with_measures: bool) -> Plan:
    """The cheapest places, and measures if wanted, that close the shortage by a year within a budget.

    Args:
        year: By when.
        quantile: Of the shortage, 0–1.
        budget_kzt: Limit of the cost.
        with_measures: Whether priced scenarios (pay, retention) may be adopted in part.
    """
    return _plan(session.snapshot(), year, quantile, budget_kzt, with_measures)


@st.cache_data(
    max_entries=64, show_spinner=False, hash_funcs={Snapshot: lambda s: (s.audience.name, s.run_id)}
)
def _plan(snapshot: Snapshot, year: int, quantile: float, budget_kzt: float, with_measures: bool) -> Plan:
    projector = _projector(snapshot)
    prices = tuple(
        Price(
            row.price_code, row.value, row.unit, row.added_intake_share, row.source,
            pd.Timestamp(row.stated_on).date(), row.owner, row.minimum, row.maximum,
        )
        for row in snapshot.read(PRICES, "from forecast.fct_plan_prices").itertuples()
    )  # fmt: skip
    costs = bill(prices, projector, year)
    priced = {p.code for p in prices if not p.is_place}
    published = scenarios_from(snapshot.read(SCENARIOS, "from forecast.fct_scenarios"))
    measures = tuple(
        scenario
        for name, scenario in published.items()
        if with_measures and name in priced
        if all(lever.from_year > projector.years[0] for lever in scenario.levers)
    )
    costs = costs[(costs["lever_code"] == "place") | costs["code"].isin([m.name for m in measures])]
    first = projector.years[0] + 2
    return close_deficit(projector, Question(year, quantile, first, budget_kzt, costs, measures))


def scenario_of(values: dict[str, float], from_year: int) -> Scenario:
    """The reader's own scenario; the reader is the owner of its assumptions."""
    levers = tuple(
        Lever(
            name,
            value,
            LEVERS[name].unit,
            from_year,
            source="slider on the page",
            as_of=dt.datetime.now(dt.UTC).date(),
            owner="reader",
            low=LEVERS[name].low,
            high=LEVERS[name].high,
        )
        for name, value in values.items()
        if value != LEVERS[name].neutral
    )
    return Scenario("own", levers) if levers else BASELINE


@st.cache_resource(
    max_entries=2, show_spinner=False, hash_funcs={Snapshot: lambda s: (s.audience.name, s.run_id)}
)
def _projector(snapshot: Snapshot) -> Projector:
    """Fitted models and common random numbers of a snapshot: about a second, once."""

    def read(table: str) -> pd.DataFrame:
        name = f"forecast.{table}"
        if snapshot.state(name) == "absent":
            return pd.DataFrame()
        return snapshot.ask("from query_table($name)", name=name)

    return published_projector(read)
