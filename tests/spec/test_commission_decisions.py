"""A commission at work on a campaign small enough to follow by hand: each day of decisions makes one run."""

from datetime import date

import pandas as pd
import pytest

from planning.placement.chain import Campaign, run_chain
from planning.placement.rerun import run_diff

pytestmark = pytest.mark.spec

# Points 9, 7, 5, 3, 1. The clinic and the city have one seat each, the village two.
PEOPLE = {"ann": 9, "ben": 7, "cat": 5, "dan": 3, "eve": 1}
SEATS = {"city": 1, "clinic": 1, "village": 2, "shut": 0}
LISTS = {
    "ann": ["city"],
    "ben": ["city", "clinic"],
    "cat": ["city", "clinic", "village"],
    "dan": ["clinic", "village"],
    "eve": ["clinic", "village"],
}


def campaign(**more):
    wishes = [(g, line, at) for g, own in LISTS.items() for at, line in enumerate(own, 1)]
    preferences = pd.DataFrame(wishes, columns=["graduate_id", "line_id", "rank"])
    given = {
        "graduates": pd.DataFrame({"graduate_id": list(PEOPLE)}),
        "lines": pd.DataFrame({"line_id": list(SEATS), "capacity": list(SEATS.values()), "place": "here"}),
        "preferences": preferences.assign(
            line_score=preferences["graduate_id"].map(PEOPLE).astype(float), is_from_tail=False
        ),
        "quotas": pd.DataFrame(columns=["scope_column", "scope_value", "floor", "cap"]),
        "couples": pd.DataFrame(columns=["couple_id", "graduate_id"]),
        "contracts": pd.DataFrame(columns=["graduate_id", "line_id"]),
        **more,
    }
    return Campaign(**given)


def chain(*decisions, **more):
    columns = ["graduate_id", "line_id", "decision", "decided_at", "reason_code"]
    frame = pd.DataFrame([(*row, "order") if len(row) == 4 else row for row in decisions], columns=columns)
    frame["decided_by"] = "commission"
    return run_chain(campaign(**more), frame, seed="2026", as_of=date(2026, 6, 30))


def placed(outcome):
    table = outcome.tables["placements"]
    return dict(zip(table["graduate_id"], table["line_id"], strict=True))


FIRST = {"ann": "city", "ben": "clinic", "cat": "village", "dan": "village", "eve": None}


def test_without_a_decision_there_is_one_run():
    found = chain()
    assert placed(found.last) == FIRST
    assert found.before is None
    assert found.runs["run_number"].tolist() == [1]


def test_who_refuses_leaves_and_the_seats_go_up_the_lists():
    found = chain(("ann", "city", "refused_by_graduate", "2026-06-01"))
    assert placed(found.last) == {"ben": "city", "cat": "clinic", "dan": "village", "eve": "village"}
    moved = run_diff(found.before, pd.DataFrame(found.last.tables["placements"]))
    assert dict(zip(moved["graduate_id"], moved["change"], strict=True)) == {
        "ann": "left",
        "ben": "better",
        "cat": "better",
        "eve": "placed",
    }


def test_who_is_confirmed_stays_though_a_better_seat_falls_free():
    found = chain(
        ("ben", None, "confirmed", "2026-06-01"), ("ann", "city", "refused_by_graduate", "2026-06-02")
    )
    assert placed(found.last) == {"ben": "clinic", "cat": "city", "dan": "village", "eve": "village"}
    assert found.runs["pinned_count"].tolist() == [0, 1, 1]


def test_an_employers_refusal_bars_the_pair_for_good_and_frees_the_seat():
    found = chain(("ben", "clinic", "refused_by_employer", "2026-06-01"))
    assert placed(found.last) == {
        "ann": "city",
        "ben": None,
        "cat": "clinic",
        "dan": "village",
        "eve": "village",
    }


def test_an_override_takes_a_free_seat_and_nobody_elses():
    found = chain(("ann", "village", "overridden", "2026-06-01"))
    # The village is full of held posts: the decision is told as not carried out, and Ann keeps the city.
    assert placed(found.last) == FIRST
    assert found.effects["effect_code"].tolist() == ["NO_SEAT_LEFT"]
    found = chain(
        ("dan", None, "refused_by_graduate", "2026-06-01"), ("ann", "village", "overridden", "2026-06-01")
    )
    assert placed(found.last)["ann"] == "village"
    assert placed(found.last)["ben"] == "city"


@pytest.mark.parametrize(
    ("line", "reason", "effect"),
    [("shut", "order", "LINE_CLOSED"), ("nowhere", "order", "NO_LINE"), ("village", None, "REASON_MISSING")],
)
def test_an_override_that_cannot_stand_is_told_and_changes_nothing(line, reason, effect):
    found = chain(("eve", line, "overridden", "2026-06-01", reason))
    assert found.effects["effect_code"].tolist() == [effect]
    assert placed(found.last) == FIRST


def test_an_override_beyond_a_cap_cannot_stand():
    cap = pd.DataFrame({"scope_column": ["line_id"], "scope_value": ["village"], "floor": [None], "cap": [1]})
    found = chain(("eve", "village", "overridden", "2026-06-01"), quotas=cap)
    assert found.effects["effect_code"].tolist() == ["CAP_REACHED"]


def test_an_objection_holds_the_place_and_has_three_working_days():
    found = chain(
        ("dan", None, "objection", "2026-06-05 09:00"),  # a Friday
        ("dan", None, "confirmed", "2026-06-11 09:00"),
        ("cat", None, "objection", "2026-06-29 09:00"),
    )
    shown = found.effects.set_index(["graduate_id", "decision"])
    answered, waiting = shown.loc[("dan", "objection")], shown.loc[("cat", "objection")]
    assert (answered["due_on"], answered["effect_code"]) == (pd.Timestamp("2026-06-10"), "ANSWERED")
    assert answered["is_overdue"]
    assert (waiting["due_on"], waiting["effect_code"]) == (pd.Timestamp("2026-07-02"), "HELD")
    assert not waiting["is_overdue"]
    assert placed(found.last) == FIRST


def test_a_decision_about_a_stranger_is_told():
    found = chain(("zoe", "city", "overridden", "2026-06-01"))
    assert found.effects["effect_code"].tolist() == ["NOT_IN_CAMPAIGN"]
    assert placed(found.last) == FIRST


def test_reasons_are_those_of_the_run_in_which_the_place_was_got():
    found = chain(("cat", None, "confirmed", "2026-06-01"))
    told = found.explanations.set_index(["graduate_id", "line_id"])
    assert told.loc[("cat", "city"), "reason_code"] == "FILLED_BY_HIGHER"
    assert told.loc[("cat", "city"), "cut_off_score"] == 9
    assert told.loc[("eve", "clinic"), "cut_off_score"] == 7


def test_the_chain_replays_to_the_same_rows():
    decisions = [("ann", None, "refused_by_graduate", "2026-06-01"), ("ben", None, "objection", "2026-06-02")]
    one, other = chain(*decisions), chain(*reversed(decisions))
    assert one.last.tables == other.last.tables
    pd.testing.assert_frame_equal(one.runs, other.runs)
