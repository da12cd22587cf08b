"""Signing in with OpenID Connect: who sees what, against a provider that runs here."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import conftest
import published
import pytest
from playwright.sync_api import BrowserContext, Page
from test_real_browser import Traffic, watched

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("sign_in")]

PEOPLE = {
    "planner": {"email": "planner@example.org", "email_verified": True},
    "officer": {},
    "impostor": {"email": "planner@example.org", "email_verified": False},
}
ROLES = "email,subject,audience\nplanner@example.org,,ministry\n,officer,region_KZ-10\n"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """An OpenID Connect provider that believes whatever name is typed."""
    port = conftest.free_port()
    command = [str(Path(sys.executable).parent / "oidc-provider-mock"), "--port", str(port)]
    for subject, claims in PEOPLE.items():
        command += ["--user-claims", json.dumps({"sub": subject} | claims)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(600):
            try:
                urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def guarded(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Pages on data of real people, behind the provider and a table of roles."""
    folder = tmp_path_factory.mktemp("guarded")
    publication = published.publish(folder / "publication", is_demonstration=False)
    port = conftest.free_port()
    (folder / "roles.csv").write_text(ROLES, encoding="utf-8")
    (folder / "secrets.toml").write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "a secret of this test only, 32 letters"
client_id = "medkadr"
client_secret = "irrelevant"
server_metadata_url = "{provider}/.well-known/openid-configuration"
""",
        encoding="utf-8",
    )
    way_in = {
        "MEDKADR_ROLES": str(folder / "roles.csv"),
        "MEDKADR_DEMONSTRATION": "1",  # must change nothing: the data are not invented
        "STREAMLIT_SECRETS_FILES": str(folder / "secrets.toml"),
    }
    yield from conftest.serve(publication, way_in, port)


def sign_in(context: BrowserContext, address: str, subject: str) -> tuple[Page, Traffic]:
    """The pages after going through the provider's form as `subject`."""
    page, traffic = watched(context)
    page.goto(address)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("sub").or_(page.locator("input[name=sub]")).first.fill(subject)
    page.get_by_role("button", name="Authorize").or_(page.locator("button[type=submit]")).first.click()
    page.get_by_role("button", name="Sign out").wait_for(timeout=30_000)
    return page, traffic


def test_a_stranger_is_sent_nothing_but_the_door(guarded, context):
    page, traffic = watched(context)
    page.goto(f"{guarded}/control?audience=ministry&language=en")
    page.get_by_role("button", name="Sign in").wait_for(timeout=30_000)

    assert traffic.received
    assert not any(traffic.holds(f"canary-{region}") for region in published.REGIONS)
    assert page.get_by_role("combobox").count() == 0, "no picker of audiences"


@pytest.mark.parametrize(
    ("subject", "own", "others"), [("planner", "KZ-35", None), ("officer", "KZ-10", "KZ-35")]
)
def test_who_signs_in_reads_as_the_table_of_roles_says(guarded, context, subject, own, others):
    page, traffic = sign_in(context, guarded, subject)
    page.goto(f"{guarded}/control?audience=region_KZ-35&language=en")
    page.get_by_role("heading", name="Which facilities should inspectors visit first").wait_for(
        timeout=30_000
    )
    page.get_by_text("abc1234").wait_for(timeout=30_000)

    assert traffic.holds(f"canary-{own}-")
    assert others is None or not traffic.holds(f"canary-{others}-")
    assert page.get_by_text("Demonstration data").count() == 0
    assert page.get_by_role("combobox", name="Show as").count() == 0


def test_an_address_that_the_provider_has_not_verified_opens_nothing(guarded, context):
    page, traffic = sign_in(context, guarded, "impostor")

    page.get_by_role("heading", name="No audience is granted to you").wait_for(timeout=30_000)
    assert not any(traffic.holds(f"canary-{region}") for region in published.REGIONS)
