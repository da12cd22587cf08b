"""The inverse question: how many places close a deficit by a year, at what price, and when at best.

Belongs here: the linear programme over places and other levers, the lag of every programme, and the
regions a rural quota should name. Does not belong here: the projection (`projector.py`), or any price –
costs come in as a table with their source.

Method: supply is linear in entrants, so one place adds a known number of FTE at the target year:
completion × take-up × the share still in the country's posts × FTE a person, all read from the engine.
The cheapest mix is a linear programme (HiGHS through scipy). See docs/methods/inverse.md.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog

from planning.frames import Column, Contract, FrameError, require
from planning.projection.education import INTAKE, graduates
from planning.projection.projector import Projector
from planning.projection.scenario import BASELINE, Scenario
from planning.projection.supply import collapse_ages, project_totals

Floats = NDArray[np.float64]

COSTS = Contract(
    "lever_costs",
    {
        "lever_code": Column("text", allowed=frozenset({"place", "measure"})),
        "code": Column("text"),
        "cost_kzt": Column("number", "KZT for one place, or for the whole measure up to the year", minimum=0),
        "maximum": Column("number", "places a year, or 1 for a measure", minimum=0),
        "source": Column("text"),
    },
    key=("lever_code", "code"),
)


@dataclass(frozen=True)
class Question:
    """What a planner asks.

    Attributes:
        year: By when the shortage is to be closed.
        quantile: 0.5 or 0.8: the shortage that is to be closed.
        first_intake_year: First intake that can still be changed.
        budget_kzt: Limit of the cost; None for no limit.
        costs: COSTS; "place" rows carry the programme_code, "measure" rows a scenario's name.
        measures: Scenarios that can be adopted in part, by linear interpolation (pay, retention).
    """

    year: int
    quantile: float
    first_intake_year: int
    budget_kzt: float | None
    costs: pd.DataFrame
    measures: tuple[Scenario, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The answer.

    Attributes:
        is_feasible: Every specialty's shortage is closed by the year within the budget.
        reasons: Why not, in words, if not.
        places: specialty_code, programme_code, intake_year, graduation_year, places_persons,
            added_fte, cost_kzt – what is to be added to the plan.
        measures: measure_code, adopted_share, added_fte, cost_kzt; whole_fte and whole_cost_kzt say what it
            would close and cost if adopted whole, so that it can be set beside a place.
        shortages: specialty_code, shortage_fte, closed_fte, remaining_fte, first_effect_year (when the
            quickest programme of the specialty yields its first doctor).
        cost_kzt: Of everything.
    """

    is_feasible: bool
    reasons: tuple[str, ...]
    places: pd.DataFrame
    measures: pd.DataFrame
    shortages: pd.DataFrame
    cost_kzt: float


def close_deficit(projector: Projector, question: Question) -> Plan:
    """The cheapest places and measures that close the shortage; or what can be closed at most.

    If no plan closes all of it, the plan that leaves the least shortage within the budget is given,
    and the reasons say what is left and whether money or time is short.

    Raises:
        FrameError: The costs break their contract.
        ValueError: The year is not projected, or the quantile is outside (0, 1).
    """
    if question.year not in projector.years[1:]:
        raise ValueError(f"year {question.year} lies outside {projector.years[1]}–{projector.years[-1]}")
    if not 0 < question.quantile < 1:
        raise ValueError(f"quantile {question.quantile} lies outside 0–1")
    costs = require(question.costs, COSTS)
    need = np.nan_to_num(_shortage(projector, BASELINE, question))
    offers = _offers(projector, question, costs[costs["lever_code"] == "place"])
    measures = _measures(projector, question, costs[costs["lever_code"] == "measure"], need)
    gain = np.zeros((len(need), len(offers) + len(measures)))
    gain[offers["specialty"].to_numpy(dtype=int), np.arange(len(offers))] = offers["fte_a_place"]
    for i, effect in enumerate(measures["effect"]):
        gain[:, len(offers) + i] = effect
    price = np.concatenate([offers["cost_kzt"], measures["cost_kzt"]]).astype(float)
    most = np.concatenate([offers["maximum"], np.ones(len(measures))]).astype(float)
    amounts = _cheapest(gain, need, price, most, question.budget_kzt)
    return _plan(projector, question, offers, measures, need=need, gain=gain, amounts=amounts)


