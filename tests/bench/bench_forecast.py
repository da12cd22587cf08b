"""Our forecasts against AutoETS, AutoARIMA and DOT on a panel: error, range, CPU.

    make bench-forecast ARGS="PANEL.csv [--freq Y|M] [--origins 3] [--models autoets]"

Without a panel: 2,000 simulated yearly series of 12 values, one origin, for the CPU ratio alone. Prints
our MASE and scaled pinball over each peer's with 95 % ranges over series, coverage, and CPU seconds of
both in this run. CPU is one process, numpy on one thread.
"""

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import time
from pathlib import Path

import numpy as np

from orchestration.backtesting.files import read_panel
from orchestration.backtesting.peers import NAMES, PYTHON, Peer
from planning.trends.backtest import Answers, origins_of, ours
from planning.trends.panel import Panel
from planning.trends.scoreboard import mark, ratio, scoreboard


def simulated(series: int = 2000, years: int = 17) -> Panel:
    """Random walks with drifts of their own and shocks in common."""
    rng = np.random.default_rng(0)
    steps = rng.normal(rng.normal(0.01, 0.02, (series, 1)), 0.04, (series, years))
    values = np.exp(5 + np.cumsum(steps + rng.normal(0, 0.02, years), axis=1))
    labels = tuple(str(2008 + year) for year in range(years))
    return Panel(tuple(f"s{i:04d}" for i in range(series)), labels, values, "Y", 0)


def main() -> None:
    """Ask ours and the peers the same, and print the ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("panel", nargs="?", type=Path)
    options.add_argument("--freq", choices=["Y", "M"])
    options.add_argument("--horizon", type=int)
    options.add_argument("--window", type=int)
    options.add_argument("--origins", type=int, help="latest origins only")
    options.add_argument("--models", default=",".join(NAMES))
    chosen = options.parse_args()
    if not PYTHON.exists():
        print(f"skipped: {PYTHON} is absent; `make bench-forecast` sets it up")
        return
    panel = read_panel(chosen.panel, chosen.freq) if chosen.panel else simulated()
    names = chosen.models.split(",") if chosen.panel else ["autoets"]
    is_yearly = panel.frequency == "Y"
    horizon = chosen.horizon or (5 if is_yearly else 12)
    window = chosen.window if chosen.window is not None else 12 if is_yearly else 0
    if chosen.panel:
        origins = origins_of(panel, horizon, chosen.origins)
    else:
        origins = range(panel.matrix.shape[1] - horizon, panel.matrix.shape[1] - horizon + 1)
    begun = time.process_time()
    own = ours(panel, origins, horizon, window or None)
    seconds = time.process_time() - begun
    marks = {"ours": mark(panel, origins, own, window or None)}
    _coverage(panel, origins, marks, own)
    print(f"ours: {seconds:.2f} CPU s for {len(panel.ids)} series × {len(origins)} origins")
    for name in names:
        peer = Peer(name, _progress(name))
        answers = peer(panel, origins, horizon, window or None)
        print()
        other = mark(panel, origins, answers, window or None)
        for measure, label in (("error", "MASE"), ("pinball", "scaled pinball")):
            value, low, high, count = ratio(marks["ours"], other, measure)
            print(f"  {label} ours / {name}: {value:.3f} (95 % {low:.3f}–{high:.3f}), {count} series")
        held = [100 * np.nanmean(part) for part in (other.in80, other.in95)]
        print(f"  coverage of {name}: {held[0]:.1f} / {held[1]:.1f} %")
        print(f"  refused by {name}: {int(answers.is_fallback.sum())} of {answers.is_fallback.size}")
        share = seconds / max(peer.cpu_seconds, 1e-9)
        print(f"  CPU: {name} {peer.cpu_seconds:.2f} s, ours / {name} = 1/{1 / max(share, 1e-9):.0f}")


def _coverage(panel: Panel, origins: range, marks: dict, own: Answers) -> None:
    """Coverage of our ranges by horizon."""
    board = scoreboard(panel, origins, marks)
    board = board[(board["size"] == "all") & (board["forecasts_count"] > 0)]
    print("ours by horizon (0 = all): 80 % / 95 % coverage")
    for row in board.itertuples():
        held = f"{100 * row.coverage80_share:5.1f} / {100 * row.coverage95_share:5.1f}"
        print(f"  {row.horizon:2d}  {held}  MASE {row.mase:.3f}  n {row.forecasts_count}")
    print(f"fallbacks of ours: {int(own.is_fallback.sum())}")


def _progress(name: str) -> "object":
    """A line that is overwritten."""
    return lambda done, total: print(f"\r{name} {done}/{total}", end="", flush=True)


if __name__ == "__main__":
    main()
