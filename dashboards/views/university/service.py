"""How far have my graduates served, and who needs a word from us?"""

import pandas as pd
import streamlit as st

from dashboards import choices, session, theme, widgets
from dashboards.charts import bars, frame
from dashboards.words import N_, _, codes, formats, labels
from planning.placement.service import calendar_months

LEDGER = "service.fct_ledger"
RETENTION = "service.fct_retention_shown"
CREDITS = "service.fct_service_credits"

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
    widgets.answer(_how_far(states))
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
        "unevidenced_months": _("Without accepted evidence, months"),
        "required_months": _("Duty, months"),
        "remaining_months": _("To serve, months"),
        "completes_on": _("Service ends"),
        "repayment_due_kzt": _("Repayment due, KZT"),
    }
    _retention()
    widgets.section(_("Every duty"))
    widgets.table(rows, columns, name="service", alt=_("Service of the graduates"), source=LEDGER, height=560)
    _one(rows)


def _how_far(states: pd.Series) -> str:
    """How many serve, and that nobody knows where no event of service was delivered."""
    count = formats.whole(int(states.sum()))
    if not session.snapshot().is_delivered("service_event"):
        return _("{all} duties; no event of service was delivered, so nobody knows who serves.", all=count)
    return _(
        "{all} duties: {serving} are serving, {completed} completed, {breached} broken off.",
        all=count,
        serving=formats.whole(int(states.get("serving", 0))),
        completed=formats.whole(int(states.get("completed", 0))),
        breached=formats.whole(int(states.get("breached", 0))),
    )


def _one(rows: pd.DataFrame) -> None:
    """What counts for one graduate's duties, up to any day."""
    widgets.section(_("What counts for one graduate, up to any day"))
    spells = session.snapshot().read(
        CREDITS, "from service.fct_service_credits order by graduate_key, basis, from_date"
    )
    if spells.empty:
        widgets.no_data(CREDITS)
        return
    spells["from_date"], spells["until_date"] = (
        pd.to_datetime(spells[c]) for c in ("from_date", "until_date")
    )
    names = rows.drop_duplicates("graduate_key").set_index("graduate_key")["specialty_name"]
    options = {key: f"{key[:8]} · {names.get(key, '')}" for key in spells["graduate_key"].unique()}
    left, right = st.columns(2)
    with left:
        graduate = choices.choose(_("Graduate (code)"), options, "graduate")
    last = spells["until_date"].max().date()
    day = pd.Timestamp(right.date_input(_("Up to the day"), last, max_value=last, key="up_to"))
    mine = spells[(spells["graduate_key"] == graduate) & (spells["from_date"] <= day)]
    ends = mine["until_date"].clip(upper=day)
    shown = mine.assign(
        until_date=ends.dt.date,
        counted_months=calendar_months(
            mine["from_date"].to_numpy(dtype="M8[D]"), ends.to_numpy(dtype="M8[D]")
        ),
        facility_name=mine["facility_id"].map(labels.facilities()).fillna(mine["facility_id"]),
        duty=mine["basis"].map(codes.label),
        why=mine["reason_code"].map(codes.label),
    )
    served = shown[shown["is_credited"].astype(bool)].groupby("duty")["counted_months"].sum()
    said = [
        _("{basis}: {months} months served by then", basis=duty, months=formats.number(months))
        for duty, months in served.items()
    ]
    widgets.note(" · ".join(said) or _("Nothing counts by then."))
    columns = {
        "duty": _("Legal basis"),
        "facility_name": _("Facility"),
        "from_date": _("From"),
        "until_date": _("To"),
        "counted_months": _("Length, months"),
        "is_credited": _("Counts"),
        "why": _("Why not"),
    }
    alt = _("Spells of service and what they count")
    widgets.table(shown, columns, name="credits", alt=alt, source=CREDITS)


def _retention() -> None:
    """Who stayed 1, 3 and 5 years: in the place, the region, rural practice, the profession."""
    widgets.section(_("Who stayed after 1, 3 and 5 years, in the whole country"))
    rows = session.snapshot().read(
        RETENTION, "from service.fct_retention_shown order by since, cohort_year desc, kind, horizon_years"
    )
    if rows.empty:
        widgets.no_data(RETENTION)
        return
    columns = {
        "since_name": _("Counted from"),
        "cohort_year": _("Graduated"),
        "horizon_years": _("After, years"),
        "stayed_in": _("Stayed in"),
        "retained_share": _("Stayed, share"),
        "persons_count": _("Persons"),
    }
    stayed = {kind: _(name) for kind, name in STAYED.items()}
    rows["stayed_in"] = rows["kind"].map(lambda kind: stayed.get(kind) or codes.label(kind))
    rows["since_name"] = rows["since"].map(codes.label)
    widgets.table(rows, columns, name="retention", alt=_("Retention by cohort"), source=RETENTION, height=330)


def _states(states: pd.Series) -> None:
    """How many are in each state."""
    rows = pd.DataFrame({"name": [codes.label(code) for code in states.index], "count": states.to_numpy()})
    figure = bars.ranked(rows, "name", {"count": (_("Graduates"), theme.palette().supply)}, unit=_("persons"))
    frame.draw(figure, alt=_("Graduates by state of their service"), key="states")


main()
