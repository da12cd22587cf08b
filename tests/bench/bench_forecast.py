"""Our forecasts against AutoETS, AutoARIMA and DOT on a panel: error, range, CPU.

    make bench-forecast ARGS="PANEL.csv [--freq Y|M] [--origins 3] [--models autoets]"

Without a panel: 2,000 simulated yearly series of 12, 20 and 25 values, one origin, for the CPU ratio alone.
The peer sees the window of 12 (`--window 0`: all values). Prints
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
from planning.trends.trend import WINDOW

# Values known at the origin of the simulated panels: what short annual panels hold.
LENGTHS = (12, 20, 25)


def simulated(years: int, series: int = 2000) -> Panel:
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
    if chosen.panel:
        panel = read_panel(chosen.panel, chosen.freq)
        is_yearly = panel.frequency == "Y"
        horizon = chosen.horizon or (5 if is_yearly else 12)
        origins = origins_of(panel, horizon, chosen.origins)
        _compare(
            panel, chosen.models.split(","), origins, horizon, _window(chosen.window, is_yearly=is_yearly)
        )
        return
    horizon = chosen.horizon or 5
    for known in LENGTHS:
        panel, origins = simulated(known + horizon), range(known, known + 1)
        _compare(panel, ["autoets"], origins, horizon, _window(chosen.window, is_yearly=True))


def _window(asked: int | None, *, is_yearly: bool) -> int | None:
    """Periods that a fit may see; None: all."""
    return (asked if asked is not None else WINDOW if is_yearly else 0) or None


def _compare(panel: Panel, names: list[str], origins: range, horizon: int, window: int | None) -> None:
    """Ask ours and each peer, and print errors, coverage and CPU."""
    begun = time.process_time()
    own = ours(panel, origins, horizon, window)
    seconds = time.process_time() - begun
    marks = {"ours": mark(panel, origins, own, window)}
    _coverage(panel, origins, marks, own)
    asked = f"{len(panel.ids)} series × {len(origins)} origins, up to {max(origins)} values"
    print(f"ours: {seconds:.2f} CPU s for {asked}")
    for name in names:
        peer = Peer(name, _progress(name))
        answers = peer(panel, origins, horizon, window)
        print()
        other = mark(panel, origins, answers, window)
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
