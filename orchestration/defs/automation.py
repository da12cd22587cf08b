"""When the pipeline runs by itself: the job, its nightly schedule, and the sensor of the assets' conditions.

Both triggers are off until somebody turns one on in the UI: opening the UI on a laptop must not write.
Does not belong here: the conditions of single assets (beside the assets).
"""

import dagster as dg

from orchestration.defs.ingest import PASSPORT_MONTHS

# A run that hangs is ended by the daemon instead of holding the lock for ever.
RUN_TAGS = {"dagster/max_runtime": str(6 * 3600)}

pipeline = dg.define_asset_job(
    "pipeline",
    selection=dg.AssetSelection.all(),
    description="Everything: land, check, transform, forecast, publish.",
    tags=RUN_TAGS,
)


def all_months() -> dict[str, str]:
    """Run tags that ask for every monthly partition in one run."""
    months = PASSPORT_MONTHS.get_partition_keys()
    return {
        "dagster/asset_partition_range_start": months[0],
        "dagster/asset_partition_range_end": months[-1],
    }


@dg.schedule(job=pipeline, cron_schedule="0 3 * * *", execution_timezone="Asia/Almaty")
def nightly() -> dg.RunRequest:
    """The whole pipeline each night; contracts that did not change are not read again."""
    return dg.RunRequest(tags=all_months())


automation = dg.AutomationConditionSensorDefinition(
    "automation",
    target=dg.AssetSelection.all(),
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Sources by the clock, everything after them as soon as what it reads is new.",
)
