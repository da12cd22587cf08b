"""Norms that users load by file: the documented file lands, a wrong row is refused with its reason."""

import re
from pathlib import Path

import pytest

from orchestration.errors import UserError

pytestmark = pytest.mark.faults

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
FILE = re.search(r"```csv norm.csv\n(.*?)```", PAGE, re.DOTALL)[1]


def test_the_file_of_the_documentation_lands_as_it_stands(door):
    delivery = door.land_file(FILE, contract="norm", name="norm.csv")
    assert (delivery.records_in, delivery.landed) == (3, 3)
    assert {row["act_status"] for row in door.rows("norm")} == {"user_supplied"}


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        (",2026-01-01,,user_supplied\nOWN-3", ",2026-01-01,2025-12-31,user_supplied\nOWN-3", "valid_from"),
        ("per_beds,16", "per_bed,16", "basis"),
        ("per_beds,16", "per_beds,0", "basis_units_count"),
        ("anaesthesiology", "anesthesia", "specialty_code"),
        ("city_hospital", "town_hospital", "facility_type"),
    ],
)
def test_a_wrong_row_is_quarantined_and_the_others_land(door, right, wrong, rule):
    delivery = door.land_file(FILE.replace(right, wrong, 1), contract="norm", name="norm.csv")
    assert (delivery.landed, delivery.quarantined) == (2, 1)
    (refused,) = door.quarantined()
    assert rule in f"{refused['rule']} {refused['column_name']}"
    assert refused["message"]


def test_a_file_without_the_standing_of_the_act_is_refused_whole(door):
    with pytest.raises(UserError) as told:
        door.land_file(FILE.replace("act_status", "status"), contract="norm", name="norm.csv")
    assert "act_status" in f"{told.value.why} {told.value.mend}"
