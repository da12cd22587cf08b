"""Looking into the pipeline's own DuckDB file between two dbt steps.

Belongs here: short read-only connections for assets. Does not belong here: any SQL that makes a figure
(`dbt_project/`). dbt is the only writer; nobody may hold the file open while it works.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


@contextmanager
def reading(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection, closed on leaving."""
    connection = duckdb.connect(str(warehouse), read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def count_rows(warehouse: Path) -> dict[tuple[str, str], int]:
    """Rows of every table and view by schema and name; empty when there is no warehouse yet.

    Views between staging and marts are left out: they weigh single records, and to count them took a second.
    """
    if not warehouse.exists():
        return {}
    with reading(warehouse) as connection:
        tables = connection.execute(
            """select schema_name, table_name from duckdb_tables()
            union all
            select schema_name, view_name from duckdb_views()
            where not internal and schema_name <> 'intermediate'"""
        ).fetchall()
        counts = [
            connection.execute(f'select count(*) from "{schema}"."{table}"').fetchall()[0][0]  # noqa: S608
            for schema, table in tables
        ]
    return dict(zip(tables, counts, strict=True))
