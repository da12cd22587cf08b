"""Some rows of a flat file as text, with the physical line of each.

Belongs here: what every reader of a flat file hands on, text that was a number among it. Does not belong
here: reading (`flat_rows.py`, `workbooks.py`).
"""

from dataclasses import dataclass, field

from orchestration.door.personal import mask_shape
from orchestration.sources.source import Refusal

BATCH_ROWS = 50_000


@dataclass
class Batch:
    """Some rows: text (or None) by column name, with the physical line of each."""

    names: list[str]
    rows: list[tuple[str | None, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether it is time to hand it on."""
        return len(self.rows) + len(self.refused) >= BATCH_ROWS

    def refuse(self, line: int, rule: str, message: str, raw: str, column: str = "") -> None:
        """Refuse a row; only the shape of its text is kept."""
        self.refused.append(Refusal(line, rule, message, mask_shape(raw, 120), column))


class NumberText(str):
    """Text that was a number in a workbook or a float in Parquet: as a code it may have lost its zeros."""

    __slots__ = ()
