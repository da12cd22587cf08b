"""An audience: the ministry, one region's akimat, or one university – and the snapshot file that is its own.

Belongs here: the kinds and the file name. Does not belong here: who may act for an audience (`access.py`) and
the opening of its file (`data.py`).
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["ministry", "region", "university"]

_KEY = re.compile(r"[0-9A-Za-z_-]{1,20}")


@dataclass(frozen=True)
class Audience:
    """One reader's view.

    Attributes:
        kind: ministry, region or university.
        key: Region code or university id; empty for the ministry.

    Raises:
        ValueError: The kind is unknown, or the key does not fit the kind.
    """

    kind: Kind
    key: str = ""

    def __post_init__(self) -> None:
        """Refuse anything that could name another file."""
        if self.kind not in get_args(Kind):
            raise ValueError(f"unknown audience {self.kind!r}; known: {', '.join(get_args(Kind))}")
        if (self.kind == "ministry") != (self.key == ""):
            raise ValueError(
                f"audience {self.kind} with key {self.key!r}: only a region or university has one"
            )
        if self.key and not _KEY.fullmatch(self.key):
            raise ValueError(f"audience key {self.key!r} holds more than letters, digits, _ and -")

    @property
    def name(self) -> str:
        """`ministry`, `region_KZ-10`, `university_07`: the stem of the file and of every download."""
        return f"{self.kind}_{self.key}" if self.key else self.kind

    @classmethod
    def named(cls, name: str) -> "Audience":
        """The audience of a file stem.

        Raises:
            ValueError: The name belongs to no audience.
        """
        kind, _, key = name.partition("_")
        return cls(kind, key)
