"""A month that is counted alone, as after a delivery, has the figures of a build of the whole history."""

import shutil

import drawn_country
import duckdb
import pytest

pytestmark = [pytest.mark.spec, pytest.mark.xdist_group("drawn")]

# Everything that is stored by month, in the order in which it is built.
STORED = ["int_posts_monthly", "int_workload_monthly", "int_deficits_monthly", "fct_deficit_rollups"]


def rows(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    return {
        name: connection.execute(f"select * from {schema_of(name)}.{name} order by all").fetchall()
        for name in STORED
    }


def schema_of(name: str) -> str:
    return "staffing" if name.startswith("fct") else "intermediate"


def test_one_month_more_gives_the_same_rows_as_all_months_at_once(drawn_folder, tmp_path):
    shutil.copytree(drawn_folder, tmp_path / "country")
    with duckdb.connect(str(tmp_path / "country" / "warehouse.duckdb")) as connection:
        whole = rows(connection)
        for name in STORED:
            deleted = connection.execute(f"delete from {schema_of(name)}.{name} where month = '2025-12-01'")
            assert deleted.fetchall() != [(0,)]
    drawn_country.build(tmp_path / "country", "run", "--select", *STORED)
    with duckdb.connect(str(tmp_path / "country" / "warehouse.duckdb"), read_only=True) as connection:
        assert rows(connection) == whole
    (sql,) = (tmp_path / "country" / "target" / "run").rglob("int_workload_monthly.sql")
    assert "kinds_of_work" not in sql.read_text(), "one month was counted by the way of all months"


def test_a_table_that_other_code_made_is_built_anew(drawn_folder, tmp_path):
    shutil.copytree(drawn_folder, tmp_path / "country")
    with duckdb.connect(str(tmp_path / "country" / "warehouse.duckdb")) as connection:
        whole = rows(connection)["int_posts_monthly"]
        connection.execute("alter table intermediate.int_posts_monthly drop column combined_fte")
        connection.execute("comment on table intermediate.int_posts_monthly is 'an earlier version'")
    drawn_country.build(tmp_path / "country", "run", "--select", "int_posts_monthly")
    with duckdb.connect(str(tmp_path / "country" / "warehouse.duckdb"), read_only=True) as connection:
        assert rows(connection)["int_posts_monthly"] == whole


def test_a_month_that_is_delivered_no_more_is_forgotten(drawn_folder, tmp_path):
    shutil.copytree(drawn_folder, tmp_path / "country")
    with duckdb.connect(str(tmp_path / "country" / "warehouse.duckdb")) as connection:
        whole = rows(connection)["int_posts_monthly"]
        connection.execute(
            """insert into intermediate.int_posts_monthly
            select * replace (date '2019-05-01' as month) from intermediate.int_posts_monthly limit 3"""
        )
    drawn_country.build(tmp_path / "country", "run", "--select", "int_posts_monthly")
    with duckdb.connect(str(tmp_path / "country" / "warehouse.duckdb"), read_only=True) as connection:
        assert rows(connection)["int_posts_monthly"] == whole
