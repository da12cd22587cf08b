"""What past errors teach about the next ones, on errors whose law is known."""

import numpy as np
import pytest

from planning.trends.error_regression import (
    CARRIED,
    LEAST_SERIES,
    amendment,
    carried_miss,
    lesson,
    traits_of,
    trust,
)

pytestmark = pytest.mark.spec

SERIES = 200
HEARD = np.ones(SERIES, dtype=bool)


def _traits(seed=0, series=SERIES):
    traits = np.random.default_rng(seed).normal(0, 1, (series, 4))
    return traits - traits.mean(axis=0)


def _lessons(errors_of, origins, proposed_of=lambda traits: np.zeros((len(traits), 2))):
    told = []
    for origin in origins:
        traits = _traits(origin)
        errors = errors_of(traits)
        told.append(lesson(origin, traits, errors, proposed_of(traits), errors[:, 0]))
    return told


def test_errors_that_follow_a_trait_are_expected_again_at_the_same_rate():
    # nearly all errors of 0.3 × trait are below one deviation: the ridge of 2 origins takes 2 of 22 parts
    told = _lessons(lambda traits: np.repeat(0.3 * traits[:, 2:3], 2, axis=1), range(4, 24))
    traits = _traits(99)
    expected = amendment(told, 30, traits, HEARD, 2)
    assert expected[:, 0] == pytest.approx(0.3 * 20 / 22 * traits[:, 2], abs=0.02)
    # two years ahead start from the coefficient of one year ahead
    assert expected[:, 1] == pytest.approx(0.3 * traits[:, 2], abs=0.02)


def test_a_year_that_all_series_missed_alike_teaches_no_difference_between_them():
    told = _lessons(lambda traits: np.full((len(traits), 2), 3.0), range(4, 14))
    assert amendment(told, 30, _traits(99), HEARD, 2) == pytest.approx(0.0, abs=1e-9)


def test_errors_not_yet_known_teach_nothing():
    told = _lessons(lambda traits: np.repeat(0.3 * traits[:, :1], 2, axis=1), [8])
    assert not amendment(told, 8, _traits(99), HEARD, 1).any()
    assert amendment(told, 9, _traits(99), HEARD, 1).any()


def test_fewer_series_than_eight_teach_nothing():
    traits = _traits(1, LEAST_SERIES - 1)
    told = [lesson(5, traits, np.repeat(traits[:, :1], 2, axis=1), np.zeros((7, 2)), traits[:, 0] + 1)]
    assert not amendment(told, 9, traits, np.ones(7, dtype=bool), 2).any()
    assert not carried_miss(told, 6, CARRIED).any()


def test_lessons_that_misled_are_used_less_and_those_that_helped_whole():
    def errors_of(traits):
        return np.repeat(0.3 * traits[:, :1], 2, axis=1)

    helped = _lessons(errors_of, range(4, 14), errors_of)
    misled = _lessons(errors_of, range(4, 14), lambda traits: -errors_of(traits))
    assert trust([], 20) == 1.0
    assert trust(helped, 20) == pytest.approx(1.0)
    # saved = −spent in ten origins, the prior says +spent in five: (−10 + 5) ÷ 15 is below nothing
    assert trust(misled, 20) == 0.0
    assert trust(misled[:2], 20) == pytest.approx((-2 + 5) / 7)


def test_a_quarter_of_last_years_common_miss_comes_again_and_fades():
    told = _lessons(lambda traits: np.full((len(traits), 2), 0.8), [7])
    assert carried_miss(told, 8, CARRIED) == pytest.approx(0.8 * CARRIED)
    assert carried_miss(told, 8, CARRIED)[0] == pytest.approx(0.2)
    assert not carried_miss(told, 9, CARRIED).any()


def test_the_newest_months_whose_three_first_are_known_tell_the_common_miss():
    told = _lessons(lambda traits: np.full((len(traits), 2), 0.1), [36, 39])
    shares = np.full(12, 0.3)
    assert carried_miss(told, 42, shares, after=3) == pytest.approx(0.03 * np.ones(12))
    assert carried_miss(told, 41, shares, after=3) == pytest.approx(0.03 * np.ones(12))
    assert not carried_miss(told, 45, shares, after=3).any()


def test_a_jump_of_definition_is_no_trait_and_traits_are_held_to_four_deviations():
    latest = np.zeros((10, 3))
    latest[0] = [0.0, 0.0, 2.0]
    latest[1] = [0.0, 0.0, 2.0]
    is_jump = np.zeros((10, 2), dtype=bool)
    is_jump[0, 1] = True
    traits = traits_of(latest, is_jump, np.zeros(10), np.full(10, 0.1), np.ones(10, dtype=bool))
    step = traits[:, 0] - traits[2, 0]
    assert step[0] == 0
    assert step[1] == 4
    assert traits.mean(axis=0) == pytest.approx(0.0, abs=1e-12)
