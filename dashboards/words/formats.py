"""Numbers, shares, months and days as the session's language writes them.

Belongs here: one function a kind of value. A blank is "no data", never zero. Does not belong here: units,
which are messages and stand beside the number.
"""

import datetime as dt
import math
from collections.abc import Callable

import pandas as pd
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal, format_percent

from dashboards.escape import plain
from dashboards.words import _, language

_DAY = {"kk": "y 'ж'. d MMM", "ru": "d MMM y 'г'.", "en": "d MMM y"}
_WHOLE_FROM = 9.95
_PERCENT = {"ru": "\u00a0%", "kk": "\u00a0%"}  # set off by a space, as GOST 8.417 wants it


def is_blank(value: object) -> bool:
    """Whether the value is absent (None, NaN, NaT)."""
    return (
        value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)) or value is pd.NA
    )


def number(value: object, decimals: int = 2) -> str:
    """A number with thousands separated and at most `decimals` places: 3954.25 → 3 954,25."""
    if is_blank(value):
        return _("no data")
    pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=language())


def whole(value: object) -> str:
    """A number without places."""
    return number(value, 0)


def estimate(value: object) -> str:
    """A number that was estimated: whole from ten on, else with one place; more would feign precision."""
    return number(value, 1 if not is_blank(value) and abs(float(value)) < _WHOLE_FROM else 0)


def percent(value: object, decimals: int = 1) -> str:
    """A share 0–1 as per cent."""
    if is_blank(value):
        return _("no data")
    places = "." + "#" * decimals if decimals else ""
    return format_percent(value, format=f"#,##0{places}{_PERCENT.get(language(), '%')}", locale=language())


def month(value: object) -> str:
    """A month in words: September 2026, сентябрь 2026 г., 2026 ж. қыркүйек."""
    if is_blank(value):
        return _("no data")
    # The narrow space before the Russian "г." is missing in many fonts.
    return format_skeleton("yMMMM", _day(value), locale=language()).replace("\u202f", "\u00a0")


def month_name(value: object) -> str:
    """A month without its year: September."""
    return _("no data") if is_blank(value) else format_date(_day(value), "LLLL", locale=language())


def day(value: object) -> str:
    """A day, short enough for a table and unambiguous: 30 Sep 2026, 30 сент. 2026 г., 2026 ж. 30 қыр."""
    return _("no data") if is_blank(value) else format_date(_day(value), _DAY[language()], locale=language())


def moment(value: object) -> str:
    """A day and minute, in UTC."""
    if is_blank(value):
        return _("no data")
    pattern = _DAY[language()] + ", HH:mm"
    return format_datetime(pd.Timestamp(value).to_pydatetime(), pattern, locale=language()) + " UTC"


def year(value: object) -> str:
    """A year, never with a thousands separator."""
    return _("no data") if is_blank(value) else str(int(value))


def yes_no(value: object) -> str:
    """A truth in words."""
    return _("no data") if is_blank(value) else _("yes") if value else _("no")


def text(value: object) -> str:
    """Text from data on one line; a blank stays blank."""
    return "" if is_blank(value) else plain(value)


def of_column(name: str, *, is_numeric: bool = False) -> Callable[[object], str]:
    """The format of a column by the suffix that carries its unit, else by its kind."""
    if name.startswith(("is_", "has_")):
        return yes_no
    for suffixes, form in _BY_SUFFIX:
        if name.endswith(suffixes):
            return form
    return number if is_numeric else text


_BY_SUFFIX: tuple[tuple[tuple[str, ...], Callable[[object], str]], ...] = (
    (
        (
            "_fte",
            "_posts",
            "_per_10k",
            "_score",
            "points",
            "_ratio",
            "_index",
            "_hours",
            "_minutes",
            "_value",
        ),
        number,
    ),
    (("_persons", "_count", "_rank", "_months", "_years", "_kzt", "_rows", "rank", "_age"), whole),
    (("_share",), percent),
    (("month",), month),
    (("_year", "year"), year),
    (("_on", "_date", "as_of"), day),
)


def _day(value: object) -> dt.date:
    """The calendar day of a date, a timestamp or an ISO text."""
    return pd.Timestamp(value).date()


def signed(value: object, decimals: int = 0) -> str:
    """A change with its sign: +120, −45."""
    if is_blank(value):
        return _("no data")
    return ("+" if value > 0 else "−" if value < 0 else "±") + number(abs(value), decimals)
