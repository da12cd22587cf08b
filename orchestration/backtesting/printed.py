"""What a backtest prints: the panel's peculiarities, the scoreboard, the ratios.

Belongs here: sentences and tables for a terminal. Does not belong here: computing marks.
"""

import numpy as np
import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from planning.trends.backtest import Forecaster
from planning.trends.panel import Panel


def describe(console: Console, data: Panel, jumps_count: int) -> None:
    """What was read, and how its peculiarities are treated."""
    known = ~np.isnan(data.matrix)
    late = int((~known[:, 0]).sum())
    zero = int((known.any(axis=1) & (np.nan_to_num(data.matrix) == 0).all(axis=1)).sum())
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
    _table(
        console,
        "Scoreboard (horizon 0 = all; coverage in %, bias and WAPE in % of the values)",
        board[board["size"] == "all"],
    )
    by_size = board[(board["size"] != "all") & (board["horizon"] == 0)]
    _table(console, "By size (thirds of the panel)", by_size)
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


def _table(console: Console, title: str, rows: pd.DataFrame) -> None:
    """One printed table of marks."""
    table = Table(title=title, box=SIMPLE_HEAD, padding=(0, 0, 0, 1))
    heads = ("model", "h", "size", "n", "MASE", "pinb.", "bias", "WAPE", "80 %", "95 %", "width",
             "fallb.")  # fmt: skip
    for head in heads:
        table.add_column(head, justify="left" if head in ("model", "size") else "right")
    for row in rows.itertuples():
        table.add_row(
            row.model, str(row.horizon), row.size, str(row.forecasts_count), f"{row.mase:.3f}",
            f"{row.scaled_pinball:.3f}", f"{100 * row.bias_share:+.1f}", f"{100 * row.wape:.1f}",
            f"{100 * row.coverage80_share:.1f}", f"{100 * row.coverage95_share:.1f}",
            f"{row.width80_steps:.2f}", str(row.fallbacks_count),
        )  # fmt: skip
    console.print(table)


def print_seconds(console: Console, chosen: dict[str, Forecaster]) -> None:
    """Processor seconds that each model took for all its answers, reading and marking left out."""
    taken = [f"{name} {getattr(model, 'cpu_seconds', 0.0):.2f}" for name, model in chosen.items()]
    console.print(f"Processor seconds for all answers: {', '.join(taken)}")
