"""`medkadr place` as an outsider uses it: plain CSV in, known answers out, the same bytes every time."""

import json
import random
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from orchestration.cli import app

pytestmark = pytest.mark.integration


def write(folder, **tables):
    """CSV files from text blocks; returns the options that name them."""
    folder.mkdir(parents=True, exist_ok=True)
    options = []
    for name, text in tables.items():
        path = folder / f"{name}.csv"
        path.write_text("\n".join(row.strip() for row in text.strip().splitlines()) + "\n", "utf-8")
        options += [f"--{name}", str(path)]
    return options


def medkadr(*arguments):
    """The command in this process: a hundred runs of a subprocess would take minutes."""
    ended = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended


def place(folder, *extra, **tables):
    """Run the command; returns the ended process and the output folder."""
    out = folder / "out"
    ended = medkadr("place", *write(folder, **tables), "--out", str(out), *extra)
    return ended, out


def placed(out):
    rows = (out / "placements.csv").read_text("utf-8").splitlines()
    assert rows[0] == "graduate_id,line_id,rank"
    return {row.split(",")[0]: row.split(",")[1] for row in rows[1:]}


# Three graduates and three lines whose lists point in a circle: the classic instance where the two
# sides' best results share no pair.
CIRCLE = {
    "graduates": "graduate_id\n g1\n g2\n g3",
    "lines": "line_id,capacity\n A,1\n B,1\n C,1",
    "preferences": """graduate_id,line_id,rank
        g1,A,1\n g1,B,2\n g1,C,3\n g2,B,1\n g2,C,2\n g2,A,3\n g3,C,1\n g3,A,2\n g3,B,3""",
    "priorities": """line_id,graduate_id,rank
        A,g2,1\n A,g3,2\n A,g1,3\n B,g3,1\n B,g1,2\n B,g2,3\n C,g1,1\n C,g2,2\n C,g3,3""",
}


def test_graduates_proposing_gives_the_graduates_best_of_the_circle(tmp_path):
    ended, out = place(tmp_path, **CIRCLE)
    assert ended.exit_code == 0, ended.stderr
    assert placed(out) == {"g1": "A", "g2": "B", "g3": "C"}
    assert "Placed 3, unplaced 0" in ended.stdout


def test_lines_proposing_gives_the_lines_best_of_the_circle(tmp_path):
    _, out = place(tmp_path, "--propose", "lines", **CIRCLE)
    assert placed(out) == {"g1": "C", "g2": "A", "g3": "B"}


# Incomplete lists on both sides, a line without a seat, one pair that only one side listed.
ONE_SIDED = {
    "graduates": "graduate_id\n g1\n g2\n g3\n g4",
    "lines": "line_id,capacity\n A,1\n B,2\n C,0",
    "preferences": """graduate_id,line_id,rank
        g1,C,1\n g1,A,2\n g2,A,1\n g2,B,2\n g3,A,1""",
    "priorities": """line_id,graduate_id,rank
        A,g2,1\n A,g1,2\n B,g2,1\n B,g3,2\n C,g1,1""",
}


def test_incomplete_and_one_sided_lists_and_closed_lines_have_defined_results(tmp_path):
    _, out = place(tmp_path, **ONE_SIDED)
    assert placed(out) == {"g1": "", "g2": "A", "g3": "", "g4": ""}
    reasons = (out / "explanations.csv").read_text("utf-8").splitlines()
    assert "g1,C,1,CLOSED,,,,,," in reasons
    assert "g1,A,2,FILLED_BY_HIGHER,,2,1,1," in "\n".join(reasons)
    assert "g3,A,1,NOT_ELIGIBLE,NOT_ON_LINE_LIST,,,,," in reasons
    assert "g4,,,EMPTY_LIST,,,,,," in reasons
    assert (out / "lines.csv").read_text("utf-8").splitlines()[1] == "A,1,1,1,1"


