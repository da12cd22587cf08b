"""Great Expectations at the door: a suite for each contract, built from its declaration.

The door has refused single bad rows already (`orchestration/door/`); the suite is a second, independent look
at what landed, by another tool, and judges the table as a whole. Small tables are validated as pandas frames;
large ones by counts that DuckDB takes in one pass, because a frame of five million rows would not fit.
Does not belong here: what is demanded (`demands.py`), facts of the table as a whole and their limits
(`facts.py`), results (`results.py`).
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import duckdb

from orchestration.contracts import Contract, contract_named
from orchestration.door.lake import Lake
from orchestration.settings import Settings
from orchestration.validation.demands import demands_of
from orchestration.validation.facts import LIMITS, table_facts
from orchestration.validation.report import write_validation_report
from orchestration.validation.results import SuiteResult, keep
from orchestration.validation.tool import Finding, findings_of

if TYPE_CHECKING:
    import pandas as pd

LARGEST_FRAME_ROWS = 100_000


def validate_contract(name: str, settings: Settings) -> SuiteResult:
    """Run the suite of a landed contract and keep its result for the report.

    Args:
        name: Contract.
        settings: Folders.

    Returns:
        The result; the readable report `<reports>/validation.html` is written anew as well.
    """
    contract, lake = contract_named(name), Lake(settings)
    manifest = lake.manifest(name)
    rows_count = int(manifest.get("landed", 0))
    is_small = rows_count <= LARGEST_FRAME_ROWS
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {settings.threads}; set memory_limit = '{settings.memory_limit}'")
        landed = connection.read_parquet(lake.glob(name), hive_partitioning=False)
        columns = landed.columns
        findings = _validate_frame(contract, landed.df()) if is_small else _validate_counts(contract, landed)
        findings += _validate_facts(contract, columns, table_facts(contract, landed, manifest, connection))
    stamp = datetime.now(UTC).isoformat(timespec="seconds")
    method: Literal["frame", "counts"] = "frame" if is_small else "counts"
    result = SuiteResult(name, rows_count, tuple(findings), method, stamp)
    keep(result, settings)
    write_validation_report(settings)
    return result


def _validate_frame(contract: Contract, frame: "pd.DataFrame") -> list[Finding]:
    import great_expectations.expectations as gxe

    expectations: list[Any] = [
        getattr(gxe, demand.expectation)(column=demand.column, severity="critical", **demand.arguments)
        for demand in demands_of(contract)
        if frame[demand.column].notna().any() or demand.expectation == "ExpectColumnValuesToNotBeNull"
    ]
    if len(contract.key) == 1:
        expectations.append(gxe.ExpectColumnValuesToBeUnique(column=contract.key[0], severity="critical"))
    else:
        expectations.append(
            gxe.ExpectCompoundColumnsToBeUnique(
                column_list=list(contract.key), severity="critical", ignore_row_if="never"
            )
        )
    return findings_of(frame, contract.name, expectations)


def _validate_counts(contract: Contract, landed: duckdb.DuckDBPyRelation) -> list[Finding]:
    """GX over one row of counts: how many rows break each demand. The key was proved unique while landing."""
    import great_expectations.expectations as gxe

    demands = demands_of(contract)
    counts = ", ".join(f"count(*) filter ({demand.breaks}) as d{i}" for i, demand in enumerate(demands))
    frame = landed.aggregate(counts).df()
    expectations = [
        gxe.ExpectColumnMaxToBeBetween(
            column=f"d{i}", max_value=0, severity="critical", notes=f"{demand.column}: {demand.expectation}"
        )
        for i, demand in enumerate(demands)
    ]
    by_name = {f"d{i}": demand for i, demand in enumerate(demands)}
    return [
        Finding(
            by_name[f.column].expectation, by_name[f.column].column, f.severity, f.is_met,
            f"{f.observed} rows break it", "",
        )
        for f in findings_of(frame, contract.name, expectations)
    ]  # fmt: skip


def _validate_facts(contract: Contract, columns: list[str], facts: dict[str, float]) -> list[Finding]:
    import great_expectations.expectations as gxe
    import pandas as pd

    expectations = [
        gxe.ExpectColumnMaxToBeBetween(
            column=name, min_value=LIMITS[name][0], max_value=LIMITS[name][1], severity=LIMITS[name][2],
            notes=LIMITS[name][3],
        )
        for name in facts
    ]  # fmt: skip
    wanted = list(contract.arrow_schema.names)
    shape = Finding(
        "ExpectTableColumnsToMatchOrderedList",
        "",
        "critical",
        columns == wanted,
        f"{len(columns)} columns",
        "",
    )
    return [shape, *findings_of(pd.DataFrame([facts]), f"{contract.name} as a whole", expectations)]
