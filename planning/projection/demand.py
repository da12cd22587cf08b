"""Work to be done: contacts that people will need, turned into full-time doctors.

Belongs here: shrunk utilisation, its trend, minutes to FTE, the norm's own reading, latent need.
Does not belong here: how many people there will be (`population.py`), who is there to do the work
(`supply.py`). Utilisation and norm are two readings that stand side by side and are never merged.

Method: Gamma–Poisson shrinkage (Clayton & Kaldor 1987, Biometrics 43) of region to nation, first of
the region's total for a specialty, then of each age and sex within it; damped shrunk drift of the
national, age-standardised rate (`trend.py`). See docs/methods/demand.md.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.axes import to_array
from planning.frames import Column, Contract, FrameError, require
from planning.projection.ages import AGE_BANDS, single_years
from planning.projection.population import SEXES
from planning.trends.intervals import calibrate, draw_paths
from planning.trends.trend import TrendFit, back, fit_trend, forecast

Floats = NDArray[np.float64]

# A region that uses a specialty less than three quarters of the regions do may be short of doctors
# rather than of illness: the difference is the latent need.
LATENT_BENCHMARK = 0.75
# Yearly log spread of a rate whose trend one year of records cannot tell (the known-truth country's).
UNKNOWN_TREND_SD = 0.02
MAX_SHAPE = 1e6  # regions that do not differ more than chance: shrink all the way

ENCOUNTERS = Contract(
    "encounters",
    {
        "region_code": Column("text"),
        "specialty_code": Column("text"),
        "sex": Column("text", allowed=frozenset(SEXES)),
        "age_band": Column("text", allowed=frozenset(AGE_BANDS)),
        "month": Column("date"),
        "encounters_count": Column("number", "contacts", minimum=0),
    },
    key=("region_code", "specialty_code", "sex", "age_band", "month"),
)
MINUTES = Contract(
    "activity_minutes",
    {
        "specialty_code": Column("text"),
        "contact_minutes": Column(
            "number", "minutes per contact, stay or procedure", minimum=0.1, maximum=6000
        ),
        "hours_per_fte": Column("number", "hours a year", minimum=1, maximum=8784, is_optional=True),
        "productive_share": Column("number", "share", minimum=0.01, maximum=1, is_optional=True),
    },
    key=("specialty_code",),
)
NORMS = Contract(
    "norms",
    {
        "specialty_code": Column("text"),
        "posts_per_10k": Column("number", "posts per 10,000 persons of the ages", minimum=0),
        "age_from": Column("integer", "years", minimum=0, is_optional=True),
        "age_to": Column("integer", "years", minimum=0, is_optional=True),
        "act_number": Column("text", is_optional=True),
        "status": Column("text", is_optional=True),
    },
    key=("specialty_code",),
)


@dataclass(frozen=True)
class WorkingTime:
    """What one full-time doctor gives in a year.

    Attributes:
        hours_per_fte: Paid hours a year at work (WISN: available working time).
        productive_share: Share of them spent on contacts, 0–1.
    """

    hours_per_fte: float = 1519.0  # 217 days × 7 hours, the WISN worked example
    productive_share: float = 0.85  # WISN support allowance of 15 % of the category

    def minutes(self) -> float:
        """Minutes of contact a year."""
        return 60.0 * self.hours_per_fte * self.productive_share


@dataclass(frozen=True)
class Utilisation:
    """What passports taught.

    Attributes:
        rate: (R, S, 2, 18) contacts a person and year.
        shape: (R, S) Gamma shape of the posterior of each region's total; its CV is shape^−½.
        region_ratio: (R, S) region's use against the nation's at the same ages, shrunk.
        trend: Fit of the national standardised rates; None with fewer than two whole years.
        history: (S, W) standardised rates by twelve months, oldest first.
        contacts: (R, S) contacts of the last twelve months, as counted.
    """

    rate: Floats
    shape: Floats
    region_ratio: Floats
    trend: TrendFit | None
    history: Floats
    contacts: Floats


def fit_utilisation(
    encounters: pd.DataFrame,
    exposure: dict[int, Floats],
    *,
    regions: tuple[str, ...],
    specialties: tuple[str, ...],
    sampling_fraction: float = 1.0,
) -> Utilisation:
    """Learn the use of each specialty by region, age and sex, and its national trend.

    Args:
        encounters: ENCOUNTERS; volumes weighted up to the population.
        exposure: Calendar year → (R, 2, 18) persons; the latest serves later months.
        regions: Labels of the exposure.
        specialties: Labels wanted; one without contacts has rate zero.
        sampling_fraction: Share of persons behind the weighted volumes (0–1], so that the noise is
            that of the persons really seen.

    Raises:
        FrameError: The contract is broken, no rows, or a fraction outside (0, 1].
    """
    encounters = require(encounters, ENCOUNTERS)
    if encounters.empty:
        raise FrameError("encounters", "no rows, so no use of services can be learnt")
    if not 0 < sampling_fraction <= 1:
        raise FrameError("encounters", f"sampling_fraction {sampling_fraction} is outside (0, 1]")
    windows = _windows(encounters, regions, specialties)
    ends = [end for end, _ in windows]
    people = [exposure[max((y for y in exposure if y <= end), default=min(exposure))] for end in ends]
    contacts = windows[-1][1]
    nation = contacts.sum(axis=0) / np.maximum(people[-1].sum(axis=0), 1e-9)
    expected = people[-1][:, None] * nation
    seen, due = (a.sum(axis=(2, 3)) * sampling_fraction for a in (contacts, expected))
    prior = gamma_shapes(seen, due)
    ratio = (prior + seen) / (prior + due)
    within = ratio[:, :, None, None] * expected * sampling_fraction
    cell_prior = gamma_shapes(
        np.moveaxis(contacts * sampling_fraction, 1, -1).reshape(-1, len(specialties)),
        np.moveaxis(within, 1, -1).reshape(-1, len(specialties)),
    )[:, None, None]
    cell = (cell_prior + contacts * sampling_fraction) / (cell_prior + within)
    keep = (expected * cell).sum(axis=(2, 3)) / np.maximum(expected.sum(axis=(2, 3)), 1e-12)
    rate = nation * cell * (ratio / np.maximum(keep, 1e-12))[:, :, None, None]
    reference = people[-1].sum(axis=0)
    history = np.stack(
        [
            (w.sum(axis=0) / np.maximum(p.sum(axis=0), 1e-9) * reference).sum(axis=(1, 2))
            for (_, w), p in zip(windows, people, strict=True)
        ],
        axis=1,
    ) / max(reference.sum(), 1e-9)
    trend = fit_trend(history) if history.shape[1] > 1 else None
    return Utilisation(rate, prior + seen, ratio, trend, history, contacts.sum(axis=(2, 3)))


def trend_factors(
    utilisation: Utilisation, years: int, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Growth of the national rates since the last twelve months.

    Returns:
        (years+1, S) middle path and (draws, years+1, S) draws, both 1 in the base year. A specialty
        never used stays at 1.
    """
    size = utilisation.history.shape[0]
    middle, drawn = np.ones((years + 1, size)), np.ones((draws, years + 1, size))
    fit = utilisation.trend
    if years == 0:
        return middle, drawn
    if fit is None:
        steps = rng.normal(0.0, UNKNOWN_TREND_SD, (draws, years, size))
        drawn[:, 1:] = np.exp(np.cumsum(steps, axis=1))
        return middle, drawn
    now = np.maximum(back(fit.level, fit), 1e-300)
    futures = draw_paths(fit, calibrate(utilisation.history, years), draws, rng)
    is_used = ~fit.is_all_zero & np.isfinite(fit.level)
    middle[1:, is_used] = (forecast(fit, years) / now[:, None])[is_used].T
    drawn[:, 1:, is_used] = (futures / now[:, None])[:, is_used].transpose(0, 2, 1)
    return middle, drawn


