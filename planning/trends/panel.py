"""A panel of series as a matrix: what `unique_id, ds, y` must hold, and the refusal otherwise.

Belongs here: the check of a long table and its turning into (series, periods). Does not belong here:
files (the command reads them) and models.

What is refused: missing columns, blank, negative, infinite or unimaginable values (above 1e100, or above
zero and below 1e-100), unreadable dates, years outside 1500 to 2200, two rows for one period, mixed
frequencies. What is accepted with a stated result: rows in any order (they are sorted), a series that
begins late or ends early (blank before and after), a missing period inside a series (blank: it is never
scored, and models see it bridged on the log scale from the values around it, both of them past), all-zero
and three-point series. Blanks around an id are no part of it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.frames import FrameError

Floats = NDArray[np.float64]
Frequency = Literal["Y", "M"]

_MONTHS_APART = {"Y": 12, "M": 1}
# Squares of values must stay finite, and a misprint of a year must not open thousands of blank periods.
_LARGEST, _SMALLEST = 1e100, 1e-100
_FIRST_YEAR, _LAST_YEAR = 1500, 2200


@dataclass(frozen=True)
class Panel:
    """n series over T periods without a gap in time.

    Attributes:
        ids: (n,) names, sorted.
        labels: (T,) periods as written: 2016 or 2016-01-01.
        matrix: (n, T) values, non-negative, nan where unknown.
        frequency: Y or M.
        gaps: Blank cells between a series' first and last value.
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    matrix: Floats
    frequency: Frequency
    gaps: int

    @property
    def season(self) -> int:
        """Periods in a year."""
        return 1 if self.frequency == "Y" else 12


def to_panel(frame: pd.DataFrame, frequency: Frequency | None = None) -> Panel:
    """Check a long table and lay it out.

    Args:
        frame: Columns unique_id, ds (a year, or a date), y; others are left out.
        frequency: Y or M; None reads it from the dates.

    Raises:
        FrameError: See the module; `rows` holds the positions at fault (0-based).
    """
    missing = [c for c in ("unique_id", "ds", "y") if c not in frame]
    if missing:
        found = ", ".join(map(repr, frame.columns)) or "none"
        raise FrameError(
            "panel", f"column {', '.join(missing)} is missing; it needs unique_id, ds, y and has {found}"
        )
    if frame.empty:
        raise FrameError("panel", "no rows")
    blank = frame["unique_id"].isna() | frame["unique_id"].astype("str").str.strip().eq("")
    _refuse(blank, "unique_id is blank")
    values = pd.to_numeric(frame["y"], errors="coerce").astype("float64")
    _refuse(
        values.isna(),
        "y is blank or not a number such as 1234.5 (leave an unknown year out: blank is not zero)",
    )
    _refuse(values.abs() == np.inf, "y is infinite")
    _refuse(values < 0, "y is negative, and a count or a rate cannot be")
    _refuse(values > _LARGEST, f"y is above {_LARGEST:g}, as no count or rate is")
    _refuse(
        (values > 0) & (values < _SMALLEST), f"y is below {_SMALLEST:g} and not zero, as no count or rate is"
    )
    dates = _dates(frame["ds"])
    month: pd.Series = dates.dt.year * 12 + dates.dt.month - 1
    ids = frame["unique_id"].astype("str").str.strip()
    at = pd.DataFrame({"i": ids, "m": month, "d": dates})
    _refuse(
        at.duplicated(["i", "m"], keep=False) & ~at.duplicated(keep=False),
        "several dates of one month: days and weeks are not supported (give one row a month or year)",
    )
    found = frequency or _frequency(month, ids)
    apart = _MONTHS_APART[found]
    if found == "Y":
        period = month // 12
        twice = pd.DataFrame({"i": ids, "p": period}).duplicated(keep=False)
        other = pd.DataFrame({"i": ids, "p": month}).duplicated(keep=False)
        _refuse(
            twice & ~other,
            "mixed frequencies: several months of one year in a yearly panel (use --freq M, or "
            "one row a year)",
        )
    else:
        period = month
        _refuse(_is_yearly(month, ids), "mixed frequencies: a yearly series in a monthly panel")
    _refuse(
        pd.DataFrame({"i": ids, "p": period}).duplicated(keep=False),
        "the same unique_id and ds stand in two rows",
    )
    wide = pd.Series(values.to_numpy(), index=[ids, period]).unstack()  # noqa: PD010
    whole = range(int(period.min()), int(period.max()) + 1)
    wide = wide.reindex(columns=whole).sort_index()
    labels = [str(p) if apart == 12 else f"{p // 12:04d}-{p % 12 + 1:02d}-01" for p in whole]
    array = wide.to_numpy(dtype=np.float64)
    return Panel(tuple(map(str, wide.index)), tuple(labels), array, found, _gaps(array))


