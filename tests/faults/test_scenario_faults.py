"""Scenarios that cannot be run: each refused by name, with what to do."""

from datetime import date

import pytest

from orchestration.errors import UserError
from orchestration.running.run_facts import input_files
from orchestration.scenario_files import SHIPPED_PRICES, load_prices, load_scenario, load_scenarios
from orchestration.source_config import read_source_config
from planning.projection.scenario import Scenario, ScenarioError, scenario_from_mapping

pytestmark = pytest.mark.faults

GOOD = {
    "name": "grant_places",
    "value": 0.2,
    "unit": "share",
    "from_year": 2027,
    "source": "a source",
    "as_of": "2024-01-01",
    "owner": "planner",
    "range": [0.0, 0.5],
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"value": 0.7}, "grant_places: value 0.7 share is outside its range 0.0 to 0.5"),
        ({"value": 9.0, "range": [0, 10]}, "outside its tested range -1.0 to 3.0"),
        ({"unit": "persons"}, "grant_places: unit is persons, expected share"),
        (
            {"name": "grants"},
            "lever grants: not known; did you mean grant_places? known levers are grant_places",
        ),
        ({"value": float("nan")}, "outside its range"),
        ({"value": "much"}, "grant_places: value 'much' is no number"),
        ({"as_of": "soon"}, "as_of: Invalid isoformat"),
        ({"owner": " "}, "source and owner must be filled in"),
        ({"range": [0.1]}, "must be two numbers"),
        ({"colour": "red"}, "field colour is not known"),
        ({"value": True}, "value True is no number"),
        ({"value": "0.2"}, "write it without quotes"),
        ({"from_year": 2027.5}, "is no whole year"),
        ({"from_year": 20270}, "from_year 20270 is outside 2000 to 2060"),
        ({"range": [0.5, 0.0]}, "range 0.5 to 0.0 is upside down"),
        ({"range": [0.0, float("inf")]}, "range inf is not finite; the owner must name a limit"),
    ],
)
def test_a_lever_that_cannot_be_meant_is_refused_by_name(change, told):
    with pytest.raises(ScenarioError, match="scenario mine: ") as error:
        scenario_from_mapping({"name": "mine", "levers": [GOOD | change]})
    assert told in str(error.value)


def test_a_date_that_does_not_exist_is_named_with_its_line(tmp_path):
    mine = tmp_path / "mine.yml"
    entry = "".join(f"    {k}: {v}\n" for k, v in (GOOD | {"as_of": "2026-13-01"}).items() if k != "name")
    mine.write_text(f"name: mine\nlevers:\n  - name: grant_places\n{entry}", encoding="utf-8")
    with pytest.raises(UserError, match=r"mine.yml, line 8, field as_of\n.*month must be in 1..12"):
        load_scenario(mine)


