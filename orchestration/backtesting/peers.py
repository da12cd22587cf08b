"""Ask AutoETS, AutoARIMA and DOT in the benchmark environment.

Belongs here: the windows given to the peers, their process, their answers. Does not belong here: the
peers themselves (`tests/bench/peer_forecasts.py`, run by another interpreter).
"""

import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from orchestration.errors import UserError
from planning.trends.backtest import Answers
from planning.trends.panel import Panel

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
SCRIPT = ROOT / "tests" / "bench" / "peer_forecasts.py"
NAMES = ("autoets", "autoarima", "dot")


def require_environment() -> None:
    """Refuse early, before any other model has worked.

    Raises:
        UserError: The benchmark environment is not set up.
    """
    if not (PYTHON.exists() and SCRIPT.exists()):
        raise UserError(
            f"The models {', '.join(NAMES)} need the benchmark environment, which is not set up",
            where=str(PYTHON),
            why="Their libraries cannot live beside this program's (they cap pandas below 3).",
            mend="Run `make bench-forecast` once: it sets the environment up. Or leave them out.",
        )


@dataclass
class Peer:
    """A forecaster of the benchmark environment; `cpu_seconds` is known after the call."""

    name: str
    progress: Callable[[int, int], None]
    cpu_seconds: float = field(default=0.0, init=False)

    def __call__(self, panel: Panel, origins: range, horizon: int, window: int | None) -> Answers:
        """Give each series' own window to the peer; gaps are bridged as for our models."""
        tasks, places = _windows(panel, origins, window)
        shape = (len(origins), len(panel.ids), horizon)
        answers = np.full((*shape, 12), np.nan)
        is_fallback = np.zeros(shape[:2], dtype=bool)
        if tasks.size:
            said, refused, self.cpu_seconds = self._ask(tasks, panel.season, horizon)
            answers[places] = said
            is_fallback[places] = refused
        return Answers(answers[..., 0], answers[..., 1:], is_fallback)

    def _ask(self, tasks: np.ndarray, season: int, horizon: int) -> tuple[np.ndarray, np.ndarray, float]:
        """Run the script, follow its progress, read its answers."""
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder) / "in.npz", Path(folder) / "out.npz"
            np.savez(source, windows=tasks)
            command = [PYTHON, SCRIPT, self.name, season, horizon, source, target]
            with (
                (Path(folder) / "stderr").open("w+") as stderr,
                subprocess.Popen(
                    [str(part) for part in command],
                    stdout=subprocess.PIPE,
                    stderr=stderr,
                    text=True,
                ) as process,
            ):
                for line in process.stdout or ():
                    done, _, total = line.strip().partition("/")
                    self.progress(int(done), int(total))
                code = process.wait()
                stderr.seek(0)
                told = stderr.read().strip().splitlines()
            if code:
                raise UserError(
                    f"The model {self.name} stopped in the benchmark environment",
                    where=str(PYTHON),
                    why=told[-1] if told else f"exit code {code}",
                    mend="Run `make bench-forecast` to set the environment up again.",
                )
            with np.load(target) as out:
                return out["answers"], out["is_fallback"], float(out["cpu_seconds"])


def _windows(
    panel: Panel, origins: range, window: int | None
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """(m, T) windows of the series that have begun, and where their answers go (K, n)."""
    longest = window or max(origins)
    rows, at, series = [], [], []
    for index, origin in enumerate(origins):
        past = _bridged(panel.matrix[:, max(0, origin - longest) : origin])
        begun = np.flatnonzero(~np.isnan(past).all(axis=1))
        rows.append(np.pad(past, ((0, 0), (longest - past.shape[1], 0)), constant_values=np.nan)[begun])
        at.append(np.full(len(begun), index))
        series.append(begun)
    return np.concatenate(rows), (np.concatenate(at), np.concatenate(series))


def _bridged(values: np.ndarray) -> np.ndarray:
    """Blanks between values on a straight line, after the last flat; before the first blank."""
    bridged = values.copy()
    period = np.arange(values.shape[1])
    for row in np.flatnonzero(np.isnan(values).any(axis=1) & ~np.isnan(values).all(axis=1)):
        known = ~np.isnan(values[row])
        bridged[row] = np.interp(period, period[known], values[row, known], left=np.nan)
    return bridged
