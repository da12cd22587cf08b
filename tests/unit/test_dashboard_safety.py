"""What data may do to a page or a download: nothing."""

import csv
import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dashboards import escape, exports
from dashboards.audience import Audience

pytestmark = pytest.mark.unit

HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "|calc",
    "%PATH%",
    "\t=1",
    "\r=1",
    "\u200b=1+1",
    " =1+1",
]


def export(table: pd.DataFrame, audience: str = "ministry") -> exports.Export:
    return exports.Export("posts", audience, "run1", ("Demonstration data", "=note"), table)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_in_a_workbook_or_a_csv(text):
    made = export(pd.DataFrame({"name": [text], text: ["x"]}))
    sheet = openpyxl.load_workbook(io.BytesIO(made.xlsx())).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert all(cell.data_type != "f" for cell in cells)
    written = [field for row in csv.reader(io.StringIO(made.csv().decode("utf-8-sig"))) for field in row]
    for field in [str(cell.value) for cell in cells] + written:
        assert field.lstrip("\u200b \t\r\n")[:1] not in set("=+-@|%"), field


def test_numbers_stay_numbers_and_blanks_stay_blank():
    made = export(pd.DataFrame({"vacant": [-0.25, None], "day": pd.to_datetime(["2026-09-30", None])}))
    rows = list(openpyxl.load_workbook(io.BytesIO(made.xlsx())).active.iter_rows(values_only=True))

    assert rows[3][0] == -0.25 and rows[3][1].isoformat() == "2026-09-30T00:00:00"
    assert rows[4:] in ([], [(None, None)])
    assert made.csv().startswith(b"\xef\xbb\xbf")
    assert "-0.25,2026-09-30" in made.csv().decode("utf-8-sig")


def test_two_audiences_or_two_contents_never_share_a_name():
    """Equal length, equal stem: the address of a download must still differ."""
    mine, other = (export(pd.DataFrame({"a": [value]})) for value in ("x", "y"))

    assert mine.file_name("csv") != other.file_name("csv")
    assert mine.file_name("csv") != export(pd.DataFrame({"a": ["x"]}), "region_KZ-10").file_name("csv")
    assert mine.file_name("csv").startswith("posts_ministry_run1_")


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://attacker.invalid/x.png)",
        "[x](javascript:alert(1))",
        "<img src=http://attacker.invalid/x.png>",
        "<script>alert(1)</script>",
        "http://attacker.invalid",
        "www.attacker.invalid",
        "**bold** _x_ `code` $x$ :red[x] :material/home:",
        "# heading",
        "- item",
        "1. item",
        "> quote",
        "a | b",
    ],
)
def test_markdown_from_data_is_shown_letter_by_letter(text):
    html = MarkdownIt("gfm-like", {"linkify": False}).render(escape.markdown(text))

    assert html.startswith("<p>") and html.count("<") == 2, html


@given(st.text(max_size=60))
def test_no_text_at_all_makes_an_element(text):
    html = MarkdownIt("commonmark").render(escape.markdown(text))

    assert html.count("<") in (0, 2), html


def test_directions_and_hidden_marks_are_taken_out():
    assert escape.plain("a\u202egnp.exe\u200b\nb") == "a gnp.exe b"


@pytest.mark.parametrize(
    "name", ["../ministry", "region_../x", "region_", "ministry_x", "patient_1", "region_KZ 10", ""]
)
def test_no_audience_names_another_file(name):
    with pytest.raises(ValueError, match="audience"):
        Audience.named(name)
