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
from playwright.sync_api import Browser, BrowserContext, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))
import published

APP = published.ROOT / "dashboards" / "app.py"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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
    yield from serve(publication, {"MEDKADR_DEMONSTRATION": "1"})


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium that scripts/browser.sh found, else Debian's, else Playwright's own."""
    system = Path(os.environ.get("MEDKADR_CHROMIUM") or "/usr/bin/chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(system) if system.exists() else None, args=ARGUMENTS
        )
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser of an English reader."""
    made = browser.new_context(
        locale="en-GB", accept_downloads=True, viewport={"width": 1400, "height": 1000}
    )
    yield made
    made.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(publication: Path, way_in: dict[str, str], port: int | None = None) -> Iterator[str]:
    """Start `streamlit run` with a way in; stop it afterwards."""
    port = port or free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MEDKADR_")}
    environment = inherited | {"MEDKADR_PUBLICATION": str(publication)} | way_in
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _attempt in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError("the dashboards' server did not start within a minute")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)
