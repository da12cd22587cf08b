"""Months of the country: when posts were counted and passports written.

Belongs here: month arithmetic and the two lists of months. Does not belong here: seasons of anything.
"""

import datetime as dt

import numpy as np

from orchestration.sources.embedded.draws import Integers

AS_OF = dt.date(2026, 9, 30)


def month_number(year: int, month: int) -> int:
    """Months since January of year 0."""
    return 12 * year + month - 1


def month_date(number: int) -> dt.date:
    """First day of a month number."""
    return dt.date(number // 12, number % 12 + 1, 1)


LAST_MONTH = month_number(2026, 9)
PASSPORT_MONTHS: Integers = np.arange(month_number(2023, 1), LAST_MONTH + 1)
POST_MONTHS: Integers = np.concatenate(
    [np.array([month_number(year, 12) for year in range(2014, 2023)]), PASSPORT_MONTHS]
)
"""December snapshots 2014–2022, then every month."""
