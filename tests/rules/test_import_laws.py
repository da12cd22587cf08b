"""The laws of import: planning is pure, pages never reach into the pipeline, nobody reaches into pages."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.rules

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"planning", "orchestration", "dashboards", "dbt_project"}
TOOLS = {"dagster", "dagster_dbt", "dbt", "duckdb", "streamlit", "great_expectations", "plotly", "requests"}
# Room → what it may not import.
FORBIDDEN = {
    "planning": (ROOMS | TOOLS) - {"planning"},
    "orchestration": {"dashboards", "streamlit"},
    "dashboards": {"orchestration", "dagster", "dbt", "great_expectations"},
    "dbt_project": {"orchestration", "dashboards", "dagster", "streamlit"},
}


def imported(path: Path) -> set[str]:
    """First names of all modules a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def sources(room: str) -> list[Path]:
    """Python files of a room."""
    return [p for p in (ROOT / room).rglob("*.py") if not {"target", "__pycache__"} & set(p.parts)]


@pytest.mark.parametrize("room", sorted(FORBIDDEN))
def test_no_file_of_a_room_imports_what_the_laws_forbid(room):
    files = sources(room)
    assert files, f"no Python files in {room}: the test looks in the wrong place"
    broken = {str(p.relative_to(ROOT)): sorted(imported(p) & FORBIDDEN[room]) for p in files}
    assert {name: names for name, names in broken.items() if names} == {}


# Inside `planning`: room → the rooms it may import from, besides the border (files at the top) and itself.
BENEATH = {
    "trends": set(),
    "projection": {"trends"},
    "questions": {"trends", "projection"},
    "placement": set(),
}


def test_the_rooms_of_planning_stand_on_each_other_in_one_order():
    assert {p.name for p in (ROOT / "planning").iterdir() if (p / "__init__.py").exists()} == set(BENEATH)
    astray = []
    for path in sources("planning"):
        room = path.relative_to(ROOT / "planning").parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("planning."):
                other = node.module.split(".")[1]
                if other in BENEATH and other not in BENEATH.get(room, set()) | {room}:
                    astray.append(f"{path.relative_to(ROOT)} imports {node.module}")
    assert astray == []


def test_the_import_law_sees_an_import_inside_a_function(tmp_path):
    path = tmp_path / "sly.py"
    path.write_text("def f():\n    from duckdb import sql\n    import dagster as dg\n")
    assert imported(path) & FORBIDDEN["planning"] == {"duckdb", "dagster"}


def test_command_modules_import_only_light_modules_at_their_top():
    light = {"pathlib", "typing", "dataclasses", "typer", "orchestration", "json", "sys", "os", "collections"}
    heavy = {}
    for path in sources("orchestration/commands"):
        top = ast.parse(path.read_text(encoding="utf-8")).body
        names = {
            n
            for node in top
            if isinstance(node, ast.Import | ast.ImportFrom)
            for n in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        }
        # `orchestration.errors` is light; the other modules of the room load their tools.
        own = {n for n in names if n.startswith("orchestration") and n != "orchestration.errors"}
        heavy[path.name] = sorted({n for n in names if n.split(".")[0] not in light} | own)
    assert {name: names for name, names in heavy.items() if names} == {}
