"""A number on a page is the snapshot's own: asked again here by other SQL, past every module of the pages."""

import shutil

import duckdb
import published
import pytest
from test_page_logic import open_page

pytestmark = pytest.mark.browser

# Page, audience, table on the page, heading, how it is summed there, and the same by SQL.
TABLES = [
    ("ministry/deficits.py", "ministry", 0, "Vacant, posts", "sum",
     "select sum(vacant_fte) from staffing.fct_deficit_rollups where level = 'region' and split = 'all'"
     " and staff_category = 'doctor' and month = (select max(month) from staffing.fct_deficit_rollups)"),
    ("shared/posts.py", "region_KZ-10", 0, "Established, posts", "sum",
     "select sum(budgeted_fte) from staffing.fct_deficit_rollups where level = 'district' and split = 'all'"
     " and staff_category = 'doctor' and month = (select max(month) from staffing.fct_deficit_rollups)"),
    ("region/vacancies.py", "region_KZ-10", 0, "Vacant, posts", "sum",
     "select sum(vacant_fte) from staffing.fct_posts_monthly where staff_category = 'doctor'"
     " and vacant_fte > 0 and month = (select max(month) from staffing.fct_posts_monthly)"),
    ("region/incoming.py", "region_KZ-10", 0, "Graduate (code)", "count",
     "select count(*) from placement.fct_placements where line_id is not null"),
    ("shared/warnings.py", "ministry", 0, "Settlement", "count",
     "select count(*) from staffing.fct_early_warnings"),
    ("shared/control.py", "region_KZ-10", 0, "Risk, points", "sum",
     "select sum(risk_points) from staffing.fct_control_list"),
    ("ministry/quality.py", "ministry", 0, "Records in", "sum",
     "select sum(records_in_count) from quality.fct_conservation"),
    ("university/graduates.py", "university_07", 0, "Graduate (code)", "count",
     "select count(*) from placement.fct_placements"),
    ("university/service.py", "university_07", 1, "Served, months", "sum",
     "select sum(served_months) from service.fct_ledger"),
]  # fmt: skip


@pytest.fixture
def ask(publication, tmp_path):
    """One value of an audience's snapshot file, from a copy: this process has the file open already."""

    def answer(audience: str, sql: str):
        path = publication / "snapshots" / published.RUN / f"{audience}.duckdb"
        with duckdb.connect(str(shutil.copy(path, tmp_path)), read_only=True) as link:
            return link.execute(sql).fetchone()[0]

    return answer


@pytest.mark.parametrize(("file", "audience", "place", "heading", "how", "sql"), TABLES)
def test_a_table_adds_up_to_what_the_snapshot_says(
    publication, ask, monkeypatch, file, audience, place, heading, how, sql
):
    app = open_page(publication, monkeypatch, audience, file)
    shown = app.dataframe[place].value[heading]

    expected = ask(audience, sql)
    assert expected
    assert float(shown.sum() if how == "sum" else len(shown)) == pytest.approx(float(expected))


@pytest.mark.parametrize(
    ("audience", "label", "sql"),
    [
        (
            "ministry",
            "Graduates with a proposed place",
            "select arg_max(placed_count, campaign_id) from placement.fct_campaigns",
        ),
        (
            "ministry",
            "Only doctor about to leave",
            "select count(distinct settlement_kato) from staffing.fct_early_warnings"
            " where standing = 'within_12_months'",
        ),
        ("region_KZ-10", "Graduates proposed to us", "select count(line_id) from placement.fct_placements"),
        (
            "university_07",
            "Graduates with a proposed place",
            "select count(line_id) from placement.fct_placements",
        ),
    ],
)
def test_the_overview_says_what_the_snapshot_says(publication, ask, monkeypatch, audience, label, sql):
    app = open_page(publication, monkeypatch, audience, "shared/overview.py")
    said = (
        next(metric for metric in app.metric if metric.label == label)
        .value.split(" :small")[0]
        .replace("\\", "")
        .replace(",", "")
    )

    assert float(said) == float(ask(audience, sql))
