"""A month that is counted alone, as after a delivery, has the figures of a build of the whole history."""

import shutil

import drawn_country
import duckdb
import pytest

pytestmark = [pytest.mark.spec, pytest.mark.xdist_group("drawn")]

ROWS = "select * from intermediate.int_activity_rolling order by all"


def test_one_month_more_gives_the_same_rows_as_all_months_at_once(drawn_folder, tmp_path):
    shutil.copytree(drawn_folder, tmp_path / "country")
    with duckdb.connect(str(tmp_path / "country" / "warehouse.duckdb")) as connection:
        whole = connection.execute(ROWS).fetchall()
        connection.execute("delete from intermediate.int_activity_rolling where month = '2025-12-01'")
        assert len(connection.execute(ROWS).fetchall()) < len(whole)
    drawn_country.build(tmp_path / "country", "run", "--select", "int_activity_rolling")
    with duckdb.connect(str(tmp_path / "country" / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute(ROWS).fetchall() == whole
    (sql,) = (tmp_path / "country" / "target" / "run").rglob("int_activity_rolling.sql")
    assert "work_begins" not in sql.read_text(), "one month was counted by the way of all months"
