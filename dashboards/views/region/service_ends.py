"""Whose three-year service ends within twelve months?

So that a talk about staying, or a new request, comes in time.
"""

from dashboards import session, widgets
from dashboards.words import _, formats, labels

LEDGER = "service.fct_ledger"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Whose service ends within twelve months?"))
    rows = session.snapshot().read(
        LEDGER, "from service.fct_ledger where ends_within_12_months order by completes_on, facility_id"
    )
    snapshot = session.snapshot()
    if rows.empty and snapshot.state(LEDGER) == "filled" and snapshot.is_delivered("service_event"):
        widgets.nothing(_("Nobody's service ends within 12 months."))
        return
    if rows.empty:
        widgets.no_data(LEDGER)
        return
    rural = rows["settlement"].eq("rural")
    widgets.answer(
        _(
            "The service of {count} specialists ends within 12 months; {rural} of them work in villages.",
            count=formats.whole(len(rows)),
            rural=formats.whole(int(rural.sum())),
        )
    )
    rows["graduate"] = rows["graduate_key"].str[:8]
    rows["facility_name"] = rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"])
    rows["district_name"] = rows["district_kato"].map(labels.districts())
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties()).fillna(rows["specialty_code"])
    columns = {
        "completes_on": _("Service ends"),
        "graduate": _("Specialist (code)"),
        "specialty_name": _("Specialty"),
        "facility_name": _("Facility"),
        "district_name": _("District"),
        "settlement": _("Town or village"),
        "state": _("State"),
        "served_months": _("Served, months"),
        "remaining_months": _("To serve, months"),
    }
    widgets.table(
        rows,
        columns,
        name="service_ends",
        alt=_("Service that ends within 12 months"),
        source=LEDGER,
        height=560,
    )


main()
