"""What landing a contract came to: its counts, the manifest in the lake, the delivery table.

Law, for every file and for the whole: records in = landed + superseded + quarantined; a manifest that breaks
it is refused. Belongs here: counts and where they are kept. Does not belong here: counting (`landing.py`).
"""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.contracts import Contract
from orchestration.contracts.ledger import DELIVERY, ledger_schema
from orchestration.door.lake import Lake
from orchestration.errors import UserError

DELIVERY_SCHEMA = ledger_schema(DELIVERY)
CONTRACT_VERSION = 1


@dataclass
class Part:
    """What one file brought for one period: a row of the delivery table."""

    contract: str
    source_kind: str
    source_system: str
    batch_id: str
    as_of: str
    month: str | None
    file: str
    records_in: int = 0
    landed: int = 0
    superseded: int = 0
    quarantined: int = 0
    sampling_fraction: float = 1.0
    is_demonstration: bool = False
    sha256: str = ""


@dataclass(frozen=True)
class Delivery:
    """What landing one contract came to.

    Attributes:
        contract: Contract name.
        parts: One per period and file.
        reasons: Quarantined records by rule.
        warned_count: Rows that landed with a warning.
        is_unchanged: The input was the same as last time, so the lake was left as it is.
    """

    contract: str
    parts: tuple[Part, ...]
    reasons: dict[str, int] = field(default_factory=dict)
    warned_count: int = 0
    is_unchanged: bool = False

    @property
    def records_in(self) -> int:
        """Physical records read."""
        return sum(part.records_in for part in self.parts)

    @property
    def landed(self) -> int:
        """Rows of the landing table."""
        return sum(part.landed for part in self.parts)

    @property
    def superseded(self) -> int:
        """Records replaced by a newer version, an exact copy, or folded into another record's row."""
        return sum(part.superseded for part in self.parts)

    @property
    def quarantined(self) -> int:
        """Refused records."""
        return sum(part.quarantined for part in self.parts)

    def sentence(self) -> str:
        """The law in words and numbers."""
        return (
            f"{self.contract}: {self.records_in:,} in = {self.landed:,} landed"
            f" + {self.superseded:,} superseded + {self.quarantined:,} quarantined"
        )


def delivery_of(manifest: dict[str, Any], *, is_unchanged: bool) -> Delivery:
    """The delivery that a kept manifest tells of."""
    parts = tuple(Part(**part) for part in manifest["deliveries"])
    return Delivery(manifest["contract"], parts, manifest["reasons"], manifest["warned"], is_unchanged)


def write_manifest(  # noqa: PLR0917
    prepared: Path,
    contract: Contract,
    files: list[dict[str, Any]],
    parts: list[dict[str, Any]],
    fingerprint: str,
    reasons: dict[str, int],
    warned: int,
    facts: dict[str, Any],
) -> None:
    """Write `manifest.json` beside a contract's prepared files.

    Raises:
        UserError: The counts break the law of conservation.
    """

    def total(name: str) -> int:
        return sum(part[name] for part in parts)

    if total("records_in") != total("landed") + total("superseded") + total("quarantined"):
        raise UserError(
            f"{contract.name}: records in are not landed + superseded + quarantined.",
            where=contract.name,
            why="a record was lost or counted twice, which must never happen",
            mend="report this with the delivery; nothing was published",
        )
    manifest = {
        "contract": contract.name,
        "version": CONTRACT_VERSION,
        "batches": sorted({part["batch_id"] for part in parts}),
        "as_of": max((part["as_of"] for part in parts), default=None),
        "sampling_fraction": min((part["sampling_fraction"] for part in parts), default=None),
        "source_kind": "+".join(sorted({part["source_kind"] for part in parts})),
        "files": files,
        "records_in": total("records_in"),
        "landed": total("landed"),
        "superseded": total("superseded"),
        "quarantined": total("quarantined"),
        "reasons": reasons,
        "warned": warned,
        "fingerprint": fingerprint,
        **facts,
        "deliveries": parts,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (prepared / "manifest.json").write_text(text, encoding="utf-8")


def write_delivery_table(lake: Lake, rows: list[dict[str, Any]]) -> None:
    """Write the delivery table, one row per contract, period and file, beside the old one and swap it in."""
    path = lake.folder("delivery") / "delivery.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    typed = [
        {
            **row,
            "as_of": date.fromisoformat(row["as_of"]),
            "month": date.fromisoformat(row["month"]) if row["month"] else None,
        }
        for row in rows
    ]
    writing = path.with_suffix(".writing")
    pq.write_table(pa.Table.from_pylist(typed, DELIVERY_SCHEMA), writing, compression="zstd")
    writing.replace(path)
