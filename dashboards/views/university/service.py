"""How far have my graduates served, and who needs a word from us?"""

import pandas as pd

from dashboards import session, theme, widgets
from dashboards.charts import bars, frame
from dashboards.words import N_, _, codes, formats, labels

LEDGER = "service.fct_ledger"
RETENTION = "service.fct_retention"

STAYED = {
    "place": N_("the place"),
    "region": N_("the region"),
    "rural": N_("rural practice"),
    "profession": N_("the profession"),
}


def main() -> None:
    """Draw the page."""
    widgets.title(_("How far have my graduates served?"))
    rows = session.snapshot().read(LEDGER, "from service.fct_ledger order by cohort_year desc, graduate_key")
    if rows.empty:
        widgets.no_data(LEDGER)
        return
    states = rows["state"].value_counts()
    widgets.answer(
        _(
            "{all} duties: {serving} are serving, {completed} completed, {breached} broken off.",
            all=formats.whole(len(rows)),
            serving=formats.whole(int(states.get("serving", 0))),
            completed=formats.whole(int(states.get("completed", 0))),
            breached=formats.whole(int(states.get("breached", 0))),
        )
    )
    _states(states)
    rows["graduate"] = rows["graduate_key"].str[:8]
    rows["specialty_name"] = rows["specialty_code"].map(labels.specialties()).fillna(rows["specialty_code"])
    rows["region_name"] = rows["region_code"].map(labels.regions())
    columns = {
        "cohort_year": _("Graduated"),
        "graduate": _("Graduate (code)"),
        "specialty_name": _("Specialty"),
        "region_name": _("Region"),
        "state": _("State"),
        "served_months": _("Served, months"),
        "required_months": _("Duty, months"),
        "remaining_months": _("To serve, months"),
        "completes_on": _("Service ends"),
        "repayment_due_kzt": _("Repayment due, KZT"),
    }
    _retention()
    widgets.section(_("Every duty"))
    widgets.table(rows, columns, name="service", alt=_("Service of the graduates"), source=LEDGER, height=560)


def _retention() -> None:
    """Who stayed 1, 3 and 5 years: in the place, the region, rural practice, the profession."""
    widgets.section(_("Who stayed after 1, 3 and 5 years, in the whole country"))
    rows = session.snapshot().read(
        RETENTION, "from service.fct_retention order by cohort_year desc, kind, horizon_years"
    )
    if rows.empty:
        widgets.no_data(RETENTION)
        return
    columns = {
        "cohort_year": _("Graduated"),
        "horizon_years": _("After, years"),
        "stayed_in": _("Stayed in"),
        "retained_share": _("Stayed, share"),
        "persons_count": _("Persons"),
    }
    stayed = {kind: _(name) for kind, name in STAYED.items()}
    rows["stayed_in"] = rows["kind"].map(lambda kind: stayed.get(kind) or codes.label(kind))
    widgets.table(rows, columns, name="retention", alt=_("Retention by cohort"), source=RETENTION, height=330)


def _states(states: pd.Series) -> None:
    """How many are in each state."""
    rows = pd.DataFrame({"name": [codes.label(code) for code in states.index], "count": states.to_numpy()})
    figure = bars.ranked(rows, "name", {"count": (_("Graduates"), theme.palette().supply)}, unit=_("persons"))
    frame.draw(figure, alt=_("Graduates by state of their service"), key="states")


main()
