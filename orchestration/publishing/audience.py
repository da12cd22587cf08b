"""Who gets a file: the ministry, each region, each university of the warehouse.

Belongs here: names of audiences and their files. Does not belong here: which rows they get (`marts.py`).
"""

import re
from dataclasses import dataclass

import duckdb

from orchestration.errors import UserError
from orchestration.publishing.marts import AudienceKind

# A key becomes part of a file name, so it is taken only from this alphabet.
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_LISTS: dict[AudienceKind, tuple[str, str]] = {
    "region": ("dim_regions", "region_code"),
    "university": ("dim_universities", "university_id"),
}


@dataclass(frozen=True)
class Audience:
    """One reader of one file.

    Attributes:
        kind: ministry, region or university.
        key: The region's code, the university's id; `KZ` for the ministry.
    """

    kind: AudienceKind
    key: str

    @property
    def file_name(self) -> str:
        """Name of the audience's file in a snapshot."""
        return "ministry.duckdb" if self.kind == "ministry" else f"{self.kind}_{self.key}.duckdb"


def audiences_in(link: duckdb.DuckDBPyConnection) -> list[Audience]:
    """The ministry first, then all regions and universities of the attached `warehouse`.

    Raises:
        UserError: A key cannot be part of a file name.
    """
    audiences = [Audience("ministry", "KZ")]
    for kind, (table, column) in _LISTS.items():
        query = f"select {column} from warehouse.core.{table} order by 1"  # noqa: S608 - names from above
        for (key,) in link.execute(query).fetchall():
            if not _KEY.fullmatch(key):
                raise UserError(
                    f"The key {key!r} of a {kind} cannot name a file.",
                    where=f"core.{table}.{column}",
                    mend="Use Latin letters, digits, dash, dot or underscore in the source's keys.",
                )
            audiences.append(Audience(kind, key))
    return audiences
