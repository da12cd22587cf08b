"""The service ledger on cases that can be reckoned by hand."""

from datetime import date

import pandas as pd
import pytest

from planning.frames import FrameError
from planning.placement.decisions import next_run, objection_due
from planning.placement.service import ledger
from planning.placement.service_retention import retention

pytestmark = pytest.mark.spec

PLACES = pd.DataFrame(
    {
        "facility_id": ["city", "village", "village_2"],
        "region_code": ["KZ-71", "KZ-11", "KZ-59"],
        "is_rural": [False, True, True],
    }
)
NO_RELIEF = pd.DataFrame(columns=["graduate_id", "kind", "ground_code", "valid_from", "valid_to"])


def duty(basis="state_grant", months=36, share=1.0, cost=3_600_000, region=None):
    return {
        "graduate_id": "g",
        "basis": basis,
        "months_required": months,
        "state_order_share": share,
        "paying_region_code": region,
        "began_on": "2024-08-01",
        "cost_kzt": cost,
    }


def state(duties, events, as_of, relief=NO_RELIEF, evidence="pension_record"):
    rows = pd.DataFrame(events, columns=["event", "event_date", "facility_id"])
    rows = rows.assign(graduate_id="g", evidence=evidence)
    return ledger(pd.DataFrame(duties), rows, PLACES, relief, as_of=date.fromisoformat(as_of))


def test_half_of_three_years_served_leaves_half():
    row = state([duty()], [("arrived", "2024-09-01", "city")], "2026-03-01").iloc[0]
    assert (row["state"], row["served_months"], row["remaining_months"]) == ("serving", 18, 18)
    assert row["completes_on"] == pd.Timestamp("2027-09-01")
    assert row["repayment_due_kzt"] == 0


def test_a_breach_owes_the_unserved_part_of_the_cost():
    events = [("arrived", "2024-09-01", "city"), ("left", "2025-09-01", "city")]
    row = state([duty()], events, "2026-03-01").iloc[0]
    assert row["state"] == "breached"
    assert row["unserved_share"] == pytest.approx(2 / 3)
    assert row["repayment_due_kzt"] == pytest.approx(2_400_000)


def test_a_share_of_state_order_shortens_the_duty():
    row = state([duty(share=0.5)], [("arrived", "2024-09-01", "city")], "2026-03-01").iloc[0]
    assert (row["required_months"], row["state"]) == (18, "completed")


def test_leave_is_a_pause_that_counts_for_nothing_and_breaches_nothing():
    events = [("arrived", "2024-09-01", "city"), ("on_leave", "2025-03-01", None)]
    paused = state([duty()], events, "2026-03-01").iloc[0]
    assert (paused["state"], paused["served_months"]) == ("on_leave", 6)
    assert pd.isna(paused["completes_on"])
    back = [*events, ("returned", "2026-03-01", "city")]
    row = state([duty()], back, "2026-09-01").iloc[0]
    assert (row["state"], row["served_months"]) == ("serving", 12)
    assert row["completes_on"] == pd.Timestamp("2028-09-01")


def test_overlapping_duties_are_served_side_by_side_where_the_place_fits_both():
    duties = [duty(), duty("rural_payment", 60, cost=8_500_000)]
    events = [("arrived", "2024-09-01", "village"), ("moved", "2025-09-01", "city")]
    rows = state(duties, events, "2026-09-01").set_index("basis")
    assert rows["served_months"].to_dict() == {"state_grant": 24, "rural_payment": 12}
    assert rows["state"].to_dict() == {"state_grant": "serving", "rural_payment": "arrived"}


def test_a_local_grant_is_served_in_the_region_that_paid():
    duties = [duty("local_grant", 60, region="KZ-11")]
    events = [("arrived", "2024-09-01", "village"), ("moved", "2025-03-01", "village_2")]
    assert state(duties, events, "2026-03-01").iloc[0]["served_months"] == 6


def test_service_without_accepted_evidence_is_shown_apart():
    row = state([duty()], [("arrived", "2024-09-01", "city")], "2025-03-01", evidence="other").iloc[0]
    assert (row["state"], row["served_months"], row["unevidenced_months"]) == ("arrived", 0, 6)


@pytest.mark.parametrize(
    ("kind", "expected"), [("exemption", "exempt"), ("deferral", "deferred"), ("ended", "ended")]
)
def test_reliefs_hold_between_their_dates(kind, expected):
    relief = pd.DataFrame(
        {
            "graduate_id": ["g"],
            "kind": [kind],
            "ground_code": ["X"],
            "valid_from": ["2024-07-01"],
            "valid_to": ["2025-07-01"],
        }
    )
    assert state([duty()], [], "2025-07-01", relief).iloc[0]["state"] == expected
    assert state([duty()], [], "2025-07-02", relief).iloc[0]["state"] == "placed"


