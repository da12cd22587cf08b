"""How good the hazard is: predicted against observed leaving, and the hazard by year of service with ranges.

Belongs here: marks of the fitted chance of leaving. Does not belong here: the fit (`retention.py`), the
chance of what was observed in whole cells of doctors (`calibration.py`).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from planning.projection.retention import SERVICE_YEARS, RetentionModel

Floats = NDArray[np.float64]

LEVELS = {"low_95_share": 0.025, "low_80_share": 0.1, "high_80_share": 0.9, "high_95_share": 0.975}


def pooled_bins(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Predicted and observed leaving of several years together, with ranges of the observed share.

    Args:
        tables: Of `retention.calibration_table`, each from a fit that had not seen its year.

    Returns:
        bin, person_years, predicted_share, observed_share, low_95_share … high_95_share. The ranges are
        Wilson's (1927, J. Am. Stat. Assoc. 22): chance among persons alone, regions' common shocks left out.
    """
    rows = pd.concat(tables, ignore_index=True)
    for name in ("predicted", "observed"):
        rows[name] = rows[f"{name}_share"] * rows["person_years"]
    sums = rows.groupby("bin", as_index=False)[["person_years", "predicted", "observed"]].sum()
    for name in ("predicted", "observed"):
        sums[f"{name}_share"] = sums.pop(name) / sums["person_years"]
    for name, level in LEVELS.items():
        sums[name] = wilson(sums["observed_share"].to_numpy(), sums["person_years"].to_numpy(), level)
    return sums


def wilson(share: Floats, count: Floats, level: float) -> Floats:
    """(n,) one end of the score interval of a share; `level` below a half is the lower end.

    >>> ends = [wilson(np.array([0.2]), np.array([100.0]), level)[0] for level in (0.025, 0.975)]
    >>> [round(float(end), 4) for end in ends]
    [0.1334, 0.2888]
    """
    z = ndtri(level)
    middle = share + z**2 / (2 * count)
    away = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return np.asarray((middle + away) / (1 + z**2 / count))


def hazard_by_service_year(model: RetentionModel, coefficients: Floats) -> pd.DataFrame:
    """The chance of leaving in each year of service of a doctor in a town, from elsewhere, at mean pay.

    Args:
        model: The fit.
        coefficients: (D, width) draws of its coefficients.

    Returns:
        service_year, person_years, fitted_share, low_95_share … high_95_share.
    """
    drawn = expit(model.fit.offset + model.fit.part("year", coefficients))
    ends = dict(zip(LEVELS, np.quantile(drawn, list(LEVELS.values()), axis=0), strict=True))
    fitted = expit(model.fit.offset + model.fit.part("year"))
    years = {"service_year": np.arange(1, SERVICE_YEARS + 1), "person_years": model.exposure}
    return pd.DataFrame(years | {"fitted_share": fitted} | ends)
