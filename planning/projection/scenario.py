"""Levers a ministry can pull, each with unit, source, date, range and owner; and what a set hashes to.

Belongs here: the catalogue of levers, typed scenarios, their checks and their hash. Does not belong
here: reading files, and what a lever does to demand or supply (`projector.py`).
"""

import difflib
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


class ScenarioError(ValueError):
    """A scenario that cannot be run; the message names the scenario, the lever and the remedy.

    Attributes:
        entry: Position of the lever (0-based) in its list; None for the scenario as a whole.
        field: Field at fault, or empty.
    """

    def __init__(self, message: str, *, field: str = "", entry: int | None = None) -> None:
        """Keep where the fault lies, so that a reader of files can name the line."""
        self.field, self.entry = field, entry
        super().__init__(message)


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

LEVER_FIELDS = ("name", "value", "unit", "from_year", "source", "as_of", "owner", "range")
# A lever before the records or after every projection would never act; a misprint of a year does neither.
FIRST_YEAR, LAST_YEAR = 2000, 2060
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
            near = difflib.get_close_matches(self.name, LEVERS, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise ScenarioError(
                f"lever {self.name}: not known; {hint}known levers are {', '.join(LEVERS)}", field="name"
            )
        if self.unit != kind.unit:
            raise ScenarioError(
                f"lever {self.name}: unit is {self.unit}, expected {kind.unit}; convert the value "
                f"{self.value} to {kind.unit} and say so; allowed is {kind.low} to {kind.high} {kind.unit}",
                field="unit",
            )
        if self.low > self.high:
            raise ScenarioError(
                f"lever {self.name}: range {self.low} to {self.high} is upside down", field="range"
            )
        for name, bounds in (
            ("its range", (self.low, self.high)),
            ("its tested range", (kind.low, kind.high)),
        ):
            in_range(f"lever {self.name}", self.value, self.unit, bounds, name)
        if not FIRST_YEAR <= self.from_year <= LAST_YEAR:
            raise ScenarioError(
                f"lever {self.name}: from_year {self.from_year} is outside {FIRST_YEAR} to {LAST_YEAR}",
                field="from_year",
            )
        for name, text in (("source", self.source), ("owner", self.owner)):
            if not text.strip():
                raise ScenarioError(
                    f"lever {self.name}: {name} is blank; source and owner must be filled in", field=name
                )


@dataclass(frozen=True)
class Scenario:
    """A named set of levers; the baseline has none."""

    name: str
    levers: tuple[Lever, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        """Refuse a lever that is pulled twice."""
        names = [lever.name for lever in self.levers]
        for position, name in enumerate(names):
            if name in names[:position]:
                raise ScenarioError(
                    f"scenario {self.name}: lever {name} occurs twice; keep one", field="name", entry=position
                )

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
    if isinstance(content["name"], list | Mapping):
        raise ScenarioError("scenario: `name` must be a short text", field="name")
    name = str(content["name"]).strip()
    if unknown := set(content) - {"name", "description", "levers"}:
        strange = sorted(map(str, unknown))[0]
        raise ScenarioError(
            f"scenario {name}: field {strange} is not known; there are name, description and levers",
            field=strange,
        )
    entries = content.get("levers") or []
    if not isinstance(entries, list):
        raise ScenarioError(
            f"scenario {name}: `levers` must be a list; begin each lever with a dash", field="levers"
        )
    levers = []
    for position, entry in enumerate(entries):
        try:
            levers.append(_lever(entry))
        except ScenarioError as error:
            raise ScenarioError(f"scenario {name}: {error}", field=error.field, entry=position) from None
    return Scenario(name, tuple(levers), str(content.get("description") or ""))


def checked_fields(kind: str, label: str, entry: Any, wanted: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a lever or price, each of its kind: numbers, a date, a range of two numbers.

    Args:
        kind: "lever" or "price", for the message.
        label: The field that names it.
        entry: What the file or form gave.
        wanted: Its fields, all of them required.

    Raises:
        ScenarioError: A field is missing, unknown or of the wrong kind.
    """
    if not isinstance(entry, Mapping) or label not in entry:
        raise ScenarioError(f"a {kind} needs the fields {', '.join(wanted)}; got {entry!r}", field=label)
    told = f"{kind} {entry[label]}"
    if missing := [name for name in wanted if name not in entry]:
        raise ScenarioError(f"{told}: field {', '.join(sorted(missing))} is missing")
    if unknown := sorted(str(name) for name in set(entry) - set(wanted)):
        near = difflib.get_close_matches(unknown[0], wanted, n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; the fields are {', '.join(wanted)}"
        raise ScenarioError(f"{told}: field {unknown[0]} is not known{hint}", field=unknown[0])
    got = dict(entry)
    _answered_for(told, got)
    for name in ("value", "maximum", "from_year"):
        if name in got:
            got[name] = _number(told, name, got[name])
    if "from_year" in got:
        if got["from_year"] % 1:
            raise ScenarioError(f"{told}: from_year {got['from_year']} is no whole year", field="from_year")
        got["from_year"] = int(got["from_year"])
    bounds = got["range"]
    if not isinstance(bounds, (list, tuple)) or len(bounds) != 2:
        raise ScenarioError(f"{told}: range {bounds!r} must be two numbers [low, high]", field="range")
    got["range"] = tuple(_number(told, "range", bound) for bound in bounds)
    if isinstance(got["as_of"], datetime):
        got["as_of"] = got["as_of"].date()
    if not isinstance(got["as_of"], date):
        try:
            got["as_of"] = date.fromisoformat(str(got["as_of"]))
        except ValueError as error:
            raise ScenarioError(f"{told}: as_of: {error}; write it like 2026-09-30", field="as_of") from None
    return got


def _answered_for(told: str, got: Mapping[str, Any]) -> None:
    """Refuse an entry whose source or owner is left empty."""
    for name in ("source", "owner"):
        if got[name] is None or not str(got[name]).strip():
            raise ScenarioError(f"{told}: {name} is blank; source and owner must be filled in", field=name)


def in_range(told: str, value: float, unit: str, bounds: tuple[float, float], name: str) -> None:
    """Refuse a value outside its bounds, inclusive; nan lies outside of any.

    Raises:
        ScenarioError: Outside.
    """
    if not bounds[0] <= value <= bounds[1]:
        raise ScenarioError(
            f"{told}: value {value} {unit} is outside {name} {bounds[0]} to {bounds[1]}", field="value"
        )


def _number(told: str, name: str, value: Any) -> float:
    """A number as a number; a flag, a word or a number in quotes is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ScenarioError(f"{told}: {name} {value!r} is no number; write it without quotes", field=name)
    if name != "value" and not math.isfinite(value):
        raise ScenarioError(f"{told}: {name} {value} is not finite; the owner must name a limit", field=name)
    return float(value)


def _lever(entry: Any) -> Lever:
    """One lever out of a mapping, every field checked by name."""
    got = checked_fields("lever", "name", entry, LEVER_FIELDS)
    return Lever(
        str(got["name"]),
        got["value"],
        str(got["unit"]),
        got["from_year"],
        str(got["source"]),
        got["as_of"],
        str(got["owner"]),
        *got["range"],
    )