def test_not_arriving_owes_everything_and_what_comes_later_is_not_looked_at():
    events = [("not_arrived", "2024-09-02", None), ("repaid", "2025-05-01", None)]
    before = state([duty()], events, "2025-01-01").iloc[0]
    assert (before["state"], before["repayment_due_kzt"]) == ("breached", 3_600_000)
    after = state([duty()], events, "2025-06-01").iloc[0]
    assert (after["state"], after["repayment_due_kzt"]) == ("ended", 0)


def test_completed_on_paper_without_the_months_is_a_breach_and_not_a_completion():
    events = [("arrived", "2024-09-01", "city"), ("completed", "2025-09-01", "city")]
    assert state([duty()], events, "2025-10-01").iloc[0]["state"] == "breached"


def test_an_empty_ledger_has_its_columns():
    none = pd.DataFrame(columns=list(duty()))
    events = pd.DataFrame(columns=["graduate_id", "event", "event_date", "facility_id", "evidence"])
    rows = ledger(none, events, PLACES, NO_RELIEF, as_of=date(2026, 1, 1))
    assert len(rows) == 0
    assert {"state", "repayment_due_kzt", "completes_on"} <= set(rows.columns)


def test_a_share_above_one_is_refused():
    with pytest.raises(FrameError, match="state_order_share is above 1"):
        state([duty(share=1.5)], [], "2025-01-01")


def test_retention_counts_place_region_rural_and_profession_apart():
    done = pd.DataFrame(
        {
            "graduate_id": ["a", "b", "c"],
            "completed_on": ["2022-09-01"] * 3,
            "facility_id": ["village", "village", "city"],
            "region_code": ["KZ-11", "KZ-11", "KZ-71"],
            "is_rural": [True, True, False],
        }
    )
    jobs = pd.DataFrame(
        {
            "graduate_id": ["a", "b", "c"],
            "facility_id": ["village", "village_2", "shop"],
            "region_code": ["KZ-11", "KZ-59", "KZ-71"],
            "is_rural": [True, True, False],
            "is_medical": [True, True, False],
            "starts_on": ["2022-09-01"] * 3,
            "ends_on": [None, None, None],
        }
    )
    rows = retention(done, jobs, as_of=date(2024, 1, 1))
    assert set(rows["horizon_years"]) == {1}
    share = rows.set_index("kind")["retained_share"]
    assert share.to_dict() == pytest.approx(
        {"place": 1 / 3, "region": 1 / 3, "rural": 1.0, "profession": 2 / 3}
    )
    assert rows.set_index("kind").loc["rural", "persons_count"] == 2


@pytest.mark.parametrize(
    ("lodged", "due"),
    [("2026-06-01", "2026-06-04"), ("2026-06-05", "2026-06-10"), ("2026-06-06", "2026-06-10")],
)
def test_an_objection_is_answered_within_three_working_days(lodged, due):
    assert objection_due(date.fromisoformat(lodged)) == date.fromisoformat(due)


def test_a_holiday_moves_the_clock():
    assert objection_due(date(2026, 7, 3), [date(2026, 7, 6)]) == date(2026, 7, 9)


def test_decisions_become_the_inputs_of_the_next_run():
    placements = pd.DataFrame({"graduate_id": list("abcde"), "line_id": ["L1", "L2", "L3", "L4", None]})
    decisions = pd.DataFrame(
        [
            ("a", "L1", "confirmed", None, "2026-06-01"),
            ("b", "L2", "refused_by_graduate", "FAMILY", "2026-06-02"),
            ("c", "L3", "refused_by_employer", "NO_HOUSING", "2026-06-02"),
            ("d", "L4", "objection", None, "2026-06-03"),
            ("e", "L9", "overridden", "ORDER_7", "2026-06-03"),
        ],
        columns=["graduate_id", "line_id", "decision", "reason_code", "decided_at"],
    ).assign(decided_by="commission")
    decided = next_run(placements, decisions, as_of=date(2026, 6, 9))
    assert decided.held["graduate_id"].tolist() == ["d"]
    assert decided.refused["graduate_id"].tolist() == ["b"]
    assert decided.barred.to_numpy().tolist() == [["c", "L3"]]
    assert decided.overrides["line_id"].tolist() == ["L1", "L9"]
    assert decided.objections["is_overdue"].tolist() == [True]
