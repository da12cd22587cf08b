"""Cycles of two to five graduates who could trade places and all be better off.

Belongs here: finding candidates. Does not belong here: making the trade, which a person decides; it
keeps every count of seats, caps and floors, but may pass over others who stand higher on a line.
"""

from collections.abc import Iterator

import numpy as np

from planning.placement.market import Ints, Market

LONGEST = 5


def swap_cycles(
    market: Market,
    held: Ints,
    *,
    can_move: Ints | None = None,
    most: int = 1000,
    most_steps: int = 2_000_000,
) -> list[tuple[int, ...]]:
    """Cycles (g1, g2, …): each graduate prefers, and is admissible to, the line of the next.

    Shorter cycles come first; within a length they follow the lottery. Lines swap one person for one,
    so capacity, caps and floors hold as before.

    Args:
        market: admissible contracts.
        held: (n,) contract of each graduate, or -1.
        can_move: graduates who may trade (pinned ones may not); None is everyone placed.
        most: cycles to find at most; a campaign can hold millions.
        most_steps: looks at most; a fruitless search among many long lists would not end in a day.

    >>> market = Market(np.array([0, 2, 4]), np.array([0, 1, 1, 0]), np.zeros(4), np.array([1, 1]))
    >>> swap_cycles(market, np.array([1, 3]))
    [(0, 1)]
    """
    movers = np.flatnonzero(held >= 0) if can_move is None else can_move[held[can_move] >= 0]
    own = {int(graduate): int(market.line[held[graduate]]) for graduate in np.sort(movers)}
    taken = set(own.values())
    wishes = {
        graduate: [
            line for line in market.line[market.first[graduate] : held[graduate]].tolist() if line in taken
        ]
        for graduate in own
    }
    wishes = {graduate: lines for graduate, lines in wishes.items() if lines}
    on_line: dict[int, list[int]] = {}
    for graduate in wishes:
        on_line.setdefault(own[graduate], []).append(graduate)
    search = _Search(own, wishes, on_line, most_steps)
    found: list[tuple[int, ...]] = []
    for size in range(2, LONGEST + 1):
        for start in wishes:
            for cycle in search.extend((start,), size):
                found.append(cycle)
                if len(found) == most:
                    return found
    return found


class _Search:
    """Depth first over who wants whose line; counts its steps."""

    def __init__(
        self,
        own: dict[int, int],
        wishes: dict[int, list[int]],
        on_line: dict[int, list[int]],
        steps_left: int,
    ) -> None:
        self._own, self._wishes, self._on_line = own, wishes, on_line
        self._wanted = {graduate: frozenset(lines) for graduate, lines in wishes.items()}
        self._steps_left = steps_left

    def extend(self, path: tuple[int, ...], size: int) -> Iterator[tuple[int, ...]]:
        """Cycles of a size that begin with a path; the smallest number stands first, lines differ."""
        used = {self._own[graduate] for graduate in path}
        is_last = len(path) == size - 1
        for line in self._wishes[path[-1]]:
            if line in used:
                continue
            for following in self._on_line.get(line, ()):
                self._steps_left -= 1
                if self._steps_left < 0:
                    return
                if following <= path[0]:
                    continue
                if not is_last:
                    yield from self.extend((*path, following), size)
                elif self._own[path[0]] in self._wanted[following]:
                    yield (*path, following)