def _refuse(at_fault: pd.Series, why: str) -> None:
    """Raise with every row at fault."""
    if at_fault.any():
        raise FrameError("panel", why, tuple(int(i) for i in np.flatnonzero(at_fault.to_numpy())))


def _dates(written: pd.Series) -> pd.Series:
    """Dates as written; a bare year counts as its first of January, 31.01.2024 as day, month, year."""
    text = written.astype("str").str.strip().str.removesuffix(".0")
    is_year = text.str.fullmatch(r"\d{4}")
    text = text.str.replace(r"^(\d{2})\.(\d{2})\.(\d{4})$", r"\3-\2-\1", regex=True)
    # The time of day and its zone tell nothing about a month, and zones change (Kazakhstan in 2024).
    text = text.str.replace(r"^(\d{4}-\d{2}-\d{2})[T ].*$", r"\1", regex=True)
    read = pd.to_datetime(text.where(~is_year, text + "-01-01"), errors="coerce", format="ISO8601")
    _refuse(
        read.isna(), "ds is neither a year (2024), a month (2024-01) nor a date (2024-01-31 or 31.01.2024)"
    )
    _refuse(
        (read.dt.year < _FIRST_YEAR) | (read.dt.year > _LAST_YEAR),
        f"ds lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}: mistyped",
    )
    dates: pd.Series = read
    return dates


def _frequency(month: pd.Series, ids: pd.Series) -> Frequency:
    """Y if all series step by whole years, M if most step by months; else refuse."""
    step = _steps(month, ids)
    known = step.dropna()
    if known.empty or (known % 12 == 0).all():
        return "Y"
    if (known == 1).mean() > 0.5:
        return "M"
    odd = (step % 12 != 0) & step.notna()
    if (step[odd] == 1).all():
        _refuse(odd, "mixed frequencies: these rows step by months, most by years (one file for each)")
    _refuse(odd, "mixed frequencies: steps are neither years nor months (quarters are not supported)")
    raise AssertionError("a step that is no year is always refused")


def _is_yearly(month: pd.Series, ids: pd.Series) -> pd.Series:
    """Rows of series whose every step is a whole number of years."""
    step = _steps(month, ids)
    typical: pd.Series = step.groupby(ids).transform("min")
    return (typical >= 3) & typical.notna()


def _steps(month: pd.Series, ids: pd.Series) -> pd.Series:
    """Months since the row before of the same series, in time order; nan at the first."""
    table = pd.DataFrame({"i": ids, "m": month}).drop_duplicates().sort_values(["i", "m"])
    step: pd.Series = table.groupby("i")["m"].diff()
    return step.reindex(month.index)


def _gaps(values: Floats) -> int:
    """Blank cells between the first and the last value of each series."""
    known = ~np.isnan(values)
    begun = np.maximum.accumulate(known, axis=1)
    goes_on = np.maximum.accumulate(known[:, ::-1], axis=1)[:, ::-1]
    return int((begun & goes_on & ~known).sum())
