"""Bad input to `medkadr place`: a clear sentence that names file and row, and nothing written."""

import csv
import fcntl

import pytest
from typer.testing import CliRunner

from orchestration.cli import app

pytestmark = pytest.mark.faults

GOOD = {
    "graduates": "graduate_id,score\ng1,1\ng2,2\n",
    "lines": "line_id,capacity,region_code\nA,1,R1\nB,1,R2\n",
    "preferences": "graduate_id,line_id,rank\ng1,A,1\ng2,A,1\ng2,B,2\n",
}


def medkadr(*arguments):
    """The command in this process: a hundred runs of a subprocess would take minutes."""
    ended = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended


def run(folder, tables):
    options = []
    for name, text in tables.items():
        path = folder / f"{name}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        options += [f"--{name}", str(path)]
    out = folder / "out"
    ended = medkadr("place", *options, "--out", str(out))
    return ended, out


QUOTA = "scope_column,scope_value,floor,cap\n"
JOINT = "couple_id,graduate_id,rank,line_id_1,line_id_2\nk,g1,,,\nk,g2,,,\n"
BAD = {
    "unknown graduate": (
        "preferences",
        "graduate_id,line_id,rank\ng1,A,1\ngX,A,1\n",
        3,
        "unknown graduate_id gX",
    ),
    "unknown line": ("preferences", "graduate_id,line_id,rank\ng1,Z,1\n", 2, "unknown line_id Z"),
    "line twice": ("preferences", "graduate_id,line_id,rank\ng1,A,1\ng1,A,2\n", 3, "same line twice"),
    "rank twice": ("preferences", "graduate_id,line_id,rank\ng1,A,1\ng1,B,1\n", 3, "same rank twice"),
    "rank zero": (
        "preferences",
        "graduate_id,line_id,rank\ng1,A,0\n",
        2,
        "rank must be a whole number, 1 or more",
    ),
    "rank in words": ("preferences", "graduate_id,line_id,rank\ng1,A,first\n", 2, "rank is no number: first"),
    "column missing": ("preferences", "graduate_id,line_id\ng1,A\n", None, "column rank is missing"),
    "graduate twice": ("graduates", "graduate_id\ng1\ng2\ng1\n", 4, "graduate_id g1 occurs twice"),
    "graduate blank": ("graduates", "graduate_id,score\ng1,1\n,2\n", 3, "graduate_id is blank"),
    "score in words": ("graduates", "graduate_id,score\ng1,1\ng2,high\n", 3, "score is no number: high"),
    "negative seats": (
        "lines",
        "line_id,capacity\nA,-1\nB,1\n",
        2,
        "capacity must be a whole number, 0 or more",
    ),
    "half a seat": ("lines", "line_id,capacity\nA,1\nB,0.5\n", 3, "not 0.5"),
    "seats blank": ("lines", "line_id,capacity\nA,\nB,1\n", 2, "capacity is blank"),
    "line of another length": ("lines", "line_id,capacity\nA,1,2\n", 2, "3 cells, the header 2"),
    "floor above cap": ("quotas", QUOTA + "region_code,R1,3,2\n", 2, "floor 3 above cap 2"),
    "floors above parent cap": (
        "quotas",
        QUOTA + "region_code,R1,,1\nline_id|region_code,A|R1,2,\n",
        3,
        "same lines",
    ),
    "unknown scope": ("quotas", QUOTA + "region_code,R9,1,2\n", 2, "no line has region_code R9"),
    "unknown scope column": ("quotas", QUOTA + "district,R1,1,2\n", 2, "no column of lines"),
    "negative floor": ("quotas", QUOTA + "region_code,R1,-1,2\n", 2, "floor must be a whole number"),
    "couple of one": ("couples", "couple_id,graduate_id\nk,g1\n", 2, "couple k has 1 member, not two"),
    "couple unknown": ("couples", "couple_id,graduate_id\nk,g1\nk,gX\n", 3, "unknown graduate_id gX"),
    "two couples": ("couples", "couple_id,graduate_id\nk,g1\nk,g2\nm,g1\nm,g2\n", 4, "two couples"),
    "joint line unknown": ("couples", JOINT + "k,,1,A,Z\n", 4, "unknown line_id_2 Z"),
    "joint rank twice": ("couples", JOINT + "k,,1,A,B\nk,,1,B,A\n", 5, "same rank twice"),
    "joint of nobody": ("couples", JOINT + "m,,1,A,B\n", 4, "unknown couple_id m"),
    "priority of unknown": ("priorities", "line_id,graduate_id,rank\nA,gX,1\n", 2, "unknown graduate_id gX"),
    "priority twice": (
        "priorities",
        "line_id,graduate_id,rank\nA,g1,1\nA,g1,2\n",
        3,
        "ranks the same graduate twice",
    ),
    "override of two": ("overrides", "graduate_id,line_id\ng1,A\ng1,B\n", 3, "stands on two lines"),
    "header twice": ("graduates", "graduate_id,graduate_id\ng1,g1\n", 1, "occurs twice"),
    "no header": ("graduates", "", 1, "no header"),
    "quote without an end": ("graduates", 'graduate_id\n"g1\ng2\n', 1, "no regular CSV"),
    "zero byte": ("graduates", b"graduate_id\ng1\x00\n", 2, "zero byte"),
    "value without a column": ("graduates", "graduate_id,\ng1,\ng2,x\n", 3, "column without a name"),
    "seats beyond counting": ("lines", "line_id,capacity\nA,1\nB,1e12\n", 3, "at most 1,000,000,000"),
    "column in capitals": ("lines", "Line_ID,capacity\nA,1\n", None, "the file has: Line_ID, capacity"),
    "status unknown": (
        "graduates",
        "graduate_id,status\ng1,exempt\ng2,lost\n",
        3,
        "status lost is not known",
    ),
    "not UTF-8": ("graduates", b"graduate_id\ng1\n\xff\xfe\n", 3, "not UTF-8"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_names_file_and_row(tmp_path, case):
    table, text, row, told = BAD[case]
    ended, out = run(tmp_path, {**GOOD, table: text})
    assert ended.exit_code == 2
    assert told.lower() in ended.stderr.lower()
    assert f"{table}.csv" in ended.stderr
    if row is not None:
        assert f"row {row}" in ended.stderr or f"rows {row}" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (out / "placements.csv").exists()


def test_child_floors_above_the_parent_cap_are_refused(tmp_path):
    lines = "line_id,capacity,region_code,is_rural\nA,5,R1,true\nB,5,R1,false\nC,5,R2,true\n"
    quotas = QUOTA + "region_code,R1,,2\nregion_code|is_rural,R1|true,2,\nregion_code|is_rural,R1|false,1,\n"
    ended, _ = run(
        tmp_path, {**GOOD, "lines": lines, "preferences": "graduate_id,line_id,rank\n", "quotas": quotas}
    )
    assert ended.exit_code == 2
    assert "sum to 3, above its cap 2" in ended.stderr
    assert "row 2" in ended.stderr


def test_crossing_scopes_are_refused(tmp_path):
    lines = "line_id,capacity,region_code,is_rural\nA,5,R1,true\nB,5,R1,false\nC,5,R2,true\n"
    quotas = QUOTA + "region_code,R1,1,\nis_rural,true,1,\n"
    ended, _ = run(
        tmp_path, {**GOOD, "lines": lines, "preferences": "graduate_id,line_id,rank\n", "quotas": quotas}
    )
    assert ended.exit_code == 2
    assert "cross" in ended.stderr


def test_an_override_onto_a_closed_line_is_refused(tmp_path):
    lines = "line_id,capacity,is_open\nA,1,false\nB,1,true\n"
    ended, _ = run(tmp_path, {**GOOD, "lines": lines, "overrides": "graduate_id,line_id\ng2,B\ng1,A\n"})
    assert ended.exit_code == 2
    assert "Line A is closed" in ended.stderr
    assert "overrides.csv, row 3" in ended.stderr


def test_more_overrides_than_seats_are_refused(tmp_path):
    ended, _ = run(tmp_path, {**GOOD, "overrides": "graduate_id,line_id\ng1,A\ng2,A\n"})
    assert ended.exit_code == 2
    assert "Line A has 1 seat, 2 stand on it" in ended.stderr
    assert "overrides.csv, rows 2, 3" in ended.stderr


def test_overrides_beyond_a_cap_are_refused(tmp_path):
    tables = {**GOOD, "quotas": QUOTA + "region_code,R1,,0\n", "overrides": "graduate_id,line_id\ng1,A\n"}
    ended, _ = run(tmp_path, tables)
    assert ended.exit_code == 2
    assert "1 posts stand in region_code=R1, its cap is 0" in ended.stderr
    assert "Raise the cap" in ended.stderr


def test_everybody_exempt_is_a_result_with_its_reason(tmp_path):
    tables = {**GOOD, "graduates": "graduate_id,score,status\ng1,1,exempt\ng2,2,exempt\n"}
    ended, out = run(tmp_path, tables)
    assert ended.exit_code == 0, ended.stderr
    assert (out / "placements.csv").read_text() == "graduate_id,line_id,rank\ng1,,\ng2,,\n"
    assert "g1,A,1,NOT_ELIGIBLE,EXEMPT" in (out / "explanations.csv").read_text()


def test_another_encoding_is_read_only_when_it_is_named(tmp_path):
    cyrillic = {
        "graduates": "graduate_id;score\nИванов;1\n".encode("cp1251"),
        "lines": "line_id;capacity\nА;1\n".encode("cp1251"),
        "preferences": "graduate_id;line_id;rank\nИванов;А;1\n".encode("cp1251"),
    }
    ended, out = run(tmp_path, cyrillic)
    assert ended.exit_code == 2
    assert "--encoding cp1251" in ended.stderr
    options = [part for name in cyrillic for part in (f"--{name}", str(tmp_path / f"{name}.csv"))]
    ended = medkadr("place", *options, "--encoding", "cp1251", "--out", str(out))
    assert ended.exit_code == 0, ended.stderr
    assert (out / "placements.csv").read_text("utf-8") == "graduate_id,line_id,rank\nИванов,А,1\n"


def test_hostile_ids_come_back_as_they_were(tmp_path):
    ids = ["=1+1", "001", '"x, ""y"""', "Қазақ", "z" * 500]
    tables = {
        "graduates": "graduate_id,note\n" + "".join(f"{i},n\n" for i in ids),
        "lines": "line_id,capacity\n@SUM(A1),9\n",
        "preferences": "graduate_id,line_id,rank\n" + "".join(f"{i},@SUM(A1),7\n" for i in ids),
    }
    ended, out = run(tmp_path, tables)
    assert ended.exit_code == 0, ended.stderr
    with (out / "placements.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))
    assert {row[0] for row in rows[1:]} == {"=1+1", "001", 'x, "y"', "Қазақ", "z" * 500}
    assert all(row[1:] == ["@SUM(A1)", "7"] for row in rows[1:])


def test_quotas_with_lines_proposing_are_refused(tmp_path):
    for name, text in {**GOOD, "quotas": QUOTA + "region_code,R1,1,\n"}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    files = [part for name in (*GOOD, "quotas") for part in (f"--{name}", str(tmp_path / f"{name}.csv"))]
    ended = medkadr("place", *files, "--propose", "lines", "--out", str(tmp_path / "out"))
    assert ended.exit_code == 2
    assert "graduates proposing only" in ended.stderr


def test_a_second_run_into_the_same_folder_is_refused_while_one_is_under_way(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    with (out / ".running").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        ended, _ = run(tmp_path, GOOD)
        assert ended.exit_code == 2
        assert "under way" in ended.stderr
    ended, _ = run(tmp_path, GOOD)
    assert ended.exit_code == 0


def test_a_missing_file_is_told(tmp_path):
    ended = medkadr(
        "place",
        "--graduates",
        "no.csv",
        "--lines",
        "no.csv",
        "--preferences",
        "no.csv",
        "--out",
        str(tmp_path / "out"),
    )
    assert ended.exit_code == 2
    assert "no.csv" in ended.stderr


def test_semicolons_and_a_byte_order_mark_are_read(tmp_path):
    semicolon = {name: b"\xef\xbb\xbf" + text.replace(",", ";").encode() for name, text in GOOD.items()}
    ended, out = run(tmp_path, semicolon)
    assert ended.exit_code == 0, ended.stderr
    assert (out / "placements.csv").read_text() == "graduate_id,line_id,rank\ng1,,\ng2,A,1\n"
