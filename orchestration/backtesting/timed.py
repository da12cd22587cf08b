"""What a model of this package costs, measured as for the peers.

Belongs here: processor seconds of one model's answers. Does not belong here: the models themselves.
"""

import time
from dataclasses import dataclass, field

from planning.trends.backtest import Answers, Forecaster
from planning.trends.panel import Panel


@dataclass
class Timed:
    """A forecaster whose `cpu_seconds` are known after the call."""

    model: Forecaster
    cpu_seconds: float = field(default=0.0, init=False)

    def __call__(self, panel: Panel, origins: range, horizon: int, window: int | None) -> Answers:
        """The model's own answer."""
        begun = time.process_time()
        answers = self.model(panel, origins, horizon, window)
        self.cpu_seconds = time.process_time() - begun
        return answers
