"""What every source kind looks like from the door: parts of a contract, read in chunks with their lines.

Belongs here: the protocol and the chunk. Does not belong here: any source kind (one module each, beside
this one) and the checks (`orchestration/door/`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

import pyarrow as pa

from orchestration.contracts import Contract


@dataclass(frozen=True)
class Refusal:
    """One record that could not become a row, with everything personal already masked.

    Attributes:
        line: Physical line or row of the file, from 1; None when the whole file is meant.
        rule: Short name of the rule that the record breaks.
        message: What is wrong and how to mend it.
        raw_text: The record, masked.
        column: Column or element at fault, or empty.
    """

    line: int | None
    rule: str
    message: str
    raw_text: str = ""
    column: str = ""


@dataclass(frozen=True)
class Chunk:
    """A few thousand records of one file.

    Attributes:
        rows: The contract's columns, either typed as the contract says or all text (`is_text`); nothing
            personal is left in them.
        file: File name as people know it.
        lines: Physical line of each row, from 1; None where the source has no lines.
        versions: Sortable version of each row (newer is greater), or None.
        refused: Records that could not become a row.
        folded: Records that were folded into a row of another record of the same key.
        is_text: Whether the columns are text that the door has to read.
        decimal: Decimal mark of numbers in text.
        date_format: `strptime` format of dates in text.
        sha256: Fingerprint of the file; empty where the source has no files.
    """

    rows: pa.Table
    file: str
    lines: pa.Array | None = None
    versions: pa.Array | None = None
    refused: tuple[Refusal, ...] = ()
    folded: int = 0
    is_text: bool = False
    decimal: str = "."
    date_format: str = "%Y-%m-%d"
    sha256: str = ""

    @property
    def records(self) -> int:
        """Physical records this chunk stands for."""
        return self.rows.num_rows + len(self.refused) + self.folded


class Source(Protocol):
    """One configured source."""

    @property
    def kind(self) -> Literal["embedded", "files", "fhir", "memory"]:
        """Kind of the source."""

    @property
    def system(self) -> str:
        """Name of the system, `source_system` of every row."""

    @property
    def as_of(self) -> date:
        """The day the data describe."""

    @property
    def sampling_fraction(self) -> float:
        """Share of persons delivered."""

    @property
    def is_demonstration(self) -> bool:
        """Whether no person stands behind the rows."""

    def fingerprint(self, contract: Contract) -> str:
        """Changes whenever what `read` gives may change."""

    def key_id(self, contract: Contract) -> str:
        """Which key made the pseudonyms of the contract; empty where no key was needed."""

    def periods(self, contract: Contract) -> Sequence[date | None]:
        """Months it can be read by; `[None]` when the whole comes at once."""

    def read(self, contract: Contract, period: date | None) -> Iterator[Chunk]:
        """The records of one period, in the order of the file."""


@dataclass(frozen=True)
class MemorySource:
    """Typed Arrow tables held in memory, by contract name: for tests and for absent contracts."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    as_of: date = date(2026, 9, 30)
    system: str = "memory"
    kind: Literal["memory"] = "memory"
    sampling_fraction: float = 1.0
    is_demonstration: bool = False

    def fingerprint(self, contract: Contract) -> str:
        """Tables in memory are always read anew, unless there is none."""
        return "" if contract.name in self.tables else "absent"

    def key_id(self, contract: Contract) -> str:  # noqa: ARG002
        """No key."""
        return ""

    def periods(self, contract: Contract) -> Sequence[date | None]:  # noqa: ARG002
        """The whole comes at once."""
        return [None]

    def read(self, contract: Contract, period: date | None) -> Iterator[Chunk]:  # noqa: ARG002
        """The one table."""
        if contract.name in self.tables:
            rows = self.tables[contract.name]
            lines = pa.array(range(1, rows.num_rows + 1), pa.int64())
            yield Chunk(rows, file=f"{contract.name} (memory)", lines=lines)
