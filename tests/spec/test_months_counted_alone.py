"""A month that is counted alone, as after a delivery, has the figures of a build of the whole history."""

import shutil
from datetime import date
from pathlib import Path

import drawn_country
import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
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


def deliver(country: Path, *, all_but: date | None = None) -> None:
    """Make the ledger of deliveries tell all months, or all but one; nothing else is touched."""
    ledger, aside = country / "landing" / "delivery" / "part.parquet", country / "deliveries.parquet"
    if not aside.exists():
        shutil.copy(ledger, aside)
    told = pq.read_table(aside)
    if all_but:
        told = told.filter(pc.fill_null(pc.not_equal(told["month"], pa.scalar(all_but)), True))
    pq.write_table(told, ledger)


def test_a_month_delivered_no_more_is_forgotten_and_delivered_again_has_the_same_rows(drawn_folder, tmp_path):
    country = tmp_path / "country"
    shutil.copytree(drawn_folder, country)
    warehouse, models = (
        str(country / "warehouse.duckdb"),
        ("stg_door__deliveries", "int_month_fingerprints", *STORED),
    )
    with duckdb.connect(warehouse, read_only=True) as connection:
        whole = rows(connection)
    deliver(country, all_but=date(2025, 12, 1))
    drawn_country.build(country, "run", "--select", *models)
    with duckdb.connect(warehouse, read_only=True) as connection:
        for name in STORED:
            query = f"select max(month) from {schema_of(name)}.{name}"
            assert connection.execute(query).fetchone() == (date(2025, 11, 1),), name
    deliver(country)
    drawn_country.build(country, "run", "--select", *models)
    with duckdb.connect(warehouse, read_only=True) as connection:
        assert rows(connection) == whole
    (sql,) = (country / "target" / "run").rglob("int_workload_monthly.sql")
    assert "kinds_of_work" not in sql.read_text(), "one month was counted by the way of all months"


def test_a_month_corrected_is_counted_anew_and_stands_there_once(drawn_folder, tmp_path):
    country = tmp_path / "country"
    shutil.copytree(drawn_folder, country)
    warehouse, ledger = str(country / "warehouse.duckdb"), country / "landing" / "delivery" / "part.parquet"
    with duckdb.connect(warehouse, read_only=True) as connection:
        whole = rows(connection)
    told = pq.read_table(ledger).to_pylist()
    for part in told:
        part["sha256"] = "corrected" if part["month"] == date(2025, 12, 1) else part["sha256"]
    pq.write_table(pa.Table.from_pylist(told, pq.read_schema(ledger)), ledger)
    drawn_country.build(country, "run", "--select", "stg_door__deliveries", "int_month_fingerprints", *STORED)
    for name in STORED:
        (sql,) = (country / "target" / "compiled").rglob(f"{name}.sql")
        assert "date '2025-12-01'" in sql.read_text(), f"{name} kept what was counted from the old delivery"
    with duckdb.connect(warehouse, read_only=True) as connection:
        found = rows(connection)
        assert {n: len(r) for n, r in found.items()} == {n: len(r) for n, r in whole.items()}


def test_a_month_counted_once_is_not_counted_again(drawn_folder, tmp_path):
    country = tmp_path / "country"
    shutil.copytree(drawn_folder, country)
    drawn_country.build(country, "run", "--select", *STORED)
    for name in STORED:
        (sql,) = (country / "target" / "compiled").rglob(f"{name}.sql")
        assert "date '2025-12-01'" not in sql.read_text(), name


def test_a_table_that_other_code_made_is_built_anew(drawn_folder, tmp_path):
    shutil.copytree(drawn_folder, tmp_path / "country")
    with duckdb.connect(str(tmp_path / "country" / "warehouse.duckdb")) as connection:
        whole = rows(connection)["int_posts_monthly"]
        connection.execute("alter table intermediate.int_posts_monthly drop column combined_fte")
        connection.execute("comment on table intermediate.int_posts_monthly is 'an earlier version'")
    drawn_country.build(tmp_path / "country", "run", "--select", "int_posts_monthly")
    with duckdb.connect(str(tmp_path / "country" / "warehouse.duckdb"), read_only=True) as connection:
        assert rows(connection)["int_posts_monthly"] == whole
