"""Chance, keys and rounding of the embedded country."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sources.embedded.draws import keys, split_whole, stream
from orchestration.sources.embedded.tables import posts

pytestmark = pytest.mark.unit


def test_keys_are_32_hexadecimal_characters_and_never_shared():
    made = keys(1, "patient", np.arange(100_000)).to_pylist()
    assert len(set(made)) == len(made)
    assert len({key[:16] for key in made}) == len({key[16:] for key in made}) == len(made)
    assert all(len(key) == 32 and set(key) <= set("0123456789abcdef") for key in made[:100])


def test_a_key_depends_on_seed_subject_and_number_alone():
    whole = keys(7, "staff", np.arange(10)).to_pylist()
    assert keys(7, "staff", np.arange(5, 10)).to_pylist() == whole[5:]
    assert not set(whole) & set(keys(8, "staff", np.arange(10)).to_pylist())
    assert not set(whole) & set(keys(7, "graduate", np.arange(10)).to_pylist())


def test_subjects_draw_from_streams_of_their_own():
    assert stream(1, "a").random() == stream(1, "a").random()
    assert stream(1, "a").random() != stream(1, "b").random()
    assert stream(1, "a", 1).random() != stream(1, "a", 2).random()


@given(st.integers(0, 10_000), st.lists(st.floats(0, 100), min_size=1, max_size=50))
def test_whole_units_add_up_and_stay_within_one_of_their_share(total, weights):
    weights = np.array(weights)
    parts = split_whole(total, weights)
    assert (parts >= 0).all()
    if weights.sum() > 1e-6:
        assert parts.sum() == total
        assert np.abs(parts - total * weights / weights.sum()).max() <= 1 + 1e-6


def test_quarters_become_decimals_of_two_places():
    made = [str(value) for value in posts(np.array([0, 1, 6, 400, -4])).to_pylist()]
    assert made == ["0.00", "0.25", "1.50", "100.00", "-1.00"]