def contacts_path(persons: Floats, rate: Floats) -> Floats:
    """(Y, R, S) contacts a year at unchanged rates: (Y, R, 2, 18) persons × (R, S, 2, 18) rates."""
    years, regions = persons.shape[:2]
    people = persons.reshape(years, regions, -1).swapaxes(0, 1)
    use = rate.reshape(regions, rate.shape[1], -1).swapaxes(1, 2)
    volume: Floats = (people @ use).swapaxes(0, 1)
    return volume


def fte_per_contact(
    minutes: pd.DataFrame, specialties: tuple[str, ...], time: WorkingTime
) -> tuple[Floats, tuple[str, ...]]:
    """(S,) FTE a yearly contact, nan without a standard; and the specialties that have none.

    A specialty's own hours and productive share stand in the table; where they are blank, `time` serves.

    >>> one = pd.DataFrame({"specialty_code": ["gp"], "contact_minutes": [20.0]})
    >>> float(np.round(2000 * fte_per_contact(one, ("gp",), WorkingTime())[0][0], 3))
    0.516
    """
    minutes = require(minutes, MINUTES)
    known = minutes[minutes["specialty_code"].isin(specialties)]
    hours = known["hours_per_fte"].fillna(time.hours_per_fte)
    share = known["productive_share"].fillna(time.productive_share)
    table = known.assign(fte=known["contact_minutes"] / (60.0 * hours * share))
    fte = to_array(table, "activity_minutes", {"specialty_code": specialties}, "fte", blank=np.nan)
    return fte, tuple(s for s, value in zip(specialties, fte, strict=True) if np.isnan(value))


