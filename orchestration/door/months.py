"""Months of rows that came all at once: how many of each file landed in each month.

A file or an export holds any months in any order. Everything after the door counts by month and asks which
months are new, so a delivery is told month by month too, as one that arrives by month is.
Does not belong here: writing the months (`lake.py`).
"""

from datetime import date

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.contracts import Contract
from orchestration.door.checks import sql_name
from orchestration.door.spool import Spool


def landed_by_month(
    contract: Contract, spool: Spool, gone: np.ndarray, connection: duckdb.DuckDBPyConnection
) -> dict[tuple[int, date], int]:
    """Rows that stay, by number of the file and month, in order of both.

    Args:
        contract: A contract with a period.
        spool: Rows of all months together.
        gone: Rows that do not land after all.
        connection: DuckDB.
    """
    connection.register("gone_rows", pa.table({"row_number": gone}))
    rows = connection.execute(
        f"""
        select trail.file_number, spooled.{sql_name(contract.period)} as month, count(*) as rows_count
        from read_parquet($rows, file_row_number = true) as spooled
        join read_parquet($trail, file_row_number = true) as trail using (file_row_number)
        anti join gone_rows on spooled.file_row_number = gone_rows.row_number
        group by all
        order by all
        """,  # noqa: S608
        {"rows": str(spool.path), "trail": str(spool.trail_path)},
    ).fetchall()
    connection.unregister("gone_rows")
    return {(number, month): count for number, month, count in rows}
