"""What all tests share: the law of markers, the prepared dbt manifest, one small published country.

Belongs here: fixtures used by more than one kind of test. Does not belong here: data of one test.
"""

import dataclasses
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

KINDS = {"unit", "spec", "property", "integration", "browser", "faults", "rules"}
os.environ.setdefault("OMP_NUM_THREADS", "1")
# The demonstration's own key of these tests, not of the person who runs them.
_STATE = tempfile.TemporaryDirectory(prefix="medkadr-state-")
os.environ["XDG_STATE_HOME"] = _STATE.name
SMALL_FRACTION = 0.001


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test without exactly one kind, so that `make test` can say what it proved."""
    wrong = [item.nodeid for item in items if len(KINDS & {mark.name for mark in item.iter_markers()}) != 1]
    if wrong:
        raise pytest.UsageError(f"exactly one of {sorted(KINDS)} for each test; not so: {wrong[:10]}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-snapshots` writes what snapshot tests compare with; review the difference."""
    parser.addoption("--write-snapshots", action="store_true", help="write snapshots instead of comparing")


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """Keep this process's `__main__`.

    Streamlit's app tester leaves the app in its place, and a process started later by multiprocessing would
    run the app before its work.
    """
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all workers of this session."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def manifest(shared_folder: Path) -> Path:
    """The dbt manifest, parsed when it is missing or stale."""
    from orchestration.running.dbt_manifest import MANIFEST, prepare_manifest
    from orchestration.settings import load_settings

    prepare_manifest(dataclasses.replace(load_settings(), home=shared_folder / "parsing"))
    return MANIFEST


@pytest.fixture(scope="session")
def small_fraction() -> float:
    """Share of persons that the small country draws."""
    return SMALL_FRACTION


@pytest.fixture(scope="session")
def small_country(shared_folder: Path, manifest: Path):
    """Settings of an installation on which `medkadr run` went through once, with few patients."""
    from orchestration.settings import load_settings

    settings = dataclasses.replace(load_settings(), home=shared_folder / "small_country", config_path=None)
    with FileLock(shared_folder / "small_country.lock"):
        if not (settings.publication / "CURRENT").exists():
            from orchestration.running.pipeline import Options, run_pipeline
            from orchestration.running.progress import Progress

            run_pipeline(settings, Options(sampling_fraction=SMALL_FRACTION), Progress(say=print))
    return settings