def norm_fte(persons: Floats, norms: pd.DataFrame, specialties: tuple[str, ...]) -> Floats:
    """(Y, R, S) posts that a provision norm asks for; nan where no norm is given (blank is not zero).

    A norm for some ages (paediatricians) counts the persons from `age_from` to `age_to`.
    """
    norms = require(norms, NORMS)
    years, regions = persons.shape[:2]
    by_age = single_years(persons.sum(axis=2))
    posts = np.full((years, regions, len(specialties)), np.nan)
    oldest = by_age.shape[2] - 1
    for row in norms[norms["specialty_code"].isin(specialties)].to_dict("records"):
        first = int(row["age_from"]) if pd.notna(row["age_from"]) else 0
        last = int(row["age_to"]) if pd.notna(row["age_to"]) else oldest
        people = by_age[:, :, first : last + 1].sum(axis=2)
        posts[:, :, specialties.index(row["specialty_code"])] = people * row["posts_per_10k"] / 10_000
    return posts


def latent_share(utilisation: Utilisation, benchmark: float = LATENT_BENCHMARK) -> Floats:
    """(R, S) contacts missing, as a share of today's, against the benchmark region at equal ages."""
    ratio = utilisation.region_ratio
    wanted = np.quantile(ratio, benchmark, axis=0)
    missing: Floats = np.maximum(wanted / np.maximum(ratio, 1e-9) - 1, 0.0)
    return np.where(utilisation.contacts.sum(axis=0) > 0, missing, 0.0)


def gamma_shapes(seen: Floats, due: Floats) -> Floats:
    """(S,) Gamma shapes by moments: how alike the rows of (n, S) are once chance is taken off."""
    excess = ((seen - due) ** 2 - due).sum(axis=0)
    between = excess / np.maximum((due**2).sum(axis=0), 1e-12)
    return np.asarray(np.where(between > 1 / MAX_SHAPE, 1 / np.maximum(between, 1e-12), MAX_SHAPE))


def _windows(
    encounters: pd.DataFrame, regions: tuple[str, ...], specialties: tuple[str, ...]
) -> list[tuple[int, Floats]]:
    """Whole twelve months back from the last month: (year of the end, (R, S, 2, 18) contacts).

    A part of a year is never read as a year; with fewer than twelve months the one window is
    scaled up by the months it has.
    """
    known = encounters[
        encounters["region_code"].isin(regions) & encounters["specialty_code"].isin(specialties)
    ]
    month = known["month"].dt.year * 12 + known["month"].dt.month - 1
    last = int(month.max()) if len(month) else 0
    ago = (last - month) // 12
    span = last - int(month.min()) + 1 if len(month) else 12
    whole = max(span // 12, 1)
    axes = {"region_code": regions, "specialty_code": specialties, "sex": SEXES, "age_band": AGE_BANDS}
    windows = []
    for back_years in range(whole - 1, -1, -1):
        cells = known[ago == back_years].groupby(list(axes), as_index=False)["encounters_count"].sum()
        contacts = to_array(cells, "encounters", axes, "encounters_count") * max(12 / span, 1.0)
        windows.append(((last - 12 * back_years) // 12, contacts))
    return windows
