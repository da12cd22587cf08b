"""Past projections against what came: how much wider, or narrower, the ranges must be.

Belongs here: the rolling backtest of the whole projection, the factors learnt from it by horizon, and its
scores before and after them. Does not belong here: the backtest of single series (`backtest.py`), and what a
factor does to draws (`widening.py`).

Every origin is projected from tables cut at it: counts, records and registers of later years are withheld.
A factor that an origin is scored with rests on outcomes that were known at that origin. The error of the
base definition is left out of the backtest: register is compared with the same register.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from planning.axes import to_array
from planning.projection.inputs import ProjectionInputs
from planning.projection.projector import prepare
from planning.projection.retention import calibration_table
from planning.projection.supply_draws import SupplyDraws, prepare_supply
from planning.projection.vintages import inputs_at
from planning.projection.widening import COMMON_DAMPING, Widening, shifted
from planning.trends.candidates import damped_years
from planning.trends.shrinkage import variance_between

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]

LEVELS = np.array([0.025, 0.1, 0.5, 0.9, 0.975])
NOMINAL = {0.8: (1, 3), 0.95: (0, 4)}
# Where a quantile stands among draws so that the range between two of them holds its share on average. The
# customary place holds 76 % for 80 % at 40 draws, and factors learnt there widen by 9 % what is right.
PLACES: Literal["weibull"] = "weibull"
# A factor is not believed from fewer past forecasts than this at a horizon, nor beyond these bounds.
MIN_FORECASTS = 40
BOUNDS = (0.5, 3.0)
MIN_ORIGINS = 2
# Origins without a miss of the nation beyond its draws that are believed beside those seen.
COMMON_BELIEF = 3.0
SIDES = ("supply_fte", "need_fte")
MEASURES = (*SIDES, "shortage_fte", "surplus_fte")


@dataclass(frozen=True)
class PastProjection:
    """One origin: what was drawn and what came.

    Attributes:
        origin: Year projected from.
        regions, specialties: Labels.
        drawn: Side → (D, H, R, S) draws of the H years after the origin.
        actual: Side → (H, R, S); nan where it is not known.
        noise: (D, H, R, S) sampling error of the measured need, FTE: added to draws when they are scored,
            because the yardstick errs too, and never to a published range.
        leaving: Predicted and observed leaving in the year after the origin (`retention.calibration_table`).
    """

    origin: int
    regions: tuple[str, ...]
    specialties: tuple[str, ...]
    drawn: Mapping[str, Draws]
    actual: Mapping[str, Floats]
    noise: Draws
    leaving: pd.DataFrame | None = None

    def widened(self, factors: Widening) -> "PastProjection":
        """The same with its draws stretched."""
        drawn = {s: shifted(d, factors.shift(s, d)) for s, d in self.drawn.items()}
        return replace(self, drawn=drawn)

    def known_by(self, year: int) -> "PastProjection":
        """The same with outcomes after a year taken away."""
        ahead = np.arange(1, len(self.actual["supply_fte"]) + 1)[:, None, None]
        late = self.origin + ahead > year
        return replace(self, actual={s: np.where(late, np.nan, a) for s, a in self.actual.items()})

    def measure(self, name: str) -> tuple[Floats, Floats]:
        """(D, H, R, S) draws and (H, R, S) actuals of a measure; gaps only where both sides are known."""
        need = np.maximum(self.drawn["need_fte"].astype(np.float64) + self.noise, 0.0)
        if name in SIDES:
            return need if name == "need_fte" else self.drawn[name].astype(np.float64), self.actual[name]
        sign = 1.0 if name == "shortage_fte" else -1.0
        drawn = sign * (need - self.drawn["supply_fte"])
        came = sign * (self.actual["need_fte"] - self.actual["supply_fte"])
        return np.maximum(drawn, 0.0), np.maximum(came, 0.0)


def project_the_past(
    inputs: ProjectionInputs,
    *,
    origins: tuple[int, ...],
    seed: int,
    draws: int = 60,
    record_years: int | None = None,
) -> list[PastProjection]:
    """Project from past years and set what followed beside it.

    Args:
        inputs: staff_stock of several years; person_years with a `year` column, or the fit would see
            its own future.
        origins: Years to project from; those without stock, records or a later year are left out.
        seed: As `prepare`.
        draws: As `prepare`; few do, because cells are pooled.
        record_years: Years of person-years each fit may see; None for all.
    """
    years = sorted(int(y) for y in inputs.staff_stock["year"].unique())
    made = []
    for origin in origins:
        later = [year for year in years if year > origin]
        cut = inputs_at(inputs, origin, record_years)
        if origin not in years or not later or cut.person_years.empty or cut.staff_stock.empty:
            continue
        assumed = replace(inputs.assumptions, last_year=later[-1], base_definition_sd=0.0)
        projector, paths = _projected(replace(cut, assumptions=assumed), seed, draws)
        labels = {
            "year": range(origin + 1, later[-1] + 1),
            "region_code": projector.regions,
            "specialty_code": projector.specialties,
        }
        need_known = cut.observed_need is not None and not cut.observed_need.empty
        actual = {
            "supply_fte": _table(inputs.staff_stock, "fte", labels),
            "need_fte": _table(inputs.observed_need if need_known else None, "need_fte", labels),
        }
        error = np.zeros_like(actual["need_fte"])
        if need_known and inputs.observed_need is not None and "error_fte" in inputs.observed_need:
            error = np.nan_to_num(_table(inputs.observed_need, "error_fte", labels))
        rng = np.random.default_rng([seed, origin])
        noise = rng.standard_normal((draws, *error.shape)).astype(np.float32) * error.astype(np.float32)
        leaving = _leaving(inputs.person_years, origin, projector)
        made.append(
            PastProjection(origin, projector.regions, projector.specialties, paths, actual, noise, leaving)
        )
    return made


def _leaving(records: pd.DataFrame, origin: int, staff: SupplyDraws) -> pd.DataFrame | None:
    """Leaving in the year after the origin, which its fit has not seen; None where it is not on record."""
    next_year = records[
        (records["year"] == origin + 1)
        & records["region_code"].isin(staff.regions)
        & records["specialty_code"].isin(staff.specialties)
    ]
    return None if next_year.empty else calibration_table(staff.retention, next_year)


def learn_widening(past: list[PastProjection]) -> Widening:
    """Factors by horizon for which 80 % of past misses would have lain in the 80 % range.

    An origin's factor is the 80 % quantile over its cells of |miss| ÷ half-width on the same side. Cells of
    one origin share its luck, so origins are what is counted: their mean on the log scale is believed by
    m² ÷ (m² + variance between origins ÷ origins), as empirical Bayes does. Horizons that fewer than two
    origins with 40 forecasts reached take the factor of the last one that was, at first 1. Horizons are
    pulled to their common mean as far as origins scatter; a factor that still falls with the horizon is
    pooled with the one before: a year further ahead is never surer.
    """
    found = {}
    for side in SIDES:
        logs: dict[int, list[float]] = {}
        counts: dict[int, int] = {}
        for one in past:
            for h, row in enumerate(_strain(*one.measure(side)), start=1):
                known = row[np.isfinite(row)]
                counts[h] = counts.get(h, 0) + len(known)
                if len(known) >= MIN_FORECASTS:
                    logs.setdefault(h, []).append(float(np.log(np.clip(np.quantile(known, 0.8), *BOUNDS))))
        spread = _between(list(logs.values()))
        known = {h: one for h, one in logs.items() if len(one) >= MIN_ORIGINS}
        means, errors = _pulled(list(known.values()), spread)
        trusted, weights = [0.0] * len(counts), [0] * len(counts)
        for h, mean, error in zip(known, means, errors, strict=True):
            trusted[h - 1] = mean**3 / (mean**2 + error + 1e-12)
            weights[h - 1] = len(known[h])
        factors = np.exp(_never_falling(trusted, weights))
        found[side] = (factors, np.array([counts[h] for h in sorted(counts)], dtype=np.int64))
    plain = Widening(
        found["need_fte"][0], found["supply_fte"][0], found["need_fte"][1], found["supply_fte"][1]
    )
    need, supply = (
        _common([one.widened(plain) for one in past], side) for side in ("need_fte", "supply_fte")
    )
    return replace(plain, need_common=need, supply_common=supply)


def _common(past: list[PastProjection], side: str) -> float:
    """Log spread, one year ahead, of what the nation missed beyond what its draws foresaw.

    A mean over origins of (log miss)² − variance of the draws, each in units of a drift's error at its
    horizon; an origin is one observation, and COMMON_BELIEF origins without any excess are believed beside.
    """
    excess = []
    for one in past:
        drawn, actual = one.measure(side)
        known = ~np.isnan(actual) & ~np.isnan(drawn[0])
        at = known.any(axis=(1, 2))
        if not at.any():
            continue
        totals = np.where(known, drawn, 0.0).sum(axis=(2, 3))[:, at]
        came = np.where(known, actual, 0.0).sum(axis=(1, 2))[at]
        logs = np.log(np.maximum(totals, 1e-9))
        off = np.log(np.maximum(came, 1e-9)) - np.median(logs, axis=0)
        years = damped_years(len(actual), COMMON_DAMPING)[at]
        excess.append(float(((off**2 - logs.var(axis=0)) / years**2).mean()))
    return float(np.sqrt(max(sum(excess), 0.0) / (COMMON_BELIEF + len(excess))))


def _pulled(logs: list[list[float]], spread: float) -> tuple[Floats, Floats]:
    """Mean log factors of horizons pulled to their common mean, and the errors of the means before that.

    Horizons of one origin miss alike; only what they differ by beyond the scatter of origins is believed.
    """
    if not logs:
        return np.zeros(0), np.zeros(0)
    means = np.array([np.mean(one) for one in logs])
    errors = np.array([spread / len(one) for one in logs])
    own = variance_between(means, errors) if len(logs) > 1 else 0.0
    common = np.average(means, weights=[len(one) for one in logs])
    return common + own / (own + errors + 1e-12) * (means - common), errors


def _never_falling(values: list[float], weights: list[int]) -> Floats:
    """Values pooled with their neighbours until none falls (Ayer et al. 1955); no weight: the last before.

    >>> _never_falling([0.0, 0.4, 0.2, 9.0], [4, 3, 3, 0]).round(2).tolist()
    [0.0, 0.3, 0.3, 0.3]
    """
    found, last = np.zeros(len(values)), 0.0
    known = np.flatnonzero(weights)
    if len(known):
        taken = np.array(weights)[known]
        found[known] = isotonic_regression(np.array(values)[known], weights=taken).x
    for place, weight in enumerate(weights):
        last = float(found[place]) if weight else last
        found[place] = last
    return found


def _between(logs: list[list[float]]) -> float:
    """Variance of origins' log factors within horizons."""
    freedom = sum(len(one) - 1 for one in logs)
    return float(sum(np.var(one) * len(one) for one in logs)) / max(freedom, 1)


