"""Deliveries that shrank since the served snapshot: a lost file looks like a country without doctors.

Belongs here: the comparison of landed rows. Does not belong here: the check that stops the run
(`defs/checks.py`) and staffing that shrinks month by month (`quality.fct_post_shrinkage`).
"""

import json

from orchestration.publishing import snapshots
from orchestration.running.run_facts import hash_config, landed_rows
from orchestration.settings import Settings
from orchestration.source_config import SourceConfig

LARGEST_LOSS_SHARE = 0.30


def shrunken(settings: Settings, config: SourceConfig) -> list[str]:
    """Sentences on contracts that lost too many rows; empty when nothing comparable is served."""
    name = snapshots.current(settings.publication)
    if name is None:
        return []
    manifest = snapshots.shelf(settings.publication) / name / "manifest.json"
    served = json.loads(manifest.read_bytes())
    # Another country, seed or fraction is no loss.
    if served["config_hash"] != hash_config(config):
        return []
    now = landed_rows(settings)
    return [
        f"{contract}: {before:,} rows in the served snapshot, {now.get(contract, 0):,} now"
        for contract, before in sorted(served["landed"].items())
        if now.get(contract, 0) < before * (1 - LARGEST_LOSS_SHARE)
    ]
