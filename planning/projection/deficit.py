"""How many doctors will be missing, and how sure that is: the one entrance to a projection.

Belongs here: deficits out of the draws of both sides, their quantiles and chances, roll-ups in which
shortage and surplus are never netted, and the answer "no data". Does not belong here: the draws
(`projector.py`), their widening by past misses (`widening.py`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.axes import to_frame
from planning.projection.inputs import ProjectionInputs
from planning.projection.projector import Paths, Projector, prepare
from planning.projection.scenario import BASELINE, Scenario
from planning.projection.widening import NO_WIDENING, Widening

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]

QUANTILES = {
    "lo95": 0.025,
    **{f"q{k}0": k / 10 for k in range(1, 10)},
    "hi95": 0.975,
}
LARGE_DEFICIT = 0.10  # of demand
LEVELS: dict[str, tuple[str, ...]] = {
    "region_specialty": ("region_code", "specialty_code"),
    "region": ("region_code",),
    "specialty": ("specialty_code",),
    "nation": (),
}


@dataclass(frozen=True)
class ProjectionResult:
    """The answer to one scenario.

    Attributes:
        status: "ok", or "no_data" with the reasons.
        scenario: What was asked.
        seed: Of the common random numbers.
        regions, specialties, years: Axes; the first year is the base.
        paths: Draws of both sides; None without data.
        reasons: Why there are no data, or what is left out and why.
    """

    status: str
    scenario: Scenario
    seed: int
    regions: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    paths: Paths | None = None
    reasons: tuple[str, ...] = ()

    def deficit(self) -> Draws:
        """(D, Y, R, S) demand less supply, FTE."""
        if self.paths is None:
            return np.zeros((0, 0, 0, 0), dtype=np.float32)
        gap: Draws = self.paths.demand_fte - self.paths.supply_fte
        return gap

    def national_shortage(self) -> Draws:
        """(D, Y) shortage by workload summed over the cells, FTE: a surplus elsewhere fills no post."""
        return _total(np.maximum(self.deficit(), 0), (2, 3))

    def table(self, level: str = "region_specialty") -> pd.DataFrame:
        """One row an area, specialty and year, with ranges.

        Columns: the keys of the level, year, scenario_name, scenario_hash; demand, supply, persons and
        norm at the median; `shortage_fte_*` and `surplus_fte_*` summed apart over the leaves (never
        netted), `deficit_fte_*` at the leaf level only; chances of any and of a large deficit. A
        specialty without a standard of minutes has blanks, not zeros. No data give no rows.

        Args:
            level: A key of LEVELS.
        """
        keys = LEVELS[level]
        if self.paths is None:
            return pd.DataFrame(columns=self._columns(keys))
        over = tuple(axis for axis, name in ((2, "region_code"), (3, "specialty_code")) if name not in keys)
        gap = self.deficit()
        demand = _total(self.paths.demand_fte, over)
        sums = {"shortage": _total(np.maximum(gap, 0), over), "surplus": _total(np.maximum(-gap, 0), over)}
        if not over:
            sums["deficit"] = gap
        values: dict[str, Any] = {
            "demand_fte": np.median(demand, axis=0),
            "supply_fte": np.median(_total(self.paths.supply_fte, over), axis=0),
            "supply_persons": np.median(_total(self.paths.supply_persons, over), axis=0),
            "norm_fte": np.median(_total(self.paths.norm_fte, over), axis=0),
        }
        for name, draws in sums.items():
            ranked = np.quantile(draws, list(QUANTILES.values()), axis=0)
            values |= {f"{name}_fte_{q}": ranked[i] for i, q in enumerate(QUANTILES)}
        known = ~np.isnan(demand[0])
        shortage = sums["shortage"]
        chances = {
            "deficit_probability_share": (shortage > 0).mean(axis=0),
            "large_deficit_probability_share": (shortage > LARGE_DEFICIT * demand).mean(axis=0),
        }
        values |= {k: np.where(known, v, np.nan) for k, v in chances.items()}
        labels = {"region_code": self.regions, "specialty_code": self.specialties}
        axes: dict[str, Any] = {"year": self.years, **{k: labels[k] for k in keys}}
        frame = to_frame(axes, **values)
        frame["scenario_name"], frame["scenario_hash"] = self.scenario.name, self.scenario.hash
        return frame[self._columns(keys)]

    @staticmethod
    def _columns(keys: tuple[str, ...]) -> list[str]:
        sums = ("shortage", "surplus") if len(keys) < 2 else ("shortage", "surplus", "deficit")
        return [
            *keys,
            "year",
            "scenario_name",
            "scenario_hash",
            *("demand_fte", "supply_fte", "supply_persons", "norm_fte"),
            *(f"{name}_fte_{q}" for name in sums for q in QUANTILES),
            *("deficit_probability_share", "large_deficit_probability_share"),
        ]


def project_deficit(
    inputs: ProjectionInputs,
    scenario: Scenario = BASELINE,
    *,
    seed: int = 2026,
    draws: int = 200,
    widening: Widening = NO_WIDENING,
) -> ProjectionResult:
    """Project demand, supply and deficit of every region and specialty under one scenario.

    Args:
        inputs: Plain tables; any may be empty.
        scenario: The levers.
        seed: The same seed and inputs give the same figures.
        draws: Number of draws.
        widening: Factors learnt from past projections (`calibration.learn_widening`).

    Returns:
        The result; with an indispensable table empty, status "no_data" and the reasons.

    Raises:
        FrameError: A table with rows breaks its contract.
    """
    if empty := inputs.missing():
        reasons = tuple(f"{name} has no rows" for name in empty)
        return ProjectionResult("no_data", scenario, seed, reasons=reasons)
    return answer(prepare(inputs, seed=seed, draws=draws).widened(widening), scenario)


def answer(projector: Projector, scenario: Scenario) -> ProjectionResult:
    """One scenario from a prepared projector: what a slider calls, in under a second."""
    reasons = tuple(f"{s}: no standard of minutes, so no demand is known" for s in projector.without_standard)
    return ProjectionResult(
        "ok",
        scenario,
        projector.seed,
        projector.regions,
        projector.specialties,
        projector.years,
        projector.run(scenario),
        reasons,
    )


def _total(draws: Draws, over: tuple[int, ...]) -> Draws:
    """Sum over axes; blanks are left out, and a sum of blanks alone stays blank."""
    if not over:
        return draws
    blank = np.isnan(draws[:1])
    total = np.nansum(draws, axis=over)
    return np.where(blank.all(axis=over), np.float32(np.nan), total)
