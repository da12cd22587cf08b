"""A projection made again from what a snapshot publishes of it: no record of a person, no pipeline between.

Belongs here: the published tables to a projector, its factors and its scenarios. Does not belong here:
reading files, what the tables mean (`inputs.py`, `learnt.py`) and the projection itself (`deficit.py`).

Whoever reads the tables – a page, an auditor's script – hands in a function from a table's name to its rows.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from planning.projection.inputs import Assumptions, ProjectionInputs
from planning.projection.learnt import learnt_from
from planning.projection.population import NationalRates
from planning.projection.projector import Projector, prepare
from planning.projection.scenario import Lever, Scenario
from planning.projection.widening import NO_WIDENING, Widening

Read = Callable[[str], pd.DataFrame]

SETTINGS, LEARNT, FACTORS = "whatif_settings", "whatif_learnt", "fct_range_widening"
FILLED = ("population", "encounters", "activity_minutes", "staff_stock")
MAY_BE_EMPTY = ("norms", "intake")
OPTIONAL = ("region_splits", "moves", "observed_need")
RATES = ("totals", "mortality", "fertility", "migration")
# Without rows in each of these nothing can be projected.
NEEDED = (SETTINGS, LEARNT, *(f"whatif_{t}" for t in FILLED), *(f"whatif_rates_{t}" for t in RATES))


def published_projector(read: Read) -> Projector:
    """The projector of the run, with its seed, its draws and the factors it learnt from past projections.

    Args:
        read: Name of a table of the forecasts (`NEEDED`, whatif_* of `MAY_BE_EMPTY` and `OPTIONAL`,
            fct_range_widening) → its rows; an optional table that is not there has none.

    Raises:
        FrameError: A table does not keep its contract.
    """
    told, learnt = read(SETTINGS).iloc[0], learnt_from(read(LEARNT))
    tables = {name: read(f"whatif_{name}") for name in (*FILLED, *MAY_BE_EMPTY, *OPTIONAL)}
    inputs = ProjectionInputs(
        **{name: table for name, table in tables.items() if name not in OPTIONAL or len(table)},
        rates=NationalRates(**{name: read(f"whatif_rates_{name}") for name in RATES}),
        person_years=pd.DataFrame(),
        learnt=learnt,
        assumptions=replace(
            Assumptions(),
            last_year=int(told["last_year"]),
            sampling_fraction=float(told["sampling_fraction"]),
        ),
    )
    made = prepare(inputs, seed=int(told["seed"]), draws=len(learnt.coefficients))
    return made.widened(widening_from(read(FACTORS)))


def widening_from(rows: pd.DataFrame) -> Widening:
    """The factors of fct_range_widening; nothing is widened where there are none.

    Args:
        rows: measure (need_fte or supply_fte), horizon_years, widening_ratio, common_sd_share.
    """
    if rows.empty:
        return NO_WIDENING
    rows = rows.sort_values("horizon_years")
    need, supply = (rows[rows["measure"] == side] for side in ("need_fte", "supply_fte"))
    return Widening(
        need["widening_ratio"].to_numpy(),
        supply["widening_ratio"].to_numpy(),
        need_common=float(np.nan_to_num(need["common_sd_share"].max())),
        supply_common=float(np.nan_to_num(supply["common_sd_share"].max())),
    )


def scenarios_from(rows: pd.DataFrame) -> dict[str, Scenario]:
    """Scenarios by name, as their files stated them.

    Args:
        rows: fct_scenarios, one row per lever; a scenario without levers has one row without a lever_code.

    Raises:
        ScenarioError: A lever does not keep its unit or range.
    """
    if rows.empty:
        return {}
    return {
        str(name): Scenario(
            str(name),
            tuple(
                Lever(
                    row["lever_code"], row["value"], row["unit"], int(row["from_year"]), row["source"],
                    pd.Timestamp(row["stated_on"]).date(), row["owner"], row["minimum"], row["maximum"],
                )
                for row in levers.dropna(subset=["lever_code"]).to_dict("records")
            ),
        )
        for name, levers in rows.groupby("scenario_code", sort=True)
    }  # fmt: skip
