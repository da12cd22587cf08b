"""Which facility's register may be shown alone, and with which neighbours the others are shown together.

Belongs here: handing tables over. Does not belong here: the rule; it stands in `planning.disclosure`.
"""


def model(dbt, session):  # noqa: ARG001
    """One row a facility and programme: basis, pool, rounded patients counted there, before weighting."""
    dbt.config(materialized="table")
    from planning.register_pools import register_pools  # noqa: PLC0415

    return register_pools(dbt.ref("int_chronic_registers").df(), dbt.ref("dim_facilities").df())
