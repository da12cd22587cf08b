"""What is printed after a run: records in and out, headline figures, time and memory of each stage.

Belongs here: reading the served snapshot and the delivery table for people at a terminal. Does not belong
here: computing any figure (`dbt_project/`).
"""

import json
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.errors import UserError
from orchestration.publishing import snapshots
from orchestration.running.fingerprint import hash_inputs
from orchestration.running.progress import Stage
from orchestration.running.run_facts import delivery_rows, fingerprint_of, input_files
from orchestration.settings import Settings
from orchestration.source_config import SourceConfig

# Of a contract that lost a larger share of its records the reason is told.
LARGEST_QUIET_SHARE = 0.05
COUNTS = ("records_in", "landed", "superseded", "quarantined")


def unchanged_since(settings: Settings, config: SourceConfig) -> Path | None:
    """The served snapshot's folder when a new run would only repeat it, else None."""
    try:
        folder = snapshots.current_folder(settings.publication)
        served = json.loads((folder / "manifest.json").read_bytes())["fingerprint"]
    except (UserError, OSError, ValueError, KeyError):
        return None
    now = fingerprint_of(config, hash_inputs(input_files(config)))
    return folder if served == now else None


def print_summary(
    console: Console, settings: Settings, folder: Path, stages: list[Stage], seconds: float
) -> None:
    """Print all tables."""
    console.print(_records(settings))
    for line in _losses(settings):
        console.print(line, markup=False, highlight=False)
    console.print(_headlines(folder))
    if stages:
        console.print(_stages(stages, seconds))
    console.print(f"Published: {folder}")
    console.print(f"Validation report: {settings.reports / 'validation.html'}")


def _records(settings: Settings) -> Table:
    """Records in = landed + superseded + quarantined, by contract."""
    sums: dict[str, list[int]] = {}
    for row in delivery_rows(settings):
        kept = sums.setdefault(row["contract"], [0, 0, 0, 0])
        for place, name in enumerate(COUNTS):
            kept[place] += row[name]
    table = Table("contract", title="Records in = landed + superseded + quarantined")
    for name in COUNTS:
        table.add_column(name.replace("_", " "), justify="right")
    for contract, counts in sums.items():
        table.add_row(contract, *(f"{count:,}" for count in counts))
    table.add_section()
    table.add_row("all", *(f"{sum(column):,}" for column in zip(*sums.values(), strict=True)))
    return table


def _losses(settings: Settings) -> list[str]:
    """A sentence on each contract of which more than 5 % were quarantined, with the most frequent reason."""
    counts: dict[str, list[int]] = {}
    for row in delivery_rows(settings):
        kept = counts.setdefault(row["contract"], [0, 0])
        kept[0] += row["records_in"]
        kept[1] += row["quarantined"]
    told = []
    for contract, (records, quarantined) in counts.items():
        if not quarantined or quarantined <= LARGEST_QUIET_SHARE * records:
            continue
        ((message, count),) = duckdb.execute(
            """select any_value(message), count(*) as records_count
            from read_parquet($path) where severity = 'critical'
            group by rule, column_name order by records_count desc, rule limit 1""",
            {"path": f"{settings.quarantine / contract}/*.parquet"},
        ).fetchall()
        told.append(f"{contract}: {quarantined:,} of {records:,} quarantined; {count:,} because {message}")
    return told


def _headlines(folder: Path) -> Table:
    """The nation's latest month from the published ministry file, not from the warehouse."""
    with duckdb.connect(str(folder / "ministry.duckdb"), read_only=True) as file:
        ((run_id, as_of, is_demonstration, note),) = file.execute(
            "select run_id, as_of, is_demonstration, source_note from meta.snapshot"
        ).fetchall()
        figures = _figures(file)
    title = f"Headline figures as of {as_of} (snapshot {run_id})"
    table = Table("figure", title=title, caption=f"Source: {note}")
    table.add_column("value", justify="right")
    table.add_column("unit")
    if is_demonstration:
        table.caption = f"DEMONSTRATION DATA. {table.caption}"
    for name, value, unit in figures:
        table.add_row(name, "no data" if value is None else f"{value:,.0f}", unit)
    return table


def _figures(file: duckdb.DuckDBPyConnection) -> list[tuple[str, float | None, str]]:
    ((facilities,),) = file.execute("select count(*) from core.dim_facilities").fetchall()
    figures: list[tuple[str, float | None, str]] = [("facilities", facilities, "facilities")]
    names = {
        "budgeted_fte": "doctors' posts, established",
        "filled_fte": "doctors' posts, filled",
        "vacant_fte": "doctors' posts, vacant",
        "norm_shortage_fte": "doctors' shortage against the norm",
        "wisn_shortage_fte": "doctors' shortage by workload (WISN)",
    }
    values = file.execute(
        f"""select {", ".join(f"sum({name})" for name in names)} from staffing.fct_deficits_monthly
            where staff_category = 'doctor'
                and month = (select max(month) from staffing.fct_deficits_monthly)"""  # noqa: S608
    ).fetchall()[0]
    figures += [(text, value, "posts") for text, value in zip(names.values(), values, strict=True)]
    figures[-2:] = [
        (f"{text}, known for {share:.0%} of filled posts" if share is not None else text, value, unit)
        for (text, value, unit), share in zip(figures[-2:], _known_shares(file), strict=True)
    ]
    people = {
        "graduates_count": "graduates of the campaign's year",
        "no_duty_count": "of them without a duty to serve",
        "exempt_count": "of them exempt",
        "deferred_count": "of them deferred",
        "preplaced_count": "of them placed before, by contract",
        "active_count": "of them to be placed now",
        "placed_count": "placed now (proposal)",
        "seats_count": "seats offered",
    }
    campaigns = file.execute(f"select {', '.join(people)} from placement.fct_campaigns").fetchall()  # noqa: S608
    if campaigns:
        figures += [
            (text, value, "persons") for text, value in zip(people.values(), campaigns[0], strict=True)
        ]
    return figures


def _known_shares(file: duckdb.DuckDBPyConnection) -> tuple[float | None, float | None]:
    """Share of doctors' filled posts for which a need by norm, and one by workload, is known."""
    ((norm, wisn),) = file.execute(
        """select sum(filled_fte) filter (required_norm_fte is not null) / sum(filled_fte),
                sum(filled_fte) filter (required_wisn_fte is not null) / sum(filled_fte)
            from staffing.fct_deficits_monthly
            where staff_category = 'doctor'
                and month = (select max(month) from staffing.fct_deficits_monthly)"""
    ).fetchall()
    return norm, wisn


def _stages(stages: list[Stage], seconds: float) -> Table:
    table = Table("stage", title="Time and memory")
    table.add_column("seconds", justify="right")
    table.add_column("peak MiB", justify="right")
    for stage in stages:
        table.add_row(stage.name, f"{stage.seconds:.1f}", f"{stage.peak_bytes / 2**20:,.0f}")
    table.add_section()
    peak = max(stage.peak_bytes for stage in stages)
    table.add_row("whole run", f"{seconds:.1f}", f"{peak / 2**20:,.0f}")
    return table
