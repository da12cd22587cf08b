"""The obligation ledger as of the latest delivery, one row a graduate and legal basis.

Belongs here: handing tables over. Does not belong here: any rule; they stand in `planning.placement.service`,
tested on cases reckoned by hand.
"""


def model(dbt, session):  # noqa: ARG001
    """Rows of `ledger`, days as dates."""
    dbt.config(materialized="table")
    from planning.placement.service import ledger  # noqa: PLC0415
    from planning.placement.service_frames import duty_frames, ledger_day  # noqa: PLC0415

    frames = duty_frames(
        dbt.ref("stg_graduates__obligations").df(),
        dbt.ref("stg_graduates__service_events").df(),
        dbt.ref("dim_facilities").df(),
        dbt.ref("stg_graduates__exemptions").df(),
    )
    as_of = dbt.ref("int_as_of").df()
    return ledger(*frames, as_of=ledger_day(as_of))
