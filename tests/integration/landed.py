"""Landed Parquet as pandas frames, nothing of dbt: what recomputations start from.

Belongs here: reading the lake. Does not belong here: any method (the tests beside this file).
"""

from pathlib import Path

import pandas as pd
import pyarrow.dataset as ds


class Landing:
    """The lake below a folder, seen on its last day."""

    def __init__(self, root: Path) -> None:
        self.root = root
        delivered = self.table("delivery")
        self.fraction = delivered.query("contract == 'passport_encounter'")["sampling_fraction"].iloc[0]
        self.month = max(pd.to_datetime(delivered.query("contract == 'staff_post'")["month"]))
        self.day = max(delivered["as_of"])

    def table(self, name: str, part: str = "", facilities: list[str] | None = None) -> pd.DataFrame:
        """A landing table, or the rows of one month's folder or of these facilities."""
        files = sorted((self.root / name / part).rglob("*.parquet"))
        condition = None if facilities is None else ds.field("facility_id").isin(facilities)
        return ds.dataset(files).to_table(filter=condition).to_pandas()

    def posts(self) -> pd.DataFrame:
        """Staffing lines of the latest month, numbers as floats."""
        lines = self.table("staff_post", f"month={self.month:%Y-%m}")
        return lines.astype({"budgeted_fte": float, "filled_fte": float})

    def holding(self, name: str, day: object = None) -> pd.DataFrame:
        """Dated rows that hold on the last day of the month, or on another day."""
        rows = self.table(name)
        day = day or (self.month + pd.offsets.MonthEnd(0)).date()
        return rows[
            (rows["valid_from"] <= day) & (rows["valid_to"].isna() | (rows["valid_to"].fillna(day) >= day))
        ]
