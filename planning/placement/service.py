"""The obligation ledger: what each duty asks, what has been served for it, what is owed on any date.

Belongs here: pure functions on the ledger's tables. Does not belong here: who stays afterwards
(`service_retention.py`), the commission's decisions (`decisions.py`), and how a placement came about.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planning.frames import require
from planning.placement.service_tables import EVENTS, FACILITIES, OBLIGATIONS, RELIEFS

Dates = npt.NDArray[np.datetime64]

WORKING = ("arrived", "returned", "moved")
# The pension-contribution record is what the state monitors by; an employer's letter stands in for it.
ACCEPTED_EVIDENCE = frozenset({"pension_record", "employer_letter"})
STATES = (
    "placed",
    "arrived",
    "serving",
    "on_leave",
    "completed",
    "breached",
    "exempt",
    "deferred",
    "ended",
)


def calendar_months(start: Dates, end: Dates) -> npt.NDArray[np.float64]:
    """Months between dates: whole months by the calendar, then days of the month begun.

    >>> calendar_months(np.array(["2024-09-01"], "M8[D]"), np.array(["2027-09-01"], "M8[D]"))
    array([36.])
    >>> calendar_months(np.array(["2024-01-31"], "M8[D]"), np.array(["2024-02-29"], "M8[D]"))
    array([1.])
    """
    start, end = start.astype("M8[D]"), end.astype("M8[D]")
    whole = (end.astype("M8[M]") - start.astype("M8[M]")).astype(int)
    whole = np.where(add_months(start, whole) > end, whole - 1, whole)
    reached, following = add_months(start, whole), add_months(start, whole + 1)
    fraction = (end - reached).astype(float) / (following - reached).astype(float)
    return np.asarray(whole + fraction, dtype=float)


def add_months(start: Dates, months: npt.NDArray[np.int64]) -> Dates:
    """The same day so many months on; the last day where that month is shorter."""
    month = start.astype("M8[M]") + months
    day = (start - start.astype("M8[M]")).astype(int)
    last = ((month + 1).astype("M8[D]") - month.astype("M8[D]")).astype(int) - 1
    moved: Dates = month.astype("M8[D]") + np.minimum(day, last)
    return moved


def working_intervals(events: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Spells of work: one row from each arrival, return or move to the next event or the date.

    Columns: graduate_id, facility_id, starts_on, ends_on, is_evidenced, is_open. Absence between
    `on_leave` and `returned` is a pause: it counts for no duty and is no breach.
    """
    checked = require(events, EVENTS)
    day = pd.Timestamp(as_of)
    order = ["graduate_id", "event_date", "event"]
    known = checked[checked["event_date"] <= day].sort_values(order, kind="stable")
    of_person = known.groupby("graduate_id", sort=False)
    known = known.assign(
        ends_on=of_person["event_date"].shift(-1),
        facility_id=of_person["facility_id"].ffill(),
    )
    spells = known[known["event"].isin(WORKING)]
    return pd.DataFrame(
        {
            "graduate_id": spells["graduate_id"],
            "facility_id": spells["facility_id"],
            "starts_on": spells["event_date"],
            "ends_on": spells["ends_on"].fillna(day),
            "is_evidenced": spells["evidence"].isin(ACCEPTED_EVIDENCE),
            "is_open": spells["ends_on"].isna(),
        }
    ).reset_index(drop=True)


def ledger(
    obligations: pd.DataFrame,
    events: pd.DataFrame,
    facilities: pd.DataFrame,
    exemptions: pd.DataFrame,
    *,
    as_of: date,
) -> pd.DataFrame:
    """One row per person and legal basis, as of a date.

    A spell of work counts for every duty whose place rule it keeps, so duties that overlap are served
    side by side: rural bases count rural places only, a local grant the paying region only, the PhD
    order universities only. Months asked are the months of the basis times the share of the study on
    state order. A spell whose evidence is not accepted is shown apart and counts for nothing.

    Args:
        obligations: contract `OBLIGATIONS`.
        events: contract `EVENTS`.
        facilities: contract `FACILITIES`.
        exemptions: contract `RELIEFS`.
        as_of: the date; what was recorded for later is not looked at.

    Returns:
        graduate_id, basis, state, required_months, served_months, unevidenced_months,
        remaining_months, completes_on (null unless the duty is being served), unserved_share,
        repayment_due_kzt (cost × unserved share, where breached), facility_id.
    """
    duties = require(obligations, OBLIGATIONS)
    pairs = credited_intervals(obligations, events, facilities, as_of=as_of)
    credited = pairs[pairs["is_credited"]]
    unevidenced = pairs[pairs["is_place_right"] & ~pairs["is_evidenced"]]

    required = duties["months_required"] * duties["state_order_share"]
    served = _per_duty(credited, "months", len(duties))
    remaining = (required - served).clip(lower=0)
    # A duty of no months is served from the start; it asks nothing and owes nothing.
    unserved_share = (remaining / required.where(required > 0)).fillna(0.0)
    is_running = duties.index.isin(credited.loc[credited["is_open"], "duty"])
    unproven = _per_duty(unevidenced, "months", len(duties))
    state = _states(
        duties,
        events,
        exemptions,
        remaining=remaining,
        unevidenced=unproven,
        is_running=is_running,
        as_of=as_of,
    )
    day = np.full(len(duties), np.datetime64(as_of, "D"))
    days_left = _days_for(day, remaining.to_numpy(dtype=float))
    completes_on = pd.Series(day + days_left, index=duties.index).astype("datetime64[us]")
    last_place = working_intervals(events, as_of).groupby("graduate_id")["facility_id"].last()
    return pd.DataFrame(
        {
            "graduate_id": duties["graduate_id"],
            "basis": duties["basis"],
            "state": state,
            "required_months": required,
            "served_months": served.clip(upper=required),
            "unevidenced_months": unproven,
            "remaining_months": remaining,
            "completes_on": completes_on.where((state == "serving") & is_running),
            "unserved_share": unserved_share,
            "repayment_due_kzt": (duties["cost_kzt"] * unserved_share).where(state == "breached", 0.0),
            # As text also where nobody has worked yet: a column of blanks alone has no type of its own.
            "facility_id": duties["graduate_id"].map(last_place).astype("str"),
        }
    )


