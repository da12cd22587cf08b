"""Placement against `matching` and the OR-tools flow, on the same instances in one run.

    python tests/bench/bench_placement.py [--skip-large]

CPU seconds of one thread are compared, so that other work on the machine does not count. Each of our
runs goes from scores to the result that the independent checker has cleared; each peer's time is build
and solve. `matching` lives in `.venv-bench` (see requirements-bench.lock). Peak memory of our large run
is measured in a process of its own.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from ortools.graph.python import min_cost_flow
from placement_instances import country, popular_lines

from planning.placement.feasibility import certify
from planning.placement.market import Market
from planning.placement.matching import graduate_proposing
from planning.placement.quotas import grow, with_floors
from planning.placement.verify import Lists, Rule, verify

HERE = Path(__file__).parent
BENCH_PYTHON = HERE.parent.parent / ".venv-bench" / "bin" / "python"
LARGE = (100_000, 5_000, 30)


def cpu(work, times=1):
    """Least CPU seconds of several calls, and the last result."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        result = work()
        spent.append(time.process_time() - start)
    return min(spent), result


def checked(market, held, scopes=()):
    """Lists to the independent checker; refuses to go on with a breach."""
    contracts = np.arange(len(market.line))
    lists = Lists(
        market.graduate,
        market.line,
        market.position(contracts),
        market.score,
        np.arange(market.graduates_count),
    )
    line = np.where(held >= 0, market.line[held], -1)
    findings = verify(lists, market.capacity, line, [Rule(s.name, s.lines, s.floor, s.cap) for s in scopes])
    assert findings.is_clean, findings.counts
    return line


def place(instance):
    """Scores to checked result, plain deferred acceptance."""
    n, length = instance.lists.shape
    market = Market(
        np.arange(0, n * length + 1, length),
        instance.lists.ravel(),
        instance.score.ravel(),
        instance.capacity,
    )
    return checked(market, graduate_proposing(market))


def place_under_floors(case):
    """Scores to checked result with caps and floors, the certificate included."""
    market = Market(case.first, case.line, case.score, case.capacity)
    floors, lowered = certify(market, case.scopes)
    tree = grow(with_floors(case.scopes, floors.tolist()), market)
    held = graduate_proposing(market, tree)
    return checked(market, held, tree.scopes), int(floors.sum()), lowered, market.position(held)


def flow(graduate, line, cost, capacity, graduates_count):
    """OR-tools on the contracts: the cheapest placement of as many as can be placed."""
    solver = min_cost_flow.SimpleMinCostFlow()
    lines_count = len(capacity)
    sink = graduates_count + lines_count + 1
    people = 1 + np.arange(graduates_count)
    ones, zeros = np.ones(len(line), dtype=np.int64), np.zeros(sink, dtype=np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(
        zeros[: len(people)], people, ones[: len(people)], zeros[: len(people)]
    )
    solver.add_arcs_with_capacity_and_unit_cost(1 + graduate, 1 + graduates_count + line, ones, cost)
    solver.add_arcs_with_capacity_and_unit_cost(
        1 + graduates_count + np.arange(lines_count),
        np.full(lines_count, sink),
        capacity,
        zeros[:lines_count],
    )
    solver.set_nodes_supplies(np.array([0, sink]), np.array([graduates_count, -graduates_count]))
    status = solver.solve_max_flow_with_min_cost()
    assert status == solver.OPTIMAL, status
    return solver.maximum_flow()


def flow_of_lists(instance):
    """The rank-cheapest flow on the instance of a plain placement."""
    n, length = instance.lists.shape
    graduate = np.repeat(np.arange(n), length)
    rank = np.tile(np.arange(1, length + 1), n)
    return flow(graduate, instance.lists.ravel(), rank, instance.capacity, n)


def coverage_flow(case):
    """Coverage first, then the graduates' ranks, on the contracts of a campaign; no caps, no floors."""
    n = len(case.first) - 1
    counts = np.diff(case.first)
    graduate = np.repeat(np.arange(n), counts)
    rank = np.arange(len(case.line)) - np.repeat(case.first[:-1], counts) + 1
    # One unit of deficit (1/10,000) outweighs any rank of a single graduate.
    units = np.round(case.deficit * 10_000).astype(np.int64)[case.line]
    return flow(graduate, case.line, rank - units * int(counts.max() + 1), case.capacity, n)


def peer_matching(instance, ours_line):
    """CPU seconds and version of `matching`, and whether it places everyone as we do."""
    with tempfile.TemporaryDirectory() as folder:
        given, got = Path(folder) / "instance.npz", Path(folder) / "line.npy"
        np.savez(given, lists=instance.lists, score=instance.score, capacity=instance.capacity)
        call = [BENCH_PYTHON, HERE / "matching_peer.py", given, got]
        ended = subprocess.run(call, capture_output=True, text=True, check=True)
        told = json.loads(ended.stdout)
        return told["seconds"], told["version"], bool((np.load(got) == ours_line).all())


def peak_memory_mb():
    """Peak of a fresh process that makes the large instance, places and checks it."""
    ended = subprocess.run([sys.executable, __file__, "--memory"], capture_output=True, text=True, check=True)
    return json.loads(ended.stdout)


def measure_memory():
    """Body of that process: peak with the instance only, and with the run."""
    instance = popular_lines(*LARGE)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    place(instance)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"instance": before, "run": after}))


