"""Project one cell again from the ministry's published file alone, and hold it against what was published.

Belongs here: an outsider's reading of the file, with `planning` and nothing of the pipeline between them.
Does not belong here: any arithmetic of the projection.

    .venv/bin/python scripts/replicate.py MINISTRY.duckdb KZ-11 gp 2030 [scenario]

It prints published and recomputed quantiles and the scenario's hash from the published assumptions, and
ends with 1 where anything differs by more than a hundredth of a post.
"""

import hashlib
import json
import sys
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd

from planning.projection.deficit import answer
from planning.projection.inputs import Assumptions, ProjectionInputs
from planning.projection.learnt import learnt_from
from planning.projection.population import NationalRates
from planning.projection.projector import Projector, prepare
from planning.projection.scenario import Lever, Scenario
from planning.projection.widening import Widening

TABLES = ("population", "encounters", "activity_minutes", "norms", "staff_stock", "intake")
OPTIONAL = ("region_splits", "moves", "observed_need")
RATES = ("totals", "mortality", "fertility", "migration")
QUANTILES = {"lo95": "p2_5_fte", "q10": "p10_fte", "q50": "p50_fte", "q90": "p90_fte", "hi95": "p97_5_fte"}
NEAR_FTE = 0.01  # draws are kept in single precision


def projector_of(file: duckdb.DuckDBPyConnection) -> Projector:
    """The projection that the file's tables make."""

    def read(name: str, more: str = "") -> pd.DataFrame:
        return file.sql(f"from forecast.{name} {more}").df()

    told, learnt = read("whatif_settings").iloc[0], learnt_from(read("whatif_learnt"))
    optional = {name: read(f"whatif_{name}") for name in OPTIONAL}
    inputs = ProjectionInputs(
        **{name: read(f"whatif_{name}") for name in TABLES},
        **{name: table if len(table) else None for name, table in optional.items()},
        rates=NationalRates(**{name: read(f"whatif_rates_{name}") for name in RATES}),
        person_years=pd.DataFrame(),
        learnt=learnt,
        assumptions=replace(
            Assumptions(),
            last_year=int(told["last_year"]),
            sampling_fraction=float(told["sampling_fraction"]),
        ),
    )
    factors = read("fct_range_widening", "order by horizon_years")
    need, supply = (factors[factors["measure"] == side] for side in ("need_fte", "supply_fte"))
    widening = Widening(
        need["widening_ratio"].to_numpy(),
        supply["widening_ratio"].to_numpy(),
        need_common=float(np.nan_to_num(need["common_sd_share"].max())),
        supply_common=float(np.nan_to_num(supply["common_sd_share"].max())),
    )
    made = prepare(inputs, seed=int(told["seed"]), draws=len(learnt.coefficients))
    return made.widened(widening)


def scenario_of(file: duckdb.DuckDBPyConnection, name: str) -> Scenario:
    """A published scenario, as its file stated it."""
    rows = file.execute("from forecast.fct_scenarios where scenario_code = ?", [name]).df()
    if rows.empty:
        raise SystemExit(f"no scenario {name} in forecast.fct_scenarios")
    levers = [
        Lever(
            row.lever_code, row.value, row.unit, int(row.from_year), row.source,
            pd.Timestamp(row.stated_on).date(), row.owner, row.minimum, row.maximum,
        )
        for row in rows.dropna(subset=["lever_code"]).itertuples()
    ]  # fmt: skip
    return Scenario(name, tuple(levers))


def hash_of(scenario: Scenario) -> str:
    """The scenario's hash by the recipe of docs/methods/scenarios.md, without the project's own function."""
    content = sorted(
        [lever.name, float(lever.value), lever.unit, lever.from_year] for lever in scenario.levers
    )
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]


def main(path: str, region: str, specialty: str, year: str, name: str = "baseline") -> int:
    """Print both, cell by cell; 1 where they differ."""
    file = duckdb.connect(path, read_only=True)
    scenario = scenario_of(file, name)
    table = answer(projector_of(file), scenario).table("region_specialty")
    keys = (table["region_code"] == region) & (table["specialty_code"] == specialty)
    mine = table[keys & (table["year"] == int(year))]
    published = file.execute(
        "from forecast.fct_deficit_forecasts where method = 'projection' and measure = 'shortage_fte'"
        " and region_code = ? and specialty_code = ? and year = ? and scenario_code = ?",
        [region, specialty, int(year), name],
    ).df()
    if mine.empty or published.empty:
        raise SystemExit(f"no forecast of {specialty} in {region} in {year} under {name}")
    first, second = published.iloc[0], mine.iloc[0]
    rows = [(q, first[column], second[f"shortage_fte_{q}"]) for q, column in QUANTILES.items()]
    print(
        pd.DataFrame(rows, columns=["shortage, FTE", "published", "recomputed"])
        .round(3)
        .to_string(index=False)
    )
    print(f"scenario hash: published {first['scenario_hash']}, recomputed {hash_of(scenario)}")
    is_same = all(abs(a - b) <= NEAR_FTE for _, a, b in rows) and first["scenario_hash"] == hash_of(scenario)
    print("replicated" if is_same else "NOT replicated")
    return 0 if is_same else 1


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        raise SystemExit(__doc__)
    raise SystemExit(main(*sys.argv[1:]))