def pipeline_lags(intake: pd.DataFrame, projector: Projector, decided_in: int) -> pd.DataFrame:
    """When a place decided today yields a doctor: programme_code, specialty_code, years and stages.

    Returns:
        programme_code, specialty_code, decided_year, intake_year, graduation_year,
        first_full_year (the year after graduation), lag_years (decision to first full year).
    """
    last = require(intake, INTAKE).sort_values("intake_year")
    last = last.groupby(["specialty_code", "programme_code"]).tail(1).assign(intake_year=decided_in + 1)
    done = graduates(last, projector.inputs.assumptions.internship)
    done["decided_year"], done["first_full_year"] = decided_in, done["graduation_year"] + 1
    done["lag_years"] = done["first_full_year"] - decided_in
    names = ["programme_code", "specialty_code", "decided_year", "intake_year", "graduation_year"]
    return done[[*names, "first_full_year", "lag_years"]].reset_index(drop=True)


def quota_regions(
    projector: Projector, specialty_code: str, year: int, places: int, *, quantile: float = 0.5
) -> pd.DataFrame:
    """Regions a rural quota should name: places shared by shortage, whole persons, largest remainder.

    Returns:
        region_code, shortage_fte, deficit_probability_share, quota_places; shortage first. Regions
        without a shortage at the quantile are not named.
    """
    at, s = projector.years.index(year), projector.specialties.index(specialty_code)
    paths = projector.run(BASELINE)
    gap = np.nan_to_num(paths.demand_fte[:, at, :, s] - paths.supply_fte[:, at, :, s])
    table = pd.DataFrame(
        {
            "region_code": list(projector.regions),
            "shortage_fte": np.maximum(np.quantile(gap, quantile, axis=0), 0.0),
            "deficit_probability_share": (gap > 0).mean(axis=0),
        }
    )
    table = table[table["shortage_fte"] > 0].sort_values(
        ["shortage_fte", "region_code"], ascending=[False, True], ignore_index=True
    )
    exact = places * table["shortage_fte"] / max(table["shortage_fte"].sum(), 1e-12)
    whole = np.floor(exact)
    left = int(places - whole.sum()) if len(table) else 0
    order = np.argsort(-(exact - whole).to_numpy(), kind="stable")[:left]
    whole.iloc[order] += 1
    return table.assign(quota_places=whole.astype(int))


def _shortage(projector: Projector, scenario: Scenario, question: Question) -> Floats:
    """(S,) quantile of the shortage summed over regions; a surplus elsewhere does not offset it."""
    at = projector.years.index(question.year)
    paths = projector.run(scenario)
    gap = np.maximum(paths.demand_fte[:, at] - paths.supply_fte[:, at], 0.0)
    return np.asarray(np.quantile(gap.sum(axis=1), question.quantile, axis=0), dtype=np.float64)


def _yield_by_year(projector: Projector, year: int) -> Floats:
    """(T, S) FTE at the target year of one entrant of a specialty at the end of each year."""
    rates, at = projector.rates(), projector.years.index(year)
    nobody = np.zeros_like(projector.stock.persons)
    collapsed = collapse_ages(nobody, rates.retire, rates.die, projector.stock.entry_ages)
    out = np.zeros((rates.years, len(projector.specialties)))
    for entry in range(at):
        one = np.zeros_like(rates.entrants)
        one[entry] = projector.stock.entry_mix
        there = project_totals(collapsed, replace(rates, entrants=one))[at]
        out[entry] = (there * projector.stock.fte_per_person).sum(axis=(0, 2))
    return out


def _offers(projector: Projector, question: Question, costs: pd.DataFrame) -> pd.DataFrame:
    """Every programme and intake year that can still help, with its yield and price."""
    intake = require(projector.inputs.intake, INTAKE)
    last = intake.sort_values("intake_year").groupby(["specialty_code", "programme_code"]).tail(1)
    last = last[last["specialty_code"].isin(projector.specialties)]
    years = range(question.first_intake_year, question.year + 1)
    rows = pd.concat([last.assign(intake_year=y) for y in years], ignore_index=True) if years else last[:0]
    done = graduates(rows.assign(intake_persons=1.0), projector.inputs.assumptions.internship)
    done = done.merge(costs.rename(columns={"code": "programme_code"}), on="programme_code")
    done = done[done["graduation_year"].between(projector.years[1], question.year)].reset_index(drop=True)
    done["specialty"] = pd.Index(projector.specialties).get_indexer(pd.Index(done["specialty_code"]))
    entry = done["graduation_year"].to_numpy(dtype=int) - projector.years[1]
    take_up = 1 - projector.inputs.assumptions.refusal_share
    yields = _yield_by_year(projector, question.year)[entry, done["specialty"].to_numpy(dtype=int)]
    done["fte_a_place"] = done["graduates_persons"] * take_up * yields
    return done


