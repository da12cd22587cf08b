"""Writing behind: a thread writes what is ready while the door looks at the next chunk.

Belongs here: the order of work between door and disk. Does not belong here: any file.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

WAITING = 1


class Behind:
    """Tasks done one after another on a thread of their own; `WAITING` wait at most beside the one under way.

    What a task raises is raised by the next `do` or `wait`.
    """

    def __init__(self) -> None:
        """Nothing is under way."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="write-behind")
        self._begun: deque[Future[Any]] = deque()

    def do(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Begin `work(*arguments)` as soon as the tasks before it are done."""
        while len(self._begun) > WAITING:
            self._begun.popleft().result()
        self._begun.append(self._thread.submit(work, *arguments))

    def wait(self) -> None:
        """Wait for all tasks."""
        while self._begun:
            self._begun.popleft().result()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the tasks finish; their error counts unless there is another."""
        try:
            if error is None:
                self.wait()
        finally:
            self._thread.shutdown()
