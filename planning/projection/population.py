"""The people of every region to 2040: cohort component, raked to the nation, with ranges.

Belongs here: births, deaths, moves and ageing by single year of age, and the draws. Does not belong
here: region splits (`crosswalk.py`), use of services (`demand.py`), and the figures themselves – the
United Nations' rates and bounds come in as tables.

Method: cohort component (Leslie 1945; Preston, Heuveline & Guillot 2001, ch. 6). National births and
the national total follow the UN medium projection; regions differ by their age structure, their
child-woman ratio and their own past net moves, damped. See docs/methods/population.md.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.axes import to_array, to_frame
from planning.frames import Column, Contract, FrameError, require
from planning.projection.ages import AGE_BANDS, LAST_AGE, single_years, to_bands

Floats = NDArray[np.float64]

SEXES = ("female", "male")
MALE_BIRTH_SHARE = 0.516  # UN WPP 2019, Kazakhstan: 990,433 boys and 929,751 girls under five in 2020
# One-year spread of a region's share of the nation, log scale: the project's own assumption until a
# backtest on regional counts replaces it; 0.01 gives ±4 % at 80 % after ten years.
REGION_SHARE_SD = 0.01
MOVES_MEMORY_YEARS = 5
MOVES_DAMPING = 0.9  # share of a region's net moves that survives each further year

POPULATION = Contract(
    "population",
    {
        "region_code": Column("text"),
        "year": Column("integer", "year"),
        "sex": Column("text", allowed=frozenset(SEXES)),
        "age_band": Column("text", allowed=frozenset(AGE_BANDS)),
        "persons": Column("number", "persons", minimum=0),
    },
    key=("region_code", "year", "sex", "age_band"),
)
TOTALS = Contract(
    "national_totals",
    {"year": Column("integer", "year")}
    | {
        f"{name}_persons": Column("number", "persons", minimum=0)
        for name in ("medium", "low_80", "high_80", "low_95", "high_95", "births")
    },
    key=("year",),
)


@dataclass(frozen=True)
class NationalRates:
    """Published national figures, as tables (UN World Population Prospects for Kazakhstan).

    Attributes:
        totals: year, medium_persons, low_80_persons … high_95_persons, births_persons.
        mortality: period_start_year (five-year periods), sex, age_from, deaths_per_person_year.
        fertility: year, mother_age_band, fertility_share (of births, sums to 1).
        migration: period_start_year, sex, age_from, net_migration_5_years_persons.
    """

    totals: pd.DataFrame
    mortality: pd.DataFrame
    fertility: pd.DataFrame
    migration: pd.DataFrame


@dataclass(frozen=True)
class PopulationForecast:
    """Medium path and draws.

    Attributes:
        regions: R codes.
        years: Y years, the first is the last year counted.
        persons: (Y, R, 2, 18) medium path by sex (female, male) and five-year band.
        components: region_code, year, births_persons, deaths_persons, net_migration_persons,
            raking_persons, persons; start + births − deaths + net migration + raking = persons.
        factor: (D, Y, R) each draw's population ÷ medium, the same for every age and sex.
    """

    regions: tuple[str, ...]
    years: tuple[int, ...]
    persons: Floats
    components: pd.DataFrame
    factor: Floats

    def frame(self) -> pd.DataFrame:
        """Medium path in long form: region_code, year, sex, age_band, persons."""
        axes = {"year": self.years, "region_code": self.regions, "sex": SEXES, "age_band": AGE_BANDS}
        return to_frame(axes, persons=self.persons)


def project_population(
    history: pd.DataFrame,
    rates: NationalRates,
    *,
    last_year: int,
    draws: int = 200,
    rng: np.random.Generator,
    region_share_sd: float = REGION_SHARE_SD,
) -> PopulationForecast:
    """Project every region from the last year counted to `last_year`.

    Args:
        history: Counts (POPULATION), one geography (see `restate_regions`). Earlier years teach the
            regions' net moves; with one year alone net moves between regions are zero.
        rates: Published national figures.
        last_year: Last year wanted.
        draws: Number of draws of the total.
        rng: Source of the draws.
        region_share_sd: One-year spread of a region's share, log scale.

    Raises:
        FrameError: No rows, a table breaks its contract, or the published totals end too early.
    """
    history = require(history, POPULATION)
    if history.empty:
        raise FrameError("population", "no rows, so there is nothing to project")
    base = int(history["year"].max())
    years = tuple(range(base, last_year + 1))
    totals = _totals(rates.totals, years)
    regions = tuple(sorted(history.loc[history["year"] == base, "region_code"].unique()))
    counted = {y: _single(history, y, regions) for y in _last_years(history, base)}
    schedule = _Schedule.read(rates, float(counted[base].sum() / totals.loc[base, "medium_persons"]))
    index = _fertility_index(counted[base], schedule, base)
    moves = _past_moves(counted, schedule, index)
    state, path, parts = counted[base], [to_bands(counted[base])], []
    for step, year in enumerate(years[1:], start=1):
        state, part = _advance(state, schedule, index, moves * MOVES_DAMPING**step, year - 1)
        wanted = counted[base].sum() * totals.loc[year, "medium_persons"] / totals.loc[base, "medium_persons"]
        raked = state * (wanted / state.sum())
        parts.append((*part, (raked - state).sum(axis=(1, 2)), raked.sum(axis=(1, 2))))
        state = raked
        path.append(to_bands(state))
    names = ("births_persons", "deaths_persons", "net_migration_persons", "raking_persons", "persons")
    columns = np.array(parts).reshape(len(years) - 1, len(names), len(regions)).swapaxes(0, 1)
    components = to_frame(
        {"year": years[1:], "region_code": regions}, **dict(zip(names, columns, strict=True))
    )
    persons = np.array(path)
    nation = national_factors(totals, base, rng.standard_normal(draws))
    share = persons.sum(axis=(2, 3)) / persons.sum(axis=(1, 2, 3))[:, None]
    return PopulationForecast(
        regions, years, persons, components, _region_factors(nation, share, region_share_sd, rng)
    )


def national_factors(totals: pd.DataFrame, base: int, z: Floats) -> Floats:
    """(D, Y) population ÷ medium: one standard normal z a draw, mapped onto the published bounds.

    z = ±1.28 gives the 80 % and z = ±1.96 the 95 % bounds of every year exactly; between and beyond
    them the logarithm runs straight. A draw keeps its z, because errors of a total persist.
    """
    knots = np.array([-1.959964, -1.281552, 0.0, 1.281552, 1.959964])
    bounds = [f"{name}_persons" for name in ("low_95", "low_80", "medium", "high_80", "high_95")]
    logs = np.log(totals[bounds].to_numpy() / totals[["medium_persons"]].to_numpy())
    logs[totals.index.to_numpy() == base] = 0.0  # the base year is counted, not forecast
    slopes = np.diff(logs, axis=1) / np.diff(knots)
    piece = np.clip(np.searchsorted(knots, z) - 1, 0, 3)
    factors: Floats = np.exp(logs[:, piece] + slopes[:, piece] * (z - knots[piece])).T
    return factors


def _region_factors(nation: Floats, share: Floats, sd: float, rng: np.random.Generator) -> Floats:
    """(D, Y, R): regional deviations that leave every draw's national total as it is."""
    z = rng.standard_normal((len(nation), 1, share.shape[1]))
    own = np.exp(sd * np.sqrt(np.arange(len(share)))[None, :, None] * z)
    factors: Floats = nation[:, :, None] * own / (own * share).sum(axis=2, keepdims=True)
    return factors


