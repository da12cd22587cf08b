"""Publications and servers for the pages."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import published

APP = published.ROOT / "dashboards" / "app.py"


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication with rows in every mart."""
    return published.publish(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="session")
def hollow_publications(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A publication whose marts are empty, and one that has no marts at all."""
    return {
        "empty": published.publish(tmp_path_factory.mktemp("empty"), rows=False),
        "absent": published.publish(tmp_path_factory.mktemp("absent"), marts=False),
    }


@pytest.fixture(scope="session")
def address(publication: Path) -> Iterator[str]:
    """A running server of the full publication, in demonstration mode."""
    yield from serve(publication)


def serve(publication: Path) -> Iterator[str]:
    """Start `streamlit run` on a free port; stop it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"MEDKADR_PUBLICATION": str(publication), "MEDKADR_DEMONSTRATION": "1"}
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _attempt in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError("the dashboards' server did not start within 10 s")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)
