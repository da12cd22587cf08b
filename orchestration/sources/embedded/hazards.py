"""The hidden law by which staff and graduates leave.

Belongs here: the annual hazard and its coefficients – the truth that a retention model must find again.
Does not belong here: drawing anybody (`staff.py`, `service.py`).

Source of the baseline and the log-odds: docs/methods of the project ("embedded-country baseline"), anchored
in Thailand's median rural stay of 3.4 years and a post-service hazard of about 20 % and 13 % a year.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.sources.embedded.draws import Floats, Integers, stream
from orchestration.sources.embedded.geography import REGION_CODES
from orchestration.sources.embedded.published import code_list

BASELINE = np.array([0.09, 0.07, 0.16, 0.38, 0.24, 0.18, 0.14, 0.12, 0.10, 0.09])
"""Annual leave hazard in service year 1…10; the last holds for every later year."""
RURAL, LOCAL, LOCAL_RURAL, PAY = 0.35, -0.30, -0.48, -0.22
PAY_FROM_YEAR = 4  # "after year 3"
REGION_SD, SPECIALTY_SD = 0.45, 0.25
NOT_DOCTOR = -0.80  # mid-level and other staff stay longer: assumed
REFUSAL = 0.30  # of placed graduates, before any service
SPECIALTIES: tuple[str, ...] = tuple(row["specialty_code"] for row in code_list("specialties"))


@dataclass(frozen=True)
class LeaveLaw:
    """Random effects in log-odds.

    Attributes:
        region: (20,) effects, sum zero.
        specialty: (specialties,) effects, sum zero.
    """

    region: Floats
    specialty: Floats

    def log_odds(
        self, *, is_rural: np.ndarray, is_local: np.ndarray, region: Integers, specialty: Integers
    ) -> Floats:
        """(n,) shift of the baseline that holds in every service year."""
        local = np.where(is_rural, LOCAL_RURAL, LOCAL) * is_local
        return RURAL * is_rural + local + self.region[region] + self.specialty[specialty]


def draw_law(seed: int) -> LeaveLaw:
    """The law of this seed."""
    rng = stream(seed, "leave law")
    region = rng.normal(0, REGION_SD, len(REGION_CODES))
    specialty = rng.normal(0, SPECIALTY_SD, len(SPECIALTIES))
    return LeaveLaw(region - region.mean(), specialty - specialty.mean())


def annual_hazard(shift: Floats, pay: Floats, service_year: int) -> Floats:
    """(n,) probability to leave in a service year (1, 2, …) of those who began it."""
    base = BASELINE[min(service_year, len(BASELINE)) - 1]
    odds = np.log(base / (1 - base)) + shift + PAY * pay * (service_year >= PAY_FROM_YEAR)
    return 1 / (1 + np.exp(-odds))
