"""The embedded country as a source. Does not belong here: how the country is drawn (`embedded/`)."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from orchestration.contracts import Contract
from orchestration.sources.embedded.calendar import AS_OF, PASSPORT_MONTHS, POST_MONTHS, month_date
from orchestration.sources.source import Chunk

if TYPE_CHECKING:
    from orchestration.sources.embedded import Country


@lru_cache(maxsize=1)
def _country(seed: int, sampling_fraction: float) -> "Country":
    from orchestration.sources.embedded import build_country

    return build_country(seed=seed, sampling_fraction=sampling_fraction)


def forget_country() -> None:
    """Let go of the country that was drawn last."""
    _country.cache_clear()


@dataclass(frozen=True)
class EmbeddedSource:
    """The seeded country; its keys are drawn, no person stands behind them.

    Attributes:
        seed: Seed of the country.
        sampling_fraction: Share of persons drawn.
        system: Name of the system.
    """

    seed: int
    sampling_fraction: float
    system: str = "embedded"
    kind: Literal["embedded"] = "embedded"
    is_demonstration: bool = True

    @property
    def country(self) -> "Country":
        """The country, built once, when it is first asked for."""
        return _country(self.seed, self.sampling_fraction)

    @property
    def as_of(self) -> date:
        """Last day the country describes."""
        return AS_OF

    def fingerprint(self, contract: Contract) -> str:
        """Seed and fraction; the code that draws is part of the landing's own fingerprint."""
        facts = [self.kind, contract.name, self.seed, self.sampling_fraction]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def key_id(self, contract: Contract) -> str:  # noqa: ARG002
        """No key: the identifiers are drawn, so that one seed gives the same bytes on every machine."""
        return ""

    def periods(self, contract: Contract) -> Sequence[date | None]:
        """Months of the contract, or the whole."""
        if not contract.period:
            return [None]
        numbers = POST_MONTHS if contract.name == "staff_post" else PASSPORT_MONTHS
        return [month_date(int(number)) for number in numbers]

    def read(self, contract: Contract, period: date | None) -> Iterator[Chunk]:
        """The drawn rows; the line is the row's place in its period."""
        start = 1
        for rows in self._tables(contract, period):
            lines = pa.array(np.arange(start, start + rows.num_rows))
            start += rows.num_rows
            yield Chunk(rows, file=f"embedded/{contract.name}", lines=lines)

    def _tables(self, contract: Contract, period: date | None) -> Iterator[pa.Table]:
        if period is None and contract.group != "passports":
            yield self.country.table(contract.name)
        elif contract.group == "passports":
            yield from self.country.passports(contract.name, period)
        else:
            yield self.country.table(contract.name, period)
