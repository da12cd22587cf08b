"""A panel with a fault is refused with its line; a panel with a peculiarity is run, and said."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from orchestration.backtesting import peers
from orchestration.cli import app

pytestmark = pytest.mark.faults

HEAD = "unique_id,ds,y\n"
FAULTS = {
    "duplicate": (HEAD + "a,2016,1\na,2017,2\na,2017,3\n", "two rows", "line 3, 4"),
    "negative": (HEAD + "a,2016,1\na,2017,-2\n", "negative", "line 3"),
    "blank": (HEAD + "a,2016,1\na,2017,\n", "blank is not zero", "line 3"),
    "text": (HEAD + "a,2016,many\n", "not a number", "line 2"),
    "date": (HEAD + "a,2016,1\na,soon,1\n", "neither a year", "line 3"),
    "quarters": (HEAD + "a,2016-01-01,1\na,2016-04-01,2\n", "mixed frequencies", "line 3"),
    "after blank lines": (HEAD + "a,2016,1\n\n\na,2017,-2\n", "negative", "line 5"),
    "thousands": ("unique_id;ds;y\na;2016;1,5\na;2017;1 234,5\n", "not a number", "line 3"),
    "column": ("id,ds,y\na,2016,1\n", "unique_id is missing", ""),
    "tabs": ("unique_id\tds\ty\na\t2016\t1\n", "commas or semicolons", ""),
    "capitals": ("Unique_ID,DS,Y\na,2016,1\n", "has 'Unique_ID', 'DS', 'Y'", ""),
    "column twice": ("unique_id,ds,y,y\na,2016,1,2\n", "y stands twice", ""),
    "days": (HEAD + "".join(f"a,2016-01-{d:02d},1\n" for d in range(1, 29)), "days and weeks", "line 2, 3"),
    "blank after an id": (HEAD + "a,2016,1\na ,2016,2\na,2017,2\n", "two rows", "line 2, 3"),
    "decimal comma": (HEAD + "a,2016,1\na,2017,12,6\n", "4 cells under 3 names: a,2017,12,6", "line 3"),
    "open quote": (HEAD + 'a,2016,1\n"b,2017,2\n', "quotation mark left open", "line 3"),
    "mistyped year": (HEAD + "a,2016,1\na,9999,2\n", "outside the years 1500 to 2200", "line 3"),
    "huge": (HEAD + "a,2016,1\na,2017,1e300\n", "above 1e+100", "line 3"),
    "tiny": (HEAD + "a,2016,1\na,2017,1e-300\n", "below 1e-100", "line 3"),
    "months among years": (
        HEAD + "".join(f"a,{y},1\n" for y in range(2000, 2020)) + "m,2018-01,1\nm,2018-02,1\n",
        "these rows step by months",
        "line 23",
    ),
    "short": (HEAD + "a,2016,1\n", "too short", ""),
}


def _run(tmp_path, text, *options):
    path = tmp_path / "panel.csv"
    path.write_text(text)
    return CliRunner().invoke(app, ["backtest", str(path), "--out", str(tmp_path / "o"), *options])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_panel_is_refused_with_its_line_and_leaves_nothing(tmp_path, fault):
    text, why, line = FAULTS[fault]
    result = _run(tmp_path, text)
    assert result.exit_code == 2
    assert why in result.stderr
    assert line in result.stderr
    assert not (tmp_path / "o").exists()


def test_a_panel_in_another_encoding_is_refused_with_its_line(tmp_path):
    path = tmp_path / "panel.csv"
    path.write_bytes((HEAD + "a,2016,1\nКызылорда,2017,2\n").encode("cp1251"))
    result = CliRunner().invoke(app, ["backtest", str(path)])
    assert result.exit_code == 2
    assert "line 3" in result.stderr
    assert "CSV UTF-8" in result.stderr


def test_a_workbook_is_refused_by_name(tmp_path):
    path = tmp_path / "panel.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)))
    result = CliRunner().invoke(app, ["backtest", str(path)])
    assert result.exit_code == 2
    assert "workbook" in result.stderr


def test_blank_cells_at_the_end_times_of_day_and_a_far_horizon_change_nothing(tmp_path):
    values = [(year, 10.5 + year % 3) for year in range(2010, 2022)]
    plain = HEAD + "".join(f"a,{year},{y}\n" for year, y in values)
    zone = {year: 6 if year < 2019 else 5 for year, _ in values}
    odd = "\n" + HEAD + "".join(f"a,{year}-12-31T23:00:00+0{zone[year]}:00,{y},,\n" for year, y in values)
    made = []
    for text, ahead in ((plain, "11"), (odd, "100000")):
        result = _run(tmp_path, text, "--horizon", ahead)
        assert result.exit_code == 0, result.stderr
        made.append((tmp_path / "o" / "forecasts.csv").read_text())
    assert made[0] == made[1]


def test_a_folder_that_cannot_be_written_is_refused_before_any_model_works(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "panel.csv"
    path.write_text(HEAD + "".join(f"a,{y},{y % 7}\n" for y in range(2010, 2022)))
    result = CliRunner().invoke(app, ["backtest", str(path), "--out", str(tmp_path / "file" / "o")])
    assert result.exit_code == 2
    assert "--out" in result.stderr


def test_a_jump_and_a_mistyped_year_are_said(tmp_path):
    rows = [f"a{i},{y},{100 + i + (y * 7 + i) % 5}\n" for i in range(8) for y in range(2012, 2024)]
    rows += [f"j,{y},{100 + y % 2 + 60 * (y > 2019)}\n" for y in range(2012, 2024)]
    result = _run(tmp_path, HEAD + "".join(rows) + "a0,1912,5\n", "--models", "naive")
    assert "1 steps look like a change of definition" in result.stdout
    assert "Processor seconds for all answers: naive" in result.stdout
    assert "99 periods have no value in any series, first 1913" in result.stdout
    jumps = pd.read_csv(tmp_path / "o" / "jumps.csv")
    assert jumps[["unique_id", "ds"]].to_numpy().tolist() == [["j", 2020]]


def test_a_panel_saved_by_a_spreadsheet_of_the_region_gives_the_same_forecasts(tmp_path):
    cells = [("NA", year, 10.5 + year % 3) for year in range(2010, 2022)]
    cells += [("007", year, 20.25 + year % 5) for year in range(2010, 2022)]
    cells += [("Жетісу", year, 30.0 + year % 4) for year in range(2010, 2022)]
    plain = HEAD + "".join(f"{i},{year},{y}\n" for i, year, y in cells)
    rows = [f"{i};01.01.{year};{y}\n".replace(".25", ",25").replace(".5\n", ",5\n") for i, year, y in cells]
    local = "\ufeffunique_id;ds;y\n" + "".join(rows)
    made = []
    for text in (plain, local):
        result = _run(tmp_path, text)
        assert result.exit_code == 0, result.stderr
        made.append(pd.read_csv(tmp_path / "o" / "forecasts.csv", keep_default_na=False))
    pd.testing.assert_frame_equal(*made)
    assert set(made[0]["unique_id"]) == {"NA", "007", "Жетісу"}


def test_a_yearly_series_among_monthly_ones_is_refused_with_its_rows(tmp_path):
    months = "".join(f"a,2016-{m:02d}-01,1\n" for m in range(1, 13))
    result = _run(tmp_path, HEAD + months + "b,2015-01-01,3\nb,2016-01-01,4\n")
    assert result.exit_code == 2
    assert "line 14, 15" in result.stderr


def test_ids_with_commas_quotes_and_letters_come_back_as_they_went(tmp_path):
    ids = ("Алматы, қ.", 'say "hi"', "Қызылорда", "=1+1", "[/red]")
    rows = pd.DataFrame([(i, y, 10.0 + y % 4) for i in ids for y in range(2010, 2022)])
    result = _run(tmp_path, rows.set_axis(["unique_id", "ds", "y"], axis=1).to_csv(index=False))
    assert result.exit_code == 0, result.output
    table = pd.read_csv(tmp_path / "o" / "forecasts.csv")
    assert set(table["unique_id"]) == set(ids)
    assert table.notna().all().all()


def test_an_unknown_model_is_refused_with_the_list(tmp_path):
    result = _run(tmp_path, HEAD + "a,2016,1\na,2017,1\n", "--models", "oracle")
    assert result.exit_code == 2
    assert "autoets" in result.stderr


def test_peers_without_their_environment_say_how_to_set_it_up(tmp_path, monkeypatch):
    monkeypatch.setattr(peers, "PYTHON", tmp_path / "absent")
    result = _run(tmp_path, HEAD + "a,2016,1\na,2017,1\n", "--models", "ours,autoets")
    assert result.exit_code == 2
    assert "make bench-forecast" in result.stderr


def test_late_gappy_zero_and_unsorted_series_are_run_and_named(tmp_path):
    rows = [f"a{i},{y},{100 + i + (y * 7 + i) % 5}\n" for i in range(8) for y in range(2012, 2024)]
    rows += [f"late,{y},{50 + y % 3}\n" for y in (2022, 2023)]
    rows += [f"gone,{y},{60 + y % 3}\n" for y in range(2012, 2020)]
    rows += [f"gap,{y},{40 + y % 3}\n" for y in range(2012, 2024) if y != 2017]
    rows += [f"zero,{y},0\n" for y in range(2012, 2024)]
    result = _run(tmp_path, HEAD + "".join(reversed(rows)))
    assert result.exit_code == 0, result.output
    for said in (
        "begin later",
        "1 series end before 2023",
        "1 missing periods",
        "all zero",
        "three values or fewer",
    ):
        assert said in result.stdout
    table = pd.read_csv(tmp_path / "o" / "forecasts.csv")
    assert list(table.columns[:7]) == ["unique_id", "origin", "ds", "y", "model", "mean", "q10"]
    assert list(table.columns[-4:]) == ["lo80", "hi80", "lo95", "hi95"]
    assert not ((table["unique_id"] == "gap") & (table["ds"] == 2017)).any()
    assert (table.loc[(table["unique_id"] == "zero") & (table["model"] == "ours"), "mean"] == 0).all()
    assert (table["ds"] > table["origin"]).all()
    assert (tmp_path / "o" / "picture.png").stat().st_size > 10_000
