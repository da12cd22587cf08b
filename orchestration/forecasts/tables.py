"""Planning tables on disk: always there, always of the declared schema.

Belongs here: writing one and reading its row count. Does not belong here: its declaration (`schemas.py`).
"""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.forecasts.schemas import TABLES, schema_of


def write_table(folder: Path, table: str, frame: pd.DataFrame) -> int:
    """Write one table whole, replacing the old one in a single step; rows written.

    Columns that the declaration lacks are left out; an empty frame gives a file with no rows.

    Raises:
        KeyError: The frame has rows but lacks a declared column.
    """
    schema = schema_of(table)
    made = schema.empty_table()
    if len(frame):
        made = pa.Table.from_pandas(frame[list(TABLES[table])], schema=schema, preserve_index=False)
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{table}.parquet.new"
    pq.write_table(made.replace_schema_metadata(None), aside, compression="zstd")
    aside.replace(folder / f"{table}.parquet")
    return made.num_rows
