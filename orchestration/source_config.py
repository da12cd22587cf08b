"""The source configuration: one YAML file that says which source brings which contract.

Belongs here: the schema of the file and errors that name file, line, key, reason and mending. Does not belong
here: reading of any source (`orchestration/sources/`), the environment (`orchestration/settings.py`).
Without a file every contract comes from the embedded country.
"""

import difflib
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from orchestration.contracts import CONTRACTS
from orchestration.errors import UserError
from orchestration.scenario_files import load_prices, load_scenarios
from orchestration.settings import Settings
from orchestration.yaml_lines import lines_of

CONTRACT_NAMES = tuple(contract.name for contract in CONTRACTS)
FHIR_CONTRACTS = (
    "facility", "staff_post", "staff_member", "passport_patient", "passport_encounter", "passport_condition",
    "passport_procedure", "passport_immunization", "passport_tombstone",
)  # fmt: skip


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _existing_path(value: Path, info: ValidationInfo) -> Path:
    folder = (info.context or {}).get("folder", Path.cwd())
    path = folder / value.expanduser()
    if not path.exists():
        raise ValueError(f"there is no file or folder {path}")
    try:
        if path.is_dir():
            next(path.iterdir(), None)
        else:
            path.open("rb").close()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    return path


class _SourceDeclaration(_Part):
    contracts: Annotated[
        tuple[str, ...], Field(min_length=1, description="Contracts this source brings; [all] for every one.")
    ]
    system: Annotated[str, Field(pattern=r"[A-Za-z0-9_.-]{0,40}", description="Name of the system.")] = ""
    as_of: Annotated[date | None, Field(description="The day the data describe, if it differs.")] = None
    sampling_fraction: Annotated[float, Field(gt=0, le=1, description="Share of persons delivered.")] = 1.0

    @field_validator("contracts")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if names == ("all",):
            return CONTRACT_NAMES
        for name in names:
            if name not in CONTRACT_NAMES:
                near = difflib.get_close_matches(name, CONTRACT_NAMES, n=1)
                hint = f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(CONTRACT_NAMES)}"
                raise ValueError(f"no contract is called {name!r}{hint}")
        return names


class _RealDeclaration(_SourceDeclaration):
    synthetic: Annotated[
        bool,
        Field(description="Test data, no person stands behind them: shown as demonstration data everywhere."),
    ] = False


class EmbeddedDeclaration(_SourceDeclaration):
    """Contracts that the embedded country brings."""

    kind: Literal["embedded"]


class FilesDeclaration(_RealDeclaration):
    """Contracts that arrive as flat files.

    With one contract `path` is a file or a folder; with several it is a folder that holds files called
    `<contract>.<suffix>` or `<contract>_<anything>.<suffix>`.
    """

    kind: Literal["files"]
    path: Path
    encoding: str = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    decimal: Literal[".", ","] = "."
    date_format: str = "%Y-%m-%d"
    sheet: Annotated[str, Field(description="Worksheet; blank where only one has anything in it.")] = ""
    already_pseudonymous: Annotated[
        bool, Field(description="The key columns hold pseudonyms already, not identifiers.")
    ] = False
    columns: Annotated[
        dict[str, str], Field(description="Their name: our name, for columns that are called otherwise.")
    ] = {}
    leave_out: Annotated[
        tuple[str, ...], Field(description="Columns of the files that are not read at all.")
    ] = ()
    declared: Annotated[
        dict[str, str | int | float | bool],
        Field(description="Column: value, for columns that the files do not have."),
    ] = {}

    _path = field_validator("path")(_existing_path)

    @field_validator("date_format")
    @classmethod
    def _whole_date(cls, form: str) -> str:
        if not all(sign in form for sign in ("%d", "%m")) or not ("%Y" in form or "%y" in form):
            raise ValueError(f"{form!r} names no day, month and year; write 31.12.2026 as '%d.%m.%Y'")
        return form

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str) -> str:
        try:
            "".encode(name)
        except LookupError:
            raise ValueError(f"no encoding is called {name!r}; common ones: utf-8, cp1251, utf-16") from None
        return name


