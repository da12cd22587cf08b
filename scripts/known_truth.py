"""Hold the projection against countries whose truth is known, by seeds of one's own choice.

Belongs here: an outsider's marking of simulated countries. Does not belong here: the countries
(`planning/projection/known_truth.py`) and any arithmetic of the projection.

    .venv/bin/python scripts/known_truth.py FIRST_SEED COUNTRIES

About 9 s of one processor a country (20 regions, 12 specialties, eight futures of ten years). Prints, before
calibration and calibrated on three past origins, the bias in per cent of demand and the share of true values
inside the 80 % and 95 % ranges, with standard errors over countries.
"""

import sys

import numpy as np
import pandas as pd

from planning.projection.calibration import learn_widening, project_the_past
from planning.projection.known_truth import TrueCountry, simulate_country
from planning.projection.projector import Paths, prepare

PAST_ORIGINS = (2022, 2024, 2025)
DRAWS, PAST_DRAWS = 200, 40


def marked(seed: int) -> pd.DataFrame:
    """Bias and coverage of one country, a row by side and stage."""
    country = simulate_country(seed, futures=8)
    behind = project_the_past(country.inputs, origins=PAST_ORIGINS, seed=1, draws=PAST_DRAWS)
    plain = prepare(country.inputs, seed=1, draws=DRAWS)
    stages = {"before": plain.run(), "calibrated": plain.widened(learn_widening(behind)).run()}
    return pd.concat([_marks(country, paths).assign(stage=stage) for stage, paths in stages.items()])


def _marks(country: TrueCountry, paths: Paths) -> pd.DataFrame:
    """Draws (D, Y, R, S) against every future (F, Y, R, S), the base year left out."""
    sides = {
        "deficit": (paths.demand_fte - paths.supply_fte, country.demand_fte - country.supply_fte),
        "need": (paths.demand_fte, country.demand_fte),
        "supply": (paths.supply_fte, country.supply_fte),
    }
    demand = country.demand_fte[:, 1:].sum()
    rows = []
    for side, whole in sides.items():
        draws, truth = (part[:, 1:] for part in whole)
        lo95, lo80, hi80, hi95 = np.quantile(draws, [0.025, 0.1, 0.9, 0.975], axis=0)
        rows.append(
            {
                "side": side,
                "bias, % of demand": 100 * (draws.mean(axis=0) - truth).sum() / demand,
                "held by 80 %": 100 * ((truth >= lo80) & (truth <= hi80)).mean(),
                "held by 95 %": 100 * ((truth >= lo95) & (truth <= hi95)).mean(),
            }
        )
    return pd.DataFrame(rows)


def main(first: int, countries: int) -> None:
    """Mark the countries one by one, then all together."""
    tables = []
    for seed in range(first, first + countries):
        tables.append(marked(seed))
        print(f"seed {seed}: {len(tables)} of {countries}", file=sys.stderr)
    groups = pd.concat(tables).groupby(["stage", "side"])
    mean, error = groups.mean(), groups.sem()
    told = mean.round(2).astype("str") + " (" + error.round(2).astype("str") + ")"
    print(f"{countries} countries, seeds {first} to {first + countries - 1}; standard errors in brackets")
    print(told.to_string())


if __name__ == "__main__":
    if len(sys.argv) != 3 or not all(word.isdigit() for word in sys.argv[1:]):
        raise SystemExit(__doc__)
    main(int(sys.argv[1]), int(sys.argv[2]))
