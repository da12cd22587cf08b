"""What a backtest prints: the panel's peculiarities, the scoreboard, the ratios.

Belongs here: sentences and tables for a terminal. Does not belong here: computing marks.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from planning.trends.backtest import Forecaster
from planning.trends.panel import Panel

Part = dict[str, Callable[[Any], str]]


def describe(console: Console, data: Panel, jumps_count: int) -> None:
    """What was read, and how its peculiarities are treated."""
    known = ~np.isnan(data.matrix)
    late = int((~known[:, 0]).sum())
    zero = int((known.any(axis=1) & (np.nan_to_num(data.matrix) == 0).all(axis=1)).sum())
    still = int((np.nanmax(data.matrix, axis=1) == np.nanmin(data.matrix, axis=1)).sum()) - zero
    short = int((known.sum(axis=1) <= 3).sum())
    notes = [f"{len(data.ids)} series, {data.labels[0]} to {data.labels[-1]}, {int(known.sum())} values"]
    if late:
        notes.append(f"{late} series begin later: blank before, never zero")
    if ended := int((~known[:, -1]).sum()):
        notes.append(f"{ended} series end before {data.labels[-1]}: forecast on, marked while they last")
    if data.gaps:
        notes.append(f"{data.gaps} missing periods: bridged for the models, never marked")
    if zero:
        notes.append(f"{zero} series are all zero: forecast zero, no MASE")
    if still:
        notes.append(f"{still} series never move: forecast the same, no MASE")
    if short:
        notes.append(f"{short} series have three values or fewer: they lean on the panel")
    empty = np.flatnonzero(~known.any(axis=0))
    if empty.size:
        notes.append(
            f"{empty.size} periods have no value in any series, first {data.labels[empty[0]]}: "
            "is a date mistyped?"
        )
    if jumps_count:
        notes.append(
            f"{jumps_count} steps look like a change of definition: jumps.csv, left out of the drift"
        )
    for note in notes:
        console.print(note)


def print_board(console: Console, board: pd.DataFrame, against: pd.DataFrame) -> None:
    """The scoreboard by horizon, coverage by size, and the ratios."""
    console.print(
        "80 %, 95 %: values inside the range, and the 95 % range of that share over origins (– below "
        "three origins).\nMASE, pinball, width in usual steps; bias, WAPE in % of the values; h 0 = all."
    )
    rows = board[(board["size"] == "all") & (board["forecasts_count"] > 0)]
    by_horizon: Part = {"h": lambda row: str(row.horizon), "n": lambda row: str(row.forecasts_count)}
    _table(console, "Scoreboard", rows, by_horizon)
    by_size = board[(board["size"] != "all") & (board["horizon"] == 0)]
    _table(console, "By size (thirds of the panel)", by_size, {"size": lambda row: row.size})
    for row in rows[(rows["horizon"] == 0) & (rows["fallbacks_count"] > 0)].itertuples():
        console.print(
            f"{row.model} could not be fitted for {row.fallbacks_count} of {row.forecasts_count}: a simpler "
            "answer stands in (fallbacks.csv)"
        )
    if against.empty:
        console.print("One model: nothing to compare it with.")
        return
    table = Table(
        box=SIMPLE_HEAD, title="Ratios (below 1 is better; 95 % range over series; fallbacks left out)"
    )
    for column in ("model", "against", "measure", "ratio", "95 % range", "series"):
        table.add_column(column)
    for row in against.itertuples():
        table.add_row(
            row.model, row.reference, row.measure, f"{row.ratio:.3f}",
            f"{row.low95:.3f}–{row.high95:.3f}", str(row.series_count),
        )  # fmt: skip
    console.print(table)


def _table(console: Console, title: str, rows: pd.DataFrame, part: Part) -> None:
    """One printed table of marks, by what `part` names; fits 80 columns."""
    table = Table(title=title, box=SIMPLE_HEAD, padding=(0, 0, 0, 1))
    table.add_column("model")
    for head in (*part, "MASE", "pinb.", "bias", "WAPE", "80 %", "95 %", "width"):
        table.add_column(head, justify="left" if head == "size" else "right")
    for row in rows.itertuples():
        table.add_row(
            row.model, *(said(row) for said in part.values()),
            _number(row.mase, ".2f"), _number(row.scaled_pinball, ".2f"),
            _number(100 * row.bias_share, "+.1f"), _number(100 * row.wape, ".1f"),
            _held(row.coverage80_share, row.coverage80_low95_share, row.coverage80_high95_share),
            _held(row.coverage95_share, row.coverage95_low95_share, row.coverage95_high95_share),
            _number(row.width80_steps, ".1f"),
        )  # fmt: skip
    console.print(table)


def _held(share: float, low: float, high: float) -> str:
    """A coverage in per cent with its own range."""
    span = "–" if np.isnan(low) else f"{100 * low:.0f}–{100 * high:.0f}"
    return f"{100 * share:.1f} ({span})" if not np.isnan(share) else "–"


def _number(value: float, form: str) -> str:
    """A number, or a dash where there is nothing to measure."""
    return "–" if np.isnan(value) else format(value, form)


def print_seconds(console: Console, chosen: dict[str, Forecaster]) -> None:
    """Processor seconds that each model took for all its answers, reading and marking left out."""
    taken = [f"{name} {getattr(model, 'cpu_seconds', 0.0):.2f}" for name, model in chosen.items()]
    console.print(f"Processor seconds for all answers: {', '.join(taken)}")
