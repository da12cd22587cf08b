"""A landing without a single row: every model builds, every dbt test passes, no figure is made up."""

import importlib.util
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.integration

_SPEC = importlib.util.spec_from_file_location(
    "drawn_country", Path(__file__).parents[1] / "spec" / "drawn_country.py"
)
drawn_country = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(drawn_country)

SELECTION = ["+path:models/marts/core", "+path:models/marts/staffing", "+path:models/marts/quality"]


def test_an_empty_landing_builds_into_empty_marts(tmp_path):
    drawn_country.land(tmp_path / "landing", {})
    drawn_country.build(tmp_path, "build", "--select", *SELECTION, "--exclude-resource-type", "unit_test")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'staffing'"
        ).fetchall()
        rows = {
            name: connection.execute(f"select count(*) from staffing.{name}").fetchone()[0]
            for (name,) in names
        }
    assert len(rows) >= 17
    assert {name: count for name, count in rows.items() if count} == {}
