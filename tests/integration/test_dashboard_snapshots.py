"""The one opener of snapshots: the pointer, the file, nothing else."""

import sys
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
import published

from dashboards import data
from dashboards.audience import Audience
from dashboards.data import NotPublishedError

pytestmark = pytest.mark.integration

MINISTRY = Audience("ministry")


@pytest.fixture
def publication(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MEDKADR_PUBLICATION", str(tmp_path))
    return published.publish(tmp_path, marts=False)


def test_a_swapped_pointer_is_followed_at_the_next_rerun_and_the_old_file_stays_whole(publication):
    old = data.open_snapshot(MINISTRY, data.current_run_id())
    assert old.meta["run_id"] == published.RUN

    new = publication / "snapshots" / "20261001T000000-next"
    new.mkdir()
    with duckdb.connect(str(new / "ministry.duckdb")) as link:
        link.execute("create schema meta")
        link.execute("create table meta.snapshot as select 'next' as run_id")
    (publication / "CURRENT").write_text(new.name, encoding="utf-8")

    assert data.open_snapshot(MINISTRY, data.current_run_id()).meta["run_id"] == "next"
    assert old.ask("select run_id from meta.snapshot")["run_id"][0] == published.RUN


@pytest.mark.parametrize("pointer", ["", "../secrets", "gone", "a/b", "x" * 500])
def test_a_pointer_that_names_no_snapshot_opens_nothing(publication, pointer):
    (publication / "CURRENT").write_text(pointer, encoding="utf-8")

    with pytest.raises(NotPublishedError):
        data.current_run_id()


def test_an_audience_without_a_file_is_told_so(publication):
    with pytest.raises(NotPublishedError):
        data.open_snapshot(Audience("region", "KZ-99"), data.current_run_id())


def test_a_query_reaches_no_other_file_and_writes_nothing(publication):
    snapshot = data.open_snapshot(MINISTRY, data.current_run_id())
    other = publication / "snapshots" / published.RUN / "region_KZ-10.duckdb"

    with pytest.raises(duckdb.Error):
        snapshot.ask(f"attach '{other}' as other (read_only)")
    with pytest.raises(duckdb.Error):
        snapshot.ask(f"from read_csv('{publication / 'CURRENT'}')")
    with pytest.raises(duckdb.Error):
        snapshot.ask("create table meta.mine as select 1")


def test_values_are_bound_and_never_become_sql(publication):
    snapshot = data.open_snapshot(MINISTRY, data.current_run_id())
    text = "x'; drop table meta.snapshot; --"

    assert snapshot.ask("select $text as said", text=text)["said"][0] == text


def test_a_table_is_absent_empty_or_filled(publication, tmp_path_factory, monkeypatch):
    assert data.open_snapshot(MINISTRY, data.current_run_id()).state("core.dim_regions") == "absent"
    for rows, state in ((False, "empty"), (True, "filled")):
        folder = published.publish(tmp_path_factory.mktemp(state), rows=rows)
        monkeypatch.setenv("MEDKADR_PUBLICATION", str(folder))
        assert data.open_snapshot(MINISTRY, data.current_run_id()).state("core.dim_regions") == state
