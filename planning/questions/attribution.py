"""Which lever did what: the difference between two scenarios, split so that the parts are the whole.

Belongs here: waterfall and elasticities. Does not belong here: the runs themselves (`projector.py`).

Method: levers are pulled one after the other in the order of the file and then in the reverse order,
always with the same random numbers; a lever's part is the mean of its two steps. Each order telescopes
to the whole difference, so their mean does too – exactly, whatever the interactions. (All n! orders
would give the Shapley value; two of them cost 2n runs instead of 2ⁿ.)
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.projection.projector import Projector
from planning.projection.scenario import LEVERS, Lever, Scenario

Floats = NDArray[np.float64]


def waterfall(projector: Projector, scenario: Scenario, year: int) -> pd.DataFrame:
    """Shortage of the baseline, the part of every lever, and the scenario's, by specialty and for `all`.

    Shortage is demand less supply where that is positive, summed over regions; surplus elsewhere does
    not offset it. Parts are taken draw by draw, so that each has its mean and its own 80 % range; ranges
    of parts do not add up.

    Args:
        projector: Prepared once.
        scenario: At least one lever.
        year: Year looked at.

    Returns:
        specialty_code, year, step_order, lever_code ("baseline", levers, "scenario"), value_fte (mean over
        draws), p10_fte, p90_fte, and in the scenario's rows change_p10_fte, change_p90_fte of what all
        levers change together; the means before "scenario" sum to it.

    Raises:
        ValueError: The year is not projected.
    """
    levers = scenario.levers
    known: dict[frozenset[str], Floats] = {}

    def shortage(pulled: tuple[Lever, ...]) -> Floats:
        names = frozenset(lever.name for lever in pulled)
        if names not in known:
            known[names] = shortage_draws(projector, scenario.with_levers(*pulled), year)
        return known[names]

    base, whole = shortage(()), shortage(levers)
    parts = {lever.name: np.zeros_like(base) for lever in levers}
    for order in (levers, levers[::-1]):
        for count, lever in enumerate(order, start=1):
            parts[lever.name] += 0.5 * (shortage(order[:count]) - shortage(order[: count - 1]))
    steps = [("baseline", base), *parts.items(), ("scenario", whole)]
    table = pd.concat(
        [_step(projector, year, order, name, draws) for order, (name, draws) in enumerate(steps)],
        ignore_index=True,
    )
    is_last = table["lever_code"] == "scenario"
    change = _step(projector, year, len(steps) - 1, "scenario", whole - base)
    for end in ("p10_fte", "p90_fte"):
        table.loc[is_last, f"change_{end}"] = change[end].to_numpy()
    return table


def _step(projector: Projector, year: int, order: int, name: str, draws: Floats) -> pd.DataFrame:
    """Mean and 80 % range of (D, S) draws by specialty, and of their sum over those that are known."""
    together = np.concatenate([draws, np.nansum(draws, axis=1, keepdims=True)], axis=1)
    low, high = np.quantile(together, [0.1, 0.9], axis=0)
    return pd.DataFrame(
        {
            "specialty_code": [*projector.specialties, "all"],
            "year": year,
            "step_order": order,
            "lever_code": name,
            "value_fte": together.mean(axis=0),
            "p10_fte": low,
            "p90_fte": high,
        }
    )


def mean_shortage(projector: Projector, scenario: Scenario, year: int) -> Floats:
    """(S,) mean over draws of the shortage summed over regions; blank specialties stay blank."""
    return np.asarray(shortage_draws(projector, scenario, year).mean(axis=0))


def shortage_draws(projector: Projector, scenario: Scenario, year: int) -> Floats:
    """(D, S) draws of the shortage summed over regions; blank specialties stay blank."""
    if year not in projector.years:
        raise ValueError(f"year {year} is not projected; choose {projector.years[0]}–{projector.years[-1]}")
    at = projector.years.index(year)
    paths = projector.run(scenario)
    gap = paths.demand_fte[:, at].astype(np.float64) - paths.supply_fte[:, at]
    return np.asarray(np.maximum(gap, 0.0).sum(axis=1))


def elasticity(projector: Projector, scenario: Scenario, year: int) -> pd.DataFrame:
    """How much shortage each lever of a scenario moves, per unit of the lever, around its value.

    Returns:
        lever_code, unit, value, shortage_change_fte_per_unit (central difference over 10 % of the
        lever's tested range, kept inside it).
    """
    rows = []
    for lever in scenario.levers:
        kind = LEVERS[lever.name]
        step = 0.05 * (kind.high - kind.low)
        low, high = max(lever.value - step, kind.low), min(lever.value + step, kind.high)
        ends = [
            np.nansum(mean_shortage(projector, _with_value(scenario, lever, value), year))
            for value in (low, high)
        ]
        rows.append(
            {
                "lever_code": lever.name,
                "unit": lever.unit,
                "value": lever.value,
                "shortage_change_fte_per_unit": float(ends[1] - ends[0]) / (high - low),
            }
        )
    names = ["lever_code", "unit", "value", "shortage_change_fte_per_unit"]
    return pd.DataFrame(rows, columns=names)


def _with_value(scenario: Scenario, lever: Lever, value: float) -> Scenario:
    changed = replace(lever, value=value, low=min(lever.low, value), high=max(lever.high, value))
    return scenario.with_levers(*(changed if v is lever else v for v in scenario.levers))
