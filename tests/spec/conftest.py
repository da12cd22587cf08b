"""The warehouse of the country drawn by hand."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from filelock import FileLock

sys.path.insert(0, str(Path(__file__).parent))
import drawn_country

STAFFING = [
    "+path:models/marts/core", "+path:models/marts/staffing", "+path:models/marts/quality",
    "+fct_retention_shown",
]  # fmt: skip
Query = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def drawn_folder(shared_folder: Path) -> Path:
    """Landing and warehouse of the drawn country, built once with all their dbt tests."""
    folder = shared_folder / "drawn_country"
    with FileLock(shared_folder / "drawn_country.lock"):
        if not (folder / "warehouse.duckdb").exists():
            drawn_country.land(folder / "landing", drawn_country.rows())
            drawn_country.build(folder, "build", "--select", *STAFFING)
    return folder


@pytest.fixture(scope="session")
def drawn(drawn_folder: Path) -> Query:
    """A query of the drawn warehouse: SQL and parameters in, rows as dictionaries out."""
    connection = duckdb.connect(str(drawn_folder / "warehouse.duckdb"), read_only=True)

    def query(sql: str, *parameters: object) -> list[dict[str, Any]]:
        answer = connection.execute(sql, parameters)
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    return query
