"""Published instances of stable placement, through the same door as any outsider's tables."""

import pytest

from planning.placement.instance import Rules, Tables
from planning.placement.run import run

pytestmark = pytest.mark.spec


def tables(wishes, ranks, seats, **more):
    """Lists on both sides, best first."""
    return Tables(
        {"graduate_id": list(wishes)},
        {"line_id": list(seats), "capacity": list(seats.values()), **more.pop("line_columns", {})},
        {
            "graduate_id": [g for g, own in wishes.items() for _ in own],
            "line_id": [line for own in wishes.values() for line in own],
            "rank": [rank for own in wishes.values() for rank, _ in enumerate(own, 1)],
        },
        priorities=None
        if ranks is None
        else {
            "line_id": [line for line, own in ranks.items() for _ in own],
            "graduate_id": [g for own in ranks.values() for g in own],
            "rank": [rank for own in ranks.values() for rank, _ in enumerate(own, 1)],
        },
        **more,
    )


def placed(given, propose="graduates"):
    outcome = run(given, Rules("2026", propose))
    assert outcome.checker["is_clean"], outcome.checker
    table = outcome.tables["placements"]
    return dict(zip(table["graduate_id"], table["line_id"], strict=True))


def test_gale_and_shapley_example_2_has_one_stable_placement():
    """Gale, Shapley (1962), example 2: of the 24 placements exactly one is stable."""
    given = tables(
        {"alpha": "ABCD", "beta": "ADCB", "gamma": "BACD", "delta": "DBCA"},
        {
            "A": ["delta", "gamma", "alpha", "beta"],
            "B": ["beta", "delta", "alpha", "gamma"],
            "C": ["delta", "alpha", "beta", "gamma"],
            "D": ["gamma", "beta", "alpha", "delta"],
        },
        dict.fromkeys("ABCD", 1),
    )
    expected = {"alpha": "C", "beta": "D", "gamma": "A", "delta": "B"}
    assert placed(given) == placed(given, "lines") == expected


def test_a_regional_cap_wastes_no_seat_where_the_japanese_cap_did():
    """Kamada, Kojima (2015), the example of the JRMP: ten doctors, two hospitals of ten posts in a region
    that may take ten. Three want only the first, seven only the second. Capping each hospital at five
    leaves two doctors out; a cap on the region places all ten."""
    doctors = {f"i{at:02}": ["h1" if at <= 3 else "h2"] for at in range(1, 11)}
    region = {"region_code": ["R", "R"]}
    quota = {"scope_column": ["region_code"], "scope_value": ["R"], "floor": [None], "cap": [10]}
    given = tables(doctors, None, {"h1": 10, "h2": 10}, line_columns=region, quotas=quota)
    assert placed(given) == {doctor: own[0] for doctor, own in doctors.items()}
    halves = tables(doctors, None, {"h1": 5, "h2": 5})
    assert sum(line is None for line in placed(halves).values()) == 2


def test_the_national_teaching_example_fills_the_popular_programme_first():
    """Three programmes of two posts, five applicants, as residency matches are taught: lists are incomplete
    on both sides, and the applicant whom no programme ranks high enough stays without a post."""
    given = tables(
        {
            "Arthur": ["City"],
            "Sunny": ["City", "Mercy"],
            "Joseph": ["City", "General", "Mercy"],
            "Latha": ["Mercy", "City", "General"],
            "Darrius": ["City", "Mercy", "General"],
        },
        {
            "Mercy": ["Darrius", "Joseph"],
            "City": ["Darrius", "Arthur", "Sunny", "Latha", "Joseph"],
            "General": ["Darrius", "Arthur", "Joseph", "Latha"],
        },
        {"Mercy": 2, "City": 2, "General": 2},
    )
    expected = {"Arthur": "City", "Sunny": None, "Joseph": "General", "Latha": "General", "Darrius": "City"}
    assert placed(given) == placed(given, "lines") == expected


@pytest.mark.parametrize(("propose", "expected"), [("graduates", "best"), ("lines", "worst")])
def test_the_two_sides_of_a_market_of_four_meet_at_opposite_ends(propose, expected):
    """Cyclic lists of four (Knuth 1976 counts ten stable placements): the ends are the two sides'."""
    people, lines = "wxyz", "ABCD"
    wishes = {"w": "ABCD", "x": "BADC", "y": "CDAB", "z": "DCBA"}
    ranks = {"A": "zyxw", "B": "yzwx", "C": "xwzy", "D": "wxyz"}
    given = tables(wishes, ranks, dict.fromkeys(lines, 1))
    ends = {"best": dict(zip(people, "ABCD", strict=True)), "worst": dict(zip(people, "DCBA", strict=True))}
    assert placed(given, propose) == ends[expected]
