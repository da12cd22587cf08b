"""What has the commission decided, and who stands elsewhere because of it?

Decisions with their effect on the next run, the clock of objections, the runs, the differences and the trades
that could be offered.
"""

import pandas as pd

from dashboards import choices, session, widgets
from dashboards.words import _, codes, formats, labels

DECISIONS = "placement.fct_decisions"
RUNS = "placement.fct_runs"
DIFFERENCES = "placement.fct_run_diff"
SWAPS = "placement.fct_swap_candidates"


def main() -> None:
    """Draw the page."""
    widgets.title(_("What has the commission decided, and who stands elsewhere?"))
    rows = session.snapshot().read(
        DECISIONS, "from placement.fct_decisions order by decided_at, graduate_key"
    )
    runs = session.snapshot().read(RUNS, "from placement.fct_runs order by run_number")
    if runs.empty:
        widgets.no_data(RUNS)
        return
    if rows.empty:
        widgets.answer(_("Nothing has been decided yet: every place is a proposal."))
    else:
        _answer(rows, runs)
        _objections(rows[rows["decision"] == "objection"])
        _decisions(rows)
    _differences()
    _swaps()


def _answer(rows: pd.DataFrame, runs: pd.DataFrame) -> None:
    """How many decisions, which of them cannot stand, and the runs they made."""
    stands = rows["effect_code"].isin(["PINNED", "LEFT", "BARRED", "HELD", "ANSWERED", "SUPERSEDED"])
    widgets.answer(
        _(
            "{decisions} decisions led to {runs} runs; {failed} of the decisions cannot stand.",
            decisions=formats.whole(len(rows)),
            runs=formats.whole(len(runs)),
            failed=formats.whole(int((~stands).sum())),
        )
    )
    widgets.note(
        _(
            "Each day of decisions makes one run. Confirmed and decided places are fixed, all others are held"
            " and can only be exchanged for a better one; who refuses leaves."
        )
    )
    columns = {
        "run_number": _("Run"),
        "decided_date": _("Decisions of"),
        "pinned_count": _("Fixed, persons"),
        "held_count": _("Held, persons"),
        "left_count": _("Left, persons"),
    }
    widgets.table(runs, columns, name="runs", alt=_("Runs of the campaign"), source=RUNS)


def _objections(rows: pd.DataFrame) -> None:
    """Objections and their three working days."""
    widgets.section(_("Objections and their clock"))
    if rows.empty:
        widgets.nothing(_("There is no objection."))
        return
    late = rows["is_overdue"].astype(bool)
    if late.any():
        widgets.warn(
            _("{count} objections were not answered within three working days.", count=int(late.sum()))
        )
    shown = _named(rows)
    columns = {
        "graduate": _("Graduate (code)"),
        "university_name": _("University"),
        "reason": _("Reason"),
        "decided_date": _("Lodged on"),
        "due_date": _("To be answered by"),
        "answered_date": _("Answered on"),
        "is_overdue": _("Late"),
    }
    widgets.table(shown, columns, name="objections", alt=_("Objections"), source=DECISIONS, height=320)


def _decisions(rows: pd.DataFrame) -> None:
    """Every decision with its effect."""
    widgets.section(_("Every decision and what came of it"))
    effects = {code: codes.label(code) for code in sorted(rows["effect_code"].unique())}
    chosen = choices.choose(_("What came of it"), {"all": _("All")} | effects, "effect")
    shown = _named(rows[(rows["effect_code"] == chosen) | (chosen == "all")])
    columns = {
        "graduate": _("Graduate (code)"),
        "decision_name": _("Decision"),
        "effect_name": _("What came of it"),
        "facility_name": _("Facility"),
        "reason": _("Reason"),
        "by": _("Decided by"),
        "decided_date": _("Decided on"),
    }
    widgets.table(shown, columns, name="decisions", alt=_("Decisions"), source=DECISIONS, height=420)


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """With names in place of codes."""
    return rows.assign(
        graduate=rows["graduate_key"].str[:8],
        university_name=rows["university_id"].map(labels.universities()).fillna(rows["university_id"]),
        facility_name=rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"]),
        decision_name=rows["decision"].map(codes.label),
        effect_name=rows["effect_code"].map(codes.label),
        reason=rows["reason_code"].map(codes.label),
        by=rows["decided_by"].map(codes.label),
        decided_date=pd.to_datetime(rows["decided_at"]).dt.date,
    )


def _differences() -> None:
    """Who moved against the run before, or would have stood elsewhere by last year's rules."""
    widgets.section(_("Who stands elsewhere"))
    kinds = {code: codes.label(code) for code in ("previous_run", "last_year_rules")}
    chosen = choices.pick(_("Compared with"), kinds, "comparison")
    rows = session.snapshot().read(
        DIFFERENCES,
        "from placement.fct_run_diff where comparison = $chosen order by change, graduate_key",
        chosen=chosen,
    )
    if rows.empty:
        widgets.nothing(_("Nobody stands elsewhere."))
        return
    counts = rows["change"].map(codes.label).value_counts()
    widgets.note(" · ".join(f"{name}: {formats.whole(count)}" for name, count in counts.items()))
    names = labels.facilities()
    shown = rows.assign(
        graduate=rows["graduate_key"].str[:8],
        change_name=rows["change"].map(codes.label),
        before=rows["facility_id_before"].map(names).fillna(rows["facility_id_before"]),
        after=rows["facility_id_after"].map(names).fillna(rows["facility_id_after"]),
        why=[_why(code, scope) for code, scope in zip(rows["reason_code"], rows["scope"], strict=True)],
    )
    columns = {
        "graduate": _("Graduate (code)"),
        "change_name": _("Change"),
        "before": _("Before"),
        "rank_before": _("Rank before"),
        "after": _("Now"),
        "rank_after": _("Rank now"),
        "why": _("Why"),
    }
    widgets.table(
        shown,
        columns,
        name="differences",
        alt=_("Graduates who stand elsewhere"),
        source=DIFFERENCES,
        height=420,
    )


def _why(code: object, scope: object) -> str:
    """The reason in words, with the quota behind it."""
    said = codes.label(code)
    if not said or formats.is_blank(scope) or "=" not in str(scope):
        return said
    return f"{said}: {labels.scope(scope)}"


def _swaps() -> None:
    """Trades that would better everyone in them."""
    widgets.section(_("Trades that would better everyone in them"))
    rows = session.snapshot().read(
        SWAPS, "from placement.fct_swap_candidates order by cycle_number, place_in_cycle"
    )
    if rows.empty:
        widgets.nothing(_("No trade of two to five graduates would better them all."))
        return
    widgets.note(
        _(
            "Seats, floors and caps stay as they are; others who stand higher on a line may be passed over. A"
            " person decides."
        )
    )
    names = labels.facilities()
    shown = rows.assign(
        graduate=rows["graduate_key"].str[:8],
        specialty_name=rows["specialty_code"].map(labels.specialties()).fillna(rows["specialty_code"]),
        held=rows["facility_id_from"].map(names).fillna(rows["facility_id_from"]),
        gained=rows["facility_id_to"].map(names).fillna(rows["facility_id_to"]),
    )
    columns = {
        "cycle_number": _("Trade"),
        "graduate": _("Graduate (code)"),
        "specialty_name": _("Specialty"),
        "held": _("Holds"),
        "gained": _("Would gain"),
    }
    widgets.table(shown, columns, name="swaps", alt=_("Possible trades"), source=SWAPS, height=380)


main()
