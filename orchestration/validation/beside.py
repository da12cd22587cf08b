"""Suites validated in a process of their own, while the next contract lands.

Great Expectations takes 2 s to import and 7 ms an expectation, all of it on one core. Belongs here: asking
early and waiting for a result. Does not belong here: the suites (`suites.py`).
"""

from collections.abc import Callable

from orchestration.running.beside import Worker
from orchestration.settings import Settings
from orchestration.validation.results import SuiteResult
from orchestration.validation.suites import validate_contract
from orchestration.validation.tool import load_tool

_ready: list[Worker] = []


def get_ready() -> None:
    """Start a process that imports for the next run, while this one loads its definitions."""
    worker = Worker()
    worker.ask(load_tool)
    _ready.append(worker)


class SuitesBeside:
    """The suites of one run, each begun as soon as its contract has landed."""

    def __init__(self) -> None:
        """No process is started yet."""
        self._worker: Worker | None = None
        self._coming: dict[str, Callable[[], SuiteResult]] = {}

    def start(self) -> Worker:
        """Start the process and let it import, unless it is there."""
        if self._worker is None:
            if not _ready:
                get_ready()
            self._worker = _ready.pop()
        return self._worker

    def begin(self, contract: str, settings: Settings) -> None:
        """Let the suite of a contract that has just landed be validated."""
        self._coming[contract] = self.start().ask(validate_contract, contract, settings)

    def result(self, contract: str, settings: Settings) -> SuiteResult:
        """The result of a suite, validated now where nobody has begun it.

        Raises:
            UserError: The contract has not landed.
        """
        if contract not in self._coming:
            self.begin(contract, settings)
        return self._coming.pop(contract)()

    def close(self) -> None:
        """End the process; a suite asked for afterwards starts another."""
        if self._worker is not None:
            self._worker.close()
        self._worker = None
        self._coming.clear()
