"""Points at which a crash test may kill this process, to prove that readers never notice.

Belongs here: the one function that dies on demand. Does not belong here: what is tested (`tests/faults`).
"""

import os
import signal
from collections import Counter

from orchestration.settings import load_settings

_reached: Counter[str] = Counter()


def fault_point(name: str) -> None:
    """Kill this process with SIGKILL when MEDKADR_FAULT_AT is `name:n` and this is the n-th time here."""
    _reached[name] += 1
    if load_settings().fault_at == f"{name}:{_reached[name]}":
        os.kill(os.getpid(), signal.SIGKILL)
