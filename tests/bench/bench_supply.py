"""Cohort engine, hazard fit and what-if against named peers, in one run, with peak memory.

    python tests/bench/bench_supply.py

Peers: the same cohort rules written as a pandas merge/groupby loop, and scikit-learn's
HistGradientBoostingClassifier on the same rows. CPU seconds of this process are compared, so that other
work on the machine does not count. The peer's single year is timed and multiplied by the years.
"""

import resource
import sys
import time

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from planning.projection.deficit import answer
from planning.projection.hazard import fit_hazard
from planning.projection.known_truth import simulate_country
from planning.projection.projector import prepare
from planning.projection.retention import hazard_rows
from planning.projection.scenario import BASELINE
from planning.projection.supply import SupplyRates, collapse_ages, project_totals

YEARS, REGIONS, SPECIALTIES, SERVICE, AGES = 10, 20, 50, 5, 52


def cpu(work, times=1):
    """CPU seconds of one call, the least of several."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def peak_mb():
    """Peak resident memory of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1024 / (1024 if sys.platform == "darwin" else 1)


def engine_case(rng):
    """2,000 cells (20 regions × 50 specialties × 2 sectors) × 5 service years × 104 ages and sexes."""
    shape = (SERVICE, REGIONS, SPECIALTIES, 2)
    retire = np.zeros((YEARS, 2, AGES))
    retire[:, :, 38:] = 0.25
    moves = rng.random((REGIONS, REGIONS))
    np.fill_diagonal(moves, 0)
    landing = np.zeros((REGIONS, SPECIALTIES, 2))
    landing[..., 0] = 1
    entry = np.zeros((2, AGES))
    entry[:, 3:7] = 1 / 8
    rates = SupplyRates(
        retire,
        np.full((YEARS, 2, AGES), 0.003),
        [rng.uniform(0.05, 0.3, shape)] * YEARS,
        [rng.dirichlet(np.ones(4), (REGIONS, 2))] * YEARS,
        moves / moves.sum(axis=1, keepdims=True),
        landing,
        np.array([False, True]),
        rng.gamma(1, 3, (YEARS, REGIONS, SPECIALTIES, 2)),
        entry,
    )
    return rng.gamma(0.1, 1, (*shape, 2, AGES)), rates


def pandas_year(state, hazard, causes, moves, ages):
    """One year of the same rules on a long table: merge rates, group, shift, concatenate."""
    t = state.merge(ages, on=["sex", "age"]).merge(hazard, on=["k", "r", "s", "c"])
    t["n"] *= (1 - t["die"]) * (1 - t["retire"])
    t["leave"] = t["n"] * t["h"]
    t = t.merge(causes, on=["r", "c"])
    movers = t.assign(n=t["leave"] * t["region"]).groupby(["r", "s", "sex", "age"], as_index=False)["n"].sum()
    movers = movers.merge(moves, on="r").assign(n=lambda d: d["n"] * d["p"])
    came = movers.groupby(["to", "s", "sex", "age"], as_index=False)["n"].sum().rename(columns={"to": "r"})
    changed = t.assign(n=t["leave"] * t["sector"], c=1 - t["c"])
    stay = t.assign(n=t["n"] - t["leave"], k=(t["k"] + 1).clip(upper=SERVICE - 1))
    keys = ["k", "r", "s", "c", "sex", "age"]
    parts = [stay[[*keys, "n"]], came.assign(k=SERVICE - 1, c=0)[[*keys, "n"]]]
    parts.append(changed.assign(k=SERVICE - 1)[[*keys, "n"]])
    after = pd.concat(parts)
    after["age"] += 1
    return after[after["age"] < AGES].groupby(keys, as_index=False)["n"].sum()


def long(array, names, value):
    """A dense array as a long table."""
    index = np.indices(array.shape).reshape(array.ndim, -1)
    return pd.DataFrame(dict(zip(names, index, strict=True)) | {value: array.ravel()})


def main():
    """Print one line a mark: ours, the peer, the ratio, the goal."""
    country = simulate_country(1, specialties=38)
    before = peak_mb()
    start = time.perf_counter()
    prepare(country.inputs, seed=1, draws=1000).run()
    print(f"1,000 draws, fit included: {time.perf_counter() - start:.1f} s,", end=" ")
    print(f"peak memory {peak_mb():,.0f} MB, {before:,.0f} MB of it before (goal 1,000 MB)")

    rng = np.random.default_rng(1)
    stock, rates = engine_case(rng)
    collapsed = collapse_ages(stock, rates.retire, rates.die, rates.entry_ages)
    ours = cpu(lambda: project_totals(collapsed, rates), 20)
    ages = long(rates.retire[0], ("sex", "age"), "retire").assign(die=0.003)
    causes = pd.concat([long(rates.causes[0][..., 0], ("r", "c"), "region")], axis=1)
    causes["sector"] = rates.causes[0][..., 1].ravel()
    state = long(stock, ("k", "r", "s", "c", "sex", "age"), "n")
    hazard = long(rates.leave[0], ("k", "r", "s", "c"), "h")
    peer = YEARS * cpu(lambda: pandas_year(state, hazard, causes, long(rates.moves, ("r", "to"), "p"), ages))
    print(f"cohort engine, a draw of {YEARS} years: {ours * 1e3:.1f} ms; pandas loop {peer:.1f} s;", end=" ")
    print(f"1/{peer / ours:,.0f} (goal 1/1,000)")

    rows = country.inputs.person_years.sample(100_000, random_state=1)
    labels = [tuple(sorted(rows[c].unique())) for c in ("region_code", "specialty_code")]
    _, arrays = hazard_rows(rows, *labels)
    fit = cpu(lambda: fit_hazard(arrays), 3)
    design = np.column_stack([arrays.groups.T, arrays.slopes])
    boosted = cpu(lambda: HistGradientBoostingClassifier().fit(design, arrays.has_left))
    print(f"hazard fit, {len(rows):,} person-years: {fit:.3f} s; HistGB {boosted:.2f} s;", end=" ")
    print(f"1/{boosted / fit:.0f} (goal 1/10)")

    start = time.perf_counter()
    projector = prepare(country.inputs, seed=1, draws=200)
    learnt = time.perf_counter() - start
    start, worked = time.perf_counter(), time.process_time()
    answer(projector, BASELINE).table("nation")
    took, busy = time.perf_counter() - start, time.process_time() - worked
    print(f"fit once: {learnt:.1f} s; what-if of 200 draws, 20 × 38 cells to 2036:", end=" ")
    print(f"{took:.2f} s, {busy:.2f} s of them on a processor (goal 1 s)")


if __name__ == "__main__":
    main()
