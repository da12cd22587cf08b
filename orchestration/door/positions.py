"""Positions of the code list: their category, and the one position of a specialty where there is only one."""

import csv
from functools import cache

from orchestration.settings import SEEDS_DIR


@cache
def _positions() -> dict[str, dict[str, str]]:
    with (SEEDS_DIR / "positions.csv").open(encoding="utf-8", newline="") as lines:
        return {row["position_code"]: row for row in csv.DictReader(lines)}


def staff_category(position_code: str) -> str | None:
    """Category of staff of a position."""
    position = _positions().get(position_code)
    return position["staff_category"] if position else None


@cache
def position_of_specialty(specialty_code: str) -> str | None:
    """The position of a specialty; None where it has several or none."""
    found = [code for code, row in _positions().items() if row["specialty_code"] == specialty_code]
    return found[0] if len(found) == 1 else None
