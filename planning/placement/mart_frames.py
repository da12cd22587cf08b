"""The campaign as dbt keeps it, as the frames of a chain; and result tables as rows of JSON.

Belongs here: the border with the dbt models, names and types only. Does not belong here: any step.
"""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from planning.placement.chain import Campaign

LINE_COLUMNS = ["line_id", "region_code", "district_kato", "is_rural", "specialty_group_code"]


def campaign_of(
    graduates: pd.DataFrame,
    lines: pd.DataFrame,
    options: pd.DataFrame,
    scopes: pd.DataFrame,
    contracts: pd.DataFrame,
) -> Campaign:
    """Frames of a campaign.

    Args:
        graduates: graduate_key, campaign_state, couple_key, home_region_code.
        lines: line_id, seats_count, vacant_fte and the columns that scopes and couples look at.
        options: admissible contracts: graduate_key, line_id, option_rank, score, is_from_tail.
        scopes: scope_column, scope_value, floor_count, cap_count.
        contracts: graduate_key, line_id of posts signed before.
    """
    contracts = contracts.sort_values("graduate_key", kind="stable")
    takes_part = (graduates["campaign_state"] == "active") | graduates["graduate_key"].isin(
        contracts["graduate_key"]
    )
    people = graduates[takes_part]
    couples = people[people["couple_key"].notna() & (people["campaign_state"] == "active")]
    couples = couples[couples.groupby("couple_key")["graduate_key"].transform("count") == 2]
    seats = lines["seats_count"]
    return Campaign(
        graduates=pd.DataFrame(
            {"graduate_id": people["graduate_key"], "home_region_code": people["home_region_code"].fillna("")}
        ).reset_index(drop=True),
        lines=lines[LINE_COLUMNS]
        .assign(capacity=seats, deficit_share=lines["vacant_fte"].astype(float) / seats)
        .fillna({"district_kato": ""}),
        preferences=pd.DataFrame(
            {
                "graduate_id": options["graduate_key"],
                "line_id": options["line_id"],
                "rank": options["option_rank"],
                "line_score": options["score"].astype(float),
                "is_from_tail": options["is_from_tail"].astype(bool),
            }
        ),
        quotas=scopes.rename(columns={"floor_count": "floor", "cap_count": "cap"})[
            ["scope_column", "scope_value", "floor", "cap"]
        ].reset_index(drop=True),
        couples=couples.rename(columns={"couple_key": "couple_id", "graduate_key": "graduate_id"})[
            ["couple_id", "graduate_id"]
        ],
        contracts=contracts.rename(columns={"graduate_key": "graduate_id"})[["graduate_id", "line_id"]],
    )


def options_of(relation: Any, *scores: str) -> pd.DataFrame:
    """Options of a relation (of DuckDB), ids as categories: as text a million rows cost 200 MB and a second.

    Args:
        relation: graduate_key, line_id, option_rank, is_from_tail and the scores.
        scores: names of columns of points.
    """
    points = ", ".join(f"{score}::double as {score}" for score in scores)
    rows = relation.project(f"graduate_key, line_id, option_rank, is_from_tail, {points}").to_arrow_table()
    found: pd.DataFrame = rows.to_pandas(categories=["graduate_key", "line_id"])
    return found


def is_empty(campaign: Campaign) -> bool:
    """Whether there is nobody to place or nowhere to place."""
    return campaign.graduates.empty or campaign.lines.empty


def as_json_rows(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every row of every table: result_table, row_number, row; dates as days, blanks as null."""
    rows = []
    for name, table in tables.items():
        plain = table.astype(object).where(table.notna(), None)
        for at, values in enumerate(zip(*(plain[column] for column in plain), strict=True)):
            cells = dict(zip(plain.columns, values, strict=True))
            rows.append((name, at, json.dumps(cells, ensure_ascii=False, default=_plain)))
    frame = pd.DataFrame(rows, columns=["result_table", "row_number", "row"])
    return frame.astype({"result_table": "str", "row_number": "int64", "row": "str"})


def _plain(value: object) -> object:
    """A day, a moment or a numpy number as JSON holds it."""
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ")
    return value.item()  # type: ignore[attr-defined]
