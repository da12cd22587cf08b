"""Dagster's event log on SQLite with its connections kept open.

Dagster's own opens a connection and compiles every statement anew for each of the 1,900 events of a run:
9.6 ms of computing an event against 1.2 ms (`tests/rules` watches that the replaced name stays).
Does not belong here: any other storage, and what is logged.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME

BUSY_SECONDS = 60  # as long as Dagster waits for another process


class KeptOpenEventLog(SqliteEventLogStorage):
    """The same files and tables; the index and the run written last stay open."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        """Start with everything closed."""
        self._engines: dict[str, sa.Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: dict[str, Any]) -> "KeptOpenEventLog":
        """`base_dir` is the home of Dagster; its events lie where Dagster's own storage puts them."""
        return cls(str(Path(config_value["base_dir"]) / "history" / "runs"), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            engine = self._opened(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the index has the table: asked 700 times a run, and a table never goes away."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def _opened(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            for other in set(self._engines) - {INDEX_SHARD_NAME}:
                self._engines.pop(other).dispose()
            engine = sa.create_engine(
                self.conn_string_for_shard(shard), pool_size=1, connect_args={"timeout": BUSY_SECONDS}
            )
            # The log is written ahead: a crash of the machine may lose the last events, never the file.
            sa.event.listen(engine, "connect", lambda link, _: link.execute("pragma synchronous = normal"))
            self._engines[shard] = engine
        return self._engines[shard]

    def dispose(self) -> None:
        """Close everything."""
        super().dispose()
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()
