"""How files are kept: one subject each, said in the first lines; nothing that reaches outside or rots."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.rules

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300
# Longer files, each with its reason; the list may only shrink.
LONGER = {
    "orchestration/contracts/graduates.py": "declarations only: nine tables, a line a column",
    "orchestration/contracts/reference.py": "declarations only: eleven tables, a line a column",
    "orchestration/landing.py": "the steps of one landing in order: the counts of each must add up",
    "orchestration/source_config.py": "the schema of one YAML file and its errors",
    "planning/projection/retention.py": "one hazard model: design, fit, curve, calibration",
    "dbt_project/models/intermediate/quality/int_check_findings.sql": "a dozen lines a check",
    "tests/spec/drawn_country.py": "the whole country that spec tests reckon by hand, table by table",
    "tests/faults/test_flat_files_at_the_door.py": "a test for every way in which a file arrives broken",
    "tests/bench/bench_staffing.py": "the drawn country, the marts and the bare query, compared in one run",
}
VAGUE = re.compile(r"(utils?|helpers?|manager|base|misc|common)\.(py|sql)$")
HOSTS = re.compile(r"pypi\.org|pythonhosted\.org|conda\.anaconda|registry\.npmjs|hub\.getdbt\.com")
SENT_OUTSIDE = re.compile(r"gatherUsageStats\s*=\s*true|send_anonymous_usage_stats:\s*true", re.IGNORECASE)
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def tracked(*suffixes: str) -> list[Path]:
    """Files of the repository; outside git, all files of its rooms."""
    done = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=False)
    if done.returncode == 0 and done.stdout:
        paths = [ROOT / line for line in done.stdout.splitlines()]
    else:
        rooms = ("planning", "orchestration", "dashboards", "dbt_project", "tests", "docs", "scripts")
        paths = [path for room in rooms for path in (ROOT / room).rglob("*") if path.is_file()]
    return [path for path in paths if path.exists() and path.suffix in suffixes]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def own_code() -> list[Path]:
    return [
        path for path in tracked(".py") if path.relative_to(ROOT).parts[0] not in ("tests", "dbt_project")
    ]


def test_every_module_says_what_belongs_there():
    silent = [named(path) for path in own_code() if not _docstring(path) and path.read_text().strip()]
    assert silent == []


def _docstring(path: Path) -> str | None:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_no_file_is_longer_than_300_lines_without_a_reason():
    def lines(path: Path) -> int:
        return len(path.read_text(encoding="utf-8").splitlines())

    long = {named(path) for path in tracked(".py", ".sql") if lines(path) > LONGEST}
    assert long - LONGER.keys() == set()
    assert LONGER.keys() - long == set(), "a reason for a file that is gone or short again"


def test_no_file_has_a_name_that_says_nothing():
    assert [named(path) for path in tracked(".py", ".sql") if VAGUE.search(path.name)] == []


def test_no_file_names_a_package_registry_or_sends_usage_outside():
    texts = tracked(".py", ".sql", ".yml", ".yaml", ".toml", ".md", ".sh", ".lock", ".cfg", "")
    this = Path(__file__)
    found = [
        named(path)
        for path in texts
        if path != this and (HOSTS.search(t := path.read_text(encoding="utf-8")) or SENT_OUTSIDE.search(t))
    ]
    assert found == []


def test_nothing_is_left_for_later_in_the_code():
    marked = [named(path) for path in own_code() if MARKS.search(path.read_text(encoding="utf-8"))]
    assert marked == []


def test_only_the_settings_read_the_environment_of_the_pipeline():
    readers = [
        named(path)
        for path in own_code()
        if path.relative_to(ROOT).parts[0] in ("planning", "orchestration")
        and path.name != "settings.py"
        and _reads_environment(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert readers == []


def _reads_environment(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if ast.unparse(node.value) == "os.environ":
                return True
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.environ.get", "os.getenv"):
            return True
    return False


def test_tests_may_be_counted_by_kind():
    kinds = {"unit", "spec", "property", "integration", "browser", "faults", "rules", "bench"}
    folders = {p.relative_to(ROOT / "tests").parts[0] for p in (ROOT / "tests").rglob("test_*.py")}
    assert folders <= kinds
