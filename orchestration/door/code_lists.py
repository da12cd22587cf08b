"""The values of a code list: the first column of its seed. Does not belong here: what a code means."""

import csv
from functools import cache

from orchestration.errors import UserError
from orchestration.settings import SEEDS_DIR


@cache
def code_list(name: str) -> tuple[str, ...]:
    """Values of the code list of that name.

    Raises:
        UserError: There is no such seed.
    """
    path = SEEDS_DIR / f"{name}.csv"
    if not path.exists():
        raise UserError(
            f"The code list {name!r} is missing.",
            where=str(path),
            why="a contract refers to it",
            mend="restore the seed from the repository",
        )
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        return tuple(row[0] for row in rows if row)
