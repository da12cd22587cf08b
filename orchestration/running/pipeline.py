"""One run of the whole pipeline through Dagster, in this process.

Belongs here: preparing, starting and judging the run. Does not belong here: options and printing
(`commands/run.py`), what the steps do (`defs/`).
"""

import logging
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.errors import UserError
from orchestration.publishing import snapshots
from orchestration.running.collector import keep_what_is_loaded
from orchestration.running.dagster_instance import open_instance, reap_stale_runs
from orchestration.running.damage import refuse_damaged_history, set_damaged_warehouse_aside
from orchestration.running.dbt_manifest import prepare_manifest
from orchestration.running.disk import disk_faults_told, fullness, refuse_closed_folders
from orchestration.running.progress import Progress, listen
from orchestration.running.run_lock import only_run
from orchestration.settings import Settings
from orchestration.validation.beside import get_ready

INTERRUPTED = "The run was interrupted."


@dataclass(frozen=True)
class Options:
    """What the command line says on top of the environment.

    Attributes:
        seed: Seed of the embedded country, or None for the configuration's.
        sampling_fraction: Its share of persons, or None.
    """

    seed: int | None = None
    sampling_fraction: float | None = None


def run_pipeline(settings: Settings, options: Options, progress: Progress) -> Path:
    """Land, check, transform, publish.

    Args:
        settings: Folders and configuration.
        options: Overrides of the configuration.
        progress: Told every step.

    Returns:
        Folder of the snapshot now served.

    Raises:
        UserError: Another run is writing, the input cannot be used, or a step failed; the old snapshot
            stays served.
    """
    settings.hand_down()
    with disk_faults_told(settings.home), only_run(settings.lock), progress:
        progress.enter("prepare")
        refuse_closed_folders(settings.written_folders)
        refuse_damaged_history(settings)
        if aside := set_damaged_warehouse_aside(settings):
            progress.say(f"the warehouse was damaged and is built anew; the damaged file is {aside}")
        get_ready()
        if prepare_manifest(settings):
            progress.say("parsed the dbt project")
        # Backfill policies and freshness are marked beta; the pins in pyproject.toml answer for them.
        warnings.simplefilter("ignore", dg.BetaWarning)
        warnings.simplefilter("ignore", dg.PreviewWarning)
        # dbt gives the root logger a handler; what Dagster logs is told by the progress logger already.
        logging.getLogger("dagster.builtin").propagate = False
        from orchestration.definitions import defs
        from orchestration.defs.automation import all_months

        with open_instance(settings) as instance:
            if reaped := reap_stale_runs(instance, settings):
                progress.say(f"marked {reaped} run(s) that were killed as failed")
            job = defs().resolve_job_def("pipeline")
            keep_what_is_loaded()
            progress.leave()
            listen(progress)
            try:
                result = job.execute_in_process(
                    instance=instance,
                    raise_on_error=False,
                    tags=all_months(),
                    run_config=_run_config(settings, options),
                )
            except KeyboardInterrupt:
                raise UserError(
                    INTERRUPTED,
                    where=str(settings.home),
                    mend="Start it again; the published snapshot is unchanged.",
                ) from None
            finally:
                listen(None)
        if not result.success:
            raise _failure(result, settings)
    return snapshots.current_folder(settings.publication)


def _run_config(settings: Settings, options: Options) -> dict[str, Any]:
    installation = {
        "home": str(settings.home),
        "config": str(settings.config_path or ""),
        "seed": options.seed,
        "sampling_fraction": options.sampling_fraction,
    }
    return {
        "loggers": {"progress": {"config": {}}},
        "resources": {"installation": {"config": {k: v for k, v in installation.items() if v is not None}}},
    }


def _failure(result: dg.ExecuteInProcessResult, settings: Settings) -> UserError:
    """The first thing that went wrong, as its own error says it."""
    told = "A step failed."
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error.cause is not None:
                error = error.cause
            told = _first_lines(error.message.strip().removeprefix("orchestration.errors.UserError: "))
            if error.cls_name == dg.DagsterExecutionInterruptedError.__name__:
                told = INTERRUPTED
            elif error.cls_name == "DagsterAssetCheckFailedError":
                told = "A check that must hold before the run goes on does not hold."
            break
    checks = [
        f"{e.asset_key.to_user_string()}: {e.check_name}{f' ({e.description})' if e.description else ''}"
        for e in result.get_asset_check_evaluations()
        if not e.passed and e.severity.value == "ERROR"
    ]
    reasons = [f"failed checks: {'; '.join(checks)}"] if checks else []
    if full := fullness(settings.home):
        reasons.append(full)
    return UserError(
        told,
        where=f"run {result.run_id}",
        why="; ".join(reasons),
        mend="`make dagster` shows the run step by step, "
        f"{settings.reports / 'validation.html'} the last validation. The published snapshot is unchanged.",
    )


def _first_lines(text: str, most: int = 25) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n  ".join(lines[:most] + (["…"] if len(lines) > most else []))
