"""The pages in Chromium: nothing breaks, nothing leaves the machine, nobody sees another's row."""

import contextlib
import http.client
import io
import itertools
import re
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import published
import pytest
from playwright.sync_api import BrowserContext, Page, TimeoutError

from dashboards import menu, words

pytestmark = pytest.mark.browser

AUDIENCES = {"ministry": "ministry", "region": "region_KZ-10", "university": "university_07"}
# Each page in one language, the languages in turn: the app tester has opened every page in every language.
VISITS = [
    (kind, Path(entry.file).stem, language)
    for (kind, entry), language in zip(
        ((kind, entry) for kind, sections in menu.MENUS.items() for e in sections.values() for entry in e),
        itertools.cycle(words.LANGUAGES),
        strict=False,
    )
]


@dataclass
class Traffic:
    """What a page asked for and was sent."""

    outside: list[str] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)

    def holds(self, text: str) -> bool:
        return any(text.encode() in frame for frame in self.received)


def watched(context: BrowserContext) -> tuple[Page, Traffic]:
    """A new page of which all that it asks for and is sent is kept."""
    page, traffic = context.new_page(), Traffic()

    def request(asked) -> None:
        if not re.match(r"(data|blob|about):|(http|ws)://127\.0\.0\.1[:/]", asked.url):
            traffic.outside.append(asked.url)

    def response(answered) -> None:
        if "/media/" in answered.url:
            traffic.received.append(answered.body())

    def socket(opened) -> None:
        opened.on(
            "framereceived",
            lambda data: traffic.received.append(data.encode() if isinstance(data, str) else data),
        )

    page.on("request", request)
    page.on("response", response)
    page.on("websocket", socket)
    return page, traffic


# As tall as half a second ago.
SETTLED = """() => {
    const blocks = [...document.querySelectorAll("[data-testid=stMainBlockContainer]")];
    const size = Math.max(...blocks.map((block) => block.scrollHeight));
    const is_same = window.sizeBefore === size;
    window.sizeBefore = size;
    return is_same;
}"""


def visit(context: BrowserContext, url: str) -> tuple[Page, Traffic]:
    """Open a page and wait until it has said everything."""
    page, traffic = watched(context)
    page.goto(url)
    page.get_by_text(re.compile("abc1234")).wait_for(timeout=30_000)  # the footer: the run is through
    page.wait_for_function(SETTLED, polling=500)  # a page that still grows moves what is clicked
    return page, traffic


@pytest.mark.parametrize(("kind", "stem", "language"), VISITS)
def test_a_page_opens_from_its_link_and_asks_nothing_of_the_outside(address, context, kind, stem, language):
    first = next(iter(menu.MENUS[kind].values()))[0].file
    path = "" if Path(first).stem == stem else stem
    page, traffic = visit(context, f"{address}/{path}?audience={AUDIENCES[kind]}&language={language}")

    assert traffic.outside == []
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_text("Page not found").count() == 0
    assert page.evaluate("window.hacked") is None
    # Streamlit fetches what draws raw HTML late: on a busy machine, after the footer stands.
    page.wait_for_function("spoken => document.documentElement.lang === spoken", arg=language, timeout=10_000)
    assert page.locator("h1").count() == 1
    labels = [chart.get_attribute("aria-label") for chart in page.get_by_test_id("stPlotlyChart").all()]
    assert all(labels), "a chart has a text for readers who do not see it"
    if kind != "ministry":
        own = AUDIENCES[kind].split("_")[1]
        if kind == "region":
            canaries = [f"canary-{other}-" for other in published.REGIONS if other != own]
        else:
            strangers = [other for other in published.UNIVERSITIES if other != own]
            canaries = [f"canary-{r}-{other} " for r in published.REGIONS for other in strangers]
        assert traffic.received and canaries
        assert [canary for canary in canaries if traffic.holds(canary)] == []


