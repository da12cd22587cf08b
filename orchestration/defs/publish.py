"""The published snapshot as an asset, after everything it shows.

Belongs here: the asset and what it depends on. Does not belong here: building, auditing and swapping
(`orchestration/publishing/`), the facts beside the figures (`orchestration/running/run_facts.py`).
"""

import dagster as dg

from orchestration.defs.ingest import landing_key
from orchestration.defs.resources import Installation
from orchestration.publishing.marts import published_marts
from orchestration.running.dbt_manifest import MANIFEST

MARTS = published_marts(MANIFEST)


@dg.asset(
    key=["publication", "snapshot"],
    deps=[landing_key("delivery"), *(dg.AssetKey([mart.schema, mart.name]) for mart in MARTS)],
    group_name="publication",
    owners=["team:publication"],
    kinds={"duckdb"},
    automation_condition=dg.AutomationCondition.eager(),
)
def snapshot(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult:
    """One immutable file an audience, audited, then served by one swap of the pointer."""
    from orchestration.publishing.publication import publish
    from orchestration.running.run_facts import gather_facts

    facts = gather_facts(installation.settings, installation.sources, context.run_id)
    folder = publish(installation.settings, facts, MARTS, say=context.log.debug)
    files = sorted(folder.glob("*.duckdb"))
    return dg.MaterializeResult(
        metadata={
            "run_id": facts.run_id,
            "folder": dg.MetadataValue.path(folder),
            "files_count": len(files),
            "bytes_count": sum(file.stat().st_size for file in files),
            "as_of": str(facts.as_of),
            "fingerprint": facts.fingerprint,
        }
    )
