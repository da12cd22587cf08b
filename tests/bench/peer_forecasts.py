"""AutoETS, AutoARIMA and DOT on prepared windows; run by the interpreter of the benchmark environment.

    .venv-bench/bin/python tests/bench/peer_forecasts.py MODEL SEASON HORIZON IN.npz OUT.npz

IN holds `windows` (m, T), nan before a series begins. OUT holds `answers` (m, H, 12): the point, q10 …
q90, lo95, hi95; `is_fallback` (m,): the library refused the window; `cpu_seconds`. Progress goes to
stdout, a line `done/total` each. Nothing of this project is imported: its libraries cap pandas below 3.
"""

import sys
import time
import warnings
from pathlib import Path

import numpy as np
from scipy.stats import norm
from statsforecast.models import AutoARIMA, AutoETS, DynamicOptimizedTheta

MODELS = {"autoets": AutoETS, "autoarima": AutoARIMA, "dot": DynamicOptimizedTheta}
CENTRAL = [20, 40, 60, 80, 95]
LEVELS = np.concatenate([np.arange(1, 10) / 10, [0.025, 0.975]])


def answer(model: object, values: np.ndarray, horizon: int) -> np.ndarray:
    """(H, 12) of one window; the library's own central ranges give the deciles."""
    said = model.forecast(y=values, h=horizon, level=CENTRAL)
    low = [said[f"lo-{level}"] for level in (80, 60, 40, 20)]
    high = [said[f"hi-{level}"] for level in (20, 40, 60, 80)]
    return np.stack([said["mean"], *low, said["mean"], *high, said["lo-95"], said["hi-95"]], axis=1)


def stand_in(values: np.ndarray, horizon: int) -> np.ndarray:
    """Naive with a random-walk range, where the library refuses: counted, never compared."""
    last = values[-1] if len(values) else np.nan
    spread = np.std(np.diff(values)) if len(values) > 1 else 0.0
    walk = spread * np.sqrt(np.arange(1, horizon + 1))[:, None] * norm.ppf(LEVELS)
    return np.concatenate([np.full((horizon, 1), last), last + walk], axis=1)


def main() -> None:
    """Read the windows, answer each, write."""
    name, season, horizon, source, target = sys.argv[1:]
    steps = int(horizon)
    warnings.filterwarnings("ignore")
    windows = np.load(source)["windows"]
    model = MODELS[name](season_length=int(season))
    model.forecast(y=np.arange(1.0, 40.0) + np.sin(np.arange(39.0)), h=1, level=CENTRAL)  # compiles
    answers = np.full((len(windows), steps, 12), np.nan)
    is_fallback = np.zeros(len(windows), dtype=bool)
    begun = time.process_time()
    for row, window in enumerate(windows):
        values = window[~np.isnan(window)]
        if len(values):
            try:
                answers[row] = answer(model, values, steps)
            except Exception:  # the library raises bare and varied errors on short windows
                is_fallback[row] = True
            if not np.isfinite(answers[row]).all():
                is_fallback[row] = True
                answers[row] = stand_in(values, steps)
        if row % 100 == 99 or row + 1 == len(windows):
            print(f"{row + 1}/{len(windows)}", flush=True)
    seconds = time.process_time() - begun
    with Path(target).open("wb") as file:
        np.savez(file, answers=answers, is_fallback=is_fallback, cpu_seconds=seconds)


if __name__ == "__main__":
    main()