def test_an_assumption_of_a_day_that_has_not_come_is_refused_with_its_line(tmp_path):
    (tmp_path / "mine.yml").write_text(MINE.replace("2024-01-01", "2199-01-01"), encoding="utf-8")
    (tmp_path / "country.yml").write_text("scenarios: [mine.yml]\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"mine\.yml, line 8, field as_of\n.*2199-01-01 lies after"):
        read_source_config(tmp_path / "country.yml")
    (tmp_path / "country.yml").write_text("scenarios: [mine.yml]\nas_of: 2199-01-01\n", encoding="utf-8")
    read_source_config(tmp_path / "country.yml")


def test_a_missing_field_is_named():
    with pytest.raises(ScenarioError, match="grant_places: field owner, unit is missing"):
        scenario_from_mapping(
            {"name": "m", "levers": [{k: v for k, v in GOOD.items() if k not in ("unit", "owner")}]}
        )


def test_a_lever_pulled_twice_is_refused():
    with pytest.raises(ScenarioError, match="grant_places occurs twice"):
        scenario_from_mapping({"name": "m", "levers": [GOOD, GOOD]})


MINE = """name: mine
levers:
  - name: grant_places
    value: 0.2
    unit: share
    from_year: 2027
    source: a source
    as_of: 2024-01-01
    owner: planner
    range: [0.0, 0.5]
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("value: 0.2", "value: 0.7", 4, "outside its range 0.0 to 0.5"),
        ("unit: share", "unit: persons", 5, "expected share"),
        ("name: grant_places", "name: grant_place", 3, "did you mean grant_places?"),
        ("    owner: planner\n", "", 3, "field owner is missing"),
        ("from_year: 2027", "from_year: 2041", 6, "last year projected"),
        ("owner: planner", "owner: planner\n    colour: red", 10, "field colour is not known"),
        ("owner: planner", "owner: planner\n    owner: me", 10, "stands twice"),
        ("owner: planner", "owner:", 9, "owner is blank"),
        ("source: a source", "source: ''", 7, "source is blank"),
        ("levers:", "sources: x\nlevers:", 2, "field sources is not known"),
        ("levers:\n  - name", "levers:\n    name", 2, "begin each lever with a dash"),
        ("    range: [0.0, 0.5]\n", "    range: [0.0, 0.5]\n" + MINE.partition("levers:\n")[2], 11, "twice"),
        ("range: [0.0, 0.5]", "range: [0.0, 0.5", 11, "expected"),
    ],
)
def test_a_file_is_refused_with_file_line_field_and_what_is_allowed(tmp_path, old, new, line, told):
    path = tmp_path / "mine.yml"
    path.write_text(MINE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError) as error:
        load_scenario(path)
    assert f"{path}, line {line}" in str(error.value)
    assert told in str(error.value)


def test_a_users_own_scenario_stands_beside_the_shipped_ones(tmp_path):
    (tmp_path / "mine.yml").write_text(MINE, encoding="utf-8")
    (tmp_path / "country.yml").write_text("scenarios: [mine.yml]\n", encoding="utf-8")
    config = read_source_config(tmp_path / "country.yml")
    assert [s.name for s in load_scenarios(config.scenarios)] == [*(s.name for s in load_scenarios()), "mine"]
    assert tmp_path / "mine.yml" in input_files(config)


def test_a_broken_scenario_stops_a_run_before_anything_is_read(tmp_path):
    (tmp_path / "mine.yml").write_text(MINE.replace("0.2", "9"), encoding="utf-8")
    (tmp_path / "country.yml").write_text("scenarios: [mine.yml]\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"mine\.yml, line 4, field value"):
        read_source_config(tmp_path / "country.yml")


def test_a_folder_without_a_scenario_and_a_missing_file_are_told(tmp_path):
    with pytest.raises(UserError, match="holds no scenario"):
        load_scenarios([tmp_path])
    with pytest.raises(UserError, match="cannot be read"):
        load_scenario(tmp_path / "none.yml")


def test_two_files_with_one_name_are_refused(tmp_path):
    for stem, name in (("a", "same"), ("b", "' Same'")):
        (tmp_path / f"{stem}.yml").write_text(f"name: {name}\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"(?i)the name same is borne by two"):
        load_scenarios([tmp_path])


def test_a_price_is_refused_like_a_lever(tmp_path):
    path = tmp_path / "costs.yml"
    good = SHIPPED_PRICES.read_text(encoding="utf-8")
    assert len(load_prices()[0]) >= 5
    for old, new, told in (
        ("unit: KZT_per_place_year", "unit: USD", "unit is USD, expected one of KZT_per_place_year"),
        ("value: 1500000", "value: 15", "outside its range"),
        ("budget_kzt: 100000000000", "budget_kzt: -1", "no amount of zero or more"),
        ("budget_kzt: 100000000000", "budget_kzt: .nan", "line 5, field budget_kzt"),
        ("code: internship", "code: bachelor", "price bachelor occurs twice"),
        ("code: bachelor", "code: bachelr", "there are bachelor, internship, residency, college"),
        ("code: rural_pay_plus_25", "code: rural_pay_plus_52", "no scenario has this name"),
        ("as_of: 2026-09-30", "as_of: 2026-10-01", "line 12, field as_of"),
    ):
        path.write_text(good.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(UserError, match="costs.yml") as error:
            load_prices(path, scenarios=load_scenarios(), latest=date(2026, 9, 30))
        assert told in str(error.value)


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
