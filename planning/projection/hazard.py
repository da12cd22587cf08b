"""The yearly chance of leaving, fitted: a logistic regression whose dummies are never written out.

Belongs here: the penalised fit over year-of-service, region and specialty effects, and draws of its
coefficients. Does not belong here: who counts as leaving, censoring, curves (`retention.py`).

Method: discrete-time hazard as a logistic regression on person-years (Allison 1982, Sociological
Methodology 13; Singer & Willett 1993). Region and specialty effects are shrunk: ridge penalties whose
variances are estimated with the fit (Schall 1991, Biometrika 78). All dummies are one-hot, so the
normal equations are tables of counts: `np.bincount` makes them without a design matrix.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Pull of a service year without data towards the average year, in units of information; a year with
# a single leaver outweighs it a thousand times.
YEAR_RIDGE = 1e-3
MIN_SD = 0.02  # an effect's spread is never estimated as exactly zero: the fit would freeze there
MAX_ROUNDS = 60


@dataclass(frozen=True)
class Rows:
    """Person-years as arrays, one entry a row.

    Attributes:
        groups: (3, n) positions of service year, region, specialty.
        sizes: Number of service years, regions, specialties.
        slopes: (n, P) covariates as numbers.
        has_left: (n,) 1.0 if the year ended with leaving.
    """

    groups: Ints
    sizes: tuple[int, int, int]
    slopes: Floats
    has_left: Floats

    def of_region(self, region: int) -> "Rows":
        """The rows of one region."""
        mine = self.groups[1] == region
        return Rows(self.groups[:, mine], self.sizes, self.slopes[mine], self.has_left[mine])

    @cached_property
    def starts(self) -> tuple[int, int, int, int]:
        """Where years, regions, specialties and slopes begin in the coefficient vector."""
        years, regions, specialties = self.sizes
        return 0, years, years + regions, years + regions + specialties

    @property
    def width(self) -> int:
        """Number of coefficients."""
        return sum(self.sizes) + int(self.slopes.shape[1])

    @cached_property
    def crossed(self) -> dict[tuple[int, int], Ints]:
        """Joint position of every pair of groups."""
        pairs = ((0, 1), (0, 2), (1, 2))
        return {(i, j): self.groups[i] * self.sizes[j] + self.groups[j] for i, j in pairs}

    def predictor(self, offset: float, coefficients: Floats) -> Floats:
        """(n,) log-odds of leaving."""
        total: Floats = offset + self.slopes @ coefficients[self.starts[3] :]
        for group, start in zip(self.groups, self.starts[:3], strict=True):
            total += coefficients[start:][group]
        return total

    def gradient(self, residual: Floats) -> Floats:
        """(width,) the design's transpose times a residual a row."""
        blocks = [np.bincount(g, residual, n) for g, n in zip(self.groups, self.sizes, strict=True)]
        return np.concatenate([*blocks, self.slopes.T @ residual])

    def information(self, weight: Floats) -> Floats:
        """(width, width) the weighted cross-product of the design."""
        out = np.zeros((self.width, self.width))
        last = self.starts[3]
        for i, (start, size) in enumerate(zip(self.starts[:3], self.sizes, strict=True)):
            span = slice(start, start + size)
            out[span, span] = np.diag(np.bincount(self.groups[i], weight, size))
            for p in range(self.slopes.shape[1]):
                out[span, last + p] = np.bincount(self.groups[i], weight * self.slopes[:, p], size)
        for (i, j), joint in self.crossed.items():
            table = np.bincount(joint, weight, self.sizes[i] * self.sizes[j])
            rows = slice(self.starts[i], self.starts[i] + self.sizes[i])
            cols = slice(self.starts[j], self.starts[j] + self.sizes[j])
            out[rows, cols] = table.reshape(self.sizes[i], self.sizes[j])
        out[last:, last:] = self.slopes.T @ (self.slopes * weight[:, None])
        upper = np.triu(out)
        return upper + np.triu(out, 1).T


@dataclass(frozen=True)
class HazardFit:
    """A fitted hazard.

    Attributes:
        offset: Log-odds of the overall leaving share; the coefficients are deviations from it.
        coefficients: (width,) service years, regions, specialties, slopes.
        sizes: Number of service years, regions, specialties.
        region_sd: Spread of the region effects, log-odds.
        specialty_sd: Spread of the specialty effects, log-odds.
        penalty: (width,) ridge penalties at the end.
        information: (R, width, width) each region's share of the information.
        score: (R, width) each region's share of the gradient.
    """

    offset: float
    coefficients: Floats
    sizes: tuple[int, int, int]
    region_sd: float
    specialty_sd: float
    penalty: Floats
    information: Floats
    score: Floats

    def part(self, name: str, coefficients: Floats | None = None) -> Floats:
        """Coefficients (…, k) of "year", "region", "specialty" or "slope"; the fit's own by default."""
        beta = self.coefficients if coefficients is None else coefficients
        edges = np.concatenate([[0], np.cumsum(self.sizes), [beta.shape[-1]]])
        at = ("year", "region", "specialty", "slope").index(name)
        return beta[..., edges[at] : edges[at + 1]]


