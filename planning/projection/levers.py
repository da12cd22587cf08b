"""What each lever does to the rates of the cohort engine.

Belongs here: the change of log-odds, causes, retirement and entrants that a scenario asks for. Does
not belong here: the catalogue and its checks (`scenario.py`), and the demand side, which only scales.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from planning.projection.retention import DUTY_YEARS, SECTORS, SERVICE_YEARS, RetentionModel, leave_hazard
from planning.projection.scenario import Scenario, ScenarioError

Floats = NDArray[np.float64]

RURAL = SECTORS.index("public_rural")
RETENTION_YEARS = 5  # "rural retention" is the share of entrants in post after so many years
MAX_SHIFT = 12.0  # log-odds beyond which a chance is 0 or 1


def rural_shift(model: RetentionModel, points: float, weight: Floats) -> float:
    """Log-odds to add in rural posts so that five-year retention of entrants changes by `points`.

    Args:
        model: The fit.
        points: Change of the share still in post after five years.
        weight: (R, S) rural entrants, to average over.

    Raises:
        ScenarioError: No shift reaches it: retention would pass 0 or 1.
    """
    if points == 0 or weight.sum() == 0:
        return 0.0
    base = rural_retention(model, weight, 0.0)
    wanted = base + points
    if not 0 < wanted < 1:
        raise ScenarioError(
            f"lever rural_retention: today {base:.2f} of rural entrants are in post after five years, "
            f"{points:+.2f} would make it {wanted:.2f}; choose a smaller change"
        )
    found = brentq(lambda s: rural_retention(model, weight, s) - wanted, -MAX_SHIFT, MAX_SHIFT, xtol=1e-10)
    return float(found)


def rural_retention(model: RetentionModel, weight: Floats, shift: float) -> float:
    """Share of rural entrants in post after five years, leaving alone counted, averaged by weight."""
    chance = leave_hazard(model, shift=np.full((1, 1, 1, 1), shift))[:RETENTION_YEARS, :, :, RURAL]
    return float((np.prod(1 - chance, axis=0) * weight).sum() / weight.sum())


def hazard_shift(
    scenario: Scenario, year: int, rural: float, pay_slope: float, pay_sd_share: float
) -> Floats:
    """(10, 1, 1, 3) log-odds added to the chance of leaving in a year.

    Args:
        scenario: The levers.
        year: Calendar year.
        rural: What `rural_shift` found.
        pay_slope: Log-odds of one standard deviation of pay after the duty, this draw's.
        pay_sd_share: One standard deviation of pay as a share of mean pay.
    """
    shift = np.zeros((SERVICE_YEARS, 1, 1, len(SECTORS)))
    if scenario.value("rural_retention", year):
        shift[..., RURAL] += rural
    shift[DUTY_YEARS:, ..., RURAL] += pay_slope * scenario.value("rural_pay", year) / pay_sd_share
    return shift


def service_classes(hazard: Floats, exposure: Floats, classes: int) -> Floats:
    """(K, R, S, C) by completed years of service, of (10, R, S, C) by year of service.

    The open class averages the years it holds by the person-years seen in each.
    """
    weight = exposure[classes - 1 :] + 1e-9
    last = np.tensordot(weight / weight.sum(), hazard[classes - 1 :], axes=1)
    return np.concatenate([hazard[: classes - 1], last[None]])


def with_emigration(leave: Floats, causes: Floats, change: float) -> tuple[Floats, Floats]:
    """Chance of leaving and its causes when emigration alone changes by a share."""
    factor = np.ones(causes.shape[-1])
    factor[2] += change
    weighed = causes * factor
    total = weighed.sum(axis=-1)
    shares = weighed / np.where(total > 0, total, 1.0)[..., None]
    return np.minimum(leave * total[:, None, :], 1.0), shares


def later_retirement(retire: Floats, years: float) -> Floats:
    """(2, A) chance of retiring by age when everyone retires `years` later (fractions interpolate).

    >>> later_retirement(np.array([[0.0, 0.0, 1.0, 1.0]]), 1.0).tolist()
    [[0.0, 0.0, 0.0, 1.0]]
    """
    age = np.arange(retire.shape[1], dtype=float)
    return np.stack([np.interp(age - years, age, row) for row in retire])
