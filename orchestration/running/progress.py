"""What a run tells while it works: which stage, which step, how long, how much memory.

Belongs here: a Dagster logger that turns events into stages, and the memory of the whole process tree. Does
not belong here: starting the run (`commands/run.py`).
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import dagster as dg
import psutil

SAMPLE_SECONDS = 1.0
STAGES = {
    "landing": "land and check",
    "dbt_core": "transform (dbt)",
    "dbt_forecast": "join forecasts (dbt)",
    "forecast": "forecast",
    "publication": "audit and publish",
}


@dataclass
class Stage:
    """Time and memory of one stage.

    Attributes:
        name: In words.
        seconds: Time between its first step's start and its last step's end, waiting for none.
        peak_bytes: Largest memory of this process and its children.
    """

    name: str
    seconds: float = 0.0
    peak_bytes: int = 0


@dataclass
class Progress:
    """Collects stages and tells each step to `say`.

    Attributes:
        say: Told one short line a step, and what the step itself tells.
        stages: Finished and running stages in order.
    """

    say: Callable[[str], None]
    stages: dict[str, Stage] = field(default_factory=dict)
    _running: Stage | None = None
    _started_at: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)

    def enter(self, stage: str) -> None:
        """A step of this stage begins."""
        self.leave()
        self._running = self.stages.setdefault(stage, Stage(stage))
        self._started_at = time.monotonic()
        self._sample()

    def leave(self) -> None:
        """The running step has ended."""
        if self._running:
            self._sample()
            self._running.seconds += time.monotonic() - self._started_at
            self._running = None

    def __enter__(self) -> "Progress":
        """Begin to watch memory."""
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        self.leave()
        self._done.set()

    def _watch(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            self._sample()

    def _sample(self) -> None:
        if (stage := self._running) is not None:
            stage.peak_bytes = max(stage.peak_bytes, tree_bytes())


def tree_bytes() -> int:
    """Resident memory of this process and all its children."""
    own = psutil.Process()
    total = 0
    for process in (own, *own.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.Error:  # it ended meanwhile
            continue
    return total


# Dagster makes the logger itself, from the run's configuration; the one who started the run listens here.
_listener: Progress | None = None


def listen(progress: Progress | None) -> None:
    """Let the next run in this process tell `progress`."""
    global _listener  # noqa: PLW0603 - see above
    _listener = progress


def tell(text: str) -> None:
    """Tell a line that Dagster need not keep."""
    if _listener is not None:
        _listener.say(text)


# What Dagster says to itself: how it runs dbt, and after a failure a line a step that was not begun.
_NOT_FOR_A_READER = (
    "Dependencies for step",
    "Logging an `AssetObservation`",
    "A dbt subsetted execution",
)


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if _listener is None:
            return
        meta = getattr(record, "dagster_meta", {})
        event = meta.get("dagster_event")
        if event is None:
            text = str(meta.get("orig_message") or record.getMessage())
            if not text.startswith(_NOT_FOR_A_READER):
                _listener.say(text)
        elif event.event_type_value == "STEP_START":
            _listener.enter(stage_of(event.step_key))
        elif event.event_type_value in ("STEP_SUCCESS", "STEP_FAILURE"):
            _listener.leave()


def stage_of(step: str) -> str:
    """Stage of a step, by the first words of its key."""
    return next((name for start, name in STAGES.items() if step.startswith(start)), step)


@dg.logger(description="Stages and steps, told to whoever started the run in this process.")
def progress_logger(context: dg.InitLoggerContext) -> logging.Logger:
    """A logger that passes on every event."""
    logger = logging.Logger(f"medkadr.{context.run_id}", level=logging.DEBUG)
    logger.addHandler(_Handler())
    return logger