def test_ties_are_broken_by_the_seeded_lottery_and_by_nothing_else(tmp_path):
    tables = {
        "graduates": "graduate_id\n" + "\n".join(f"g{i}" for i in range(40)),
        "lines": "line_id,capacity\n A,20",
        "preferences": "graduate_id,line_id,rank\n" + "\n".join(f"g{i},A,1" for i in range(40)),
        "priorities": "line_id,graduate_id,rank\n" + "\n".join(f"A,g{i},1" for i in range(40)),
    }
    winners = []
    for at, seed in enumerate(["1", "1", "2"]):
        _, out = place(tmp_path / str(at), "--seed", seed, **tables)
        winners.append({g for g, line in placed(out).items() if line})
    assert len(winners[0]) == 20
    assert winners[0] == winners[1]
    assert winners[0] != winners[2]


def test_a_couple_with_a_joint_list_moves_on_until_both_have_seats(tmp_path):
    ended, out = place(
        tmp_path,
        graduates="graduate_id\n x\n y\n s",
        lines="line_id,capacity\n A,1\n B,1\n C,1\n D,1",
        preferences="graduate_id,line_id,rank\n s,A,1\n s,C,2",
        priorities="""line_id,graduate_id,rank
            A,s,1\n A,x,2\n B,y,1\n C,x,1\n C,s,2\n D,y,1""",
        couples="""couple_id,graduate_id,rank,line_id_1,line_id_2
            k,x,,,\n k,y,,,\n k,,1,A,B\n k,,2,C,D""",
    )
    assert ended.exit_code == 0, ended.stderr
    assert placed(out) == {"x": "C", "y": "D", "s": "A"}
    assert "k,2,C + D,true,C,D" in (out / "couples.csv").read_text("utf-8")


def test_a_couple_without_a_joint_list_gets_one_locality(tmp_path):
    _, out = place(
        tmp_path,
        graduates="graduate_id,score\n x,9\n y,1\n s,5",
        lines="line_id,capacity,region_code\n A,1,R1\n B,1,R1\n C,1,R2\n D,1,R2",
        preferences="""graduate_id,line_id,rank
            x,A,1\n x,C,2\n y,B,1\n y,D,2\n s,B,1""",
        couples="couple_id,graduate_id\n k,x\n k,y",
    )
    assert placed(out) == {"x": "C", "y": "D", "s": "B"}


def test_floors_hold_on_completed_lists_and_each_empty_seat_names_its_floor(tmp_path):
    graduates = "graduate_id,score\n" + "\n".join(f"g{i},{i}" for i in range(6))
    wishes = "graduate_id,line_id,rank\n" + "\n".join(f"g{i},city,1" for i in range(6))
    ended, out = place(
        tmp_path,
        "--complete",
        graduates=graduates,
        lines="line_id,capacity,is_rural\n city,6,false\n village,3,true",
        preferences=wishes,
        quotas="scope_column,scope_value,floor,cap\n is_rural,true,2,",
    )
    assert ended.exit_code == 0, ended.stderr
    assert sorted(g for g, line in placed(out).items() if line == "village") == ["g0", "g1"]
    assert "g1,city,1,FLOOR_RESERVED,is_rural=true" in (out / "explanations.csv").read_text("utf-8")
    assert json.loads((out / "checker.json").read_text())["floors_below_certificate"] == 0


def test_a_floor_that_no_placement_can_meet_is_lowered_with_its_cut(tmp_path):
    _, out = place(
        tmp_path,
        graduates="graduate_id\n g1\n g2",
        lines="line_id,capacity,region_code\n A,5,R1\n B,5,R2",
        preferences="graduate_id,line_id,rank\n g1,A,1\n g2,A,1\n g2,B,2",
        quotas="scope_column,scope_value,floor,cap\n region_code,R1,1,\n region_code,R2,2,",
    )
    lowered = json.loads((out / "checker.json").read_text())["floors_lowered"]
    assert [(f["scope"], f["floor"], f["lowered_to"]) for f in lowered] == [("region_code=R2", 2, 1)]
    assert "need 2; 1 graduates can serve there" in lowered[0]["cut"]


