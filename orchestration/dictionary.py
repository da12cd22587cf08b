"""Documents that follow from the contracts: the data dictionary and dbt's description of the landing tables.

Belongs here: rendering of declarations to Markdown and YAML. Does not belong here: the declarations
(`orchestration/contracts/`) and the command that writes the files (`orchestration/commands/dictionary.py`).
"""

from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from orchestration.contracts import CONTRACTS, Column, Contract
from orchestration.contracts.contract import COMMON_COLUMNS
from orchestration.contracts.ledger import DELIVERY, QUARANTINE
from orchestration.door.checks import is_placed
from orchestration.door.control_totals import nation
from orchestration.settings import DBT_PROJECT_DIR, ROOT

DICTIONARY_PATH = ROOT / "docs" / "data_dictionary.md"
SOURCES_PATH = DBT_PROJECT_DIR / "models" / "staging" / "landing__sources.yml"

GENERATED = "Generated from orchestration/contracts by `medkadr dictionary`; change the contracts instead."
GROUP_TITLES = {
    "registry": "Facilities and staff",
    "graduates": "Graduates and service",
    "reference": "Reference",
    "passports": "Health passports",
}
LEDGER_TITLES = {
    "delivery": ("Deliveries", "One row per contract, period and file.", DELIVERY),
    "quarantine": ("Quarantine", "One row per refused or warned record and rule.", QUARANTINE),
}


def documents() -> dict[Path, str]:
    """Every generated file with the text it must have."""
    return {DICTIONARY_PATH: render_dictionary(), SOURCES_PATH: render_sources()}


def render_dictionary() -> str:
    """The data dictionary in Markdown: every contract, column and rule."""
    parts = [
        "# Data dictionary",
        "",
        f"{GENERATED}",
        "",
        "What arrives at the door, table by table. A blank in **needed** means that the value may be",
        "left out; a blank is never zero. How to bring your own data: [sources.md](sources.md).",
    ]
    for group, contracts in groupby(CONTRACTS, key=lambda contract: contract.group):
        parts += ["", f"## {GROUP_TITLES[group]}"]
        for contract in contracts:
            parts += ["", *_contract_section(contract)]
    parts += ["", "## Columns that every landing table adds", "", *_column_table(COMMON_COLUMNS)]
    parts += ["", "## What the door itself writes"]
    for name, (title, grain, columns) in LEDGER_TITLES.items():
        parts += ["", f"### {name} – {title}", "", grain, "", *_column_table(columns)]
    return "\n".join(parts) + "\n"


def _contract_section(contract: Contract) -> list[str]:
    facts = [f"Key: {', '.join(f'`{name}`' for name in contract.key)}."]
    if contract.period:
        facts.append(f"Arrives by month of `{contract.period}`.")
    if contract.is_restricted:
        facts.append("One row a person: never published as it is.")
    if contract.total_column:
        facts.append(
            f"Rows of the nation itself (region `{nation()}`) do not land: over the regions the sum of"
            f" `{contract.total_column}` must come within 0.5 % of theirs, year by year."
        )
    if is_placed(contract):
        facts.append(
            "A point must lie in the box of its region (seed `region_extents`, 0.1 degrees of margin)."
        )
    lines = [f"### {contract.name} – {contract.title}", "", f"{contract.grain} {' '.join(facts)}", ""]
    lines += _column_table(contract.columns)
    if contract.rules:
        lines += ["", "| rule | holds when | otherwise | severity |", "|---|---|---|---|"]
        lines += [
            f"| {rule.id} | {_cell(f'`{rule.holds}`')} | {_cell(rule.message)} | {rule.severity} |"
            for rule in contract.rules
        ]
    return lines


def _column_table(columns: tuple[Column, ...]) -> list[str]:
    lines = ["| column | type | needed | meaning | allowed |", "|---|---|---|---|---|"]
    lines += [
        f"| {c.name} | {c.type} | {'yes' if c.required else ''} | {_cell(_meaning(c))} |"
        f" {_cell(_allowed(c))} |"
        for c in columns
    ]
    return lines


def _meaning(column: Column) -> str:
    notes = [f"Unit: {column.unit}."] if column.unit else []
    notes += ["Special category."] if column.is_special_category else []
    notes += [f"Pseudonym of domain {column.pseudonym}."] if column.pseudonym else []
    return " ".join([column.description, *notes])


def _allowed(column: Column) -> str:
    parts = [", ".join(column.vocabulary)] if column.vocabulary else []
    if column.code_list:
        parts.append(f"code list {column.code_list}")
    if column.references:
        where = "" if column.required else ", where that was delivered"
        parts.append(f"is in {column.references}{where}")
    if column.minimum is not None:
        parts.append(f"at least {column.minimum:g}")
    if column.maximum is not None:
        parts.append(f"at most {column.maximum:g}")
    if column.step is not None:
        parts.append(f"in steps of {column.step:g}")
    if column.pattern:
        parts.append(f"`{column.pattern}`")
    return "; ".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def render_sources() -> str:
    """The dbt source `landing`: one table a contract, and the two tables of the door."""
    tables = [
        _source_table(c.name, f"{c.grain} {c.title}.", (*c.columns, *COMMON_COLUMNS), group=c.group)
        for c in CONTRACTS
    ]
    tables += [
        _source_table(name, f"{grain} {title}.", columns, group="door")
        for name, (title, grain, columns) in LEDGER_TITLES.items()
    ]
    source = {
        "name": "landing",
        "description": "Anonymised Parquet lake: what came in at the door, typed as the contracts say.",
        "config": {
            "meta": {
                # Without hive_partitioning = false the folder month=2026-09 would hide staff_post.month.
                "external_location": (
                    "read_parquet('{{ env_var('MEDKADR_LANDING', '../.medkadr/landing') }}"
                    "/{name}/**/*.parquet', hive_partitioning = false)"
                )
            }
        },
        "tables": tables,
    }
    text = yaml.safe_dump({"version": 2, "sources": [source]}, sort_keys=False, allow_unicode=True, width=110)
    return f"# {GENERATED}\n{text}"


def _source_table(name: str, description: str, columns: tuple[Column, ...], group: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "config": {"meta": {"dagster": {"asset_key": ["landing", name], "group": group}}},
        "columns": [{"name": c.name, "data_type": c.sql_type, "description": _meaning(c)} for c in columns],
    }
