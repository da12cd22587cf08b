"""Whose ranges must be wider than its steps alone tell: the size of past errors regressed on traits.

Belongs here: a factor on each series' deviation, learnt from the sizes of past errors within each origin.
Does not belong here: how far all ranges of a panel reach (`reach.py`), the forecast itself (`trend.py`).

Method: a twelve-year deviation is a rough guess of the next errors' size. Past sizes, each divided by its
origin's mean so that a restless year teaches nothing false, are regressed by ridge on four traits: how large
the series' own errors were, its deviation (extreme ones fall back), its newest step (unrest goes on) and its
place in the panel. The regression is that of `error_regression.py`. See docs/methods/intervals.md.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.trends.error_regression import Lesson, amendment, centred_traits, lesson, place_in_panel

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# "As large as the panel's" is worth so many of a series' own errors, of which those two years ahead count.
OWN_PRIOR, OWN_YEARS = 6.0, 2
# A size above four times the mean counts as four; a width moves by at most e^0.5.
MOST_SIZE, MOST_WIDTH = 4.0, 0.5


@dataclass
class WidthLessons:
    """What has been learnt of sizes so far; origins in their order.

    Attributes:
        lessons: The regression's sums.
        sizes: Origins whose first years are not all known yet, with (n, H) sizes.
        settled: (n,) sum and count of the sizes of all others.
    """

    lessons: list[Lesson] = field(default_factory=list)
    sizes: list[tuple[int, Floats]] = field(default_factory=list)
    settled: tuple[Floats, Floats] | None = None

    def traits(self, origin: int, latest: Floats, deviation: Floats, heard: Flags) -> Floats:
        """(n, 4) traits at an origin: own past sizes, deviation, newest step, size; less their means.

        Args:
            origin: Years known.
            latest: (n, k ≥ 2) newest logs, oldest first.
            deviation: (n,) yearly, log scale.
            heard: (n,) series whose errors are used.
        """
        total, count = self._own_sizes(origin, len(heard))
        unit = deviation.clip(1e-9)
        step = np.abs(latest[:, -1] - latest[:, -2]) / unit
        raw = [total / (count + OWN_PRIOR), place_in_panel(np.log(unit)), step, place_in_panel(latest[:, -1])]
        return centred_traits(np.stack(raw, axis=1), heard)

    def _own_sizes(self, origin: int, size: int) -> tuple[Floats, Floats]:
        """(n,) sum and count of each series' own known sizes; origins known in full are summed once."""
        done = [sizes for then, sizes in self.sizes if origin - then >= OWN_YEARS]
        self.sizes = [(then, sizes) for then, sizes in self.sizes if origin - then < OWN_YEARS]
        for sizes in done:
            self.settled = _added(self.settled, sizes[:, :OWN_YEARS])
        sums = self.settled
        for then, sizes in self.sizes:
            sums = _added(sums, sizes[:, : max(origin - then, 0)])
        return sums if sums is not None else (np.zeros(size), np.zeros(size))

    def widths(self, origin: int, traits: Floats, heard: Flags, horizon: int) -> Floats:
        """(n,) factors on the deviation from what is known at `origin`; 1 where nothing is."""
        expected = amendment(self.lessons, origin, traits, heard, horizon).mean(axis=1)
        factors: Floats = np.exp(expected.clip(-MOST_WIDTH, MOST_WIDTH))
        return factors

    def learn(self, origin: int, traits: Floats, errors: Floats) -> None:
        """Add the (n, H) errors of an origin, in deviations; nan where unknown or not heard."""
        size = np.abs(errors)
        known = ~np.isnan(size)
        mean = np.where(known, size, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        relative = np.minimum(size / np.maximum(mean, 1e-9), MOST_SIZE) - 1.0
        self.sizes.append((origin, relative))
        nothing = np.full(len(errors), np.nan)
        self.lessons.append(lesson(origin, traits, relative, np.zeros_like(relative), nothing))


def _added(sums: tuple[Floats, Floats] | None, sizes: Floats) -> tuple[Floats, Floats]:
    """Sum and count with (n, k) further sizes."""
    known = ~np.isnan(sizes)
    more = (np.where(known, sizes, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))
    return more if sums is None else (sums[0] + more[0], sums[1] + more[1])