def test_overrides_are_pinned_and_held_posts_can_only_improve(tmp_path):
    _, out = place(
        tmp_path,
        graduates="graduate_id,score\n g1,9\n g2,5\n g3,1",
        lines="line_id,capacity\n A,1\n B,1\n C,1",
        preferences="""graduate_id,line_id,rank
            g1,A,1\n g1,B,2\n g2,B,1\n g2,A,2\n g3,A,1\n g3,B,2""",
        overrides="graduate_id,line_id,reason_code,decided_by,decided_at\n g3,A,ORDER,commission,2026-06-01",
        held="graduate_id,line_id\n g2,B",
    )
    assert placed(out) == {"g1": "", "g2": "B", "g3": "A"}


def _instance(seed):
    draw = random.Random(seed)
    graduates, lines = [f"g{i:03}" for i in range(120)], [f"l{i:02}" for i in range(25)]
    return {
        "graduates": ["graduate_id,score", *(f"{g},{draw.randint(0, 4)}" for g in graduates)],
        "lines": [
            "line_id,capacity,region_code,is_rural",
            *(f"{n},{draw.randint(0, 6)},R{i % 5},{str(i % 2 == 0).lower()}" for i, n in enumerate(lines)),
        ],
        "preferences": [
            "graduate_id,line_id,rank",
            *(
                f"{g},{n},{r}"
                for g in graduates
                for r, n in enumerate(draw.sample(lines, draw.randint(0, 9)), 1)
            ),
        ],
        "quotas": [
            "scope_column,scope_value,floor,cap",
            "region_code,R1,6,14",
            "region_code|is_rural,R1|true,2,",
        ],
        "couples": ["couple_id,graduate_id", "c1,g001", "c1,g002", "c2,g010", "c2,g020"],
    }


def _run_all(folder, tables, *extra):
    text = {name: "\n".join(rows) for name, rows in tables.items()}
    ended, out = place(folder, *extra, **text)
    assert ended.exit_code == 0, ended.stderr + ended.stdout
    return {p.name: p.read_bytes() for p in sorted(out.iterdir()) if not p.name.startswith(".")}


def test_ten_replays_from_the_same_inputs_are_the_same_bytes(tmp_path):
    runs = [_run_all(tmp_path / str(i), _instance(1), "--seed", "2026", "--complete") for i in range(10)]
    assert len(runs[0]) == 6
    assert all(run == runs[0] for run in runs[1:])


@pytest.mark.parametrize("shuffle", range(3))
def test_the_order_of_input_rows_is_irrelevant(tmp_path, shuffle):
    tables = _instance(2)
    draw = random.Random(shuffle)
    shuffled = {name: [rows[0], *draw.sample(rows[1:], len(rows) - 1)] for name, rows in tables.items()}
    one, other = _run_all(tmp_path / "a", tables), _run_all(tmp_path / "b", shuffled)
    names = [n for n in one if n != "checker.json"]
    assert {n: one[n] for n in names} == {n: other[n] for n in names}


def test_an_empty_campaign_writes_empty_results(tmp_path):
    ended, out = place(
        tmp_path, graduates="graduate_id", lines="line_id,capacity", preferences="graduate_id,line_id,rank"
    )
    assert ended.exit_code == 0, ended.stderr
    assert placed(out) == {}
    assert "Placed 0, unplaced 0" in ended.stdout


def test_it_starts_without_pandas_dagster_or_dbt(tmp_path):
    options = write(tmp_path, **CIRCLE)
    script = (
        "import sys; from orchestration.cli import app\n"
        f"app({['place', *options, '--out', str(tmp_path / 'out')]!r}, standalone_mode=False)\n"
        "heavy = {'pandas', 'dagster', 'dbt', 'duckdb', 'streamlit', 'sklearn', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    start = time.perf_counter()
    ended = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    # The promise is two seconds on a quiet machine; a loaded one is given ten before it counts as broken.
    assert time.perf_counter() - start < 10