def test_the_watch_for_anothers_row_would_see_it(address, context):
    """The control: the ministry does receive every region's rows, and the same watch finds them."""
    _page, traffic = visit(context, f"{address}/control?audience=ministry&language=en")

    assert traffic.holds("canary-KZ-10-") and traffic.holds("canary-KZ-35-")


@pytest.mark.parametrize(("host", "answer"), [("127.0.0.1", 101), ("attacker.invalid", 403)])
def test_a_name_from_elsewhere_that_points_here_is_refused(address, host, answer):
    """A page of a stranger could else read this server through a name of its own (DNS rebinding)."""
    port = int(address.rpartition(":")[2])
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    upgrade = {"Host": host, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    link.request(
        "GET", "/_stcore/stream", headers=upgrade | {"Sec-WebSocket-Key": "bWVka2FkciBtZWRrYWRyIQ=="}
    )

    assert link.getresponse().status == answer
    link.close()


def test_a_region_cannot_ask_for_another_by_its_link(address, context):
    _page, traffic = visit(
        context, f"{address}/posts?audience=region_KZ-10&language=en&region=KZ-35&facility=F-KZ-35-0"
    )

    assert traffic.holds("canary-KZ-10-") and not traffic.holds("canary-KZ-35-")


def test_hostile_names_are_shown_as_text(address, context):
    page, traffic = visit(context, f"{address}/control?audience=region_KZ-10&language=ru")

    assert traffic.holds("attacker.invalid"), "the hostile name is there"
    # By key: a click scrolls a page this tall, and scrolling closes the list again. Pressed until the list
    # stays open: a table that draws itself late scrolls the page too.
    option = page.get_by_role("option", name="attacker.invalid").first
    for _attempt in range(10):
        page.get_by_role("combobox", name="Организация").press("ArrowDown")
        with contextlib.suppress(TimeoutError):
            option.wait_for(timeout=3_000)
            break
    assert option.is_visible()
    assert traffic.outside == []
    assert page.locator("img[src*='attacker']").count() == 0


@pytest.mark.parametrize("kind", ["CSV", "XLSX"])
def test_a_download_holds_the_tables_figures_their_origin_and_no_formula(address, context, tmp_path, kind):
    page, _traffic = visit(context, f"{address}/control?audience=region_KZ-10&language=ru")
    with page.expect_download() as caught:
        page.get_by_role("button", name=kind, exact=True).first.click()
    target = tmp_path / caught.value.suggested_filename
    caught.value.save_as(target)

    assert target.name.startswith("control_list_region_KZ-10_" + published.RUN)
    content = target.read_bytes()
    if kind == "CSV":
        text = content.decode("utf-8-sig")
        cells = [cell for line in text.splitlines() for cell in line.split(",")]
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
        text = "\n".join(cells)
    assert "Демонстрационные данные" in text and "30 сент. 2026" in text
    assert "canary-KZ-10-all facility_name_ru" in text and "canary-KZ-35" not in text
    assert not any(cell.lstrip('"')[:1] in set("=+@") for cell in cells)


def test_a_click_on_the_map_goes_down_to_the_region(address, context):
    page, _traffic = visit(context, f"{address}/deficits?audience=ministry&language=en")
    # Plotly lays one transparent sheet over its chart, so the click goes to the place, not to the element.
    page.get_by_test_id("stPlotlyChart").first.get_by_text("Karaganda").click(force=True)
    page.get_by_role("heading", name="Where exactly is the deficit").wait_for()

    page.wait_for_url(re.compile("region=KZ-35"))


def test_the_language_changes_by_keyboard_and_stays_on_the_next_page(address, context):
    page, _traffic = visit(context, f"{address}/deficits?audience=ministry&language=en")
    page.get_by_role("radio", name="Қаз").or_(page.get_by_role("button", name="Қаз")).first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Кадр қазір қайда").wait_for()
    page.get_by_role("link", name="Деректер сапасы").click()
    page.get_by_role("heading", name="Сандарға сенуге").wait_for()

    page.wait_for_url(re.compile("language=kk"))
