"""Landing assets: one for each contract, from its configured source through the door into the lake.

Belongs here: the assets `landing/<contract>` and `landing/delivery`. Does not belong here: how records are
read (`orchestration/sources/`), checked and counted (`orchestration/landing.py`, `orchestration/door/`).
"""

import dagster as dg

from orchestration.contracts import CONTRACTS, Contract
from orchestration.defs.resources import Installation
from orchestration.landing import Delivery, finish_landing, land_contract
from orchestration.running.faults import fault_point
from orchestration.sources.opening import source_for

OWNERS = ["team:data-intake"]
PASSPORT_MONTHS = dg.MonthlyPartitionsDefinition(start_date="2023-01-01", timezone="Asia/Almaty")
EVERY_NIGHT = dg.AutomationCondition.on_cron("0 2 * * *", "Asia/Almaty")


def landing_key(contract: str) -> dg.AssetKey:
    """Asset key of a landing table."""
    return dg.AssetKey(["landing", contract])


def is_partitioned(contract: Contract) -> bool:
    """Passports with a month arrive month by month; a corrected month can be landed alone."""
    return contract.group == "passports" and bool(contract.period)


def parents(contract: Contract) -> list[str]:
    """Contracts that must have landed before, because this one refers to their keys."""
    named = {column.references.split(".")[0] for column in contract.columns if column.references}
    # Districts too small for a person's row are blanked, which takes the number of inhabitants.
    return sorted((named | ({"population"} if contract.is_restricted else set())) - {contract.name})


def column_schema(contract: Contract) -> dg.TableSchema:
    """The contract's columns as Dagster shows them."""
    return dg.TableSchema(
        columns=[dg.TableColumn(c.name, c.sql_type, c.description) for c in contract.columns]
    )


def landing_asset(contract: Contract) -> dg.AssetsDefinition:
    """The asset that lands one contract."""

    @dg.asset(
        key=landing_key(contract.name),
        deps=[landing_key(parent) for parent in parents(contract)],
        group_name=f"landing_{contract.group}",
        owners=OWNERS,
        description=f"{contract.title}. {contract.grain}",
        kinds={"parquet", "python"},
        metadata={"dagster/column_schema": column_schema(contract)},
        automation_condition=EVERY_NIGHT,
        partitions_def=PASSPORT_MONTHS if is_partitioned(contract) else None,
        backfill_policy=dg.BackfillPolicy.single_run() if is_partitioned(contract) else None,
    )
    def land(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult:
        fault_point("landing.begin")
        installation.suites.start()
        source = source_for(contract, installation.sources, installation.settings)
        delivery = land_contract(
            contract,
            source,
            settings=installation.settings,
            months=_asked_months(context) if is_partitioned(contract) else None,
            progress=context.log.debug,
        )
        installation.suites.begin(contract.name, installation.settings)
        fault_point("landing.end")
        context.log.info(delivery.sentence())
        return dg.MaterializeResult(metadata=_counts(delivery))

    return land


def _asked_months(context: dg.AssetExecutionContext) -> list | None:
    """The partitions of this run; None, which means all the source has, when it covers all of them.

    A whole run also lands months before the first partition, which an older register may hold.
    """
    asked = context.partition_keys
    if len(asked) == len(PASSPORT_MONTHS.get_partition_keys()):
        return None
    return [window.start.date() for window in map(PASSPORT_MONTHS.time_window_for_partition_key, asked)]


def _counts(delivery: Delivery) -> dict[str, dg.MetadataValue]:
    return {
        "dagster/row_count": dg.MetadataValue.int(delivery.landed),
        "records_in": dg.MetadataValue.int(delivery.records_in),
        "superseded": dg.MetadataValue.int(delivery.superseded),
        "quarantined": dg.MetadataValue.int(delivery.quarantined),
        "quarantined_by_rule": dg.MetadataValue.json(delivery.reasons),
        "was_unchanged": dg.MetadataValue.bool(delivery.is_unchanged),
    }


landing_tables = [landing_asset(contract) for contract in CONTRACTS]


@dg.asset(
    key=landing_key("delivery"),
    deps=[landing_key(contract.name) for contract in CONTRACTS],
    group_name="landing_ledger",
    owners=OWNERS,
    kinds={"parquet", "python"},
    automation_condition=dg.AutomationCondition.eager(),
)
def delivery(installation: Installation) -> dg.MaterializeResult:
    """One row per contract, period and file: records in = landed + superseded + quarantined."""
    deliveries = finish_landing(installation.settings)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(len(one.parts) for one in deliveries),
            "records_in": sum(one.records_in for one in deliveries),
            "quarantined": sum(one.quarantined for one in deliveries),
        }
    )


@dg.asset(
    key=landing_key("quarantine"),
    deps=[landing_key("delivery")],
    group_name="landing_ledger",
    owners=OWNERS,
    kinds={"parquet"},
    automation_condition=dg.AutomationCondition.eager(),
)
def quarantine(installation: Installation) -> dg.MaterializeResult:
    """One row per refused or warned record: file, line, rule, message, the record with persons masked."""
    import pyarrow.dataset as ds

    folder = installation.settings.landing / "quarantine"
    rows = ds.dataset(sorted(folder.rglob("*.parquet")), format="parquet").count_rows()
    return dg.MaterializeResult(metadata={"dagster/row_count": rows})
