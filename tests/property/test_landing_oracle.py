"""The door against a slow oracle: versions, copies, conflicts and bad rows are counted to the unit."""

import tempfile
from collections import defaultdict
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.contracts import contract_named
from orchestration.landing import land_contract
from orchestration.settings import Settings
from orchestration.sources.source import Chunk, MemorySource

pytestmark = pytest.mark.property

UNIVERSITY = contract_named("university")
SCHEMA = pa.schema([(column.name, column.arrow_type) for column in UNIVERSITY.columns])
RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["U1", "U2", "U3"]),
        st.sampled_from(["A", "B", None]),
        st.sampled_from(["KZ-10", "KZ-99"]),
        st.sampled_from([None, "1", "2"]),
    ),
    max_size=12,
)


class Versioned(MemorySource):
    """Records with versions, in two chunks of two files."""

    def __init__(self, records):
        super().__init__({"university": None})
        object.__setattr__(self, "records", records)

    def read(self, contract, period):
        half = len(self.records) // 2
        for file, start, end in (("one", 0, half), ("two", half, len(self.records))):
            part = self.records[start:end]
            rows = [
                {"university_id": key, "university_name_ru": name, "region_code": region}
                for key, name, region, _ in part
            ]
            yield Chunk(
                pa.Table.from_pylist(rows, schema=SCHEMA),
                file=file,
                lines=pa.array(range(1, len(part) + 1), pa.int64()),
                versions=pa.array([version for *_, version in part], pa.string()),
            )


def oracle(records):
    """Landed rows, superseded and quarantined counts, by the law in words."""
    quarantined = sum(name is None or region == "KZ-99" for _, name, region, _ in records)
    by_key = defaultdict(list)
    for key, name, region, version in records:
        if name is not None and region != "KZ-99":
            by_key[key].append((version or "", name))
    landed, superseded = {}, 0
    for key, found in by_key.items():
        newest = max(version for version, _ in found)
        names = [name for version, name in found if version == newest]
        superseded += len(found) - len(names)
        if len(set(names)) > 1:
            quarantined += len(names)
        else:
            landed[key] = names[0]
            superseded += len(names) - 1
    return landed, superseded, quarantined


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS)
def test_every_record_is_landed_superseded_or_quarantined_as_the_law_says(records):
    with tempfile.TemporaryDirectory() as folder:
        home = Settings(
            home=Path(folder), config_path=None, boundaries_path=None, threads=1, memory_limit="300MB"
        )
        delivery = land_contract("university", Versioned(records), settings=home)
        rows = (
            duckdb.sql(f"from read_parquet('{home.landing}/university/**/*.parquet')")
            .to_arrow_table()
            .to_pylist()
        )
        landed, superseded, quarantined = oracle(records)
        assert {row["university_id"]: row["university_name_ru"] for row in rows} == landed
        assert (delivery.superseded, delivery.quarantined) == (superseded, quarantined)
        assert delivery.records_in == len(records) == len(rows) + superseded + quarantined