@dataclass(frozen=True)
class _Schedule:
    """National rates as arrays by single year of age, ready for any year."""

    survival: dict[int, Floats]  # period start → (2, 101)
    fertility: pd.DataFrame
    births: "pd.Series[float]"
    migration: dict[int, Floats]  # period start → (2, 101) persons a year
    scale: float  # our base ÷ the UN's, because the two count the base year differently

    @classmethod
    def read(cls, rates: NationalRates, scale: float) -> "_Schedule":
        ages = np.arange(LAST_AGE + 1)
        survival: dict[int, Floats] = {}
        migration: dict[int, Floats] = {}
        mortality: Any = rates.mortality.sort_values("age_from").groupby(["period_start_year", "sex"])
        for (period, sex), rows in mortality:
            at = np.searchsorted(rows["age_from"].to_numpy(), ages, side="right") - 1
            survival.setdefault(int(period), np.ones((2, LAST_AGE + 1)))[SEXES.index(sex)] = np.exp(
                -rows["deaths_per_person_year"].to_numpy()[at]
            )
        moves: Any = rates.migration.groupby(["period_start_year", "sex"])
        for (period, sex), rows in moves:
            yearly = np.zeros(LAST_AGE + 1)
            for start, persons in rows[["age_from", "net_migration_5_years_persons"]].itertuples(index=False):
                yearly[int(start) : int(start) + 5] += persons / 25.0  # five years of time, five of age
            migration.setdefault(int(period), np.zeros((2, LAST_AGE + 1)))[SEXES.index(sex)] = yearly
        if not survival or rates.fertility.empty:
            raise FrameError("national_rates", "mortality or fertility has no rows")
        fertility = rates.fertility.pivot_table(
            index="year", columns="mother_age_band", values="fertility_share", aggfunc="sum"
        )
        return cls(survival, fertility, rates.totals.set_index("year")["births_persons"], migration, scale)

    def at(self, table: dict[int, Floats], year: int) -> Floats:
        """The period that holds the year, or the nearest one."""
        if not table:
            return np.zeros((2, LAST_AGE + 1))
        return table[max((p for p in table if p <= year), default=min(table))]

    def birth_weights(self, year: int, women: Floats) -> Floats:
        """(101,) births per woman in shape: the share of each mother's band ÷ the women in it."""
        row = self.fertility.loc[min(max(year, self.fertility.index.min()), self.fertility.index.max())]
        weights = np.zeros(LAST_AGE + 1)
        for band, share in row.items():
            start = int(str(band).split("-", maxsplit=1)[0])
            weights[start : start + 5] = share / max(women[start : start + 5].sum(), 1.0)
        return weights


