"""`medkadr run` on a country with few patients: conserved, published, isolated, not repeated."""

import json
import runpy
from pathlib import Path

import duckdb
import pytest

from orchestration.publishing import snapshots

# One worker runs these, so that the country is built once and the other worker goes on.
pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("small_country"), pytest.mark.timeout(1200)]


PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(small_country):
    return snapshots.current_folder(small_country.publication)


@pytest.fixture(scope="module")
def published(folder):
    return json.loads((folder / "manifest.json").read_bytes())


def test_every_record_is_landed_superseded_or_quarantined(small_country):
    counts = duckdb.sql(
        f"select sum(records_in), sum(landed), sum(superseded), sum(quarantined), count(distinct contract)"
        f" from read_parquet('{small_country.landing}/delivery/delivery.parquet')"
    ).fetchall()[0]
    records_in, landed, superseded, quarantined, contracts = counts
    assert records_in == landed + superseded + quarantined
    assert contracts == 30
    # The country has the faults of real data; a door that refuses nothing is no door.
    assert quarantined > 0


def test_the_ministry_each_region_and_each_university_get_a_file(folder, published):
    names = {entry["name"] for entry in published["files"]}
    assert names == {path.name for path in folder.glob("*.duckdb")}
    assert len([name for name in names if name.startswith("region_")]) == 20
    assert len([name for name in names if name.startswith("university_")]) > 1


def test_regions_together_hold_the_ministrys_rows(folder):
    def latest(path):
        with duckdb.connect(str(path), read_only=True) as link:
            return link.execute(
                "select count(*), round(coalesce(sum(vacant_fte), 0), 2) from staffing.fct_deficits_monthly"
            ).fetchall()[0]

    rows, vacant = latest(folder / "ministry.duckdb")
    regions = [latest(path) for path in sorted(folder.glob("region_*.duckdb"))]
    assert rows == sum(one[0] for one in regions) > 0
    assert float(vacant) == pytest.approx(sum(float(one[1]) for one in regions))


def test_no_published_file_holds_a_patient_or_a_name(folder):
    for path in folder.glob("*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as link:
            columns = {
                name for (name,) in link.execute("select column_name from duckdb_columns()").fetchall()
            }
        assert not columns & {"patient_key", "iin", "full_name", "birth_date"}


def test_the_published_figures_are_of_the_order_the_ministry_reports(folder):
    with duckdb.connect(str(folder / "ministry.duckdb"), read_only=True) as link:
        ((budgeted, vacant),) = link.execute(
            """select sum(budgeted_fte), sum(vacant_fte) from staffing.fct_deficits_monthly
               where staff_category = 'doctor'
                 and month = (select max(month) from staffing.fct_deficits_monthly)"""
        ).fetchall()
    assert 70_000 < budgeted < 110_000
    assert 1_000 < vacant < 12_000


@pytest.mark.parametrize("scenario", ["baseline", "rural_pay_plus_25"])
def test_an_outsider_replicates_a_forecast_from_the_published_file_alone(folder, scenario, capsys):
    replicate = runpy.run_path(str(PROJECT / "scripts" / "replicate.py"))["main"]
    assert replicate(str(folder / "ministry.duckdb"), "KZ-11", "gp", "2030", scenario) == 0
    assert "replicated" in capsys.readouterr().out


def test_what_is_served_verifies(small_country, manifest):
    from orchestration.publishing.verification import verify_served

    assert len(verify_served(small_country)) == 3


def test_a_second_run_without_change_is_not_made(small_country, small_fraction):
    from orchestration.running.summary import unchanged_since
    from orchestration.source_config import load_source_config

    same = load_source_config(small_country, sampling_fraction=small_fraction)
    other = load_source_config(small_country, seed=7, sampling_fraction=small_fraction)
    assert unchanged_since(small_country, same) is not None
    assert unchanged_since(small_country, other) is None


def test_the_run_and_its_rows_stand_in_dagsters_storage(small_country):
    import dagster as dg

    from orchestration.running.dagster_instance import open_instance

    with open_instance(small_country) as instance:
        assert instance.get_runs(limit=1)[0].status == dg.DagsterRunStatus.SUCCESS
        event = instance.get_latest_materialization_event(dg.AssetKey(["core", "dim_regions"]))
        assert event.asset_materialization.metadata["dagster/row_count"].value == 20
