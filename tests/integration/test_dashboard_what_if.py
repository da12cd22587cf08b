"""The what-if answers from the tables of a snapshot, and in the right direction."""

from dataclasses import replace

import duckdb
import pandas as pd
import pytest

from dashboards import data, session, what_if
from dashboards.audience import Audience
from planning.projection.deficit import project_deficit
from planning.projection.inputs import Assumptions, published_stock
from planning.projection.known_truth import simulate_country
from planning.projection.learnt import learnt_rows
from planning.projection.projector import prepare

pytestmark = pytest.mark.integration

FIELDS = (
    "population",
    "encounters",
    "activity_minutes",
    "norms",
    "staff_stock",
    "intake",
    "moves",
)
RATES = ("totals", "mortality", "fertility", "migration")


@pytest.fixture(scope="module")
def country(tmp_path_factory) -> data.Snapshot:
    """A ministry snapshot that holds what a small simulated country's projection is made of."""
    folder = tmp_path_factory.mktemp("country")
    (folder / "snapshots" / "one").mkdir(parents=True)
    inputs = simulate_country(3, regions=4, specialties=4).inputs
    tables = {f"whatif_{name}": getattr(inputs, name) for name in FIELDS}
    tables["whatif_staff_stock"] = published_stock(inputs.staff_stock)
    tables["whatif_learnt"] = learnt_rows(prepare(inputs, seed=5).learnt())
    tables |= {f"whatif_rates_{name}": getattr(inputs.rates, name) for name in RATES}
    tables["whatif_settings"] = pd.DataFrame([{"sampling_fraction": 1.0, "last_year": 2035, "seed": 5}])
    with duckdb.connect(str(folder / "snapshots" / "one" / "ministry.duckdb")) as link:
        link.execute("create schema meta; create schema forecast")
        link.execute('create table meta.tables (schema varchar, "table" varchar, rows bigint)')
        for name, table in tables.items():
            link.register("made", table)
            link.execute(f"create table forecast.{name} as from made")
            link.execute("insert into meta.tables values ('forecast', ?, ?)", [name, len(table)])
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MEDKADR_PUBLICATION", str(folder))
        snapshot = data.Snapshot(Audience("ministry"), "one")
        patched.setattr(session, "snapshot", lambda: snapshot)
        yield snapshot


def shortage(levers: dict[str, float]) -> float:
    """Middle shortage of the nation in the last year, posts."""
    return what_if.nation(levers, 2027).iloc[-1]["shortage_fte_q50"]


def test_nobody_can_read_from_the_published_stock_how_many_posts_a_doctor_holds(country):
    held = country.ask("from forecast.whatif_staff_stock")
    place = held.groupby(["region_code", "specialty_code", "sector_code"])
    share = (held["fte"] / held["persons"]).groupby([held[c] for c in place.keys])
    assert (share.max() - share.min()).max() < 1e-12
    assert not held.duplicated(
        ["region_code", "specialty_code", "sector_code", "age", "sex", "service_year"]
    ).any()


def test_better_retention_later_retirement_and_fewer_refusals_never_raise_the_shortage(country):
    assert what_if.is_published()
    base = shortage({})

    assert shortage({"rural_retention": 0.10}) <= base
    assert shortage({"retirement_age": 3.0}) < base
    assert shortage({"refusal": -0.20}) < base
    assert shortage({"grant_places": 0.0}) == base


def test_what_the_levers_change_is_surer_than_the_shortage(country):
    later = what_if.nation({"retirement_age": 3.0}, 2027).iloc[-1]
    same = what_if.nation({}, 2027).iloc[-1]

    assert later["change_fte_q10"] < later["change_fte_q50"] < later["change_fte_q90"] < 0
    surer = later["change_fte_q90"] - later["change_fte_q10"]
    assert surer < 0.8 * (later["shortage_fte_q90"] - later["shortage_fte_q10"])
    assert same["change_fte_q10"] == same["change_fte_q90"] == 0


def test_the_page_answers_as_the_run_did_without_a_record_of_a_person(country):
    inputs = simulate_country(3, regions=4, specialties=4).inputs
    assumed = Assumptions(last_year=2035)  # what the page takes from the settings, and the project's own
    run = project_deficit(replace(inputs, assumptions=assumed), seed=5).table("nation")
    pd.testing.assert_frame_equal(what_if.nation({}, 2027)[run.columns], run)
    held = country.ask("select distinct table_name from duckdb_columns() where column_name = 'exit_code'")
    assert held.empty


def test_the_same_levers_have_the_same_hash_and_other_levers_another(country):
    hashes = [what_if.scenario_of(levers, 2027).hash for levers in ({"refusal": -0.1}, {"refusal": -0.1}, {})]

    assert hashes[0] == hashes[1] != hashes[2]
