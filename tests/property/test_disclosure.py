"""Small counts of persons: the rule holds, and a reader's range is what linear programmes find."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from planning import disclosure
from planning.register_pools import register_pools

pytestmark = pytest.mark.property

counts = st.integers(2, 7).flatmap(lambda n: arrays(np.int64, (n, 2), elements=st.integers(0, 14)))


def lowest_and_highest(pool: disclosure.Pool, cell: int, part: int) -> tuple[float, float]:
    """The narrowest range of all readers who own another cell, each by two linear programmes."""
    n, column = len(pool.parts), pool.parts[:, part]
    shown, half = int(disclosure.rounded(column.sum())), disclosure.ROUNDING_MULTIPLE // 2
    found = []
    for reader in set(range(n)) - {cell}:
        bounds = [(0, float(cap)) for cap in pool.caps]
        bounds[reader] = (float(column[reader]),) * 2
        ends = [
            linprog(
                sign * np.eye(n)[cell],
                A_ub=np.array([np.ones(n), -np.ones(n)]),
                b_ub=[shown + half, half - shown],
                bounds=bounds,
            ).fun
            for sign in (1, -1)
        ]
        found.append((ends[0], -ends[1]))
    return min(found, key=lambda ends: ends[1] - ends[0])


@settings(max_examples=25, deadline=None)
@given(counts)
def test_a_readers_range_is_the_linear_programmes(parts):
    pool = disclosure.pool_of(parts)
    low, high = disclosure.attacker_ranges(pool)
    for part in np.flatnonzero(parts.sum(axis=0)):
        for cell in range(len(parts)):
            least, most = lowest_and_highest(pool, cell, part)
            assert high[cell, part] - low[cell, part] == pytest.approx(most - least, abs=1e-6)
            assert low[cell, part] <= parts[cell, part] <= high[cell, part]


@settings(max_examples=100, deadline=None)
@given(
    arrays(np.int64, (40, 2), elements=st.integers(0, 25)),
    arrays(np.int64, 40, elements=st.integers(0, 6)),
)
def test_nothing_small_is_shown_and_nobody_is_counted_twice(parts, districts):
    cells = pd.DataFrame(parts, columns=["managed", "unmanaged"])
    cells["district"] = [f"D{d}" if d else None for d in districts]
    cells["region"] = [f"R{d % 2}" for d in districts]
    shown = disclosure.pooled(cells, parts=["managed", "unmanaged"], levels=["district", "region"])
    values = shown[["managed", "unmanaged"]]
    assert values[shown["basis"] == disclosure.WITHHELD].isna().all(axis=None)
    known = values.dropna().to_numpy()
    assert ((known == 0) | (known >= disclosure.SUPPRESSION_THRESHOLD)).all()
    assert (known % disclosure.ROUNDING_MULTIPLE == 0).all()
    pools = shown[~shown["basis"].isin([disclosure.OWN, disclosure.WITHHELD])]
    for _, rows in pools.groupby(["basis", "pool"]):
        there = parts[rows.index]
        assert (disclosure.rounded(there.sum(axis=0)) == rows[["managed", "unmanaged"]].iloc[0]).all()
        low, high = disclosure.attacker_ranges(disclosure.pool_of(there))
        assert (high - low)[:, there.sum(axis=0) > 0].min(initial=np.inf) >= disclosure.LEAST_RANGE


def test_two_small_registers_do_not_hide_each_other():
    """9 and 8 shown as 15: the second knows that the first has between 5 and 9."""
    assert not disclosure.is_safe(np.array([[9], [8]]))
    low, high = disclosure.attacker_ranges(disclosure.pool_of(np.array([[9], [8]])))
    assert (low[0, 0], high[0, 0]) == (5, 9)


def test_a_pools_patients_are_shared_by_attached_people():
    facilities = pd.DataFrame(
        {
            "facility_id": [f"F{i}" for i in range(8)],
            "region_code": "R",
            "district_kato": "D",
            "attached_persons": [4000, 100, 200, 300, 400, 500, 600, None],
        }
    )
    registers = pd.DataFrame(
        {
            "facility_id": [f"F{i}" for i in range(6)],
            "programme_code": "diabetes",
            "sampled_persons_count": [32, 8, 6, 7, 8, 9],
            "sampled_managed_count": [21, 4, 3, 4, 4, 5],
            "registered_persons": [320.0, 80.0, 60.0, 70.0, 80.0, 90.0],
        }
    )
    pools = register_pools(registers, facilities).set_index("facility_id")
    assert dict(pools["basis"]) == {"F0": "own"} | dict.fromkeys(
        ["F1", "F2", "F3", "F4", "F5", "F6"], "district"
    )
    assert pools.loc["F0", "pool_registered_count"] == 20 + 10
    assert pools.loc["F1", "pool_registered_count"] == 20 + 20
    assert pools.loc["F1":, "pool_share"].tolist() == pytest.approx([n / 21 for n in range(1, 7)])
    assert pools["pool_weight"].tolist() == [10.0] * 7
