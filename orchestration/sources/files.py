"""Flat files as a source: one file or several a contract, as the configuration declares them.

Belongs here: which files bring a contract, their headers, pseudonyms of their key columns. Does not belong
here: reading of rows (`flat_rows.py`), bytes (`containers.py`), typing and checks (`orchestration/door/`).
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pyarrow as pa

from orchestration.contracts import CONTRACTS, Column, Contract
from orchestration.settings import Settings
from orchestration.source_config import FilesDeclaration, SourceConfig
from orchestration.sources.anonymise import KeyRing, key_ring_for
from orchestration.sources.containers import Container, kind_of, look_at, refusal
from orchestration.sources.flat_batch import Batch, NumberText
from orchestration.sources.flat_columns import check_header, named_as_ours
from orchestration.sources.flat_crosswalk import Columns, FlatCrosswalk, bytes_of
from orchestration.sources.flat_rows import READERS
from orchestration.sources.source import Chunk, Refusal


@dataclass(frozen=True)
class FilesSource:
    """Contracts that arrive as CSV, XLSX, Parquet or flat NDJSON."""

    declaration: FilesDeclaration
    config: SourceConfig
    settings: Settings
    kind: Literal["files"] = "files"

    @property
    def system(self) -> str:
        """Configured name, or `files`."""
        return self.declaration.system or "files"

    @property
    def as_of(self) -> date:
        """Configured day, or today."""
        return self.declaration.as_of or self.config.as_of or datetime.now(UTC).date()

    @property
    def sampling_fraction(self) -> float:
        """As declared."""
        return self.declaration.sampling_fraction

    @property
    def is_demonstration(self) -> bool:
        """Whether no person stands behind the rows, as declared."""
        return self.declaration.synthetic

    def fingerprint(self, contract: Contract) -> str:
        """Bytes of the files, the declaration and the key."""
        containers = [self._look_at(path) for path in self.paths(contract)]
        facts = [
            self.declaration.model_dump_json(),
            str(self.as_of),
            [(container.path.name, container.sha256) for container in containers],
            self.key_id(contract),
            bytes_of((self.config.crosswalk, self.config.code_crosswalk)),
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def key_id(self, contract: Contract) -> str:
        """Of the key that replaces its identifiers."""
        return self._key_ring().key_id if self._needs_key(contract) else ""

    def periods(self, contract: Contract) -> Sequence[date | None]:  # noqa: ARG002
        """A file may hold any months, so the whole comes at once."""
        return [None]

    def paths(self, contract: Contract) -> list[Path]:
        """The files of a contract, in order of their names.

        Raises:
            UserError: There is none.
        """
        path, name = self.declaration.path, contract.name
        if path.is_file():
            if len(self.declaration.contracts) > 1:
                raise refusal(
                    path,
                    "one file is declared for several contracts",
                    "give a folder with one file a contract",
                )
            return [path]
        files = sorted(file for file in path.iterdir() if file.is_file() and kind_of(file))
        named = [
            f for f in files if f.name.split(".")[0] == name or f.name.startswith((f"{name}_", f"{name}-"))
        ]
        longer = [other.name for other in CONTRACTS if other.name.startswith(f"{name}_")]
        named = [file for file in named if not file.name.startswith(tuple(longer))] if longer else named
        if not named and len(self.declaration.contracts) == 1:
            named = files
        if not named:
            raise refusal(
                path,
                f"the folder has no file for the contract {name}",
                f"name it {name}.csv, or drop the contract",
            )
        return named

    def read(self, contract: Contract, period: date | None) -> Iterator[Chunk]:  # noqa: ARG002
        """Rows of every file, key columns replaced by pseudonyms."""
        ring = self._key_ring() if self._needs_key(contract) else None
        crosswalk = FlatCrosswalk(contract, self.config.crosswalk, self.config.code_crosswalk, self.system)
        for path in self.paths(contract):
            container = self._look_at(path)
            checked: list[str] = []
            for read in READERS[container.kind](container, self.declaration):
                batch = named_as_ours(read, self.declaration)
                if batch.names != checked and (batch.names or container.kind != "ndjson"):
                    check_header(batch.names, contract, self.declaration, container)
                    checked = list(batch.names)
                yield self._chunk(batch, contract, container, ring, crosswalk)

    def _look_at(self, path: Path) -> Container:
        state = path.stat() if path.exists() else None
        return _looked_at(path, self.declaration.encoding, state.st_mtime_ns if state else 0)

    def _needs_key(self, contract: Contract) -> bool:
        return any(c.pseudonym for c in contract.columns) and not self.declaration.already_pseudonymous

    def _key_ring(self) -> KeyRing:
        return key_ring_for(
            self.config.pseudonym_key_file, self.settings, is_synthetic=self.declaration.synthetic
        )

    def _chunk(
        self,
        batch: Batch,
        contract: Contract,
        container: Container,
        ring: KeyRing | None,
        crosswalk: FlatCrosswalk,
    ) -> Chunk:
        refused = list(batch.refused)
        lost = _lost_zeros(batch, contract, container.kind) if container.kind in ("xlsx", "parquet") else {}
        for at, column in sorted(lost.items()):
            message = (
                f"{column} is a number in the file, leading zeros may be lost; give the column the type text"
            )
            refused.append(Refusal(batch.lines[at], "numeric_code", message, "", column))
        rows = [row for at, row in enumerate(batch.rows) if at not in lost]
        lines = [line for at, line in enumerate(batch.lines) if at not in lost]
        values = list(zip(*rows, strict=True)) if rows else [()] * len(batch.names)
        by_name = dict(zip(batch.names, values, strict=True))
        columns: Columns = {}
        for column in contract.columns:
            if column.name in by_name:
                texts: Sequence[str | None] = by_name[column.name]
            else:
                declared = self.declaration.declared.get(column.name)
                texts = [_declared_text(declared)] * len(rows)
            if column.pseudonym and ring:
                texts = _pseudonyms(texts, column, ring)
            columns[column.name] = list(texts)
        if uncovered := set(crosswalk.translate(columns)):
            message = "the crosswalk has no row for the place; add one with our region_code"
            refused += [
                Refusal(lines[at], "geography_not_covered", message, "", "region_code")
                for at in sorted(uncovered)
            ]
            kept = [at for at in range(len(lines)) if at not in uncovered]
            lines = [lines[at] for at in kept]
            columns = {name: [texts[at] for at in kept] for name, texts in columns.items()}
        return Chunk(
            pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()}),
            file=container.path.name,
            lines=pa.array(lines, pa.int64()),
            refused=tuple(refused),
            is_text=True,
            decimal=self.declaration.decimal,
            date_format=self.declaration.date_format,
            sha256=container.sha256,
        )


@lru_cache(maxsize=256)
def _looked_at(path: Path, encoding: str, modified_ns: int) -> Container:  # noqa: ARG001
    return look_at(path, encoding=encoding)


def _declared_text(value: str | int | float | bool | None) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _lost_zeros(batch: Batch, contract: Contract, container_kind: str) -> dict[int, str]:
    """Rows whose code stands as a number that does not fill the code's own form."""
    import re

    found: dict[int, str] = {}
    for index, name in enumerate(batch.names):
        column = contract.column(name)
        if column.type not in ("text", "code", "key") or column.name == "age_band":
            continue
        told = next((row[index] for row in batch.rows if row[index] is not None), None)
        if container_kind == "parquet" and not isinstance(told, NumberText):
            continue  # a column of Parquet has one type
        for at, row in enumerate(batch.rows):
            value = row[index]
            if isinstance(value, NumberText) and not (column.pattern and re.fullmatch(column.pattern, value)):
                found.setdefault(at, name)
    return found


def _pseudonyms(texts: Sequence[str | None], column: Column, ring: KeyRing) -> list[str | None]:
    known: dict[str | None, str | None] = {}
    for text in set(texts):
        identifier = text.strip() if text else ""
        known[text] = ring.pseudonym(column.pseudonym, identifier) if identifier else None
    return [known[text] for text in texts]
