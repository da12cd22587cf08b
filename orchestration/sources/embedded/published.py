"""Reader of the country's published figures (`figures/*.csv`) and of the project's code lists.

Belongs here: opening the small tables. Does not belong here: what is made of them.
"""

import csv
import functools
from pathlib import Path

FIGURES = Path(__file__).parent / "figures"
SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"

Row = dict[str, str]


@functools.cache
def figures(name: str) -> tuple[Row, ...]:
    """Rows of `figures/<name>.csv`."""
    return _rows(FIGURES / f"{name}.csv")


@functools.cache
def code_list(name: str) -> tuple[Row, ...]:
    """Rows of the seed `<name>.csv`."""
    return _rows(SEEDS / f"{name}.csv")


def _rows(path: Path) -> tuple[Row, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
