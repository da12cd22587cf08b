"""FHIR NDJSON as a source: contracts from resources, record by record, anonymised while reading.

Belongs here: which resources bring which contract, and chunks. Does not belong here: the meaning of elements
(`passports.py`, `registry.py`).
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pyarrow as pa

from orchestration.contracts import Column, Contract
from orchestration.errors import UserError
from orchestration.settings import Settings
from orchestration.source_config import FhirDeclaration, SourceConfig
from orchestration.sources.anonymise import KeyRing, key_ring_for
from orchestration.sources.containers import Container
from orchestration.sources.crosswalk import Codes, Geography
from orchestration.sources.fhir.elements import moment, version_of
from orchestration.sources.fhir.export import Export, deletions, lines
from orchestration.sources.fhir.passports import PassportReader
from orchestration.sources.fhir.registry import Registry, facility_row
from orchestration.sources.fhir.staff import StaffReader
from orchestration.sources.source import Chunk, Refusal

RESOURCES = {
    "facility": ("Organization", "Location"),
    "staff_post": ("PractitionerRole",),
    "staff_member": ("PractitionerRole",),
    "passport_patient": ("Patient",),
    "passport_encounter": ("Encounter",),
    "passport_condition": ("Condition",),
    "passport_procedure": ("Procedure",),
    "passport_immunization": ("Immunization",),
}
TOMBSTONE_TYPES = ("Patient", "Encounter", "Condition", "Procedure", "Immunization")
CHUNK_ROWS = 20_000


class FhirSource:
    """One export for all its contracts; the files are looked at once, when the source is opened."""

    kind: Literal["fhir"] = "fhir"

    def __init__(self, declaration: FhirDeclaration, config: SourceConfig, settings: Settings) -> None:
        """Open the export and read the registry.

        Raises:
            UserError: A file is damaged, a crosswalk is wrong, or the key is needed and missing.
        """
        self.declaration, self.config, self.settings = declaration, config, settings
        self.system = declaration.system or "fhir"
        self.sampling_fraction = declaration.sampling_fraction
        self.is_demonstration = declaration.synthetic
        self.export = Export.open(declaration.path)
        self.codes = Codes(config.code_crosswalk)
        self.geography = Geography(config.crosswalk, self.system)

    @property
    def as_of(self) -> date:
        """Configured day, else the export's own transaction time, else today."""
        stamp = moment(self.export.manifest.get("transactionTime"), ZoneInfo(self.declaration.timezone))
        return self.declaration.as_of or self.config.as_of or stamp or datetime.now(UTC).date()

    def fingerprint(self, contract: Contract) -> str:
        """Bytes of all files (patients are needed to read encounters), declarations, crosswalks and key."""
        crosswalks = [
            path.read_bytes() for path in (self.config.crosswalk, self.config.code_crosswalk) if path
        ]
        facts = [
            self.declaration.model_dump_json(),
            str(self.as_of),
            [
                (c.path.name, c.sha256)
                for name in sorted(self.export.by_type)
                for c in self.export.by_type[name]
            ],
            [hashlib.sha256(content).hexdigest() for content in crosswalks],
            self.key_id(contract),
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def key_id(self, contract: Contract) -> str:
        """Of the key that replaces its identifiers."""
        return self._ring.key_id if any(column.pseudonym for column in contract.columns) else ""

    def periods(self, contract: Contract) -> Sequence[date | None]:  # noqa: ARG002
        """An export is not ordered by time, so the whole comes at once."""
        return [None]

    def read(self, contract: Contract, period: date | None) -> Iterator[Chunk]:  # noqa: ARG002
        """Rows of a contract, file by file."""
        if contract.name == "passport_tombstone":
            yield from self._tombstones(contract)
            return
        mapper = self._mapper(contract)
        for container in self.export.containers(*RESOURCES[contract.name]):
            resource_type = next(name for name, found in self.export.by_type.items() if container in found)
            gathered = _Gathered(contract, container, self.declaration.declared)
            for number, record in lines(container, resource_type):
                if isinstance(record, Refusal):
                    gathered.refuse(number, record)
                elif (resource_type, record["id"]) in self.export.deleted:
                    gathered.folded += 1
                else:
                    row = _mapped(mapper, record)
                    if row is None:
                        gathered.folded += 1
                    elif isinstance(row, Refusal):
                        gathered.refuse(number, row)
                    else:
                        gathered.add(number, row, version_of(record))
                if gathered.is_full:
                    yield gathered.chunk()
            yield gathered.chunk()

    def _mapper(self, contract: Contract) -> Any:
        if contract.name == "facility":
            return lambda resource: facility_row(resource, self.registry, self.codes, self.geography)
        if contract.name in ("staff_post", "staff_member"):
            if self.declaration.role_fte is None:
                raise UserError(
                    f"{contract.name} from FHIR needs role_fte in the source configuration.",
                    where=f"the source of kind fhir with path {self.declaration.path}",
                    why="a PractitionerRole says who works where, not what share of a post it is",
                    mend="declare `role_fte: 1.0` to count each role as one filled post, or take the contract"
                    " from another source",
                )
            ring = self._ring if contract.name == "staff_member" else None
            staff = StaffReader(
                self.export, self.registry, self.codes, self.declaration.role_fte, self.as_of, ring
            )
            return staff.post if contract.name == "staff_post" else staff.member
        return self._passports.mapper(RESOURCES[contract.name][0])

    @cached_property
    def registry(self) -> Registry:
        """Facilities of the export."""
        return Registry(self.export, self.declaration.facility_identifier_system)

    @cached_property
    def _ring(self) -> KeyRing:
        return key_ring_for(
            self.config.pseudonym_key_file, self.settings, is_synthetic=self.declaration.synthetic
        )

    @cached_property
    def _passports(self) -> PassportReader:
        return PassportReader(
            self.export,
            self.registry,
            self._ring,
            self.codes,
            self.geography,
            ZoneInfo(self.declaration.timezone),
            self.declaration.patient_identifier_system,
            self.declaration.version,
        )

    def _tombstones(self, contract: Contract) -> Iterator[Chunk]:
        zone = ZoneInfo(self.declaration.timezone)
        for container in self.export.containers("Bundle"):
            gathered = _Gathered(contract, container, {})
            for number, bundle in lines(container, "Bundle"):
                if isinstance(bundle, Refusal):
                    gathered.refuse(number, bundle)
                    continue
                for resource_type, resource_id, stamp in deletions(bundle):
                    month = (moment(stamp, zone) or self.as_of).replace(day=1)
                    if resource_type not in TOMBSTONE_TYPES:
                        message = f"a deleted {resource_type} is not part of the passports"
                        gathered.refuse(number, Refusal(number, "not_a_passport", message))
                        continue
                    key = self._passports.record_key(resource_type, resource_id)
                    row = {"resource_type": resource_type, "record_key": key, "deleted_month": month}
                    gathered.add(number, row, None)
            yield gathered.chunk()


def _mapped(mapper: Callable[[dict[str, Any]], Any], record: dict[str, Any]) -> Any:
    """The row of a record, or the refusal of one whose elements have shapes that FHIR does not know."""
    try:
        return mapper(record)
    except (TypeError, ValueError, AttributeError, KeyError, IndexError, OverflowError):
        return Refusal(
            None, "wrong_shape", "an element has another shape than FHIR gives it; mend the export"
        )


class _Gathered:
    """Rows of one file on their way into a chunk."""

    def __init__(self, contract: Contract, container: Container, declared: dict[str, Any]) -> None:
        self.contract, self.container = contract, container
        self.schema = pa.schema([(column.name, column.arrow_type) for column in contract.columns])
        self.declared = [_typed(declared.get(column.name), column) for column in contract.columns]
        self.names = contract.column_names
        self._empty()

    def _empty(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.lines: list[int] = []
        self.versions: list[str | None] = []
        self.refused: list[Refusal] = []
        self.folded = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time for a chunk."""
        return len(self.rows) + len(self.refused) + self.folded >= CHUNK_ROWS

    def add(self, line: int, row: dict[str, Any], version: str | None) -> None:
        """Keep a row; what the resource does not say is as declared."""
        values = [row.get(name) for name in self.names]
        self.rows.append(
            tuple(own if own is not None else told for own, told in zip(values, self.declared, strict=True))
        )
        self.lines.append(line)
        self.versions.append(version)

    def refuse(self, line: int, refusal: Refusal) -> None:
        """Keep a refusal with its line; nothing of the record itself is kept."""
        self.refused.append(Refusal(line, refusal.rule, refusal.message, "", refusal.column))

    def chunk(self) -> Chunk:
        """What was gathered, as a chunk; starts anew."""
        columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.names)
        arrays = [pa.array(values, field.type) for values, field in zip(columns, self.schema, strict=True)]
        chunk = Chunk(
            pa.table(arrays, schema=self.schema),
            file=self.container.path.name,
            lines=pa.array(self.lines, pa.int64()),
            versions=pa.array(self.versions, pa.string()),
            refused=tuple(self.refused),
            folded=self.folded,
            sha256=self.container.sha256,
        )
        self._empty()
        return chunk


def _typed(value: Any, column: Column) -> Any:
    """A declared value in the type of its column."""
    if value is None:
        return None
    try:
        if column.type in ("month", "date"):
            text = str(value)
            return date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
        if column.type == "posts":
            return Decimal(str(value)).quantize(Decimal("0.01"))
        if column.type == "boolean":
            return bool(value)
        if column.type == "number":
            return float(value)
        return int(value) if column.type in ("integer", "year") else str(value)
    except (ValueError, ArithmeticError):
        raise UserError(
            f"The declared value of {column.name} cannot be used.",
            where=f"declared: {column.name}: {value}",
            why=f"the column is of type {column.type}",
            mend="correct the value in the source configuration",
        ) from None