def _strain(drawn: Floats, actual: Floats) -> Floats:
    """(H, R·S) |miss| ÷ half-width on the side of the miss; nan where unknown or empty."""
    low, middle, high = np.quantile(drawn, LEVELS[1:4], axis=0, method=PLACES)
    off = actual - middle
    side = np.where(off > 0, high - middle, middle - low)
    strain = np.abs(off) / np.maximum(side, 1e-6)
    is_empty = (actual == 0) & (drawn.max(axis=0) == 0)
    return np.asarray(np.where(is_empty, np.nan, strain).reshape(len(actual), -1))


def _projected(inputs: ProjectionInputs, seed: int, draws: int) -> tuple[SupplyDraws, dict[str, Draws]]:
    """Side → (D, H, R, S) draws after the base year; supply alone where no use of services was on record."""
    if not inputs.missing():
        both = prepare(inputs, seed=seed, draws=draws)
        paths = both.run()
        return both, {"supply_fte": paths.supply_fte[:, 1:], "need_fte": paths.demand_fte[:, 1:]}
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(7)]
    staff = prepare_supply(
        inputs,
        regions=tuple(sorted(inputs.staff_stock["region_code"].unique())),
        last_year=inputs.assumptions.last_year,
        seed=seed,
        draws=draws,
        streams=streams[2:],
    )
    supply = staff.supply()[1][:, 1:]
    return staff, {"supply_fte": supply, "need_fte": np.full_like(supply, np.nan)}


def _table(rows: pd.DataFrame | None, value: str, labels: Mapping[str, Sequence[Any]]) -> Floats:
    """(H, R, S) sums of a table; years of which it has no row are nan, as are cells of unknown labels."""
    axes: dict[str, tuple[Any, ...]] = {name: tuple(part) for name, part in labels.items()}
    shape = tuple(len(part) for part in axes.values())
    if rows is None or rows.empty:
        return np.full(shape, np.nan)
    here = rows
    for name, part in axes.items():
        here = here[here[name].isin(part)]
    sums = here.groupby(list(axes))[value].sum().reset_index()
    found = to_array(sums, "actual", axes, value)
    is_known = np.isin(axes["year"], here["year"].unique())
    return np.where(is_known[:, None, None], found, np.nan)
