"""The peer `matching` on one instance, run in `.venv-bench`: reads an .npz, prints CPU seconds as JSON.

Its solver recurses once per rejection chain, so the recursion limit and the stack are raised for it.
"""

import json
import sys
import threading
import time
import warnings
from importlib.metadata import version

import numpy as np
from matching.games import HospitalResident


def solve(lists, score, capacity):
    """Build the game from lists and scores, and solve it; the time includes both."""
    start = time.process_time()
    lines = [[] for _ in capacity]
    for graduate, (wanted, points) in enumerate(zip(lists.tolist(), score.tolist(), strict=True)):
        for line, point in zip(wanted, points, strict=True):
            lines[line].append((-point, graduate))
    game = HospitalResident.create_from_dictionaries(
        dict(enumerate(lists.tolist())),
        {line: [graduate for _, graduate in sorted(who)] for line, who in enumerate(lines) if who},
        {line: int(seats) for line, seats in enumerate(capacity) if lines[line]},
    )
    result = game.solve(optimal="resident")
    seconds = time.process_time() - start
    line_of = np.full(len(lists), -1)
    for line, residents in result.items():
        line_of[[resident.name for resident in residents]] = line.name
    return seconds, line_of


def main():
    """Solve the instance of the file named first, keep the lines in the file named second."""
    warnings.simplefilter("ignore")
    with np.load(sys.argv[1]) as instance:
        seconds, line_of = solve(instance["lists"], instance["score"], instance["capacity"])
    np.save(sys.argv[2], line_of)
    print(json.dumps({"seconds": seconds, "version": version("matching")}))


if __name__ == "__main__":
    sys.setrecursionlimit(10**7)
    threading.stack_size(512 * 1024 * 1024)
    worker = threading.Thread(target=main)
    worker.start()
    worker.join()
