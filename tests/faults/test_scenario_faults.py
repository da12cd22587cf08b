"""Scenarios that cannot be run: each refused by name, with what to do."""

import pytest

from orchestration.errors import UserError
from orchestration.scenario_files import load_scenario, load_scenarios
from planning.scenario import Scenario, ScenarioError, scenario_from_mapping

pytestmark = pytest.mark.faults

GOOD = {
    "name": "grant_places",
    "value": 0.2,
    "unit": "share",
    "from_year": 2027,
    "source": "a source",
    "as_of": "2026-01-01",
    "owner": "planner",
    "range": [0.0, 0.5],
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"value": 0.7}, "grant_places: value 0.7 share is outside its range 0.0 to 0.5"),
        ({"value": 9.0, "range": [0, 10]}, "outside its tested range -1.0 to 3.0"),
        ({"unit": "persons"}, "grant_places: unit is persons, expected share"),
        ({"name": "grants"}, "lever grants: not known; known levers are grant_places"),
        ({"value": float("nan")}, "outside its range"),
        ({"value": "much"}, "grant_places: could not convert"),
        ({"as_of": "soon"}, "grant_places: Invalid isoformat"),
        ({"owner": " "}, "source and owner must be filled in"),
        ({"range": [0.1]}, "range two numbers"),
        ({"colour": "red"}, "field colour is not known"),
    ],
)
def test_a_lever_that_cannot_be_meant_is_refused_by_name(change, told):
    with pytest.raises(ScenarioError, match="scenario mine: ") as error:
        scenario_from_mapping({"name": "mine", "levers": [GOOD | change]})
    assert told in str(error.value)


def test_a_missing_field_is_named():
    with pytest.raises(ScenarioError, match="grant_places: field owner, unit is missing"):
        scenario_from_mapping(
            {"name": "m", "levers": [{k: v for k, v in GOOD.items() if k not in ("unit", "owner")}]}
        )


def test_a_lever_pulled_twice_is_refused():
    with pytest.raises(ScenarioError, match="grant_places occurs twice"):
        scenario_from_mapping({"name": "m", "levers": [GOOD, GOOD]})


def test_a_broken_file_is_told_with_its_path(tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text("name: [", encoding="utf-8")
    with pytest.raises(UserError, match="mine.yml"):
        load_scenario(path)


def test_two_files_with_one_name_are_refused(tmp_path):
    for stem in ("a", "b"):
        (tmp_path / f"{stem}.yml").write_text("name: same\n", encoding="utf-8")
    with pytest.raises(UserError, match="same"):
        load_scenarios(tmp_path)


def test_the_shipped_scenarios_load_and_differ_in_hash():
    scenarios = load_scenarios()
    assert scenarios[0] == Scenario("baseline", (), scenarios[0].description)
    assert len({s.hash for s in scenarios}) == len(scenarios) >= 6


def test_the_hash_changes_with_a_value_and_not_with_words_or_order():
    other = GOOD | {"name": "refusal", "unit": "share_points", "value": 0.1}
    base = scenario_from_mapping({"name": "a", "levers": [GOOD, other]})
    same = scenario_from_mapping({"name": "b", "levers": [other, GOOD | {"source": "else"}]})
    changed = scenario_from_mapping({"name": "a", "levers": [GOOD | {"value": 0.21}, other]})
    assert base.hash == same.hash != changed.hash
