"""The runs of one campaign, one after another: the first proposal, then a run for each day of decisions.

Belongs here: how decisions carry from run to run, and what came of each of them. Does not belong here: what
a decision means (`decisions.py`), a single run (`run.py`), and the difference of two runs (`rerun.py`).
Every run is computed anew from the records, so the chain is the same whenever it is replayed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planning.placement.decisions import DECISIONS, NextRun, next_run, objection_due
from planning.placement.instance import Rules, Tables
from planning.placement.quota_tables import read_scopes
from planning.placement.results import Outcome
from planning.placement.run import run
from planning.placement.seating import NO_LINE, Seats, seated
from planning.placement.tables import Coded, line_roll

# What came of a decision.
PINNED, LEFT, BARRED, HELD = "PINNED", "LEFT", "BARRED", "HELD"
ANSWERED, SUPERSEDED = "ANSWERED", "SUPERSEDED"
NOT_IN_CAMPAIGN, REASON_MISSING = "NOT_IN_CAMPAIGN", "REASON_MISSING"


@dataclass(frozen=True)
class Campaign:
    """Frames of a campaign; columns as in `run_campaign`, quotas and couples may be empty.

    `preferences` holds graduate_id, line_id, rank, line_score, is_from_tail; `contracts` holds graduate_id,
    line_id of posts signed before the campaign, best claim first: what finds no seat is left out.
    """

    graduates: pd.DataFrame
    lines: pd.DataFrame
    preferences: pd.DataFrame
    quotas: pd.DataFrame
    couples: pd.DataFrame
    contracts: pd.DataFrame


@dataclass(frozen=True)
class Chain:
    """All runs of a campaign.

    Attributes:
        first: result before any decision.
        last: result after the last day of decisions; `first` where there is none.
        runs: run_number, decided_on (null for the first), pinned_count, held_count, left_count.
        before: placements of the run before the last; None where there is one run.
        explanations: reasons of the last run; for who stands as before, those of the run that put them there.
        effects: the decisions with effect_code, due_on, answered_on, is_overdue.
    """

    first: Outcome
    last: Outcome
    runs: pd.DataFrame
    before: pd.DataFrame | None
    explanations: pd.DataFrame
    effects: pd.DataFrame


def run_chain(campaign: Campaign, decisions: pd.DataFrame, *, seed: int | str, as_of: date) -> Chain:
    """Place, then place again after each day of decisions.

    Posts that nobody decided against are held, so nobody who stays is worse after any of the runs.

    Args:
        campaign: the frames.
        decisions: contract `decisions.DECISIONS`, those of this campaign.
        seed: of the lottery.
        as_of: decisions after it are not looked at; objections are overdue on it.
    """
    moments = pd.to_datetime(decisions["decided_at"], utc=True).dt.tz_localize(None)
    known = decisions.assign(decided_at=moments.astype("datetime64[us]"))
    known = known[known["decided_at"].dt.normalize() <= pd.Timestamp(as_of)].reset_index(drop=True)
    effect = pd.Series("", index=known.index, dtype="str")
    effect[~known["graduate_id"].isin(campaign.graduates["graduate_id"])] = NOT_IN_CAMPAIGN
    effect[(effect == "") & (known["decision"] == "overridden") & known["reason_code"].isna()] = (
        REASON_MISSING
    )
    usable = known[effect == ""]
    contracts, _ = seated(_seats(campaign, campaign.contracts.iloc[:0]), campaign.contracts)
    first = last = _run(campaign, contracts, seed)
    runs: list[dict[str, Any]] = [
        {"decided_on": None, "pinned_count": len(contracts), "held_count": 0, "left_count": 0}
    ]
    before: pd.DataFrame | None = None
    told = pd.DataFrame(first.tables["explanations"])
    unseated: dict[str, str] = {}
    for day in sorted(usable["decided_at"].dt.normalize().unique()):
        before = _placements(last, campaign)
        so_far = usable[usable["decided_at"].dt.normalize() <= day][list(DECISIONS.columns)]
        decided = next_run(before, so_far, as_of=(pd.Timestamp(day) + pd.Timedelta(days=1)).date())
        pins, held, refused = _settle(campaign, contracts, decided, before)
        # Confirmed or overridden without a line, and without a present one that could be meant.
        settled = so_far.loc[so_far["decision"].isin(["confirmed", "overridden"]), "graduate_id"]
        nowhere = set(settled) - set(decided.overrides["graduate_id"])
        unseated = {**refused, **dict.fromkeys(nowhere, NO_LINE)}
        last = _rerun(campaign, decided, pins, held, seed=seed)
        told = _still_true(told, before, last)
        runs.append(
            {
                "decided_on": pd.Timestamp(day),
                "pinned_count": len(pins),
                "held_count": len(held),
                "left_count": len(decided.refused),
            }
        )
    frame = pd.DataFrame(runs)
    frame.insert(0, "run_number", np.arange(1, len(frame) + 1))
    frame["decided_on"] = frame["decided_on"].astype("datetime64[us]")
    return Chain(first, last, frame, before, told, _effects(known, effect, unseated, as_of))


def _seats(campaign: Campaign, present: pd.DataFrame) -> Seats:
    """Seats and caps of the campaign, the present posts taken."""
    table = _columns(campaign.lines)
    roll, capacity = line_roll(table)
    return Seats(roll, capacity, read_scopes(_columns(campaign.quotas), table, roll), present)


def _settle(
    campaign: Campaign, contracts: pd.DataFrame, decided: NextRun, before: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, Mapping[str, str]]:
    """Pins and held posts of the next run; a decision that cannot stand leaves its graduate where they were.

    A decision comes before the graduate's own contract.
    """
    pair = ["graduate_id", "line_id"]
    gone = decided.refused["graduate_id"]
    decided_pins = decided.overrides.sort_values("decided_at", kind="stable")[pair]
    kept = contracts[~contracts["graduate_id"].isin([*decided_pins["graduate_id"], *gone])]
    wanted = pd.concat([kept[pair], decided_pins], ignore_index=True)
    own = before[before["graduate_id"].isin(wanted["graduate_id"])].dropna(subset=["line_id"])[pair]
    own = own.merge(decided.barred, on=pair, how="left", indicator=True).query("_merge == 'left_only'")[pair]
    others = decided.held[~decided.held["graduate_id"].isin([*wanted["graduate_id"], *gone])]
    pins, unseated = seated(_seats(campaign, pd.concat([others, own])), wanted)
    held = pd.concat([others, own[own["graduate_id"].isin(list(unseated))]], ignore_index=True)
    return pins, held, unseated


def _rerun(
    campaign: Campaign, decided: NextRun, pins: pd.DataFrame, held: pd.DataFrame, *, seed: int | str
) -> Outcome:
    """The next run: who refused is out, refused pairs are barred, pins and held posts stand."""
    gone = decided.refused["graduate_id"]
    lists = campaign.preferences
    lists = lists[~lists["graduate_id"].isin(gone)]
    barred = pd.MultiIndex.from_frame(decided.barred[["graduate_id", "line_id"]])
    may_bar = lists["graduate_id"].isin(decided.barred["graduate_id"])
    pairs = pd.MultiIndex.from_frame(lists.loc[may_bar, ["graduate_id", "line_id"]].astype("str"))
    lists = lists.drop(index=lists.index[may_bar][pairs.isin(barred)])
    graduates = campaign.graduates
    couples = campaign.couples
    parted = couples.loc[couples["graduate_id"].isin(gone), "couple_id"]
    rest = Campaign(
        graduates[~graduates["graduate_id"].isin(gone)],
        campaign.lines,
        lists,
        campaign.quotas,
        couples[~couples["couple_id"].isin(parted)],
        campaign.contracts,
    )
    return _run(rest, pins, seed, held)


def _run(
    campaign: Campaign, pins: pd.DataFrame, seed: int | str, held: pd.DataFrame | None = None
) -> Outcome:
    return run(
        Tables(
            _columns(campaign.graduates) or {},
            _columns(campaign.lines) or {},
            _columns(campaign.preferences) or {},
            quotas=_columns(campaign.quotas),
            couples=_columns(campaign.couples),
            overrides=_columns(pins[["graduate_id", "line_id"]]),
            held=None if held is None else _columns(held[["graduate_id", "line_id"]]),
        ),
        Rules(seed),
    )


def _columns(frame: pd.DataFrame) -> Mapping[str, Sequence[Any]]:
    """Plain columns, nulls as None; ids that come as categories stay codes, whole numbers arrays."""
    return {str(name): _plain(column) for name, column in frame.items()}


def _plain(column: pd.Series) -> Sequence[Any]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return Coded(column.cat.categories.tolist(), column.cat.codes.to_numpy())
    if column.hasnans:
        return column.astype(object).where(column.notna(), None).tolist()
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufb":
        return column.to_numpy()  # type: ignore[return-value]  # read like any sequence
    return column.tolist()


def _placements(outcome: Outcome, campaign: Campaign) -> pd.DataFrame:
    """Placements of a run as a frame: graduate_id, line_id, rank; who left earlier has no line."""
    found = outcome.tables["placements"]
    table = pd.DataFrame({name: found[name] for name in ("graduate_id", "line_id", "rank")})
    return campaign.graduates[["graduate_id"]].merge(table, on="graduate_id", how="left")


def _still_true(told: pd.DataFrame, before: pd.DataFrame, after: Outcome) -> pd.DataFrame:
    """Reasons told before to those who stand as before, the new run's to all others.

    In a later run nearly every seat is held, which is no answer to why somebody else got it in the first.
    """
    now = pd.DataFrame(after.tables["placements"])[["graduate_id", "line_id"]]
    both = before[["graduate_id", "line_id"]].merge(now, on="graduate_id", suffixes=("", "_now"))
    is_same = both["line_id"].fillna("") == both["line_id_now"].fillna("")
    stays = both.loc[is_same, "graduate_id"]
    new = pd.DataFrame(after.tables["explanations"])
    kept, fresh = told[told["graduate_id"].isin(stays)], new[~new["graduate_id"].isin(stays)]
    return pd.concat([kept, fresh], ignore_index=True).sort_values(
        ["graduate_id", "rank"], kind="stable", ignore_index=True
    )


def _effects(
    known: pd.DataFrame, effect: pd.Series, unseated: Mapping[str, str], as_of: date
) -> pd.DataFrame:
    """What came of each decision; an objection is answered by the next decision about its graduate."""
    code = {
        "confirmed": PINNED,
        "overridden": PINNED,
        "refused_by_graduate": LEFT,
        "refused_by_employer": BARRED,
        "objection": HELD,
    }
    done = known.sort_values("decided_at", kind="stable")
    following = done.groupby("graduate_id")["decided_at"].shift(-1)
    found = effect.reindex(done.index)
    is_open = found == ""
    found = found.mask(is_open, done["decision"].map(code))
    standing = is_open & following.isna() & done["decision"].isin(["confirmed", "overridden"])
    why_not = done["graduate_id"].map(dict(unseated))
    found = found.mask(standing & why_not.notna(), why_not)
    found = found.mask(is_open & following.notna() & (done["decision"] != "refused_by_employer"), SUPERSEDED)
    is_objection = (done["decision"] == "objection").to_numpy()
    due = [
        objection_due(day.date()) if asks else None
        for day, asks in zip(done["decided_at"], is_objection, strict=True)
    ]
    due_on = pd.Series(pd.to_datetime(pd.Series(due, dtype=object)).to_numpy(), index=done.index)
    found = found.mask(is_objection & is_open & following.notna(), ANSWERED)
    answered = following.dt.normalize().where(is_objection)
    last_day = answered.fillna(pd.Timestamp(as_of))
    return done.assign(
        effect_code=found.astype("str"),
        due_on=due_on.astype("datetime64[us]"),
        answered_on=answered.astype("datetime64[us]"),
        is_overdue=(last_day > due_on).where(is_objection, other=False).astype(bool),
    )
