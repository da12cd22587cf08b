"""Who stays: the chance of leaving by year of service, where leavers go, and how sure that is.

Belongs here: person-years out of spells, the fitted model as planners read it – curves, calibration,
causes, ages of retirement. Does not belong here: the numerical fit (`hazard.py`) and the stock
(`supply.py`).

Method: within a year a doctor first may retire or die (by age and sex), and otherwise may leave (by
year of service, place, origin, pay, region, specialty); leavers divide among region, sector, abroad
and out. Left truncation and right censoring need no correction on person-years: a person brings
exactly the years in which they were seen. See docs/methods/retention.md.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from planning.axes import position_of, to_array
from planning.frames import Column, Contract, FrameError, require
from planning.projection.hazard import HazardFit, Rows, draw_coefficients, fit_hazard
from planning.projection.population import SEXES

Floats = NDArray[np.float64]

SERVICE_YEARS = 10  # the last is open: ten and more
DUTY_YEARS = 3  # Law on Education of Kazakhstan, art. 47 p. 17: 36 months
SLOPES = ("is_rural", "is_local_origin", "is_local_origin_and_rural", "pay_sd_after_duty")
CAUSES = ("region", "sector", "abroad", "out")
SECTORS = ("public_urban", "public_rural", "private")
EXITS = ("stay", "region", "private", "public", "abroad", "out", "retire", "die")
FIRST_AGE, LAST_WORKING_AGE = 22, 75
# A region's division of leavers counts as much as the nation's once it rests on 20 leavers; a single
# age's rate as much as its five-year band's at 25 person-years (the project's own choices).
CAUSE_PRIOR_PERSONS = 20.0
AGE_PRIOR_PERSONS = 25.0

PERSON_YEARS = Contract(
    "person_years",
    {
        "region_code": Column("text"),
        "specialty_code": Column("text"),
        "sector_code": Column("text", allowed=frozenset(SECTORS)),
        "service_year": Column("integer", "year", minimum=1),
        "age": Column("integer", "years", minimum=15, maximum=100),
        "sex": Column("text", allowed=frozenset(SEXES)),
        "is_local_origin": Column("boolean"),
        "pay_sd": Column("number", "standard deviations from the mean pay"),
        "exit_code": Column("text", allowed=frozenset(EXITS)),
    },
)


@dataclass(frozen=True)
class RetentionModel:
    """Everything the cohort engine asks about staying.

    Attributes:
        regions, specialties: Labels of the effects.
        fit: The hazard of leaving.
        cause_shares: (R, 3, 4) of leavers by region and sector, over CAUSES; sums to 1.
        retire: (2, ages 22…75) yearly chance of retiring by sex and age.
        die: (2, ages 22…75) yearly chance of dying, before retiring.
        local_share: (2, R, 3) share of the exposure with local origin, during and after the duty.
        pay_sd: (2, R, 3) mean pay, in standard deviations, during and after the duty.
        pay_variance: (2, R, 3) variance of pay within the cell.
        exposure: (10,) person-years at each service year.
        person_years: Rows used.
    """

    regions: tuple[str, ...]
    specialties: tuple[str, ...]
    fit: HazardFit
    cause_shares: Floats
    retire: Floats
    die: Floats
    local_share: Floats
    pay_sd: Floats
    pay_variance: Floats
    exposure: Floats
    person_years: int


def person_years(spells: pd.DataFrame) -> pd.DataFrame:
    """Unfold spells into one row a year of service seen.

    Args:
        spells: One row a person and job: the columns of PERSON_YEARS except `service_year` and
            `age`, plus first_service_year (1 if seen from the start, later if the record begins
            mid-service), first_age, years_seen; exit_code `stay` where the record ends without exit.

    Raises:
        FrameError: A spell shorter than a year or starting before service year 1.
    """
    bad = (spells["years_seen"] < 1) | (spells["first_service_year"] < 1)
    if bad.any():
        at = np.flatnonzero(bad)
        raise FrameError(
            "spells",
            "years_seen and first_service_year start at 1; drop spells that were never seen",
            tuple(map(int, at)),
        )
    seen = spells["years_seen"].to_numpy(dtype=int)
    rows = spells.loc[spells.index.repeat(seen)].reset_index(drop=True)
    year = np.arange(len(rows)) - np.repeat(np.cumsum(seen) - seen, seen)
    is_last = year == np.repeat(seen, seen) - 1
    rows["service_year"] = rows["first_service_year"] + year
    rows["age"] = rows["first_age"] + year
    rows["exit_code"] = rows["exit_code"].where(is_last, "stay")
    return rows[list(PERSON_YEARS.columns)]


def hazard_rows(
    rows: pd.DataFrame, regions: tuple[str, ...], specialties: tuple[str, ...]
) -> tuple[pd.DataFrame, Rows]:
    """The years in which leaving was possible – nobody retired or died first – as arrays."""
    at_risk = rows[~rows["exit_code"].isin(["retire", "die"])]
    rural = (at_risk["sector_code"] == "public_rural").to_numpy(dtype=float)
    local = at_risk["is_local_origin"].to_numpy(dtype=float)
    year = at_risk["service_year"].to_numpy()
    late = at_risk["pay_sd"].to_numpy() * (year > DUTY_YEARS)
    groups = np.stack(
        [
            np.minimum(year, SERVICE_YEARS) - 1,
            position_of(at_risk["region_code"], regions),
            position_of(at_risk["specialty_code"], specialties),
        ]
    )
    sizes = (SERVICE_YEARS, len(regions), len(specialties))
    left = np.asarray(at_risk["exit_code"] != "stay", dtype=np.float64)
    return at_risk, Rows(groups, sizes, np.stack([rural, local, local * rural, late], axis=1), left)


def fit_retention(
    rows: pd.DataFrame,
    *,
    regions: tuple[str, ...] | None = None,
    specialties: tuple[str, ...] | None = None,
) -> RetentionModel:
    """Fit hazard, causes and ages on person-years.

    Args:
        rows: PERSON_YEARS; every year seen of everyone seen, those still in post included.
        regions: Labels to fit effects for; those without rows get the nation's (effect 0).
        specialties: As `regions`.

    Raises:
        FrameError: No rows, or the contract is broken.
    """
    rows = require(rows, PERSON_YEARS)
    if rows.empty:
        raise FrameError("person_years", "no rows, so no chance of leaving can be learnt")
    regions = tuple(sorted(set(rows["region_code"].unique()) | set(regions or ())))
    specialties = tuple(sorted(set(rows["specialty_code"].unique()) | set(specialties or ())))
    at_risk, arrays = hazard_rows(rows, regions, specialties)
    where = {"phase": (0, 1), "region_code": regions, "sector_code": SECTORS}
    cells = (
        at_risk.assign(phase=(at_risk["service_year"] > DUTY_YEARS).astype(int))
        .groupby(list(where), as_index=False)
        .agg(local=("is_local_origin", "mean"), pay=("pay_sd", "mean"), spread=("pay_sd", "var"))
        .fillna({"spread": 0.0})
    )
    retire, die = _age_exits(rows)
    return RetentionModel(
        regions,
        specialties,
        fit_hazard(arrays),
        _cause_shares(at_risk, regions),
        retire,
        die,
        to_array(cells, "person_years", where, "local", blank=float(rows["is_local_origin"].mean())),
        to_array(cells, "person_years", where, "pay"),
        to_array(cells, "person_years", where, "spread"),
        np.bincount(arrays.groups[0], minlength=SERVICE_YEARS).astype(float),
        len(rows),
    )


def leave_hazard(
    model: RetentionModel, coefficients: Floats | None = None, shift: Floats | None = None
) -> Floats:
    """(10, R, S, 3) chance of leaving by service year, region, specialty and sector.

    Origin and pay differ within a cell, and the mean chance is not the chance at the mean; the
    second term of its Taylor series, half the variance of the log-odds times h(1−h)(1−2h), keeps the
    error of a cell's chance under 0.001.

    Args:
        model: The fit.
        coefficients: (width,) one draw; the fit's own if None.
        shift: Added to the log-odds, broadcast to (10, R, S, 3): what a scenario changes.
    """
    fit = model.fit
    year, region, specialty, slope = (
        fit.part(name, coefficients) for name in ("year", "region", "specialty", "slope")
    )
    rural = np.array([sector == "public_rural" for sector in SECTORS], dtype=float)
    phase = (np.arange(1, SERVICE_YEARS + 1) > DUTY_YEARS).astype(int)
    origin = slope[1] + slope[2] * rural
    local = model.local_share[phase]
    pay = slope[3] * phase[:, None, None]
    by_place = fit.offset + year[:, None, None] + region[:, None] + slope[0] * rural
    by_place = by_place + local * origin + pay * model.pay_sd[phase]
    spread = local * (1 - local) * origin**2 + pay**2 * model.pay_variance[phase]
    logit = by_place[:, :, None, :] + specialty[:, None]
    if shift is not None:
        logit = logit + shift
    chance: Floats = expit(logit)
    chance += 0.5 * spread[:, :, None, :] * chance * (1 - chance) * (1 - 2 * chance)
    return chance


def survival_curve(
    model: RetentionModel,
    *,
    is_rural: bool,
    is_local_origin: bool = False,
    pay_sd: float = 0.0,
    region_code: str | None = None,
    specialty_code: str | None = None,
    draws: int = 500,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Share still in post after each year of service, leaving alone counted, with ranges.

    Returns:
        service_year 0…10, survival_share, and lo/hi at 80 and 95 % (bootstrap by region).
    """
    drawn = np.vstack([model.fit.coefficients, draw_coefficients(model.fit, draws, rng)])
    logit = model.fit.offset + model.fit.part("year", drawn)
    profile = np.array([is_rural, is_local_origin, is_rural and is_local_origin], dtype=float)
    slope = model.fit.part("slope", drawn)
    logit = logit + (slope[:, :3] @ profile)[:, None]
    logit[:, DUTY_YEARS:] += slope[:, 3:] * pay_sd
    for label, labels, name in (
        (region_code, model.regions, "region"),
        (specialty_code, model.specialties, "specialty"),
    ):
        if label is not None:
            logit = logit + model.fit.part(name, drawn)[:, [labels.index(label)]]
    staying = np.cumprod(1 - expit(logit), axis=1)
    curves = np.hstack([np.ones((len(staying), 1)), staying])
    low95, low80, high80, high95 = np.quantile(curves[1:], [0.025, 0.1, 0.9, 0.975], axis=0)
    return pd.DataFrame(
        {
            "service_year": np.arange(SERVICE_YEARS + 1),
            "survival_share": curves[0],
            "lo80": low80,
            "hi80": high80,
            "lo95": low95,
            "hi95": high95,
        }
    )