class FhirDeclaration(_RealDeclaration):
    """Contracts read from FHIR NDJSON files, plain or gzip."""

    kind: Literal["fhir"]
    path: Path
    version: Annotated[
        Literal["R4", "R5"] | None, Field(description="Refuses encounters of the other shape; both if blank.")
    ] = None
    timezone: str = "Asia/Almaty"
    patient_identifier_system: Annotated[
        str, Field(description="System of the identifier that makes the pseudonym; the resource id if blank.")
    ] = ""
    facility_identifier_system: Annotated[
        str, Field(description="System of the identifier that is the facility's id; the first one if blank.")
    ] = ""
    role_fte: Annotated[
        float | None,
        Field(gt=0, le=1.5, multiple_of=0.25, description="Posts that one PractitionerRole stands for."),
    ] = None
    declared: Annotated[
        dict[str, str | int | float | bool],
        Field(description="Column: value, where the resources do not say."),
    ] = {}

    _path = field_validator("path")(_existing_path)

    @field_validator("contracts")
    @classmethod
    def _served(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in FHIR_CONTRACTS:
                raise ValueError(f"FHIR does not bring {name}; it brings {', '.join(FHIR_CONTRACTS)}")
        return names

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"no time zone is called {name!r}, use one like Asia/Almaty") from None
        return name


SourceDeclaration = Annotated[
    EmbeddedDeclaration | FilesDeclaration | FhirDeclaration, Field(discriminator="kind")
]


class EmbeddedOptions(_Part):
    """How the embedded country is drawn."""

    seed: Annotated[int, Field(ge=0)] = 2026
    sampling_fraction: Annotated[float, Field(gt=0, le=1)] = 0.01


