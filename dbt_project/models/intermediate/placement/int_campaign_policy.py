"""What other floors and last year's rules would have done to the current campaign, as JSON rows.

Belongs here: handing tables over. Does not belong here: the placement that is published
(`int_campaign_results`): a slip here must not hold it up, nor its run wait for these.
"""

import pandas as pd


def model(dbt, session):  # noqa: ARG001
    """Rows of (result_table, row_number, row as JSON); none where there is no campaign or no line."""
    dbt.config(materialized="table")
    from planning.placement.mart_frames import as_json_rows, campaign_of, is_empty, options_of  # noqa: PLC0415
    from planning.placement.policy import policy_tables  # noqa: PLC0415

    scopes = dbt.ref("int_campaign_scopes").df()
    admitted = dbt.ref("int_campaign_options").filter("exclusion_code = ''")
    options = options_of(admitted, "score", "score_before")
    frames = (dbt.ref("int_campaign_graduates").df(), dbt.ref("int_campaign_lines").df())
    pins = dbt.ref("int_campaign_pins").df()
    present = campaign_of(*frames, options, scopes[~scopes["is_last_year"]], pins)
    current = dbt.ref("int_campaign_current").df()
    if current.empty or is_empty(present):
        return as_json_rows({})
    options["score"] = options["score_before"]
    last_year = campaign_of(*frames, options, scopes[scopes["is_last_year"]], pins)
    behaviour = dbt.ref("int_service_behaviour").df()
    tables = policy_tables(
        present,
        last_year,
        seed=str(current["lottery_seed"].iloc[0]),
        behaviour={name: value for name, value in behaviour.iloc[0].items() if not pd.isna(value)},
    )
    return as_json_rows(tables)
