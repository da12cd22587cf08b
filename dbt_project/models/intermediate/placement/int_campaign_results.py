"""The placement of the current campaign: one run of `planning.placement`, its tables as rows of JSON.

One model for all result tables, so that they come from one and the same run. Belongs here: handing tables
over. Does not belong here: any rule; eligibility and points are SQL (`int_campaign_options`), the match is
`planning`.
"""

import json

import pandas as pd


def model(dbt, session):  # noqa: ARG001
    """Rows of (result_table, row_number, row as JSON); none where there is no campaign or no line."""
    dbt.config(materialized="table")
    from planning.placement.instance import Rules, Tables  # noqa: PLC0415
    from planning.placement.run import run  # noqa: PLC0415

    campaign = dbt.ref("int_campaign_current").df()
    graduates = dbt.ref("int_campaign_graduates").df()
    lines = dbt.ref("int_campaign_lines").df()
    options = dbt.ref("int_campaign_options").filter("exclusion_code = ''").df()
    pins = dbt.ref("int_campaign_pins").df()
    scopes = dbt.ref("int_campaign_scopes").df()

    is_taking_part = (graduates["campaign_state"] == "active") | graduates["graduate_key"].isin(
        pins["graduate_key"]
    )
    graduates = graduates[is_taking_part]
    if campaign.empty or graduates.empty or lines.empty:
        return pd.DataFrame({"result_table": [], "row_number": [], "row": []}).astype(
            {"result_table": "str", "row_number": "int64", "row": "str"}
        )

    graduate_keys, line_ids = graduates["graduate_key"].tolist(), lines["line_id"].tolist()

    couples = graduates[graduates["couple_key"].notna() & (graduates["campaign_state"] == "active")]
    couples = couples[couples.groupby("couple_key")["graduate_key"].transform("count") == 2]
    outcome = run(
        Tables(
            graduates={"graduate_id": graduate_keys},
            lines={
                "line_id": line_ids,
                "capacity": lines["seats_count"].tolist(),
                "region_code": lines["region_code"].tolist(),
                "district_kato": lines["district_kato"].fillna("").tolist(),
                "is_rural": lines["is_rural"].tolist(),
                "specialty_group_code": lines["specialty_group_code"].tolist(),
                "deficit_share": (lines["vacant_fte"].astype(float) / lines["seats_count"]).tolist(),
            },
            preferences={
                "graduate_id": options["graduate_key"].tolist(),
                "line_id": options["line_id"].tolist(),
                "rank": options["option_rank"].tolist(),
            },
            scores={
                "graduate_id": options["graduate_key"].tolist(),
                "line_id": options["line_id"].tolist(),
                "score": options["score"].astype(float).tolist(),
            },
            quotas={
                "scope_column": scopes["scope_column"].tolist(),
                "scope_value": scopes["scope_value"].tolist(),
                "floor": [None if pd.isna(v) else int(v) for v in scopes["floor_count"]],
                "cap": [None if pd.isna(v) else int(v) for v in scopes["cap_count"]],
            },
            couples={
                "couple_id": couples["couple_key"].tolist(),
                "graduate_id": couples["graduate_key"].tolist(),
            },
            overrides={
                "graduate_id": pins["graduate_key"].tolist(),
                "line_id": pins["line_id"].tolist(),
            },
        ),
        Rules(seed=str(campaign["lottery_seed"].iloc[0])),
    )
    tables = dict(outcome.tables)
    tables["checker"] = {"report": [json.dumps(outcome.checker, sort_keys=True)]}
    tables["summary"] = {"report": [json.dumps(outcome.summary, sort_keys=True)]}
    rows = [
        (name, at, json.dumps(dict(zip(columns, values, strict=True)), ensure_ascii=False))
        for name, columns in tables.items()
        for at, values in enumerate(zip(*columns.values(), strict=True))
    ]
    return pd.DataFrame(rows, columns=["result_table", "row_number", "row"])