def credited_intervals(
    obligations: pd.DataFrame, events: pd.DataFrame, facilities: pd.DataFrame, *, as_of: date
) -> pd.DataFrame:
    """One row per duty and spell of work, with what it counts: the ledger is their sum.

    Args:
        obligations: contract `OBLIGATIONS`.
        events: contract `EVENTS`.
        facilities: contract `FACILITIES`.
        as_of: the date; what was recorded for later is not looked at.

    Returns:
        duty (row of the obligations), graduate_id, basis, facility_id, starts_on, ends_on, months, is_open,
        is_evidenced, is_place_right (the place counts for the basis), is_credited (both).
    """
    duties = require(obligations, OBLIGATIONS)
    spells = working_intervals(events, as_of)
    spells = spells.merge(require(facilities, FACILITIES), on="facility_id", how="left")
    spells["months"] = calendar_months(
        spells["starts_on"].to_numpy(dtype="M8[D]"), spells["ends_on"].to_numpy(dtype="M8[D]")
    )
    pairs = duties.reset_index(names="duty").merge(spells, on="graduate_id", how="inner")
    pairs["is_place_right"] = _place_counts(pairs)
    pairs["is_credited"] = pairs["is_place_right"] & pairs["is_evidenced"]
    columns = ["duty", "graduate_id", "basis", "facility_id", "starts_on", "ends_on", "months", "is_open"]
    return pairs[[*columns, "is_evidenced", "is_place_right", "is_credited"]]


def _days_for(day: Dates, months: npt.NDArray[np.float64]) -> npt.NDArray[np.timedelta64]:
    """Days that so many months from a day take: whole months, then the part of the next."""
    whole = np.floor(months).astype(np.int64)
    reached, following = add_months(day, whole), add_months(day, whole + 1)
    part = np.ceil((following - reached).astype(float) * (months - whole)).astype(int)
    days: npt.NDArray[np.timedelta64] = reached + part - day
    return days


def _place_counts(pairs: pd.DataFrame) -> pd.Series:
    """Whether a spell's place counts for the duty; an unknown place counts for none but the grant."""
    rural = pairs["basis"].isin(["rural_quota", "rural_payment"])
    local, phd = pairs["basis"] == "local_grant", pairs["basis"] == "phd_order"
    is_rural = pairs["is_rural"].fillna(False).astype(bool)
    at_university = pairs["is_university"].fillna(False).astype(bool)
    in_region = (pairs["region_code"] == pairs["paying_region_code"]).fillna(False)
    counts: pd.Series = (~rural | is_rural) & (~local | in_region) & (~phd | at_university)
    return counts.astype(bool)


def _per_duty(pairs: pd.DataFrame, column: str, duties_count: int) -> pd.Series:
    """Sum by duty, 0 where there is none."""
    total: pd.Series = pairs.groupby("duty")[column].sum().reindex(range(duties_count), fill_value=0.0)
    return total.astype(float)


def _states(
    duties: pd.DataFrame,
    events: pd.DataFrame,
    exemptions: pd.DataFrame,
    *,
    remaining: pd.Series,
    unevidenced: pd.Series,
    is_running: npt.NDArray[np.bool_],
    as_of: date,
) -> pd.Series:
    """State of each duty on the date; the first that holds, in the order written here."""
    day = pd.Timestamp(as_of)
    reliefs = require(exemptions, RELIEFS)
    reliefs = reliefs[(reliefs["valid_from"] <= day) & ~(reliefs["valid_to"] < day)]
    known = require(events, EVENTS)
    known = known[known["event_date"] <= day]
    known = known.sort_values(["graduate_id", "event_date", "event"], kind="stable")
    last = duties["graduate_id"].map(known.groupby("graduate_id")["event"].last())

    def relieved(kind: str) -> pd.Series:
        return duties["graduate_id"].isin(reliefs.loc[reliefs["kind"] == kind, "graduate_id"])

    # Completed on paper with months that no accepted record proves: to be looked at, not yet a breach.
    is_unproven = unevidenced >= remaining
    repaid = known.loc[known["event"] == "repaid", "graduate_id"]
    rules: tuple[tuple[str, pd.Series | npt.NDArray[np.bool_]], ...] = (
        ("completed", remaining <= 0),
        ("ended", relieved("ended") | duties["graduate_id"].isin(repaid)),
        ("exempt", relieved("exemption")),
        ("deferred", relieved("deferral")),
        ("breached", last.isin(["left", "not_arrived"]) | ((last == "completed") & ~is_unproven)),
        ("on_leave", last == "on_leave"),
        ("serving", is_running),
        ("arrived", last.isin([*WORKING, "completed"])),
    )
    state = pd.Series("placed", index=duties.index, dtype="str")
    for name, holds in reversed(rules):
        state = state.mask(pd.Series(np.asarray(holds, dtype=bool), index=duties.index), name)
    return state
