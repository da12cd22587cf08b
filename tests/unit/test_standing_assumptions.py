"""Every standing assumption of the projection is owned, dated, and worth in the code what the page says."""

import importlib
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "assumptions.md"
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and "`" in line
]


@pytest.mark.parametrize("row", ROWS, ids=[row[1].strip("`") for row in ROWS])
def test_an_assumption_is_worth_in_the_code_what_the_page_says(row):
    module, *path = row[1].strip("`").split(".")
    found = importlib.import_module(f"planning.projection.{module}")
    for name in path:
        found = getattr(found() if isinstance(found, type) else found, name)
    assert float(found) == float(row[2])


def test_every_assumption_has_an_owner_a_source_and_a_date():
    for row in ROWS:
        assert len(row) == 7, row
        assert all(row), row
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", row[6]), row


def test_no_field_of_the_assumptions_is_missing_from_the_page():
    from planning.projection.inputs import Assumptions

    told = {row[1].strip("`").rpartition(".")[2] for row in ROWS} | {"internship", "working_time"}
    assert set(Assumptions.__dataclass_fields__) - told == {"sampling_fraction"}  # counted, not decided
