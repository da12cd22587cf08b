"""Scenario files: YAML in, typed scenarios out.

Belongs here: finding and parsing the files. Does not belong here: what a lever may be, or what it does
(`planning/scenario.py`).
"""

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from orchestration.errors import UserError

if TYPE_CHECKING:
    from planning.scenario import Scenario

SHIPPED = Path(__file__).parent / "scenarios"


def load_scenario(path: Path) -> "Scenario":
    """Read one scenario file.

    Raises:
        UserError: The file cannot be read or parsed, or a lever cannot be run; the message names the
            file and the lever.
    """
    from planning.scenario import ScenarioError, scenario_from_mapping  # noqa: PLC0415

    try:
        return scenario_from_mapping(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(f"{path}: not readable as YAML: {error}") from error
    except ScenarioError as error:
        raise UserError(f"{path}: {error}") from error


def load_scenarios(folder: Path = SHIPPED) -> "tuple[Scenario, ...]":
    """Every scenario of a folder, the baseline first, then by file name.

    Raises:
        UserError: As `load_scenario`, or two files bear one name.
    """
    paths = sorted(folder.glob("*.yml"), key=lambda p: (p.stem != "baseline", p.stem))
    scenarios = tuple(load_scenario(path) for path in paths)
    names = [s.name for s in scenarios]
    for name, path in zip(names, paths, strict=True):
        if names.count(name) > 1:
            raise UserError(f"{path}: the name {name} is borne by two files; rename one")
    return scenarios
