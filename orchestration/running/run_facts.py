"""What stands beside the figures of a run: where the data come from, which code, which configuration.

Belongs here: gathering `RunFacts` from the lake, the configuration and the code. Does not belong here:
hashing (`fingerprint.py`), publishing (`publication.py`).
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from orchestration.publishing import snapshots
from orchestration.publishing.publication import RunFacts
from orchestration.running.fingerprint import code_version, hash_code, hash_inputs, hash_lock, hash_value
from orchestration.settings import Settings
from orchestration.source_config import SourceConfig


def input_files(config: SourceConfig) -> list[Path]:
    """Files and folders a configuration reads; the embedded country has none."""
    declared = [getattr(source, "path", None) for source in config.sources]
    besides = (config.crosswalk, config.code_crosswalk, config.plan_costs, *config.scenarios)
    return [path for path in (*declared, *besides) if path is not None]


def fingerprint_of(config: SourceConfig, inputs: dict[str, str]) -> str:
    """Equal fingerprints mean equal tables: configuration, inputs, code and lock are the same."""
    return hash_value([hash_config(config), sorted(inputs.values()), hash_code(), hash_lock()])


def hash_config(config: SourceConfig) -> str:
    """Hash of the effective configuration, defaults and options of the command line included."""
    return hash_value(config.model_dump(mode="json"))


def gather_facts(settings: Settings, config: SourceConfig, dagster_run_id: str) -> RunFacts:
    """The facts of the run that has just landed its data.

    Args:
        settings: Folders.
        config: The effective configuration.
        dagster_run_id: Ties the snapshot to its page in Dagster.
    """
    now = datetime.now(UTC)
    inputs = hash_inputs(input_files(config))
    delivered = delivery_rows(settings)
    return RunFacts(
        run_id=snapshots.name_after(settings.publication, now, dagster_run_id),
        published_at=now,
        as_of=config.as_of or max((row["as_of"] for row in delivered), default=None),
        fingerprint=fingerprint_of(config, inputs),
        code_version=code_version(),
        config_hash=hash_config(config),
        lock_hash=hash_lock(),
        inputs=inputs,
        landed=landed_rows(settings),
        is_demonstration=any(row["is_demonstration"] for row in delivered),
        sampling_fraction=min((row["sampling_fraction"] for row in delivered), default=1.0),
        source_note=_note(config),
    )


def delivery_rows(settings: Settings) -> list[dict[str, Any]]:
    """The delivery table: one row per contract, period and file."""
    return pq.read_table(settings.landing / "delivery" / "delivery.parquet").to_pylist()


def landed_rows(settings: Settings) -> dict[str, int]:
    """Rows landed by contract."""
    landed: dict[str, int] = {}
    for row in delivery_rows(settings):
        landed[row["contract"]] = landed.get(row["contract"], 0) + row["landed"]
    return landed


def _note(config: SourceConfig) -> str:
    """Where the data come from, in a few words: `embedded country (seed 2026) and fhir`."""
    seed = f"embedded country (seed {config.embedded.seed}, demonstration)"
    kinds = {
        seed
        if source.kind == "embedded"
        else f"{source.system or source.kind}{' (synthetic)' if source.synthetic else ''}"
        for source in config.sources
    }
    return " and ".join(sorted(kinds))
