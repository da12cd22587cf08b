"""The only opener of published snapshots: one audience's own file, read only, by parameterised queries.

Publication writes immutable files and swaps the pointer CURRENT; here the pointer is read once a rerun,
so that one page never mixes two snapshots. A page cannot show another audience's row, because the file
opened here does not hold it. Belongs here: opening and asking. Does not belong here: what pages ask, and
who may ask (`access.py`).
"""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import duckdb
import pandas as pd
import streamlit as st

from dashboards.audience import Audience

PUBLICATION_VARIABLE = "MEDKADR_PUBLICATION"
_RUN_ID = re.compile(r"[0-9A-Za-z_.-]{1,120}")

TableState = Literal["absent", "empty", "filled"]


class NotPublishedError(Exception):
    """Nothing can be shown: no publication, or none for this audience. The message says what to do."""


def publication() -> Path:
    """The publication folder."""
    default = Path(__file__).resolve().parent.parent / ".medkadr" / "publication"
    return Path(os.environ.get(PUBLICATION_VARIABLE) or default)


def current_run_id() -> str:
    """The run that CURRENT points to.

    Raises:
        NotPublishedError: There is no pointer, or it names no snapshot.
    """
    pointer = publication() / "CURRENT"
    try:
        run_id = pointer.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NotPublishedError(str(pointer)) from error
    if not _RUN_ID.fullmatch(run_id) or not (publication() / "snapshots" / run_id).is_dir():
        raise NotPublishedError(str(pointer))
    return run_id


def published_audiences(run_id: str) -> list[Audience]:
    """The audiences that have a file in the snapshot: ministry, then regions, then universities."""
    names = sorted(path.stem for path in (publication() / "snapshots" / run_id).glob("*.duckdb"))
    return [Audience.named(name) for name in names]


@dataclass(frozen=True)
class Snapshot:
    """One audience's file of one run.

    Attributes:
        audience: Whose file.
        run_id: Which run.
    """

    audience: Audience
    run_id: str

    @property
    def path(self) -> Path:
        """The file; its name is made of checked parts only."""
        return publication() / "snapshots" / self.run_id / f"{self.audience.name}.duckdb"

    @cached_property
    def meta(self) -> dict[str, Any]:
        """The one row of meta.snapshot: as_of, published_at, is_demonstration, source_note and others."""
        return self.ask("select * from meta.snapshot").iloc[0].to_dict()

    @cached_property
    def tables(self) -> pd.DataFrame:
        """meta.tables by "schema.table": rows, description, as_of, source."""
        tables = self.ask('select *, "schema" || \'.\' || "table" as table_id from meta.tables')
        return tables.set_index("table_id")

    def state(self, table: str) -> TableState:
        """Whether "schema.table" is absent from this file, empty, or filled."""
        if table not in self.tables.index:
            return "absent"
        return "filled" if self.tables.loc[table, "rows"] > 0 else "empty"

    def is_delivered(self, contract: str) -> bool:
        """Whether any row of a contract had arrived: only then is an empty mart an answer.

        Snapshots published before this was told, to which a rollback may lead, count as delivered.
        """
        if self.ask("from duckdb_tables() where schema_name = 'meta' and table_name = 'delivered'").empty:
            return True
        return contract in set(self.ask("from meta.delivered")["contract"])

    def ask(self, sql: str, **parameters: object) -> pd.DataFrame:
        """The answer to a query with $named parameters, never text made into SQL."""
        return _answer(
            self.audience.name, self.run_id, str(self.path), sql, tuple(sorted(parameters.items()))
        )

    def read(self, table: str, sql: str, **parameters: object) -> pd.DataFrame:
        """As `ask`, but an empty frame where the table is absent or empty. `sql` reads `table` first."""
        return self.ask(sql, **parameters) if self.state(table) == "filled" else pd.DataFrame()


def open_snapshot(audience: Audience, run_id: str) -> Snapshot:
    """The snapshot of an audience.

    Raises:
        NotPublishedError: The run holds no file for the audience.
    """
    snapshot = Snapshot(audience, run_id)
    if not snapshot.path.is_file():
        raise NotPublishedError(str(snapshot.path))
    return snapshot


@st.cache_resource(max_entries=128, show_spinner=False)
def _connection(path: str) -> duckdb.DuckDBPyConnection:
    """One read-only connection a file; queries take a cursor of it. No file but this one can be reached."""
    return duckdb.connect(path, read_only=True, config={"enable_external_access": False, "threads": 2})


@st.cache_data(max_entries=2000, show_spinner=False)
def _answer(
    audience: str, run_id: str, path: str, sql: str, parameters: tuple[tuple[str, object], ...]
) -> pd.DataFrame:
    """A query's answer, kept by audience and run: what one audience asked never serves another."""
    del audience, run_id  # part of the cache's key only
    with _connection(path).cursor() as cursor:
        return cursor.execute(sql, dict(parameters)).df()
