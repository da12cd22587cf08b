"""Do our figures agree with the published ones?

Ours beside theirs with date, unit, universe and source; figures that contradict themselves carry the
warning; two figures of different dates are shown beside each other but never subtracted.
"""

import pandas as pd

from dashboards import session, widgets
from dashboards.words import _, codes, formats, name_column, phrases, sources

FIGURES = "quality.fct_reconciliation"
RURAL = "quality.fct_rural_practitioners"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Do our figures agree with the published ones?"))
    rows = session.snapshot().read(
        FIGURES, "select * from quality.fct_reconciliation order by published_for_date desc, figure_code"
    )
    if rows.empty:
        widgets.no_data(FIGURES)
    else:
        _figures(rows)
    _rural()


def _figures(rows: pd.DataFrame) -> None:
    """Every published figure with ours."""
    ours = rows["our_value"].notna()
    near = (rows["ratio"] - 1).abs() <= 0.05
    widgets.answer(
        _(
            "{ours} of {all} published figures have one of ours beside them; {near} of these lie within 5 %.",
            ours=formats.whole(int(ours.sum())),
            all=formats.whole(len(rows)),
            near=formats.whole(int((ours & near).sum())),
        )
    )
    contradicted = int(rows["is_contradicted"].fillna(False).sum())
    if contradicted:
        widgets.warn(
            _(
                "{count} published figures contradict other published figures; see the column Warning.",
                count=contradicted,
            )
        )
    rows["figure_name"] = rows[name_column("figure")]
    rows["unit"] = rows["unit"].map(codes.label)
    for sentence in ("universe", "warning", "published_source"):
        rows[sentence] = phrases.spoken(rows[sentence])
    rows["our_source"] = rows["our_source"].map(_our_source, na_action="ignore")
    columns = {
        "figure_name": _("Figure"),
        "universe": _("Universe"),
        "unit": _("Unit"),
        "published_value": _("Published"),
        "published_for_date": _("Published for"),
        "our_value": _("Ours"),
        "our_as_of_date": _("Ours as of"),
        "ratio": _("Ours / published"),
        "difference_value": _("Difference (same date only)"),
        "warning": _("Warning"),
        "published_source": _("Published by"),
        "our_source": _("Our source"),
    }
    widgets.table(
        rows, columns, name="reconciliation", alt=_("Published figures and ours"), source=FIGURES, height=520
    )


def _our_source(stated: str) -> str:
    """Contracts by name; a column of one of our own tables by its label, with the table to look up."""
    table, _dot, column = stated.partition(".")
    if column:
        return f"{codes.label(column)} ({table})"
    return sources.named(stated.removesuffix(", year of birth"))


def _rural() -> None:
    """The published table of rural practitioners, recomputed to the printed digit."""
    widgets.section(_("Rural primary practitioners, 2009–2020, recomputed from the published counts"))
    rows = session.snapshot().read(RURAL, "select * from quality.fct_rural_practitioners order by year")
    if rows.empty:
        widgets.no_data(RURAL)
        return
    widgets.note(
        _(
            "{count} of {all} years are reproduced to the printed digit.",
            count=int(rows["is_reproduced"].sum()),
            all=len(rows),
        )
    )
    # As printed: two decimals, which a column of shares is not shown with; as text it keeps them.
    for share in ("practitioner", "printed"):
        rows[f"{share}_text"] = [formats.percent(value / 100, 2) for value in rows[f"{share}_share_percent"]]
    columns = {
        "year": _("Year"),
        "rural_practitioners_persons": _("Practitioners, persons"),
        "rural_physicians_persons": _("Rural physicians, persons"),
        "rural_population_persons": _("Rural population, persons"),
        "practitioner_text": _("Share, recomputed"),
        "printed_text": _("Share, printed"),
        "practitioners_per_10k": _("Per 10,000, recomputed"),
        "printed_per_10k": _("Per 10,000, printed"),
        "is_reproduced": _("Reproduced"),
    }
    widgets.table(
        rows, columns, name="rural", alt=_("Rural primary practitioners by year"), source=RURAL, height=460
    )


main()