def _advance(
    state: Floats, schedule: _Schedule, index: Floats, moves: Floats, year: int
) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
    """One year: everyone dies or turns a year older, children are born, people move.

    Returns:
        (R, 2, 101) next state before raking, and births, deaths, net moves by region.
    """
    survival = schedule.at(schedule.survival, year)
    survivors = state * survival
    aged = np.zeros_like(state)
    aged[..., 1:] = survivors[..., :-1]
    aged[..., -1] += survivors[..., -1]
    women = state[:, SEXES.index("female")]
    born = index * (women @ schedule.birth_weights(year, women.sum(axis=0)))
    known = schedule.births.index
    level = float(schedule.births[min(max(year, known.min()), known.max())]) * schedule.scale
    births = born / max(born.sum(), 1e-12) * level
    by_sex = births[:, None] * np.array([1 - MALE_BIRTH_SHARE, MALE_BIRTH_SHARE])
    aged[..., 0] = by_sex * np.sqrt(survival[:, 0])  # born on average half a year before the count
    deaths = (state - survivors).sum(axis=(1, 2)) + (by_sex - aged[..., 0]).sum(axis=1)
    abroad = schedule.at(schedule.migration, year) * schedule.scale
    within = aged * moves[:, None, None]
    within -= aged / aged.sum() * within.sum()  # what one region gains another loses
    crowd = aged.sum(axis=0)
    net = within + aged / np.where(crowd > 0, crowd, 1.0) * abroad
    net = np.maximum(net, -aged)
    return aged + net, (births, deaths, net.sum(axis=(1, 2)))


def _fertility_index(state: Floats, schedule: _Schedule, year: int) -> Floats:
    """(R,) children under five per expected birth, against the nation (indirect standardisation)."""
    women = state[:, SEXES.index("female")]
    expected = women @ schedule.birth_weights(year, women.sum(axis=0))
    children = state[:, :, :5].sum(axis=(1, 2))
    ratio: Floats = children / np.maximum(expected, 1e-12)
    nation = children.sum() / max(expected.sum(), 1e-12)
    return np.where(expected > 0, ratio / max(nation, 1e-12), 1.0)


def _past_moves(counted: dict[int, Floats], schedule: _Schedule, index: Floats) -> Floats:
    """(R,) yearly net gain as a share: counted ÷ projected without moves, less the nation's ratio."""
    gains = []
    for year in sorted(counted)[:-1]:
        if year + 1 in counted:
            expected, _ = _advance(counted[year], schedule, index, np.zeros(len(index)), year)
            here = counted[year + 1].sum(axis=(1, 2)) / np.maximum(expected.sum(axis=(1, 2)), 1e-12)
            gains.append(here - counted[year + 1].sum() / max(expected.sum(), 1e-12))
    return np.mean(gains, axis=0) if gains else np.zeros(len(index))


def _single(history: pd.DataFrame, year: int, regions: tuple[str, ...]) -> Floats:
    rows = history[(history["year"] == year) & history["region_code"].isin(regions)]
    axes = {"region_code": regions, "sex": SEXES, "age_band": AGE_BANDS}
    return single_years(to_array(rows, "population", axes, "persons"))


def _last_years(history: pd.DataFrame, base: int) -> list[int]:
    """Years close enough to teach the moves, in which every region of the base year is present."""
    wanted = set(history.loc[history["year"] == base, "region_code"])
    near = history[history["year"] >= base - MOVES_MEMORY_YEARS]
    return [int(str(y)) for y, rows in near.groupby("year") if wanted <= set(rows["region_code"])]


def _totals(totals: pd.DataFrame, years: tuple[int, ...]) -> pd.DataFrame:
    """The published rows of the years asked for."""
    known = require(totals, TOTALS).set_index("year")
    missing = [y for y in years if y not in known.index]
    if missing:
        raise FrameError(
            "national_totals",
            f"no published total for {missing[0]}–{missing[-1]}; add the years or end the forecast earlier",
        )
    return known.loc[list(years)]
