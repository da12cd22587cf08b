"""The what-if: planning's own projection, made ready once a snapshot, answering a scenario in under a second.

Belongs here: bringing the snapshot's tables to `planning`. Does not belong here: sliders and pictures
(`views/ministry/scenarios.py`) and any mathematics.
"""

import datetime as dt
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboards import session
from dashboards.data import Snapshot
from planning.projection.deficit import answer
from planning.projection.inputs import Assumptions, ProjectionInputs
from planning.projection.learnt import learnt_from
from planning.projection.population import NationalRates
from planning.projection.projector import Projector, prepare
from planning.projection.scenario import BASELINE, LEVERS, Lever, Scenario
from planning.projection.widening import NO_WIDENING, Widening
from planning.questions.inverse import Plan, Question, close_deficit
from planning.questions.plan_costs import Price, bill

SETTINGS = "forecast.whatif_settings"
SCENARIOS = "forecast.fct_scenarios"
PRICES = "forecast.fct_plan_prices"
WIDENING = "forecast.fct_range_widening"
SIDES = ("need_fte", "supply_fte")
_NEEDED = ("population", "encounters", "activity_minutes", "staff_stock", "learnt")
_MAY_BE_EMPTY = ("norms", "intake")
_OPTIONAL = ("region_splits", "moves", "observed_need")
_RATES = ("totals", "mortality", "fertility", "migration")


def is_published() -> bool:
    """Whether the snapshot holds what a projection is made of."""
    snapshot = session.snapshot()
    needed = (*_NEEDED, *(f"rates_{name}" for name in _RATES))
    return all(snapshot.state(f"forecast.whatif_{name}") == "filled" for name in needed) and all(
        snapshot.state(f"forecast.whatif_{name}") != "absent" for name in _MAY_BE_EMPTY
    )


def draws() -> int:
    """Random draws behind every answer."""
    return len(_projector(session.snapshot()).coefficients)


def nation(values: dict[str, float], from_year: int) -> pd.DataFrame:
    """The nation year by year under the levers: shortage quantiles, probability, scenario hash.

    Args:
        values: Lever → value, in the lever's own unit; neutral values are left out.
        from_year: First year in which the levers act.
    """
    return _nation(session.snapshot(), tuple(sorted(values.items())), from_year)


@st.cache_data(
    max_entries=64, show_spinner=False, hash_funcs={Snapshot: lambda s: (s.audience.name, s.run_id)}
)
def _nation(snapshot: Snapshot, values: tuple[tuple[str, float], ...], from_year: int) -> pd.DataFrame:
    """The answer, kept: the baseline is asked for at every movement of a slider."""
    return answer(_projector(snapshot), scenario_of(dict(values), from_year)).table("nation")


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
    measures = tuple(
        scenario
        for scenario in (_scenarios(snapshot, priced) if with_measures else ())
        if all(lever.from_year > projector.years[0] for lever in scenario.levers)
    )
    costs = costs[(costs["lever_code"] == "place") | costs["code"].isin([m.name for m in measures])]
    first = projector.years[0] + 2
    return close_deficit(projector, Question(year, quantile, first, budget_kzt, costs, measures))


def _scenarios(snapshot: Snapshot, names: set[str]) -> tuple[Scenario, ...]:
    """Scenarios of the run, as its files stated them."""
    rows = snapshot.read(SCENARIOS, "from forecast.fct_scenarios where lever_code is not null")
    made = []
    for name in sorted(names & set(rows["scenario_code"])):
        levers = tuple(
            Lever(
                row.lever_code, row.value, row.unit, int(row.from_year), row.source,
                pd.Timestamp(row.stated_on).date(), row.owner, row.minimum, row.maximum,
            )
            for row in rows[rows["scenario_code"] == name].itertuples()
        )  # fmt: skip
        made.append(Scenario(name, levers))
    return tuple(made)


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
    settings = snapshot.read(SETTINGS, "from forecast.whatif_settings")
    assumed, seed = Assumptions(), 2026
    if len(settings):
        row = settings.iloc[0]
        assumed = replace(
            assumed, sampling_fraction=float(row["sampling_fraction"]), last_year=int(row["last_year"])
        )
        seed = int(row["seed"])
    tables = {name: _read(snapshot, name) for name in (*_NEEDED, *_MAY_BE_EMPTY)}
    tables |= {name: _read(snapshot, name) for name in _OPTIONAL if _is_filled(snapshot, name)}
    rates = NationalRates(**{name: _read(snapshot, f"rates_{name}") for name in _RATES})
    learnt, nobody = learnt_from(tables.pop("learnt")), pd.DataFrame()
    inputs = ProjectionInputs(**tables, person_years=nobody, rates=rates, learnt=learnt, assumptions=assumed)
    made = prepare(inputs, seed=seed, draws=len(learnt.coefficients))
    return made.widened(_widening(snapshot))


def _widening(snapshot: Snapshot) -> Widening:
    """The factors that the run learnt from past projections; none in a snapshot without them."""
    rows = snapshot.read(WIDENING, "from forecast.fct_range_widening order by horizon_years")
    if rows.empty:
        return NO_WIDENING
    factors = {side: rows.loc[rows["measure"] == side, "widening_ratio"].to_numpy() for side in SIDES}
    common = {side: float(rows.loc[rows["measure"] == side, "common_sd_share"].max()) for side in SIDES}
    return Widening(
        factors["need_fte"],
        factors["supply_fte"],
        need_common=common["need_fte"],
        supply_common=common["supply_fte"],
    )


def _is_filled(snapshot: Snapshot, name: str) -> bool:
    """Whether an optional table is there."""
    return snapshot.state(f"forecast.whatif_{name}") == "filled"


def _read(snapshot: Snapshot, name: str) -> pd.DataFrame:
    """One of our own tables, whole; the name is one of the constants above."""
    return snapshot.ask("from query_table($name)", name=f"forecast.whatif_{name}")
