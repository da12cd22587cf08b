"""State that a broken disk has damaged: what can be built again is, the rest is told before the run."""

import duckdb
import pytest
from door import Door

from orchestration.errors import UserError
from orchestration.running.damage import refuse_damaged_history, set_damaged_warehouse_aside

pytestmark = pytest.mark.faults


def test_a_damaged_warehouse_is_set_aside_and_a_good_one_stays_even_while_it_is_read(tmp_path):
    settings = Door(tmp_path).settings
    settings.home.mkdir()
    assert set_damaged_warehouse_aside(settings) is None, "there is none yet"
    with duckdb.connect(str(settings.warehouse)) as link:
        link.execute("create table t as select 1 as x")
        assert set_damaged_warehouse_aside(settings) is None
    settings.warehouse.write_bytes(bytes(range(256)) * 100)
    aside = set_damaged_warehouse_aside(settings)
    assert aside.exists() and not settings.warehouse.exists()


def test_a_damaged_record_of_runs_is_told_with_its_file(tmp_path):
    settings = Door(tmp_path).settings
    history = settings.dagster_home / "history"
    history.mkdir(parents=True)
    refuse_damaged_history(settings)
    (history / "runs.db").write_bytes(b"no database" * 100)
    with pytest.raises(UserError, match="past runs is damaged") as told:
        refuse_damaged_history(settings)
    assert told.value.where.endswith("runs.db")