class SourceConfig(_Part):
    """The whole file."""

    country: Literal["KZ"] = "KZ"
    as_of: Annotated[date | None, Field(description="The day the data describe; nothing lies after it.")] = (
        None
    )
    pseudonym_key_file: Path | None = None
    crosswalk: Annotated[Path | None, Field(description="Foreign geography to regions and districts.")] = None
    code_crosswalk: Annotated[Path | None, Field(description="Foreign codes to ours.")] = None
    confirmed_shrinkage: Annotated[
        tuple[Annotated[str, Field(pattern=r"\d{4}-\d{2}")], ...],
        Field(description="Months whose much smaller staffing tables were looked at and are right."),
    ] = ()
    scenarios: Annotated[
        tuple[Path, ...], Field(description="Scenario files or folders of them, beside the shipped ones.")
    ] = ()
    plan_costs: Annotated[Path | None, Field(description="Prices of places and measures.")] = None
    embedded: EmbeddedOptions = EmbeddedOptions()
    sources: tuple[SourceDeclaration, ...] = (EmbeddedDeclaration(contracts=CONTRACT_NAMES, kind="embedded"),)

    @field_validator("scenarios")
    @classmethod
    def _all_exist(cls, values: tuple[Path, ...], info: ValidationInfo) -> tuple[Path, ...]:
        return tuple(_existing_path(value, info) for value in values)

    @field_validator("crosswalk", "code_crosswalk", "plan_costs")
    @classmethod
    def _exists(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        return value and _existing_path(value, info)

    @field_validator("pseudonym_key_file")
    @classmethod
    def _beside_the_file(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        return value and (info.context or {}).get("folder", Path.cwd()) / value.expanduser()

    @field_validator("sources")
    @classmethod
    def _each_contract_once(cls, sources: tuple[SourceDeclaration, ...]) -> tuple[SourceDeclaration, ...]:
        seen: dict[str, str] = {}
        for source in sources:
            for name in source.contracts:
                if name in seen:
                    raise ValueError(
                        f"contract {name} is brought twice, by {seen[name]} and by {source.kind}"
                    )
                seen[name] = source.kind
        return sources

    def declaration_of(
        self, contract: str
    ) -> EmbeddedDeclaration | FilesDeclaration | FhirDeclaration | None:
        """Who brings the contract; None when it is absent."""
        return next((source for source in self.sources if contract in source.contracts), None)

    @property
    def is_demonstration(self) -> bool:
        """Whether anything comes from the embedded country or is declared synthetic."""
        return any(source.kind == "embedded" or source.synthetic for source in self.sources)

    @property
    def needs_no_key(self) -> bool:
        """Whether no real source is read, so that no key of the user's is asked for."""
        return all(source.kind == "embedded" or source.synthetic for source in self.sources)


def load_source_config(
    settings: Settings, *, seed: int | None = None, sampling_fraction: float | None = None
) -> SourceConfig:
    """Read the configured file, or give the embedded country for every contract.

    Args:
        settings: Says where the file lies.
        seed: Overrides the file's seed of the embedded country.
        sampling_fraction: Overrides the file's sampling fraction of the embedded country.

    Raises:
        UserError: The file is missing, is not YAML, or breaks the schema; file and line are named.
    """
    config = SourceConfig() if settings.config_path is None else read_source_config(settings.config_path)
    given = {"seed": seed, "sampling_fraction": sampling_fraction}
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        return config
    try:
        embedded = EmbeddedOptions(**{**config.embedded.model_dump(), **changes})
    except ValidationError as error:
        problem = error.errors()[0]
        option = f"--{str(problem['loc'][0]).replace('_', '-')}"
        raise UserError(
            f"{option} cannot be {problem['input']}.",
            where=option,
            why=problem["msg"],
            mend="give another value",
        ) from None
    return config.model_copy(update={"embedded": embedded})


def read_source_config(path: Path) -> SourceConfig:
    """Read one configuration file.

    Raises:
        UserError: See `load_source_config`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            "The source configuration cannot be read.",
            where=str(path),
            why=str(error),
            mend="give the path of a UTF-8 YAML file with --config or MEDKADR_CONFIG",
        ) from None
    try:
        node = yaml.compose(text)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise UserError(
            "The source configuration is not valid YAML.",
            where=f"{path}{f', line {mark.line + 1}' if mark else ''}",
            why=str(getattr(error, "problem", error)),
            mend="mind the spaces at the beginning of lines, and colons",
        ) from None
    lines = lines_of(node, path)
    if not isinstance(content, dict):
        raise UserError(
            "The source configuration holds no keys.",
            where=str(path),
            why="it must be a mapping like `sources: […]`",
            mend="see docs/sources.md for an example",
        )
    try:
        config = SourceConfig.model_validate(content, context={"folder": path.resolve().parent})
    except ValidationError as error:
        raise _told(error, path, lines) from None
    # Refused now rather than after an hour of landing. Today is the latest anywhere on earth; data may be of
    # a later day than this clock.
    today = datetime.now(tz=timezone(timedelta(hours=14))).date()
    latest = max(today, config.as_of or date.min)
    scenarios = load_scenarios(config.scenarios, latest=latest)
    if config.plan_costs:
        load_prices(config.plan_costs, scenarios=scenarios, latest=latest)
    return config


def _told(error: ValidationError, path: Path, lines: dict[tuple[str | int, ...], int]) -> UserError:
    problem = error.errors()[0]
    # pydantic puts the chosen kind of a source between the index and the key.
    location = tuple(
        part
        for part in problem["loc"]
        if part not in ("embedded", "files", "fhir") or part == problem["loc"][0]
    )
    at = location
    while at and at not in lines:
        at = at[:-1]
    key = ".".join(str(part) for part in location)
    where = f"{path}{f', line {lines[at]}' if at else ''}, key {key}"
    reason, mend = (
        problem["msg"].removeprefix("Value error, "),
        "see docs/sources.md for the keys and an example",
    )
    if problem["type"] == "extra_forbidden":
        known = _known_keys(location)
        near = difflib.get_close_matches(str(location[-1]), known, n=1)
        reason = "there is no such key here"
        mend = f"did you mean {near[0]}?" if near else f"use one of: {', '.join(known)}"
    elif problem["type"] == "missing":
        reason, mend = "the key is missing", f"add `{location[-1]}:`"
    return UserError(f"The source configuration cannot be used: {key}.", where=where, why=reason, mend=mend)


def _known_keys(location: tuple[Any, ...]) -> list[str]:
    if location[0] == "sources":
        models: tuple[type[BaseModel], ...] = (EmbeddedDeclaration, FilesDeclaration, FhirDeclaration)
        return sorted({name for model in models for name in model.model_fields})
    return sorted(EmbeddedOptions.model_fields if location[0] == "embedded" else SourceConfig.model_fields)
