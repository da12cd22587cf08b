"""Publishing under kill -9, beside readers, with a damaged pointer: the old or the new, never a mixture."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import small_publication as small

from orchestration.errors import UserError
from orchestration.publishing import snapshots
from orchestration.publishing.audits import AuditFailure
from orchestration.publishing.verification import changed_files

pytestmark = pytest.mark.faults

STEPS = [
    "publish.begin:1", "publish.file:1", "publish.file:2", "publish.file:4", "publish.audited:1",
    "publish.shelve:1", "publish.swap:1", "publish.swapped:1", "publish.pruned:1",
]  # fmt: skip


def publish_apart(home: Path, number: int, fault_at: str = "") -> int:
    """Publish in a process of its own; its exit code."""
    done = subprocess.run(
        [sys.executable, str(Path(small.__file__)), str(home), str(number)],
        env={**os.environ, "MEDKADR_FAULT_AT": fault_at},
        capture_output=True,
        check=False,
        timeout=120,
    )
    return done.returncode


def served_version(publication: Path) -> int:
    """Version of all facts in the served ministry file; fails when there are two."""
    with duckdb.connect(
        str(snapshots.current_folder(publication) / "ministry.duckdb"), read_only=True
    ) as link:
        found = link.execute(
            "select version from staffing.fct_first union select version from staffing.fct_second"
        ).fetchall()
    assert len(found) == 1, f"a mixture: {found}"
    return found[0][0]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_leaves_the_old_or_the_new_snapshot_whole(step, tmp_path):
    home = tmp_path / "home"
    publication = small.settings_of(home).publication
    for number in (1, 2, 3):
        small.publish_version(home, number)
    assert publish_apart(home, 4, step) == -9
    expected = 4 if step.startswith(("publish.swapped", "publish.pruned")) else 3
    assert served_version(publication) == expected
    folder = snapshots.current_folder(publication)
    assert changed_files(folder, json.loads((folder / "manifest.json").read_bytes())["files"]) == []
    # The cause removed, the next run converges: nothing left over, the last three kept.
    assert publish_apart(home, 5) == 0
    assert served_version(publication) == 5
    assert len(snapshots.kept(publication)) == snapshots.KEPT
    assert [path.name for path in publication.iterdir() if path.name.startswith(".building")] == []


def test_the_kill_switch_kills_nothing_when_it_is_not_set(tmp_path):
    assert publish_apart(tmp_path / "home", 1) == 0


def test_readers_see_no_failure_and_no_mixture_through_twenty_publications(tmp_path):
    home = tmp_path / "home"
    publication = small.settings_of(home).publication
    small.publish_version(home, 1)
    stop, reads, wrong = threading.Event(), [0], []

    def read() -> None:
        last = 0
        while not stop.is_set():
            try:
                version = served_version(publication)
                if version < last:
                    wrong.append(f"went back from {last} to {version}")
                last = version
                reads[0] += 1
            except Exception as error:
                wrong.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(2, 22):
        small.publish_version(home, number)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert reads[0] > 100


def test_a_file_replaced_in_place_would_be_seen_as_a_mixture(tmp_path):
    """The control: without new files and a pointer, the reader's check does find the mixture."""
    home = tmp_path / "home"
    small.publish_version(home, 1)
    path = snapshots.current_folder(small.settings_of(home).publication) / "ministry.duckdb"
    path.chmod(0o644)
    with duckdb.connect(str(path)) as link:
        link.execute("update staffing.fct_second set version = 2")
    with pytest.raises(AssertionError, match="a mixture"):
        served_version(small.settings_of(home).publication)


@pytest.mark.parametrize("text", ["", "nonsense", "../../etc", "20261001T000900Z-00000009"])
def test_a_damaged_pointer_says_where_and_how_to_mend(text, tmp_path):
    home = tmp_path / "home"
    publication = small.settings_of(home).publication
    small.publish_version(home, 1)
    (publication / "CURRENT").write_text(text)
    with pytest.raises(UserError, match=r"damaged[\s\S]*CURRENT[\s\S]*medkadr rollback --to 2026"):
        snapshots.current(publication)
    snapshots.rollback(publication, snapshots.kept(publication)[-1])
    assert served_version(publication) == 1


