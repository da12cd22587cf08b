"""A snapshot that shows a small count of persons, or lets one be reckoned, is not published."""

import duckdb
import pytest

from orchestration.publishing.disclosure import disclosure
from orchestration.publishing.marts import Mart

pytestmark = pytest.mark.faults

COVERAGE = Mart(
    "staffing", "fct_programme_coverage", "", (), {"ministry": "all"}, {},
    person_counts=("pool_sampled_persons_count",),
)  # fmt: skip
FILES = [{"name": "ministry.duckdb", "kind": "ministry", "rows": {"staffing.fct_programme_coverage": 1}}]


def findings(tmp_path, exact: list[tuple[str, int]], shown: list[tuple[str, str, int]]) -> list[str]:
    """What the audit says of registers of diabetes, none managed, in one district."""
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as link:
        link.execute("create schema intermediate")
        link.execute(
            """create table intermediate.int_chronic_registers (facility_id varchar, programme_code varchar,
            sampled_persons_count bigint, sampled_managed_count bigint)"""
        )
        link.executemany("insert into intermediate.int_chronic_registers values (?, 'diabetes', ?, 0)", exact)
    with duckdb.connect(str(tmp_path / "ministry.duckdb")) as link:
        link.execute("create schema staffing")
        link.execute(
            """create table staffing.fct_programme_coverage (facility_id varchar, basis varchar,
            pool_sampled_persons_count bigint, programme_code varchar default 'diabetes',
            region_code varchar default 'KZ-10', district_kato varchar default 'D1')"""
        )
        link.executemany(
            """insert into staffing.fct_programme_coverage (facility_id, basis, pool_sampled_persons_count)
            values (?, ?, ?)""",
            shown,
        )
    with duckdb.connect() as link:
        link.execute(f"attach '{tmp_path / 'warehouse.duckdb'}' as warehouse (read_only)")
        return list(disclosure(link, tmp_path, [COVERAGE], FILES))


def test_a_wide_pool_and_a_large_register_pass(tmp_path):
    small = [("F2", 8), ("F3", 7), ("F4", 6), ("F5", 9)]
    shown = [("F1", "own", 40), *((name, "district", 30) for name, _ in small)]
    assert findings(tmp_path, [("F1", 41), *small], shown) == []


@pytest.mark.parametrize(
    ("exact", "shown", "said"),
    [
        ([("F1", 7)], [("F1", "own", 5)], "under ten or unrounded"),
        ([("F1", 41)], [("F1", "own", 41)], "under ten or unrounded"),
        ([("F1", 60)], [("F1", "own", 40)], "its facilities have others"),
        ([("F1", 9), ("F2", 8)], [("F1", "district", 15), ("F2", "district", 15)], "could place another's"),
    ],
    ids=["small", "unrounded", "another count", "two in a pool"],
)
def test_what_shows_too_much_is_found(tmp_path, exact, shown, said):
    found = findings(tmp_path, exact, shown)
    assert found
    assert any(said in finding for finding in found)
