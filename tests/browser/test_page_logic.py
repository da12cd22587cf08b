"""Every page of every audience in every language, through Streamlit's app tester."""

import json
import shutil
from pathlib import Path

import duckdb
import published
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import menu, words
from dashboards.words import formats

pytestmark = pytest.mark.browser

AUDIENCES = {"ministry": "ministry", "region": "region_KZ-10", "university": "university_07"}
PAGES = [
    (kind, entry.file) for kind, sections in menu.MENUS.items() for e in sections.values() for entry in e
]


def open_page(publication: Path, monkeypatch, audience: str, file: str, language: str = "en") -> AppTest:
    """The app with the page open."""
    monkeypatch.setenv("MEDKADR_PUBLICATION", str(publication))
    monkeypatch.setenv("MEDKADR_DEMONSTRATION", "1")
    monkeypatch.delenv("MEDKADR_AUDIENCE", raising=False)
    monkeypatch.delenv("MEDKADR_ROLES", raising=False)
    app = AppTest.from_file(str(published.ROOT / "dashboards" / "app.py"), default_timeout=30)
    app.query_params["audience"] = audience
    app.query_params["language"] = language
    app.run()
    return app.switch_page(f"views/{file}").run()


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize(("kind", "file"), PAGES)
def test_a_page_shows_its_question_and_its_answer(publication, monkeypatch, kind, file, language):
    app = open_page(publication, monkeypatch, AUDIENCES[kind], file, language)

    assert not app.exception
    assert len(app.title) == 1 and app.title[0].value
    assert app.info[0].value, "the mark of demonstration data stands above every page"


@pytest.mark.parametrize("hollow", ["empty", "absent"])
@pytest.mark.parametrize(("kind", "file"), PAGES)
def test_a_page_without_data_says_so(hollow_publications, monkeypatch, kind, file, hollow):
    app = open_page(hollow_publications[hollow], monkeypatch, AUDIENCES[kind], file)

    assert not app.exception
    assert any(info.value.startswith("No data") for info in app.info[1:])


def test_no_warning_is_an_answer_only_where_staff_members_were_delivered(
    hollow_publications, tmp_path, monkeypatch
):
    page = (AUDIENCES["ministry"], "shared/warnings.py")
    assert not open_page(hollow_publications["empty"], monkeypatch, *page).success

    folder = published.publish(tmp_path, rows=False)
    with duckdb.connect(str(folder / "snapshots" / published.RUN / "ministry.duckdb")) as link:
        link.execute("insert into meta.delivered values ('staff_member')")
    assert open_page(folder, monkeypatch, *page).success


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_headline_is_the_snapshots_own_number(publication, monkeypatch, language):
    app = open_page(publication, monkeypatch, "ministry", "ministry/deficits.py", language)

    monkeypatch.setattr(words, "language", lambda: language)
    monkeypatch.setattr(formats, "language", lambda: language)
    said = app.metric[0].value.replace("\\", "")
    assert said == formats.number(published.VACANT["nation"])


def test_a_chosen_language_is_spoken_everywhere(publication, monkeypatch):
    app = open_page(publication, monkeypatch, "ministry", "ministry/deficits.py", "kk")

    assert "Кадр қазір қайда жетіспейді" in app.title[0].value
    assert app.metric[0].label == "Бос штат бірліктері"


def test_without_a_publication_the_page_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDKADR_PUBLICATION", str(tmp_path))
    monkeypatch.setenv("MEDKADR_DEMONSTRATION", "1")
    app = AppTest.from_file(str(published.ROOT / "dashboards" / "app.py"))
    app.query_params["language"] = "en"
    app.run()

    assert not app.exception
    assert app.title[0].value == "Nothing is published yet"
    assert "medkadr run" in app.code[0].value


@pytest.mark.parametrize("demonstration", [None, "1"])
def test_data_of_real_people_are_shown_to_nobody_who_has_not_signed_in(tmp_path, monkeypatch, demonstration):
    monkeypatch.setenv("MEDKADR_PUBLICATION", str(published.publish(tmp_path, is_demonstration=False)))
    for name in ("MEDKADR_AUDIENCE", "MEDKADR_ROLES", "MEDKADR_DEMONSTRATION"):
        monkeypatch.delenv(name, raising=False)
    if demonstration:
        monkeypatch.setenv("MEDKADR_DEMONSTRATION", demonstration)
    app = AppTest.from_file(str(published.ROOT / "dashboards" / "app.py"))
    app.query_params["language"] = "en"
    app.query_params["audience"] = "ministry"
    app.run()

    assert app.title[0].value == "Sign-in is not configured"
    assert not app.selectbox and not app.metric and not app.dataframe


