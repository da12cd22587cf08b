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
from pathlib import Path

import duckdb
import pandas as pd

from planning.projection.deficit import answer
from planning.projection.published import published_projector, scenarios_from
from planning.projection.scenario import Scenario

QUANTILES = {"lo95": "p2_5_fte", "q10": "p10_fte", "q50": "p50_fte", "q90": "p90_fte", "hi95": "p97_5_fte"}
NEAR_FTE = 0.01  # draws are kept in single precision


def hash_of(scenario: Scenario) -> str:
    """The scenario's hash by the recipe of docs/methods/scenarios.md, without the project's own function."""
    content = sorted(
        [lever.name, float(lever.value), lever.unit, lever.from_year] for lever in scenario.levers
    )
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]


def main(path: str, region: str, specialty: str, year: str, name: str = "baseline") -> int:
    """Print both, cell by cell; 1 where they differ."""
    if not Path(path).is_file():
        raise SystemExit(f"no file {path}; snapshots lie in publication/snapshots of the installation")
    file = duckdb.connect(path, read_only=True)
    scenarios = scenarios_from(file.sql("from forecast.fct_scenarios").df())
    if name not in scenarios:
        raise SystemExit(f"no scenario {name}; published are {', '.join(scenarios)}")
    scenario = scenarios[name]
    projector = published_projector(lambda table: file.table(f"forecast.{table}").df())
    table = answer(projector, scenario).table("region_specialty")
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
    if not is_same:
        version = file.sql("select code_version from meta.snapshot").fetchone()[0]
        print(f"The file was published by code version {version}: another version may reckon otherwise.")
    return 0 if is_same else 1


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        raise SystemExit(__doc__)
    raise SystemExit(main(*sys.argv[1:]))