def test_rollback_serves_the_snapshot_before_and_refuses_where_there_is_none(tmp_path):
    home = tmp_path / "home"
    publication = small.settings_of(home).publication
    for number in (1, 2):
        small.publish_version(home, number)
    snapshots.rollback(publication)
    assert served_version(publication) == 1
    with pytest.raises(UserError, match="no older snapshot"):
        snapshots.rollback(publication)
    with pytest.raises(UserError, match="No snapshot 20990101"):
        snapshots.rollback(publication, "20990101T000000Z-00000000")


def test_under_a_clock_that_was_set_back_the_next_snapshot_is_still_the_newest(tmp_path):
    home = tmp_path / "home"
    publication = small.settings_of(home).publication
    small.publish_version(home, 1)
    [published] = snapshots.kept(publication)
    before = datetime(2001, 1, 1, tzinfo=UTC)
    named = snapshots.name_after(publication, before, "0123456789abcdef")
    assert named > published and named.endswith("Z-01234567")
    assert snapshots.name_after(tmp_path, before, "0123456789abcdef") == "20010101T000000Z-01234567"


def test_the_served_snapshot_is_kept_even_when_it_is_the_oldest(tmp_path):
    home = tmp_path / "home"
    publication = small.settings_of(home).publication
    for number in (1, 2, 3, 4):
        small.publish_version(home, number)
    oldest = snapshots.kept(publication)[0]
    snapshots.rollback(publication, oldest)
    assert snapshots.prune(publication, keep=1)
    assert oldest in snapshots.kept(publication)


def test_a_published_file_holds_its_own_audience_only_and_cannot_be_written(tmp_path):
    folder = small.publish_version(tmp_path / "home", 1)
    path = folder / "region_KZ-10.duckdb"
    assert path.stat().st_mode & 0o222 == 0
    assert not list(folder.glob("*.wal"))
    with duckdb.connect(str(path), read_only=True) as link:
        assert link.execute("select distinct region_code from staffing.fct_first").fetchall() == [("KZ-10",)]
        tables = {name for (name,) in link.execute("select table_name from duckdb_tables()").fetchall()}
    assert "dim_universities" not in tables


def test_a_lost_row_at_the_door_keeps_the_old_snapshot(tmp_path):
    home = tmp_path / "home"
    settings = small.settings_of(home)
    small.publish_version(home, 1)
    small.build(home, 2)
    duckdb.execute(f"copy (select 1 as facility_id) to '{settings.landing}/facility/part.parquet'")
    with pytest.raises(AuditFailure, match="declares 2 landed rows, the lake holds 1"):
        small.publish(settings, small.facts(2), small.MARTS)
    assert served_version(settings.publication) == 1


def test_a_table_that_shows_every_graduate_to_each_region_is_not_published(tmp_path):
    home = tmp_path / "home"
    small.build(home, 1)
    leaking = small.Mart(
        "staffing", "fct_first", "x", (), {"ministry": "all", "region": "all"}, {"graduate_key": ""}
    )
    marts = [*small.MARTS[:2], leaking]
    with pytest.raises(AuditFailure, match="shows every graduate_key to each region"):
        small.publish(small.settings_of(home), small.facts(1), marts)
    assert snapshots.current(small.settings_of(home).publication) is None


def test_a_table_printed_once_keeps_its_own_day_in_the_published_file(tmp_path):
    home = tmp_path / "home"
    small.build(home, 1)
    printed = replace(small.MARTS[0], as_of=date(2020, 12, 31))
    folder = small.publish(small.settings_of(home), small.facts(1), [printed, *small.MARTS[1:]])
    with duckdb.connect(str(folder / "ministry.duckdb"), read_only=True) as link:
        days = dict(link.execute('select "table", as_of from meta.tables').fetchall())
    assert days["dim_regions"] == date(2020, 12, 31) and days["fct_first"] == small.facts(1).as_of
