"""Writing behind: a thread writes what is ready while the door looks at the next chunk.

Belongs here: the order of work between door and disk. Does not belong here: any file.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self


class Behind:
    """Tasks done one after another on a thread of their own; one waits at most.

    What a task raises is raised by the next `do` or `wait`.
    """

    def __init__(self) -> None:
        """Nothing is under way."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="write-behind")
        self._running: Future[Any] | None = None

    def do(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Begin `work(*arguments)` as soon as the task before it is done."""
        self.wait()
        self._running = self._thread.submit(work, *arguments)

    def wait(self) -> None:
        """Wait for the task under way."""
        running, self._running = self._running, None
        if running is not None:
            running.result()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the task under way finish; its error counts unless there is another."""
        try:
            if error is None:
                self.wait()
        finally:
            self._thread.shutdown()
