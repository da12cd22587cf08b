"""Crosswalks: from foreign places to our regions and districts, from foreign codes to our code lists.

Belongs here: the two CSV files a user writes, and the standard codes we bring along. Does not belong here:
what to do with a record that no row covers (each source quarantines it with that reason).
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from orchestration.door.code_lists import code_list
from orchestration.errors import UserError

STANDARD_CODES = Path(__file__).parent / "fhir" / "standard_codes.csv"
PLACE_COLUMNS = (
    "source_system", "foreign_state", "foreign_city", "foreign_postal_code", "region_code", "district_kato",
    "settlement_kato", "settlement", "latitude", "longitude", "coordinates", "note",
)  # fmt: skip
CODE_COLUMNS = ("list", "system", "code", "target", "note")
CODE_LISTS = (
    "specialty", "position", "icd10", "facility_type", "care_level", "ownership", "equipment_type",
    "encounter_class",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a foreign address lies for us.

    Attributes:
        region_code: Our region.
        district_kato: Our district, if the crosswalk names it.
        settlement_kato: The settlement, as the contract `settlement` names it, if the crosswalk does.
        settlement: urban or rural, if it says.
        latitude: Coordinate that replaces the source's, degrees.
        longitude: Coordinate that replaces the source's, degrees.
        keeps_coordinates: Whether the source's own coordinates stay.
    """

    region_code: str
    district_kato: str | None = None
    settlement: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    keeps_coordinates: bool = True
    settlement_kato: str | None = None


class Geography:
    """Looks foreign addresses up; the most specific row wins (postal code, then city, then state).

    A state that is one of our region codes already needs no row.
    """

    def __init__(self, path: Path | None, source_system: str) -> None:
        """Read the crosswalk, or start with none."""
        rows = _read(path, PLACE_COLUMNS, required=("region_code",)) if path else []
        rules = [
            (
                _fold(row["foreign_state"]),
                _fold(row["foreign_city"]),
                _postal(row["foreign_postal_code"]),
                row,
            )
            for _, row in rows
            if row["source_system"] in ("", source_system) and row["region_code"]
        ]
        self._rules = sorted(rules, key=lambda rule: (-len(rule[2]), -bool(rule[1]), -bool(rule[0])))
        self._places = {id(row): _place(row, line, path) for line, row in rows if row["region_code"]}
        self.place = lru_cache(maxsize=100_000)(self._find)

    def _find(self, state: str, city: str, postal_code: str) -> Place | None:
        given = (_fold(state), _fold(city), _postal(postal_code))
        for in_state, in_city, postal, row in self._rules:
            if in_state in ("", given[0]) and in_city in ("", given[1]) and given[2].startswith(postal):
                return self._places[id(row)]
        return Place(state) if state in code_list("regions") else None


class Codes:
    """Looks foreign codes up: the user's rows first, then the standard ones we bring along."""

    def __init__(self, path: Path | None) -> None:
        """Read both files."""
        self._targets: dict[tuple[str, str, str], str] = {}
        for source in (STANDARD_CODES, path):
            for line, row in _read(source, CODE_COLUMNS, required=CODE_COLUMNS[:4]) if source else []:
                if row["list"] not in CODE_LISTS:
                    raise UserError(
                        f"The code crosswalk names an unknown list {row['list']!r}.",
                        where=f"{source}, line {line}, column list",
                        why=f"there are: {', '.join(CODE_LISTS)}",
                        mend="use one of them",
                    )
                if row["target"]:  # a row of the template that is not filled in yet
                    self._targets[row["list"], row["system"], row["code"]] = row["target"]

    def target(self, of: str, codings: list[tuple[str, str]]) -> str | None:
        """Our code for the first coding (system, code) that is known."""
        return next(
            (self._targets[of, *coding] for coding in codings if (of, *coding) in self._targets), None
        )


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _postal(text: str) -> str:
    return text.replace("-", "").replace(" ", "").upper()


def _place(row: dict[str, str], line: int, path: Path | None) -> Place:
    def refuse(column: str, why: str) -> UserError:
        return UserError(
            "The crosswalk has a value that cannot be used.",
            where=f"{path}, line {line}, column {column}",
            why=why,
            mend="correct the row; docs/sources.md describes the columns",
        )

    if row["region_code"] not in code_list("regions"):
        raise refuse("region_code", f"{row['region_code']!r} is not in the code list regions")
    if row["district_kato"] and row["district_kato"] not in code_list("districts"):
        raise refuse("district_kato", f"{row['district_kato']!r} is not in the code list districts")
    if row["settlement"] not in ("", "urban", "rural"):
        raise refuse("settlement", f"{row['settlement']!r} is neither urban nor rural")
    if row["coordinates"] not in ("", "keep", "blank"):
        raise refuse("coordinates", f"{row['coordinates']!r} is neither keep nor blank")
    try:
        latitude, longitude = (float(row[name]) if row[name] else None for name in ("latitude", "longitude"))
    except ValueError:
        raise refuse("latitude", "a coordinate is not a number") from None
    if (latitude is None) != (longitude is None):
        raise refuse("latitude", "latitude and longitude come together")
    return Place(
        row["region_code"],
        row["district_kato"] or None,
        row["settlement"] or None,
        latitude,
        longitude,
        keeps_coordinates=row["coordinates"] != "blank",
        settlement_kato=row["settlement_kato"] or None,
    )


def _read(
    path: Path, columns: tuple[str, ...], required: tuple[str, ...]
) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            names = reader.fieldnames or []
            wrong = [name for name in names if name not in columns] + [n for n in required if n not in names]
            if wrong:
                raise UserError(
                    f"The crosswalk has the wrong columns: {', '.join(wrong)}.",
                    where=f"{path}, line 1",
                    why=f"it knows {', '.join(columns)} and needs {', '.join(required)}",
                    mend="correct the header",
                )
            return [
                (reader.line_num, {name: (row.get(name) or "").strip() for name in columns}) for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(
            "A crosswalk cannot be read.",
            where=str(path),
            why=str(error),
            mend="save it as UTF-8 CSV with commas",
        ) from None