def report(name, ours, theirs, mark, *, is_at_least=False):
    """One line: seconds of both, the ratio, the mark and whether it is reached."""
    ratio = theirs / ours if is_at_least else ours / theirs
    reached = ratio >= mark if is_at_least else ratio <= mark
    sign, unit = (">=", "x faster") if is_at_least else ("<=", "x the time")
    verdict = "reached" if reached else "MISSED"
    print(f"{name}: ours {ours:.4f} s, peer {theirs:.3f} s: {ratio:.3g}{unit} (mark {sign} {mark}) {verdict}")
    return reached


def main():
    """All marks of the placement, one after another."""
    reached = []
    # Measured first: a child process starts with the peak of its parent.
    peak = None if "--skip-large" in sys.argv else peak_memory_mb()
    instance = popular_lines(10_000, 1_000, 10)
    ours, line = cpu(lambda: place(instance), 5)
    print(f"10,000 x 1,000, lists of 10: {(line >= 0).sum()} placed")
    theirs, _ = cpu(lambda: flow_of_lists(instance), 3)
    reached.append(report("  OR-tools SimpleMinCostFlow", ours, theirs, 0.3))
    if BENCH_PYTHON.exists():
        theirs, version, is_same = peer_matching(instance, line)
        assert is_same, "matching places someone elsewhere"
        reached.append(report(f"  matching {version}", ours, theirs, 300, is_at_least=True))
    else:
        print("  matching: NOT MEASURED, the bench environment is absent. Make it with")
        print("  uv venv .venv-bench && uv pip install -p .venv-bench -r requirements-bench.lock")

    case = country()
    ours, (line, floors, lowered, position) = cpu(lambda: place_under_floors(case), 3)
    print(
        f"8,000 graduates, {len(case.capacity):,} lines, {len(case.line):,} contracts, floors "
        f"{floors:,} in {len(case.scopes):,} scopes, lowered {len(lowered)}; first choice "
        f"{(position == 0).mean():.1%}, coverage {case.deficit[line[line >= 0]].sum():.0f}"
    )
    theirs, _ = cpu(lambda: coverage_flow(case))
    reached.append(report("  OR-tools coverage-first flow", ours, theirs, 0.2))

    if peak is not None:
        del case
        instance = popular_lines(*LARGE)
        ours, line = cpu(lambda: place(instance), 3)
        print(f"100,000 x 5,000, lists of 30: {(line >= 0).sum()} placed")
        theirs, _ = cpu(lambda: flow_of_lists(instance))
        reached.append(report("  OR-tools SimpleMinCostFlow", ours, theirs, 0.25))
        is_small = peak["run"] < 500
        reached.append(is_small)
        print(
            f"  peak memory {peak['run']:.0f} MB, {peak['instance']:.0f} MB of it before the run "
            f"(mark < 500) {'reached' if is_small else 'MISSED'}"
        )
    return 0 if all(reached) else 1


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if "--memory" in sys.argv:
        measure_memory()
    else:
        raise SystemExit(main())
