"""Questions asked of a finished snapshot before it is served; one no keeps the old one.

Belongs here: checks that look at what was written, not at how. Each is independent of the code that wrote
the file. Does not belong here: rules on arriving rows (the suites) and on tables (the dbt tests).
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import UserError
from orchestration.publishing.disclosure import disclosure
from orchestration.publishing.marts import Mart
from orchestration.settings import Settings

# Pseudonyms of persons that no published table may hold, whoever reads it.
NEVER_PUBLISHED = ("patient_key", "iin", "birth_date", "full_name")
# Kinds of audience that may see a person's row only when it is their own.
SHARED_KINDS = ("region", "university")


class AuditFailure(UserError):
    """The snapshot is not published."""


def audit(
    link: duckdb.DuckDBPyConnection,
    settings: Settings,
    folder: Path,
    marts: list[Mart],
    files: list[dict[str, Any]],
) -> list[str]:
    """Ask all questions.

    Args:
        link: A connection with the `warehouse` attached.
        settings: Folders.
        folder: The files, still aside.
        marts: What is published to whom.
        files: Entries of the snapshot's manifest.

    Returns:
        Names of the audits passed.

    Raises:
        AuditFailure: With every finding.
    """
    with ThreadPoolExecutor(1) as beside:
        # The longest question asks the files alone; the others, which ask the warehouse too, need not wait.
        isolated = beside.submit(lambda: list(isolation(folder, marts, files)))
        asked = {
            "rows are conserved at the door": list(conservation(link, settings.landing)),
            "the ministry's file holds the warehouse's rows": list(completeness(link, marts, files)),
            "no published table names a person": list(no_person(marts)),
            "no small count of persons can be read or reckoned": list(disclosure(link, folder, marts, files)),
        }
        asked["each file holds its own audience's rows only"] = isolated.result()
    findings = [f"{name}: {finding}" for name, found in asked.items() for finding in found]
    if findings:
        raise AuditFailure(
            "The new snapshot is not published; the old one stays served.",
            where=str(folder),
            why="\n       ".join(findings),
            mend="medkadr verify shows the counts; the run's page in `make dagster` shows each table.",
        )
    return list(asked)


def conservation(link: duckdb.DuckDBPyConnection, landing: Path) -> Iterator[str]:
    """Records in = landed + superseded + quarantined for each file, and the landed rows are there."""
    delivery = [f"{landing}/delivery/*.parquet"]
    unbalanced = link.execute(
        """select contract, file, records_in, landed, superseded, quarantined from read_parquet(?)
            where records_in is distinct from landed + superseded + quarantined""",
        delivery,
    ).fetchall()
    for contract, file, records_in, landed, superseded, quarantined in unbalanced:
        yield f"{contract}, {file}: {records_in} in, but {landed} + {superseded} + {quarantined}"
    declared = link.execute(
        "select contract, sum(landed), sum(quarantined) from read_parquet(?) group by 1 order by 1", delivery
    ).fetchall()
    for contract, landed, quarantined in declared:
        glob = f"{landing}/{contract}/**/*.parquet"
        ((found,),) = link.execute("select count(*) from read_parquet(?)", [glob]).fetchall()
        if found != landed:
            yield f"{contract}: the delivery declares {landed} landed rows, the lake holds {found}"
        ((kept,),) = link.execute(
            "select count(*) from read_parquet(?) where contract = ? and severity = 'critical'",
            [f"{landing}/quarantine/**/*.parquet", contract],
        ).fetchall()
        if kept != quarantined:
            yield f"{contract}: the delivery declares {quarantined} quarantined rows, {kept} are kept"


def completeness(
    link: duckdb.DuckDBPyConnection, marts: list[Mart], files: list[dict[str, Any]]
) -> Iterator[str]:
    """Every mart for the ministry arrived whole."""
    ministry = next(entry for entry in files if entry["kind"] == "ministry")
    for mart in marts:
        if mart.audience.get("ministry") == "all":
            query = f"select count(*) from ({mart.published_rows('warehouse')})"  # noqa: S608
            ((rows,),) = link.execute(query).fetchall()
            published = ministry["rows"].get(f"{mart.schema}.{mart.name}")
            if rows != published:
                yield f"{mart.schema}.{mart.name} has {rows} rows, published are {published}"


def isolation(folder: Path, marts: list[Mart], files: list[dict[str, Any]]) -> Iterator[str]:
    """No file holds a row of another audience, nor a table that is not for it."""
    of_table = {f"{mart.schema}.{mart.name}": mart for mart in marts}
    for entry in files:
        with duckdb.connect(str(folder / entry["name"]), read_only=True) as file:
            tables = file.execute(
                "select schema_name, table_name from duckdb_tables() where schema_name <> 'meta'"
            ).fetchall()
            for schema, table in tables:
                mart = of_table.get(f"{schema}.{table}")
                column = mart.audience.get(entry["kind"]) if mart else None
                if mart is None or column is None:
                    yield f"{entry['name']} holds {schema}.{table}, which is not for it"
                elif column != "all":
                    query = f'select distinct "{column}" from {mart.relation}'  # noqa: S608
                    strangers = {key for (key,) in file.execute(query).fetchall()} - {entry["key"]}
                    if strangers:
                        yield f"{entry['name']}: {schema}.{table} holds rows of {len(strangers)} others"


def no_person(marts: list[Mart]) -> Iterator[str]:
    """Persons' keys reach nobody whole: never the patient's, and a graduate's only its own audience."""
    for mart in marts:
        for column in mart.columns:
            if column in NEVER_PUBLISHED:
                yield f"{mart.schema}.{mart.name} publishes {column}"
            for kind in SHARED_KINDS:
                if column in ("staff_key", "graduate_key") and mart.audience.get(kind) == "all":
                    yield f"{mart.schema}.{mart.name} shows every {column} to each {kind}"
