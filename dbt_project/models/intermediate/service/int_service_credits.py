"""Spells of work and what each counts for each duty: the lines that the ledger sums.

Belongs here: handing tables over. Does not belong here: any rule (`planning.placement.service`).
"""


def model(dbt, session):  # noqa: ARG001
    """Rows of `credited_intervals`."""
    dbt.config(materialized="table")
    from planning.placement.service import credited_intervals  # noqa: PLC0415
    from planning.placement.service_frames import duty_frames, ledger_day  # noqa: PLC0415

    obligations, events, facilities, _ = duty_frames(
        dbt.ref("stg_graduates__obligations").df(),
        dbt.ref("stg_graduates__service_events").df(),
        dbt.ref("dim_facilities").df(),
        dbt.ref("stg_graduates__exemptions").df(),
    )
    as_of = dbt.ref("int_as_of").df()
    return credited_intervals(obligations, events, facilities, as_of=ledger_day(as_of))
