"""Planning tables as assets: one step reads the warehouse, forecasts and writes all of them.

Belongs here: keys, groups, owners, row counts. Does not belong here: forecasts (`orchestration/forecasts/`,
`planning/`).
"""

import dagster as dg

from orchestration.defs.resources import Installation
from orchestration.forecasts.schemas import READ, TABLES
from orchestration.running.faults import fault_point


def _spec(table: str) -> dg.AssetSpec:
    columns = [dg.TableColumn(name, str(kind)) for name, kind in TABLES[table].items()]
    return dg.AssetSpec(
        dg.AssetKey(["planning", table]),
        deps=[dg.AssetKey(["intermediate", name]) for name in READ],
        group_name="planning",
        owners=["team:forecast"],
        description=f"{table.replace('_', ' ').capitalize()}, written by the forecast stage.",
        kinds={"parquet", "python"},
        metadata={"dagster/column_schema": dg.TableSchema(columns=columns)},
        automation_condition=dg.AutomationCondition.eager(),
    )


@dg.multi_asset(name="forecast", specs=[_spec(table) for table in TABLES])
def forecasts(context: dg.AssetExecutionContext, installation: Installation):
    """Forecasts, projections, scores and the tables of the what-if page."""
    from orchestration.forecasts.stage import run_stage

    fault_point("forecast.begin")
    for table, rows in run_stage(installation.settings).items():
        context.log.debug(f"planning/{table}: {rows} rows")
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey(["planning", table]), metadata={"dagster/row_count": rows}
        )
    fault_point("forecast.end")
