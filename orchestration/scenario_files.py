"""Scenario and price files: YAML in, typed scenarios and prices out.

Belongs here: finding and parsing the files, and errors that name file, line and field. Does not belong here:
what a lever or a price may be, or what it does (`planning/projection/scenario.py`,
`planning/questions/plan_costs.py`).
"""

import math
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from orchestration.errors import UserError
from orchestration.yaml_lines import lines_of

if TYPE_CHECKING:
    from planning.projection.scenario import Scenario, ScenarioError
    from planning.questions.plan_costs import Price

SHIPPED = Path(__file__).parent / "scenarios"
SHIPPED_PRICES = Path(__file__).parent / "plan_costs.yml"
GUIDE = "see docs/methods/scenarios.md for every lever with its unit and range"
# Forecasts end here; a lever that begins later would never act.
LAST_YEAR = 2035


def load_scenario(path: Path, latest: date | None = None) -> "Scenario":
    """Read one scenario file.

    Args:
        path: The file.
        latest: Last day of which an assumption may be; None: any day.

    Raises:
        UserError: The file cannot be read or parsed, or a lever cannot be run; the message names the
            file, the line, the field and what is allowed.
    """
    from planning.projection.scenario import ScenarioError, scenario_from_mapping  # noqa: PLC0415

    content, lines = _parsed(path)
    try:
        scenario = scenario_from_mapping(content)
        for position, lever in enumerate(scenario.levers):
            _require_past(f"scenario {scenario.name}: lever {lever.name}", lever.as_of, latest, position)
            if lever.from_year > LAST_YEAR:
                raise ScenarioError(
                    f"scenario {scenario.name}: lever {lever.name}: from_year {lever.from_year} lies after "
                    f"{LAST_YEAR}, the last year projected, so it would never act",
                    field="from_year",
                    entry=position,
                )
    except ScenarioError as error:
        raise _refusal(error, path, lines, "levers", "The scenario cannot be run") from None
    return scenario


def load_scenarios(
    given: Iterable[Path] = (), *, shipped: Path = SHIPPED, latest: date | None = None
) -> "tuple[Scenario, ...]":
    """The shipped scenarios, the baseline first, then the user's by file name.

    Args:
        given: Files, or folders that hold them.
        shipped: Folder of the scenarios that come with the project.
        latest: Last day of which an assumption of the user's may be; None: any day.

    Raises:
        UserError: As `load_scenario`, or two files bear one name, or a folder holds no scenario.
    """
    paths = sorted(shipped.glob("*.yml"), key=lambda p: (p.stem != "baseline", p.stem))
    ours = len(paths)
    for place in given:
        mine = [place] if place.is_file() else sorted((*place.glob("*.yml"), *place.glob("*.yaml")))
        if not mine:
            raise UserError(
                "The folder holds no scenario.",
                where=str(place),
                why="scenarios are files that end with .yml or .yaml",
                mend="add one, or take the folder out of `scenarios:`",
            )
        paths += mine
    scenarios = tuple(
        load_scenario(path, latest if place >= ours else None) for place, path in enumerate(paths)
    )
    seen: dict[str, Path] = {}
    for scenario, path in zip(scenarios, paths, strict=True):
        if (name := scenario.name.casefold()) in seen:
            raise UserError(
                f"The name {scenario.name} is borne by two scenario files.",
                where=f"{path} and {seen[name]}",
                why="figures are told apart by the scenario's name",
                mend="rename one",
            )
        seen[name] = path
    return scenarios


def load_prices(
    path: Path = SHIPPED_PRICES, *, scenarios: "Iterable[Scenario]" = (), latest: date | None = None
) -> "tuple[tuple[Price, ...], float | None]":
    """Prices of places and measures, and the budget in KZT if the file states one.

    Args:
        path: The file.
        scenarios: Those a price of a measure may name; none given: not looked at.
        latest: Last day of which a price may be; None: any day.

    Raises:
        UserError: As `load_scenario`.
    """
    from planning.projection.scenario import ScenarioError  # noqa: PLC0415
    from planning.questions.plan_costs import price_from_mapping  # noqa: PLC0415

    content, lines = _parsed(path)
    prices: list[Price] = []
    try:
        if not isinstance(content, dict) or not isinstance(content.get("prices"), list):
            raise ScenarioError("`prices` is missing; it is a list of prices")
        if unknown := sorted(set(content) - {"prices", "budget_kzt"}):
            raise ScenarioError(f"field {unknown[0]} is not known; there are budget_kzt and prices")
        budget = content.get("budget_kzt")
        if budget is not None and (
            isinstance(budget, bool)
            or not isinstance(budget, int | float)
            or not math.isfinite(budget)
            or budget < 0
        ):
            raise ScenarioError(f"budget_kzt {budget!r} is no amount of zero or more", field="budget_kzt")
        names = [scenario.name for scenario in scenarios]
        for position, entry in enumerate(content["prices"]):
            try:
                price = price_from_mapping(entry)
                _require_past(f"price {price.code}", price.as_of, latest, position)
                if any(price.code == other.code for other in prices):
                    raise ScenarioError(f"price {price.code} occurs twice; keep one", field="code")
                if names and not price.is_place and price.code not in names:
                    raise ScenarioError(
                        f"price {price.code}: no scenario has this name; there are {', '.join(names)}",
                        field="code",
                    )
                prices.append(price)
            except ScenarioError as error:
                raise ScenarioError(str(error), field=error.field, entry=position) from None
    except ScenarioError as error:
        raise _refusal(error, path, lines, "prices", "The prices cannot be used") from None
    return tuple(prices), None if budget is None else float(budget)


def _require_past(told: str, day: date, latest: date | None, entry: int) -> None:
    """Refuse an assumption of a day that has not come: nobody can have stated it."""
    from planning.projection.scenario import ScenarioError  # noqa: PLC0415

    if latest is not None and day > latest:
        raise ScenarioError(
            f"{told}: as_of {day} lies after {latest}; give the day on which the value was stated",
            field="as_of",
            entry=entry,
        )


class _DatesAsText(yaml.SafeLoader):
    """A date stays text until the field that holds it can be named: YAML's own error names nothing."""


_DatesAsText.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _parsed(path: Path) -> tuple[Any, dict[tuple[str | int, ...], int]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return yaml.load(text, _DatesAsText), lines_of(yaml.compose(text), path)  # noqa: S506 - a SafeLoader
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("The file cannot be read.", where=str(path), why=str(error), mend=GUIDE) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise UserError(
            "The file is not valid YAML.",
            where=f"{path}{f', line {mark.line + 1}' if mark else ''}",
            why=str(getattr(error, "problem", None) or error),
            mend="mind the spaces at the beginning of lines, brackets and colons",
        ) from None


def _refusal(
    error: "ScenarioError", path: Path, lines: dict[tuple[str | int, ...], int], part: str, what: str
) -> UserError:
    """The error with the line of the field, or of its entry where the field is not there."""
    at: tuple[str | int, ...] = () if error.entry is None else (part, error.entry)
    line = lines.get((*at, error.field), lines.get(at))
    where = f"{path}{f', line {line}' if line else ''}{f', field {error.field}' if error.field else ''}"
    return UserError(f"{what}.", where=where, why=str(error), mend=GUIDE)
