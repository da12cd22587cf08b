"""Great Expectations at the door: a suite for each contract, built from its declaration, and its result.

The door has refused single bad rows already (`orchestration/door/`); the suite is a second, independent look
at what landed, by another tool, and judges the table as a whole. Small tables are validated as pandas frames;
large ones by counts that DuckDB takes in one pass, because a frame of five million rows would not fit.
Does not belong here: rules of a single row (the contracts), facts of the table as a whole and their limits
(`table_facts.py`), the Dagster checks that call this.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import duckdb

from orchestration.contracts import CONTRACTS, Contract, contract_named
from orchestration.contracts.contract import COMMON_COLUMNS
from orchestration.door.checks import sql_name, sql_text
from orchestration.door.code_lists import code_list
from orchestration.door.lake import Lake
from orchestration.settings import Settings
from orchestration.table_facts import LIMITS, Severity, table_facts
from orchestration.validation_tool import Finding, findings_of

if TYPE_CHECKING:
    import pandas as pd

LARGEST_FRAME_ROWS = 100_000


@dataclass(frozen=True)
class SuiteResult:
    """Result of a contract's suite.

    Attributes:
        contract: Contract name.
        rows_count: Rows that landed.
        findings: One per expectation.
        method: `frame` or `counts`.
        validated_at: UTC time.
    """

    contract: str
    rows_count: int
    findings: tuple[Finding, ...]
    method: Literal["frame", "counts"]
    validated_at: str

    @property
    def failed(self) -> tuple[Finding, ...]:
        """Expectations that are not met."""
        return tuple(finding for finding in self.findings if not finding.is_met)

    @property
    def is_met(self) -> bool:
        """Whether no critical expectation failed; then the work may go on."""
        return all(finding.severity != "critical" for finding in self.failed)

    @property
    def severity(self) -> Severity | None:
        """The gravest severity among the failed, or None."""
        found = {finding.severity for finding in self.failed}
        return "critical" if "critical" in found else ("warning" if found else None)


@dataclass(frozen=True)
class Demand:
    """What a column must keep, in words of GX and of SQL.

    Attributes:
        expectation: Name of the GX expectation for a frame.
        column: The column.
        arguments: Its arguments.
        breaks: SQL condition of a row that breaks it.
    """

    expectation: str
    column: str
    arguments: dict[str, Any]
    breaks: str


def demands_of(contract: Contract) -> list[Demand]:
    """What a contract demands of its landed table, column by column."""
    found = []
    for column in (*contract.columns, *COMMON_COLUMNS):
        name, sql = column.name, sql_name(column.name)
        if column.required:
            found.append(Demand("ExpectColumnValuesToNotBeNull", name, {}, f"{sql} is null"))
        values = column.vocabulary or (code_list(column.code_list) if column.code_list else ())
        if values:
            listed = ", ".join(map(sql_text, values))
            found.append(
                Demand(
                    "ExpectColumnValuesToBeInSet",
                    name,
                    {"value_set": list(values)},
                    f"{sql} not in ({listed})",
                )
            )
        elif column.pattern:
            arguments = {"regex": f"^(?:{column.pattern})$"}
            breaks = f"not regexp_full_match({sql}, {sql_text(column.pattern)})"
            found.append(Demand("ExpectColumnValuesToMatchRegex", name, arguments, breaks))
        if column.minimum is not None or column.maximum is not None:
            limits = [
                *([f"{sql} < {column.minimum!r}"] if column.minimum is not None else []),
                *([f"{sql} > {column.maximum!r}"] if column.maximum is not None else []),
            ]
            arguments = {"min_value": column.minimum, "max_value": column.maximum}
            found.append(Demand("ExpectColumnValuesToBeBetween", name, arguments, " or ".join(limits)))
    return found


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
    _keep(result, settings)
    return result


def kept_results(settings: Settings) -> list[SuiteResult]:
    """The last result of every contract that was validated, in the order of the contracts."""
    results = []
    for contract in CONTRACTS:
        path = _result_path(contract.name, settings)
        if path.exists():
            content = json.loads(path.read_text(encoding="utf-8"))
            content["findings"] = tuple(Finding(**finding) for finding in content["findings"])
            results.append(SuiteResult(**content))
    return results


def _result_path(name: str, settings: Settings) -> Path:
    return settings.reports / "validation" / f"{name}.json"


def _keep(result: SuiteResult, settings: Settings) -> None:
    from orchestration.validation_report import write_validation_report

    path = _result_path(result.contract, settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1), encoding="utf-8")
    write_validation_report(settings)


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
