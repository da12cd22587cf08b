"""Work beside the main work, in a process of its own, for what is pure Python and would wait for one core.

Belongs here: starting it and waiting for its answer. Does not belong here: what is worked on.
"""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any


def beside(work: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
    """Begin `work(*arguments)`; calling what is returned waits for the answer, or raises what work raised.

    The process ends with its answer; when nobody is left to take it, sending fails and ends it too.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, work, arguments), daemon=True)
    process.start()
    theirs.close()

    def answer() -> Any:
        try:
            is_done, made = ours.recv()
        except EOFError:
            raise RuntimeError(f"{work.__name__} ended without an answer; was memory short?") from None
        finally:
            process.join()
            ours.close()
        if is_done:
            return made
        raise made

    return answer


def _work(ours: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        ours.send((True, work(*arguments)))
    except BrokenPipeError:
        return
    except Exception as error:  # noqa: BLE001 - raised again where the answer is asked for
        ours.send((False, error))
