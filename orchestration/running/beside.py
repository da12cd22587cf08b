"""Work beside the main work, in a process of its own, for what is pure Python and would wait for one core.

Belongs here: starting it and waiting for its answers. Does not belong here: what is worked on.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from queue import SimpleQueue
from typing import Any

# An idle process ends at once when its pipe is closed; a busy one is not waited for.
LEAVE_SECONDS = 2


class Worker:
    """A process that does what it is asked, one call after another.

    It starts with the first call, and ends when nobody is left to ask it, be it by kill −9: the pipe breaks.
    """

    def __init__(self) -> None:
        """Nothing is started yet."""
        self._process: multiprocessing.process.BaseProcess | None = None
        self._asked = 0
        self._answers: list[tuple[bool, Any]] = []

    def ask(self, work: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
        """Have `work(*arguments)` done after what was asked before.

        Calling what is returned waits for the answer, or raises what work raised.
        """
        if self._process is None:
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        number, self._asked = self._asked, self._asked + 1
        self._pipe.send((work, arguments))
        return lambda: self._answer(number, work.__name__)

    def _answer(self, number: int, name: str) -> Any:
        while len(self._answers) <= number:
            try:
                self._answers.append(self._pipe.recv())
            except (EOFError, ConnectionResetError):
                raise RuntimeError(f"{name} ended without an answer; was memory short?") from None
        is_done, made = self._answers[number]
        self._answers[number] = (True, None)  # a frame may be large, and is asked for once
        if is_done:
            return made
        raise made

    def close(self) -> None:
        """End the process; what it was still asked is not done."""
        if self._process is not None:
            self._pipe.close()
            self._process.join(LEAVE_SECONDS)
            if self._process.is_alive():
                self._process.terminate()
                self._process.join()


def _serve(ours: Connection) -> None:
    # An interrupt reaches all processes of a terminal; this one ends when the other lets go of the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    calls: SimpleQueue[bytes | None] = SimpleQueue()
    is_busy = threading.Event()
    threading.Thread(target=_listen, args=(ours, calls, is_busy), daemon=True).start()
    while (call := calls.get()) is not None:
        is_busy.set()
        try:
            work, arguments = ForkingPickler.loads(call)
            told = (True, work(*arguments))
        except Exception as error:  # noqa: BLE001 - raised again where the answer is asked for
            told = (False, error)
        try:
            ours.send(told)
        except OSError:
            return
        is_busy.clear()
        del told


def _listen(ours: Connection, calls: SimpleQueue[bytes | None], is_busy: threading.Event) -> None:
    """Take calls while work goes on: who asks never waits for somebody who waits to answer."""
    try:
        while True:
            calls.put(ours.recv_bytes())
    except (EOFError, OSError):
        calls.put(None)
        if is_busy.is_set():
            os._exit(1)  # nobody is left to take what is being worked on