def test_one_machine_reads_as_the_audience_it_was_started_for_and_no_other(publication, monkeypatch):
    monkeypatch.setenv("MEDKADR_PUBLICATION", str(publication))
    monkeypatch.delenv("MEDKADR_DEMONSTRATION", raising=False)
    monkeypatch.setenv("MEDKADR_AUDIENCE", "region_KZ-10")
    app = AppTest.from_file(str(published.ROOT / "dashboards" / "app.py"))
    app.query_params["audience"] = "region_KZ-35"
    app.query_params["language"] = "en"
    app.run()

    assert not app.exception
    assert app.title[0].value == "What needs attention now?"
    assert app.session_state["snapshot"].audience.name == "region_KZ-10"


def drawn_map(app: AppTest) -> dict:
    """The map as it is sent to the browser."""
    return json.loads(app.get("plotly_chart")[0].proto.spec)


def test_the_map_is_a_grid_of_tiles_without_boundaries(publication, monkeypatch):
    app = open_page(publication, monkeypatch, "ministry", "ministry/deficits.py")
    areas = [trace for trace in drawn_map(app)["data"] if trace.get("fill") == "toself"]

    assert len(areas) == len(published.REGIONS)
    assert all(len(trace["x"]) == 5 for trace in areas)


@pytest.mark.parametrize("is_readable", [True, False])
def test_configured_boundaries_are_drawn_as_they_are_and_unusable_ones_are_said(
    publication, monkeypatch, tmp_path, is_readable
):
    ring = [[70.0, 50.0], [72.0, 50.0], [71.0, 52.0], [70.0, 50.0]]
    feature = {"properties": {"region_code": "KZ-35"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path = tmp_path / "boundaries.json"
    path.write_text(json.dumps({"features": [feature]}) if is_readable else "{", encoding="utf-8")
    monkeypatch.setenv("MEDKADR_BOUNDARIES", str(path))
    app = open_page(publication, monkeypatch, "ministry", "ministry/deficits.py")
    areas = [trace for trace in drawn_map(app)["data"] if trace.get("fill") == "toself"]

    assert not app.exception
    assert [trace["x"] for trace in areas] == (
        [[70.0, 72.0, 71.0, 70.0]] if is_readable else [t["x"] for t in areas]
    )
    assert bool(app.warning) is not is_readable
    assert len(areas) == (1 if is_readable else 2)


TAMPERED = ["' or 1=1 --", "../../etc/passwd", "KZ-35", "all", "", "<script>", "\u202e", "9" * 400]
KEYS = ["audience", "language", "region", "district", "facility", "staff", "specialty", "settlement"]
KEYS += ["method", "measure", "scenario", "area", "state", "graduate", "control_facility", "year", "group"]


@pytest.mark.parametrize("value", TAMPERED)
def test_a_tampered_address_opens_a_page_of_the_own_audience_and_no_error(publication, monkeypatch, value):
    monkeypatch.setenv("MEDKADR_PUBLICATION", str(publication))
    monkeypatch.setenv("MEDKADR_AUDIENCE", "region_KZ-10")
    for name in ("MEDKADR_DEMONSTRATION", "MEDKADR_ROLES"):
        monkeypatch.delenv(name, raising=False)
    app = AppTest.from_file(str(published.ROOT / "dashboards" / "app.py"), default_timeout=30)
    for key in KEYS:
        app.query_params[key] = value
    app.run()
    for file in ("shared/posts.py", "shared/control.py"):
        app.switch_page(f"views/{file}").run()

        assert not app.exception
        assert app.session_state["snapshot"].audience.name == "region_KZ-10"
        assert "canary-KZ-35" not in "".join(table.value.to_csv() for table in app.dataframe)


def test_a_page_open_while_a_new_snapshot_is_published_goes_on_with_the_new_one(tmp_path, monkeypatch):
    old = published.publish(tmp_path)
    app = open_page(old, monkeypatch, "ministry", "ministry/deficits.py")
    new = tmp_path / "snapshots" / "20261001T000000-fixture"
    shutil.copytree(tmp_path / "snapshots" / published.RUN, new)
    with duckdb.connect(str(new / "ministry.duckdb")) as link:
        link.execute("update staffing.fct_deficit_rollups set vacant_fte = vacant_fte + 1")
    (tmp_path / "CURRENT").write_text(new.name, encoding="utf-8")
    shutil.rmtree(tmp_path / "snapshots" / published.RUN)  # older than what is kept
    app.run()

    assert not app.exception
    monkeypatch.setattr(formats, "language", lambda: "en")
    expected = formats.number(published.VACANT["nation"] + 1)
    assert app.metric[0].value.replace("\\", "") == expected
