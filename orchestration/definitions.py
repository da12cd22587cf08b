"""All of medkadr as Dagster sees it: whatever stands in `defs/`, with one freshness policy laid over it.

Belongs here: assembly. Does not belong here: any asset, check, job or resource (`defs/`). Loading does no
work: the dbt manifest it reads was prepared before (`orchestration/running/dbt_manifest.py`).
"""

from datetime import timedelta
from pathlib import Path

import dagster as dg

# Passports arrive once a month; five weeks without a new table means a delivery was missed.
FRESHNESS = dg.FreshnessPolicy.time_window(warn_window=timedelta(days=35), fail_window=timedelta(days=65))


@dg.definitions
def defs() -> dg.Definitions:
    """Everything under `defs/`."""
    loaded = dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
    return loaded.permissive_map_resolved_asset_specs(
        func=lambda spec: dg.apply_freshness_policy(spec, FRESHNESS), selection=None
    )
