"""Landing under kill -9: whatever the moment, the next landing gives what an undisturbed one gives."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from door import GOOD_FACILITY, Door, csv_text

from orchestration.landing import finish_landing

pytestmark = pytest.mark.faults

LAND = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from door import Door
Door(Path(sys.argv[2])).land_file(Path(sys.argv[3]).read_bytes())
"""
POINTS = ("lake.prepared:1", "lake.away:1", "lake.replaced:1")


def land_apart(door: Door, content: str, fault_at: str) -> int:
    """Land in a process of its own, which dies at the point; its exit code."""
    path = door.folder / "next.csv"
    path.write_text(content, encoding="utf-8")
    command = [sys.executable, "-c", LAND, str(Path(__file__).parent), str(door.folder), str(path)]
    environment = {**os.environ, "MEDKADR_FAULT_AT": fault_at}
    return subprocess.run(command, env=environment, check=False, timeout=120).returncode


def landed_bytes(door: Door) -> dict[str, str]:
    """SHA-256 of every file of the table."""
    folder = door.settings.landing / "facility"
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("point", POINTS)
def test_a_landing_that_was_killed_converges_to_the_same_bytes(door, point):
    old, new = csv_text(GOOD_FACILITY), csv_text(GOOD_FACILITY, GOOD_FACILITY.replace("F1", "F2"))
    door.land_file(old)
    assert land_apart(door, new, point) == -signal.SIGKILL
    # Between the two renames there is no table; a run lands before it reads, and pages read snapshots only.
    if point != "lake.away:1":
        expected = ["F1"] if point == "lake.prepared:1" else ["F1", "F2"]
        assert [row["facility_id"] for row in door.rows("facility")] == expected
    assert door.land_file(new).landed == 2
    after_kill = landed_bytes(door)
    finish_landing(door.settings)
    assert not list((door.settings.landing / ".aside").rglob("*.parquet"))
    shutil.rmtree(door.settings.home)
    door.land_file(new)
    assert landed_bytes(door) == after_kill
