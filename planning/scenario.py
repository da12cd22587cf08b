"""Levers a ministry can pull, each with unit, source, date, range and owner; and what a set hashes to.

Belongs here: the catalogue of levers, typed scenarios, their checks and their hash. Does not belong
here: reading files, and what a lever does to demand or supply (`projector.py`).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


class ScenarioError(ValueError):
    """A scenario that cannot be run; the message names the scenario, the lever and the remedy."""


@dataclass(frozen=True)
class LeverKind:
    """What a lever means.

    Attributes:
        unit: The unit its value is given in.
        neutral: The value that changes nothing.
        low, high: Limits beyond which the model was never tested; inclusive.
        meaning: One sentence for the screen.
    """

    unit: str
    neutral: float
    low: float
    high: float
    meaning: str


LEVERS: dict[str, LeverKind] = {
    "grant_places": LeverKind(
        "share", 0.0, -1.0, 3.0, "State-grant places in bachelor and internship programmes, change from plan."
    ),
    "residency_places": LeverKind("share", 0.0, -1.0, 3.0, "Residency places, change from plan."),
    "refusal": LeverKind(
        "share_points", 0.0, -0.6, 0.6, "Graduates who do not take up the post they are placed in, change."
    ),
    "rural_retention": LeverKind(
        "share_points", 0.0, -0.3, 0.4, "Rural entrants still in post after five years of service, change."
    ),
    "retirement_age": LeverKind("years", 0.0, -5.0, 10.0, "Everyone retires so much later."),
    "rural_pay": LeverKind(
        "share", 0.0, -0.5, 1.5, "Pay in rural posts, change; acts on leaving after the duty."
    ),
    "norm": LeverKind("share", 0.0, -0.5, 1.0, "Posts that the provision norm asks for, change."),
    "latent_need": LeverKind("share", 0.0, 0.0, 1.0, "Part of the latent need that people come and ask for."),
    "emigration": LeverKind("share", 0.0, -1.0, 4.0, "Doctors who leave the country, change."),
    "contact_minutes": LeverKind("share", 0.0, -0.5, 1.0, "Minutes a contact takes, change."),
}

DEMAND_LEVERS = frozenset({"norm", "latent_need", "contact_minutes"})


@dataclass(frozen=True)
class Lever:
    """One assumption.

    Attributes:
        name: A key of LEVERS.
        value: In `unit`.
        unit: Must be the unit of the lever.
        from_year: First year in which it acts.
        source: Where the value comes from.
        as_of: Date of the source.
        owner: Who answers for it (a role, not a person).
        low, high: The owner's own range for the value.
    """

    name: str
    value: float
    unit: str
    from_year: int
    source: str
    as_of: date
    owner: str
    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        kind = LEVERS.get(self.name)
        if kind is None:
            raise ScenarioError(f"lever {self.name}: not known; known levers are {', '.join(LEVERS)}")
        if self.unit != kind.unit:
            raise ScenarioError(
                f"lever {self.name}: unit is {self.unit}, expected {kind.unit}; convert the value "
                f"{self.value} to {kind.unit} and say so"
            )
        for name, bounds in (("range", (self.low, self.high)), ("tested range", (kind.low, kind.high))):
            if not bounds[0] <= self.value <= bounds[1]:
                raise ScenarioError(
                    f"lever {self.name}: value {self.value} {self.unit} is outside its {name} "
                    f"{bounds[0]} to {bounds[1]}"
                )
        if not (self.source.strip() and self.owner.strip()):
            raise ScenarioError(f"lever {self.name}: source and owner must be filled in")


@dataclass(frozen=True)
class Scenario:
    """A named set of levers; the baseline has none."""

    name: str
    levers: tuple[Lever, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        """Refuse a lever that is pulled twice."""
        names = [lever.name for lever in self.levers]
        for name in names:
            if names.count(name) > 1:
                raise ScenarioError(f"scenario {self.name}: lever {name} occurs twice; keep one")

    def value(self, name: str, year: int) -> float:
        """What a lever stands at in a year."""
        for lever in self.levers:
            if lever.name == name and year >= lever.from_year:
                return lever.value
        return LEVERS[name].neutral

    def with_levers(self, *levers: Lever) -> "Scenario":
        """The same scenario with another set of levers."""
        return Scenario(self.name, levers, self.description)

    @property
    def hash(self) -> str:
        """Twelve hex digits of what changes a figure: names, values, units and first years.

        Name, description, sources and the order of the levers do not change a figure.

        >>> Scenario("a").hash == Scenario("b").hash
        True
        """
        content = sorted((v.name, float(v.value), v.unit, v.from_year) for v in self.levers)
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]


BASELINE = Scenario("baseline", (), "Everything goes on as planned and as it has been.")


def scenario_from_mapping(content: Mapping[str, Any]) -> Scenario:
    """A scenario out of a parsed file or a form.

    Args:
        content: name, description (optional), levers: a list of mappings with the fields of Lever;
            `range` may give [low, high], `as_of` a date or an ISO string.

    Raises:
        ScenarioError: A field is missing, unknown or of the wrong kind; a lever cannot be run.
    """
    if not isinstance(content, Mapping) or not str(content.get("name") or "").strip():
        raise ScenarioError("scenario: `name` is missing; give it a short name")
    name = str(content["name"])
    if unknown := set(content) - {"name", "description", "levers"}:
        raise ScenarioError(f"scenario {name}: field {sorted(unknown)[0]} is not known")
    entries = content.get("levers") or []
    if not isinstance(entries, list):
        raise ScenarioError(f"scenario {name}: `levers` must be a list")
    try:
        levers = tuple(_lever(entry) for entry in entries)
    except ScenarioError as error:
        raise ScenarioError(f"scenario {name}: {error}") from None
    return Scenario(name, levers, str(content.get("description") or ""))


def _lever(entry: Any) -> Lever:
    """One lever out of a mapping, every field checked by name."""
    if not isinstance(entry, Mapping) or "name" not in entry:
        raise ScenarioError(f"a lever needs the fields name, value, unit, …; got {entry!r}")
    name = str(entry["name"])
    wanted = {"name", "value", "unit", "from_year", "source", "as_of", "owner", "range"}
    if missing := wanted - set(entry):
        raise ScenarioError(f"lever {name}: field {', '.join(sorted(missing))} is missing")
    if unknown := set(entry) - wanted:
        raise ScenarioError(f"lever {name}: field {', '.join(sorted(unknown))} is not known")
    try:
        low, high = (float(v) for v in entry["range"])
        as_of = entry["as_of"]
        return Lever(
            name,
            float(entry["value"]),
            str(entry["unit"]),
            int(entry["from_year"]),
            str(entry["source"]),
            as_of if isinstance(as_of, date) else date.fromisoformat(str(as_of)),
            str(entry["owner"]),
            low,
            high,
        )
    except (TypeError, ValueError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise ScenarioError(
            f"lever {name}: {error}; value is a number, from_year a year, as_of a date, "
            "range two numbers [low, high]"
        ) from None
