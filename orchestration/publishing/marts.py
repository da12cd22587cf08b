"""Which tables are published and to whom, as the dbt manifest says.

Belongs here: reading `config.meta.audience` of the marts. Does not belong here: copying (`publication.py`).
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from orchestration.errors import UserError
from orchestration.forecasts.schemas import DESCENDS_FROM, READ

AudienceKind = Literal["ministry", "region", "university"]
AUDIENCE_KINDS: tuple[AudienceKind, ...] = ("ministry", "region", "university")


@dataclass(frozen=True)
class Mart:
    """One published table.

    Attributes:
        schema: Its schema, the same in the warehouse and in every published file.
        name: Its name.
        description: One sentence that begins with the grain.
        contracts: The contracts from which its figures come.
        audience: For each kind of audience the column that holds the audience's key, or `all`.
        columns: Column names and descriptions.
        months_count: Publish only so many latest months; None publishes all. Details of single facilities
            are read for the latest months; the warehouse keeps the rest, roll-ups show it.
        person_counts: Columns that hold counts of persons, shown by the rule of disclosure.
        as_of: The day its figures describe where that is not the run's: a table printed once.
    """

    schema: str
    name: str
    description: str
    contracts: tuple[str, ...]
    audience: dict[AudienceKind, str]
    columns: dict[str, str]
    months_count: int | None = None
    person_counts: tuple[str, ...] = ()
    as_of: date | None = None

    @property
    def relation(self) -> str:
        """Quoted `schema.table`."""
        return f'"{self.schema}"."{self.name}"'

    def published_rows(self, catalog: str) -> str:
        """SQL of the rows that are published to whoever may see all of them."""
        table = f"{catalog}.{self.relation}"
        if self.months_count is None:
            return f"select * from {table}"  # noqa: S608 - names from the manifest
        return (
            f"select * from {table} where month >"  # noqa: S608 - names from the manifest
            f" (select max(month) - interval {self.months_count} month from {table})"
        )


def published_marts(manifest_path: Path) -> list[Mart]:
    """All models and code lists that name an audience, in the order of schema and name.

    Raises:
        UserError: The manifest is missing, or an audience names a kind or column that does not exist.
    """
    if not manifest_path.is_file():
        raise UserError("The dbt manifest is missing.", where=str(manifest_path), mend="make setup")
    manifest = json.loads(manifest_path.read_bytes())
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")]
    marts = [_mart(node, manifest) for node in nodes if node["config"].get("meta", {}).get("audience")]
    return sorted(marts, key=lambda mart: (mart.schema, mart.name))


def _mart(node: dict[str, Any], manifest: dict[str, Any]) -> Mart:
    meta = node["config"]["meta"]
    audience = meta["audience"]
    for kind, column in audience.items():
        if kind not in AUDIENCE_KINDS or (column != "all" and column not in node["columns"]):
            raise UserError(
                f"{node['name']} is published to {kind!r} by column {column!r}, which does not exist.",
                where=f"{node['original_file_path']}: config.meta.audience",
                mend=f"Name one of {', '.join(AUDIENCE_KINDS)} and one of the model's columns, or all.",
            )
    return Mart(
        schema=node["schema"],
        name=node["alias"],
        description=node["description"].strip(),
        contracts=_contracts_above(node["unique_id"], manifest),
        audience=audience,
        columns={name: column["description"] for name, column in node["columns"].items()},
        months_count=meta.get("published_months_count"),
        person_counts=tuple(meta.get("disclosure", ())),
        as_of=date.fromisoformat(meta["as_of_date"]) if "as_of_date" in meta else None,
    )


def _contracts_above(unique_id: str, manifest: dict[str, Any]) -> tuple[str, ...]:
    """Names of the landing tables from which a model descends.

    dbt does not see what lies behind a table of the forecast stage: its own declaration tells.
    """
    seen: set[str] = set()
    stack = [unique_id]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack += manifest["parent_map"].get(node, [])
            source = manifest["sources"].get(node)
            if source and source["source_name"] == "planning":
                stack += [f"model.medkadr.{name}" for name in DESCENDS_FROM.get(source["name"], READ)]
    sources = (manifest["sources"][node] for node in seen if node in manifest["sources"])
    return tuple(sorted(s["name"] for s in sources if s["source_name"] == "landing"))