def _measures(projector: Projector, question: Question, costs: pd.DataFrame, need: Floats) -> pd.DataFrame:
    """What each measure closes if adopted whole, (S,) FTE."""
    price = costs.set_index("code")["cost_kzt"]
    without = [m.name for m in question.measures if m.name not in price.index]
    if without:
        raise FrameError("lever_costs", f"no row prices the measure {without[0]}")
    effects = [need - np.nan_to_num(_shortage(projector, m, question)) for m in question.measures]
    names = [m.name for m in question.measures]
    return pd.DataFrame({"code": names, "cost_kzt": [float(price[n]) for n in names], "effect": effects})


def _cheapest(gain: Floats, need: Floats, price: Floats, most: Floats, budget: float | None) -> Floats:
    """(n,) amounts: cheapest that close all; else those that leave the least shortage in the budget."""
    count = len(price)
    if count == 0:
        return np.zeros(0)
    scale = max(float(price.max()), 1.0)
    full = linprog(
        price / scale, A_ub=-gain, b_ub=-need, bounds=list(zip(np.zeros(count), most, strict=True))
    )
    if full.status == 0 and (budget is None or full.x @ price <= budget * (1 + 1e-9)):
        return np.asarray(full.x)
    left = len(need)
    cost = np.concatenate([1e-9 * price / scale, np.ones(left)])  # among equals, the cheaper
    rows, limits = [np.hstack([-gain, -np.eye(left)])], [-need]
    if budget is not None:
        rows.append(np.concatenate([price / scale, np.zeros(left)])[None])
        limits.append(np.array([budget / scale]))
    bounds = [*zip(np.zeros(count), most, strict=True), *((0.0, None) for _ in range(left))]
    best = linprog(cost, A_ub=np.vstack(rows), b_ub=np.concatenate(limits), bounds=bounds)
    # What can be closed is known now; a second programme buys it at the least cost, and nothing besides.
    closed = np.maximum(need - best.x[count:], 0.0) * (1 - 1e-7)
    least = linprog(price / scale, A_ub=-gain, b_ub=-closed, bounds=bounds[:count])
    return np.asarray(least.x if least.status == 0 else best.x[:count])


def _plan(
    projector: Projector,
    question: Question,
    offers: pd.DataFrame,
    measures: pd.DataFrame,
    *,
    need: Floats,
    gain: Floats,
    amounts: Floats,
) -> Plan:
    closed = gain @ amounts if len(amounts) else np.zeros(len(need))
    left = np.maximum(need - closed, 0.0)
    places = offers.assign(places_persons=amounts[: len(offers)])
    places["added_fte"] = places["places_persons"] * places["fte_a_place"]
    places["cost_kzt"] = places["places_persons"] * places["cost_kzt"]
    names = ["specialty_code", "programme_code", "intake_year", "graduation_year"]
    places = places.loc[places["places_persons"] > 1e-6, [*names, "places_persons", "added_fte", "cost_kzt"]]
    share = amounts[len(offers) :]
    adopted = pd.DataFrame(
        {
            "measure_code": list(measures["code"]),
            "adopted_share": share,
            "added_fte": [float(np.sum(e) * a) for e, a in zip(measures["effect"], share, strict=True)],
            "cost_kzt": measures["cost_kzt"].to_numpy(dtype=float) * share,
            "whole_fte": [float(np.sum(e)) for e in measures["effect"]],
            "whole_cost_kzt": measures["cost_kzt"].to_numpy(dtype=float),
        }
    )
    first = offers.groupby("specialty_code")["graduation_year"].min()
    shortages = pd.DataFrame({"specialty_code": list(projector.specialties), "shortage_fte": need})
    shortages["closed_fte"], shortages["remaining_fte"] = np.minimum(closed, need), left
    shortages["first_effect_year"] = shortages["specialty_code"].map(first).astype("Int64") + 1
    cost = float(places["cost_kzt"].sum() + adopted["cost_kzt"].sum())
    open_rows = shortages[shortages["remaining_fte"] > 1e-6 * max(float(need.sum()), 1.0)]
    reasons = tuple(
        f"{row['specialty_code']}: {row['remaining_fte']:.1f} FTE remain in {question.year}; "
        + (
            "no place or measure has a price"
            if question.costs.empty
            else "no programme begun now ends in time"
            if row["specialty_code"] not in first.index
            else "places or budget do not suffice"
        )
        for row in open_rows.to_dict("records")
    )
    return Plan(not reasons, reasons, places.reset_index(drop=True), adopted, shortages, cost)