def calibration_table(model: RetentionModel, rows: pd.DataFrame, *, bins: int = 10) -> pd.DataFrame:
    """Predicted against observed leaving, in bins of equal size by predicted chance.

    Args:
        model: A fit that has not seen `rows` (later years, say).
        rows: PERSON_YEARS held out; regions and specialties known to the model.
        bins: Number of groups.

    Returns:
        bin, person_years, predicted_share, observed_share.
    """
    _, arrays = hazard_rows(require(rows, PERSON_YEARS), model.regions, model.specialties)
    chance = expit(arrays.predictor(model.fit.offset, model.fit.coefficients))
    rank = np.argsort(np.argsort(chance, kind="stable"), kind="stable")
    table = pd.DataFrame(
        {"bin": rank * bins // max(len(rank), 1) + 1, "predicted": chance, "observed": arrays.has_left}
    )
    return table.groupby("bin", as_index=False).agg(
        person_years=("observed", "size"),
        predicted_share=("predicted", "mean"),
        observed_share=("observed", "mean"),
    )


def _cause_shares(at_risk: pd.DataFrame, regions: tuple[str, ...]) -> Floats:
    """(R, 3, 4) each region's division of leavers, shrunk to the nation's within its sector."""
    left = at_risk[at_risk["exit_code"] != "stay"]
    cause = left["exit_code"].replace({"private": "sector", "public": "sector"})
    counts = left.assign(cause=cause).groupby(["region_code", "sector_code", "cause"], as_index=False).size()
    axes = {"region_code": regions, "sector_code": SECTORS, "cause": CAUSES}
    table = to_array(counts, "person_years", axes, "size")
    everyone = table.sum(axis=(0, 1)) + 1.0
    nation = table.sum(axis=0) + everyone / everyone.sum()
    nation /= nation.sum(axis=1, keepdims=True)
    shrunk = table + CAUSE_PRIOR_PERSONS * nation
    shares: Floats = shrunk / shrunk.sum(axis=2, keepdims=True)
    return shares


def _age_exits(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """(2, ages) yearly chance of retiring given alive, and of dying, shrunk to the five-year band."""
    ages = LAST_WORKING_AGE - FIRST_AGE + 1
    age = rows["age"].clip(FIRST_AGE, LAST_WORKING_AGE).to_numpy() - FIRST_AGE
    sex = position_of(rows["sex"], SEXES)
    cell = sex * ages + age
    exits = position_of(rows["exit_code"], EXITS)

    def counted(mask: NDArray[np.bool_]) -> Floats:
        return np.bincount(cell, mask, 2 * ages).reshape(2, ages).astype(np.float64)

    seen, died, retired = (
        counted(m) for m in (cell >= 0, exits == EXITS.index("die"), exits == EXITS.index("retire"))
    )
    return _shrunk_rate(retired, seen - died), _shrunk_rate(died, seen)


def _shrunk_rate(events: Floats, exposure: Floats) -> Floats:
    band = (np.arange(events.shape[1]) + FIRST_AGE) // 5
    bands = np.stack([[np.bincount(band, row) for row in table] for table in (events, exposure)])
    by_band = (bands[0] + 1e-9) / np.maximum(bands[1], 1e-6)
    pooled = np.minimum(by_band, 1.0)[:, band]
    rate: Floats = (events + AGE_PRIOR_PERSONS * pooled) / (exposure + AGE_PRIOR_PERSONS)
    return rate
