"""Two runs at once: the second is refused in words, and a dead one leaves no lock behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.errors import UserError
from orchestration.running.run_lock import only_run

pytestmark = pytest.mark.faults

HOLDER = """
import sys, time
from pathlib import Path
from orchestration.running.run_lock import only_run
with only_run(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(lock: Path) -> subprocess.Popen[str]:
    """A process that holds the lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_refused_and_told_who_writes(tmp_path):
    process = hold(tmp_path / "run.lock")
    try:
        told = rf"Another run is writing here[\s\S]*process {process.pid}"
        with pytest.raises(UserError, match=told), only_run(tmp_path / "run.lock"):
            pass
    finally:
        process.kill()
        process.wait()


def test_a_killed_run_leaves_no_lock(tmp_path):
    process = hold(tmp_path / "run.lock")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(0.1)
    with only_run(tmp_path / "run.lock"):
        pass


def test_the_same_process_may_take_the_lock_again(tmp_path):
    with only_run(tmp_path / "run.lock"), only_run(tmp_path / "run.lock"):
        pass


def test_runs_left_by_a_killed_process_are_marked_as_failed(tmp_path):
    import dagster as dg

    from orchestration.running.dagster_instance import open_instance, reap_stale_runs
    from orchestration.settings import Settings

    settings = Settings(tmp_path, None, None, threads=1, memory_limit="500MB")

    @dg.asset
    def table() -> None: ...

    job = dg.Definitions([table], jobs=[dg.define_asset_job("all")]).resolve_job_def("all")
    with open_instance(settings) as instance:
        run = instance.create_run_for_job(job)
        assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.NOT_STARTED
        assert reap_stale_runs(instance, settings) == 1
        assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE
