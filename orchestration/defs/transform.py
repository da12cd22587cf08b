"""dbt's models, seeds and tests as assets and checks.

The forecast marts are left to a step of their own, because they read what forecast assets write between the
two. Does not belong here: SQL (`dbt_project/`), preparing the manifest (`running/dbt_manifest.py`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets

from orchestration.defs.resources import Installation
from orchestration.running.dbt_in_process import build
from orchestration.running.dbt_manifest import MANIFEST
from orchestration.running.faults import fault_point
from orchestration.running.progress import tell
from orchestration.settings import Settings
from orchestration.warehouse import count_rows

# By name, because `path:` needs the working directory of dbt. The tests too: a check on a forecast mart in
# the first step would make Dagster cut that step into eight.
FORECAST_MARTS = "medkadr.marts.forecast medkadr.forecast"


class Translator(DagsterDbtTranslator):
    """Asset key = schema and table; group = the dbt group, or the layer; owner = the group's team."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`[schema, table]` for models and seeds; sources name theirs in `config.meta`."""
        if dbt_resource_props["resource_type"] in ("model", "seed"):
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["alias"]])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The schema, which is the layer or the mart's area."""
        return dbt_resource_props["schema"]

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """One team owns all tables until a dbt group says otherwise."""
        group = dbt_resource_props.get("group")
        name = group["name"] if isinstance(group, Mapping) else group
        return [f"team:{name or 'warehouse'}".replace("_", "-")]

    def get_automation_condition(
        self,
        dbt_resource_props: Mapping[str, Any],  # noqa: ARG002
    ) -> dg.AutomationCondition:
        """As soon as what it reads is new."""
        return dg.AutomationCondition.eager()


@dbt_assets(manifest=MANIFEST, exclude=FORECAST_MARTS, dagster_dbt_translator=Translator(), name="dbt_core")
def core_tables(context: dg.AssetExecutionContext, installation: Installation):
    """Seeds, staging, intermediate and all marts but the forecasts."""
    installation.end_landing()
    yield from build_with_rows(context, installation.settings)


@dbt_assets(
    manifest=MANIFEST, select=FORECAST_MARTS, dagster_dbt_translator=Translator(), name="dbt_forecast"
)
def forecast_tables(context: dg.AssetExecutionContext, installation: Installation):
    """The forecast marts, on what the forecast assets wrote."""
    yield from build_with_rows(context, installation.settings)


def build_with_rows(context: dg.AssetExecutionContext, settings: Settings) -> Iterator[Any]:
    """`dbt build` of this step's selection; its events with the number of rows of each table."""
    fault_point("dbt.begin")
    rows: dict[tuple[str, ...], int] | None = None
    for event in build(context, settings, MANIFEST.parent, say=tell):
        rows = count_rows(settings.warehouse) if rows is None else rows
        if isinstance(event, dg.Output):
            table = tuple(context.asset_key_for_output(event.output_name).path)
            if table in rows:
                context.add_output_metadata({"dagster/row_count": rows[table]}, output_name=event.output_name)
        yield event
    fault_point("dbt.end")
