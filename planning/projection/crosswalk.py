"""One geography for the whole of a history: regions that split are drawn back in time.

Belongs here: the restatement of counts before a split. Does not belong here: the list of splits
(dated rows with their source, given by the caller) and any forecast.
"""

import pandas as pd

from planning.frames import Column, Contract, FrameError, require

REGION_SPLITS = Contract(
    "region_splits",
    {
        "parent_region_code": Column("text"),
        "child_region_code": Column("text"),
        "first_year": Column("integer", "year"),
    },
    key=("child_region_code",),
)


def restate_regions(
    history: pd.DataFrame, splits: pd.DataFrame, *, value: str, by: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Share out a parent's counts before a split, as the first year after it was shared.

    The share of the child is taken within each cell of `by` (age and sex, say); a cell that both
    regions leave empty in that year takes the share of all cells together. Totals of every year are
    kept exactly. Later splits are undone first, so a region that was split twice is handled.

    Args:
        history: region_code, year, *by, `value`; one row a cell.
        splits: parent_region_code, child_region_code, first_year (first year with own figures).
        value: The additive column.
        by: Further columns of the cell.

    Raises:
        FrameError: A child has rows before its first year while its parent has not been reduced
            (the history is restated already, or the year is wrong).
    """
    splits = require(splits, REGION_SPLITS).sort_values("first_year", ascending=False)
    cell = list(by) or ["year"]  # without cells any constant would do: every row takes the overall share
    restated = history[["region_code", "year", *by, value]].astype({value: float})
    for parent, child, first_year in splits.itertuples(index=False):
        early = restated["year"] < first_year
        if (early & (restated["region_code"] == child)).any():
            raise FrameError(
                "region_splits", f"{child} has figures before {first_year}, the first year of its split"
            )
        first = _first_common_year(restated, parent, child, first_year)
        of_parent = early & (restated["region_code"] == parent)
        if first.empty or not of_parent.any():
            continue
        overall = first.loc[first["region_code"] == child, value].sum() / max(first[value].sum(), 1e-300)
        sums = first.pivot_table(index=cell, columns="region_code", values=value, aggfunc="sum").fillna(0.0)
        shares = sums[child] / sums.sum(axis=1).where(lambda total: total > 0)
        rows = restated[of_parent]
        share = rows[cell].merge(shares.rename("share").reset_index(), how="left", on=cell)["share"]
        moved = rows.assign(region_code=child)
        moved[value] = rows[value].to_numpy() * share.fillna(overall).to_numpy()
        restated.loc[of_parent, value] -= moved[value]
        restated = pd.concat([restated, moved], ignore_index=True)
    return restated.sort_values(["year", "region_code", *by]).reset_index(drop=True)


def _first_common_year(history: pd.DataFrame, parent: str, child: str, first_year: int) -> pd.DataFrame:
    """Rows of parent and child in the first year from `first_year` that has both; maybe none."""
    both = history[history["region_code"].isin([parent, child]) & (history["year"] >= first_year)]
    regions = both.groupby("year")["region_code"].nunique()
    first: pd.DataFrame = both[both["year"] == regions[regions == 2].index.min()]
    return first
