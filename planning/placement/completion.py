"""The published tail: every list is extended by the lines its graduate may serve on and did not name.

Belongs here: the order of the tail. Does not belong here: who may serve where (`eligibility.py`). A
mandated service makes the tail legitimate, and floors need it; it is fixed before lists open.
"""

from dataclasses import dataclass

import numpy as np

from planning.placement.market import Codes, Floats, Ints


@dataclass(frozen=True)
class Tail:
    """(t,) graduate, line and rank of the added contracts."""

    graduate: Ints
    line: Ints
    rank: Ints


def tail(
    graduate: Ints,
    line: Ints,
    *,
    listed: tuple[Ints, Ints, Ints],
    home: Codes,
    region: Codes,
    deficit: Floats,
) -> Tail:
    """Order the eligible pairs that no list names: home region first, then deficit, then line.

    Args:
        graduate: (p,) every eligible pair, graduate.
        line: (p,) every eligible pair, line; numbers follow the published order of ids.
        listed: graduate, line and rank of the own lists.
        home: (n,) home region code of each graduate, -1 unknown.
        region: (l,) region code of each line.
        deficit: (l,) deficit behind each line, greater first.
    """
    lines_count = len(region)
    own_graduate, own_line, own_rank = listed
    is_listed = np.isin(graduate * lines_count + line, own_graduate * lines_count + own_line)
    graduate, line = graduate[~is_listed], line[~is_listed]
    # One sort of the lines per home region serves all its graduates.
    place = np.empty((int(home.max(initial=-1)) + 2, lines_count), dtype=np.int64)
    for code in range(-1, len(place) - 1):
        order = np.lexsort((np.arange(lines_count), -deficit, region != code))
        place[code, order] = np.arange(lines_count)
    last = np.zeros(len(home), dtype=np.int64)
    np.maximum.at(last, own_graduate, own_rank)
    return Tail(graduate, line, last[graduate] + 1 + place[home[graduate], line])
