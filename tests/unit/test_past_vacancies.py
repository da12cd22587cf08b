"""Yearly vacancies as a cube: what is known to be nothing, and what nobody knows."""

import numpy as np
import pandas as pd
import pytest

from orchestration.forecasts.first import cube_of

pytestmark = pytest.mark.unit

YEARLY = pd.DataFrame(
    [
        ("A", "gp", 2023, 4.0, 5.0),
        ("A", "gp", 2024, 3.0, np.nan),
        ("A", "ent", 2024, 1.0, 2.0),
        ("B", "gp", 2024, np.nan, 6.0),
    ],
    columns=["region_code", "specialty_code", "year", "vacant_fte", "norm_shortage_fte"],
)


def test_a_specialty_that_the_tables_of_a_region_do_not_name_has_no_vacancy():
    values, regions, specialties, years = cube_of(YEARLY, "vacant_fte")
    assert (regions, specialties, years) == (["A"], ["ent", "gp"], [2023, 2024])
    assert values.tolist() == [[[0.0, 1.0], [4.0, 3.0]]]


def test_a_shortage_that_nobody_knows_stays_blank():
    values, regions, specialties, years = cube_of(YEARLY, "norm_shortage_fte")
    assert (regions, specialties, years) == (["A", "B"], ["ent", "gp"], [2023, 2024])
    blank = np.nan
    expected = [[[blank, 2.0], [5.0, blank]], [[blank, blank], [blank, 6.0]]]
    np.testing.assert_array_equal(values, np.array(expected))


def test_a_region_without_tables_in_a_year_is_unknown_in_it():
    yearly = pd.concat([YEARLY, YEARLY.iloc[[0]].assign(region_code="B", year=2022)])
    values, regions, _specialties, years = cube_of(yearly, "vacant_fte")
    assert (regions, years) == (["A", "B"], [2022, 2023, 2024])
    assert np.isnan(values[0, :, 0]).all(), "region A delivered nothing in 2022"
    assert values[1].tolist()[0][0] == 0.0
