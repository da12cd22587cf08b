"""What the ledger reads: duties, events of service, places and reliefs.

Belongs here: columns, vocabularies, keys. Does not belong here: any rule (`service.py`).
"""

from planning.frames import Column, Contract

OBLIGATIONS = Contract(
    "obligations",
    {
        "graduate_id": Column("text"),
        "basis": Column(
            "text",
            allowed=frozenset({"state_grant", "rural_quota", "local_grant", "rural_payment", "phd_order"}),
        ),
        "months_required": Column("number", unit="months", minimum=0),
        "state_order_share": Column("number", unit="share", minimum=0, maximum=1),
        "paying_region_code": Column("text", is_optional=True),
        "began_on": Column("date", is_nullable=True),
        "cost_kzt": Column("number", unit="kzt", minimum=0, is_nullable=True),
    },
    key=("graduate_id", "basis"),
)
EVENTS = Contract(
    "service_events",
    {
        "graduate_id": Column("text"),
        "event": Column(
            "text",
            allowed=frozenset(
                {
                    "arrived",
                    "not_arrived",
                    "on_leave",
                    "returned",
                    "moved",
                    "left",
                    "completed",
                    "repaid",
                }
            ),
        ),
        "event_date": Column("date"),
        "facility_id": Column("text", is_nullable=True),
        "evidence": Column("text", is_nullable=True, is_optional=True),
    },
)
FACILITIES = Contract(
    "facilities",
    {
        "facility_id": Column("text"),
        "region_code": Column("text", is_nullable=True),
        "is_rural": Column("boolean", is_nullable=True),
        "is_university": Column("boolean", is_optional=True),
    },
    key=("facility_id",),
)
RELIEFS = Contract(
    "exemptions",
    {
        "graduate_id": Column("text"),
        "kind": Column("text", allowed=frozenset({"exemption", "deferral", "ended"})),
        "ground_code": Column("text"),
        "valid_from": Column("date"),
        "valid_to": Column("date", is_nullable=True),
    },
)
