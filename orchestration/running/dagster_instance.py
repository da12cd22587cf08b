"""Dagster's own storage: one folder an installation, shared by `medkadr run` and the UI.

Belongs here: its settings and the clearing up after killed runs. Does not belong here: definitions.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.running.run_lock import only_run
from orchestration.settings import Settings

DAGSTER_YAML = """\
# Written by medkadr; a file of your own in this place is kept.
telemetry: {enabled: false}
nux: {enabled: false}  # no dialogue that asks for an e-mail address
concurrency: {runs: {max_concurrent_runs: 1}}  # DuckDB has one writer
run_monitoring: {enabled: true}  # ends runs whose process was killed
event_log_storage:
  module: orchestration.running.event_log
  class: KeptOpenEventLog
  config: {base_dir: {env: DAGSTER_HOME}}
"""
_ENDED_BY_KILL = (
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.CANCELING,
)


@contextmanager
def open_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance of this installation."""
    prepare_storage(settings)
    settings.hand_down()  # dagster.yaml names DAGSTER_HOME, so that the folder can be moved
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        yield instance


def prepare_storage(settings: Settings) -> None:
    """Make the folder and its settings when they are missing."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    config = settings.dagster_home / "dagster.yaml"
    if not config.exists():
        writing = config.with_suffix(".writing")
        writing.write_text(DAGSTER_YAML, encoding="utf-8")
        writing.replace(config)


def reap_stale_runs(instance: dg.DagsterInstance, settings: Settings) -> int:
    """Mark as failed what a killed process left as running.

    Every run holds the installation's lock, so whoever holds it knows that no other run is alive.

    Returns:
        How many runs were marked.

    Raises:
        UserError: A run is alive.
    """
    with only_run(settings.lock):
        stale = instance.get_runs(dg.RunsFilter(statuses=list(_ENDED_BY_KILL)))
        for run in stale:
            instance.report_run_failed(run, "Its process ended without a word; marked at the next start.")
    return len(stale)
