"""The placement of the current campaign: its chain of runs, all result tables as JSON rows.

One model for all result tables, so that they come from one and the same chain. Belongs here: handing tables
over. Does not belong here: any rule; eligibility and points are SQL (`int_campaign_options`), the match is
`planning`.
"""

import json

import pandas as pd


def model(dbt, session):  # noqa: ARG001
    """Rows of (result_table, row_number, row as JSON); none where there is no campaign or no line."""
    dbt.config(materialized="table")
    from planning.placement.chain import run_chain  # noqa: PLC0415
    from planning.placement.mart_frames import as_json_rows, campaign_of, is_empty, options_of  # noqa: PLC0415
    from planning.placement.policy import swap_table  # noqa: PLC0415
    from planning.placement.rerun import run_diff  # noqa: PLC0415

    admitted = dbt.ref("int_campaign_options").filter("exclusion_code = ''")
    campaign = campaign_of(
        dbt.ref("int_campaign_graduates").df(),
        dbt.ref("int_campaign_lines").df(),
        options_of(admitted, "score"),
        dbt.ref("int_campaign_scopes").filter("not is_last_year").df(),
        dbt.ref("int_campaign_pins").df(),
    )
    current = dbt.ref("int_campaign_current").df()
    as_of = dbt.ref("int_as_of").df()
    decisions = dbt.ref("int_campaign_decisions").df()
    if current.empty or is_empty(campaign):
        return as_json_rows({})
    chain = run_chain(
        campaign,
        decisions.rename(columns={"graduate_key": "graduate_id"}),
        seed=str(current["lottery_seed"].iloc[0]),
        as_of=as_of["as_of_date"].iloc[0],
    )
    tables = {name: pd.DataFrame(columns) for name, columns in chain.last.tables.items()}
    tables["explanations"] = chain.explanations
    # Held posts narrow what a later run could still cover: the yardstick stays that of the first.
    tables["coverage"]["bound"] = chain.first.tables["coverage"]["bound"]
    tables["checker"] = pd.DataFrame({"report": [json.dumps(chain.last.checker, sort_keys=True)]})
    tables["runs"], tables["decisions"] = chain.runs, chain.effects
    tables["swaps"] = swap_table(chain.last)
    if chain.before is not None:
        tables["run_diff"] = run_diff(chain.before, tables["placements"], tables["explanations"])
    return as_json_rows(tables)
