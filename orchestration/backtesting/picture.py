"""The picture of a backtest: error and coverage by horizon, model beside model.

Belongs here: drawing the scoreboard. Does not belong here: computing it.
"""

from pathlib import Path

import pandas as pd


def draw(board: pd.DataFrame, path: Path, title: str) -> None:
    """Write a PNG with MASE, scaled pinball, and coverages with their own 95 % ranges (thin lines)."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    rows = board[(board["horizon"] > 0) & (board["size"] == "all") & (board["forecasts_count"] > 0)]
    panels = (
        ("mase", "MASE (1 = one usual step)", 0.0, 0.0),
        ("scaled_pinball", "Scaled pinball, deciles", 0.0, 0.0),
        ("coverage80_share", "Values inside the 80 % range (grey: 77–83)", 0.80, 0.03),
        ("coverage95_share", "Values inside the 95 % range (grey: 93–97)", 0.95, 0.02),
    )
    figure, axes = plt.subplots(2, 2, figsize=(10, 7), layout="constrained")
    for axis, (column, label, promise, play) in zip(axes.flat, panels, strict=True):
        for place, (model, line) in enumerate(rows.groupby("model", sort=False)):
            at = line["horizon"] + 0.08 * place
            (drawn,) = axis.plot(at, line[column], marker="o", label=model)
            if promise:
                stem = column.removesuffix("_share")
                ends = (line[f"{stem}_low95_share"], line[f"{stem}_high95_share"])
                axis.vlines(at, *ends, color=drawn.get_color(), linewidth=1, alpha=0.6)
        if promise:
            axis.axhline(promise, color="black", linestyle="--", linewidth=1)
            axis.axhspan(promise - play, promise + play, color="grey", alpha=0.15)
        axis.set_title(label)
        axis.set_xlabel("periods ahead")
        axis.xaxis.get_major_locator().set_params(integer=True)
    axes[0, 0].legend()
    figure.suptitle(title)
    figure.savefig(path, dpi=120)
    plt.close(figure)