def fit_hazard(rows: Rows, *, sds: tuple[float, float] | None = None) -> HazardFit:
    """Fit by Newton steps, re-estimating the spread of region and specialty effects between them.

    Args:
        rows: At least one row.
        sds: Fixed spreads of region and specialty effects; None estimates them.
    """
    mean = np.clip(rows.has_left.mean(), 1e-6, 1 - 1e-6)
    offset = float(np.log(mean / (1 - mean)))
    beta = np.zeros(rows.width)
    region_sd, specialty_sd = sds or (0.5, 0.3)
    spans = [slice(rows.starts[i], rows.starts[i] + rows.sizes[i]) for i in (1, 2)]
    for _ in range(MAX_ROUNDS):
        chance = expit(rows.predictor(offset, beta))
        information = rows.information(chance * (1 - chance))
        pull = rows.gradient(rows.has_left - chance) + information @ beta
        # The spreads settle on this quadratic before the rows are read again: reading them is the cost.
        for _ in range(MAX_ROUNDS):
            penalty = _penalty(rows, region_sd, specialty_sd)
            inverse = np.linalg.inv(information + np.diag(penalty))
            found = inverse @ pull
            before = region_sd, specialty_sd
            if sds is None:
                spread = np.diag(inverse)
                region_sd, specialty_sd = (_spread(found[s], spread[s], penalty[s]) for s in spans)
            if max(abs(before[0] - region_sd), abs(before[1] - specialty_sd)) < 1e-5:
                break
        step = np.clip(found - beta, -2.0, 2.0)
        beta = beta + step
        if np.abs(step).max() < 1e-5:
            break
    chance = expit(rows.predictor(offset, beta))
    shares, scores = [], []
    for region in range(rows.sizes[1]):
        mine = rows.of_region(region)
        odds = expit(mine.predictor(offset, beta))
        shares.append(mine.information(odds * (1 - odds)))
        scores.append(mine.gradient(mine.has_left - odds))
    return HazardFit(
        offset,
        beta,
        rows.sizes,
        region_sd,
        specialty_sd,
        _penalty(rows, region_sd, specialty_sd),
        np.array(shares),
        np.array(scores),
    )


def draw_coefficients(fit: HazardFit, draws: int, rng: np.random.Generator) -> Floats:
    """(draws, width) coefficients: a bootstrap of whole regions, one Newton step each.

    Regions are resampled for what all regions share (years, specialties, slopes); each region's own
    effect then answers to the shared draw with its own data and noise, so that a well-measured
    region stays well measured. Fewer than five regions cannot be resampled with sense: the normal
    approximation of the fit replaces the bootstrap. One step from the optimum is the one-step
    bootstrap of Moulton & Zeger (1991, Computational Statistics & Data Analysis 11).
    """
    regions = fit.sizes[1]
    whole = fit.information.sum(axis=0) + np.diag(fit.penalty)
    own = slice(fit.sizes[0], fit.sizes[0] + regions)
    shared = np.ones(len(fit.penalty), dtype=bool)
    shared[own] = False
    if regions < 5:
        root = np.linalg.cholesky(np.linalg.inv(whole))
        normal: Floats = fit.coefficients + rng.standard_normal((draws, len(root))) @ root.T
        return normal
    counts = rng.multinomial(regions, np.full(regions, 1 / regions), size=draws).astype(float)
    information = np.tensordot(counts, fit.information, axes=1) + np.diag(fit.penalty)
    score = counts @ fit.score - fit.penalty * fit.coefficients
    step = np.linalg.solve(information, score[..., None])[..., 0]
    step[:, own] = 0.0
    own_information = np.diag(whole)[own]
    answer = -(step[:, shared] @ whole[own][:, shared].T) / own_information
    step[:, own] = answer + rng.standard_normal((draws, regions)) / np.sqrt(own_information)
    drawn: Floats = fit.coefficients + step
    return drawn


def _penalty(rows: Rows, region_sd: float, specialty_sd: float) -> Floats:
    years, regions, specialties = rows.sizes
    blocks = (
        np.full(years, YEAR_RIDGE),
        np.full(regions, region_sd**-2),
        np.full(specialties, specialty_sd**-2),
        np.full(rows.slopes.shape[1], YEAR_RIDGE),
    )
    return np.concatenate(blocks)


def _spread(effects: Floats, variance: Floats, penalty: Floats) -> float:
    """Schall's update: sum of squares ÷ effective number of effects."""
    effective = len(effects) - float((variance * penalty).sum())
    return max(float(np.sqrt((effects**2).sum() / max(effective, 1e-9))), MIN_SD)
