"""Can the figures be trusted: what arrived, who did not report, what was refused and why?

Records in = landed + superseded + quarantined, to the unit, for every delivery.
"""

import pandas as pd

from dashboards import session, widgets
from dashboards.words import _, codes, formats, labels, phrases, rules, sources

CONSERVATION = "quality.fct_conservation"
REPORTING = "quality.fct_region_reporting"
QUARANTINE = "quality.fct_quarantine_reasons"
SUMMARY = "quality.fct_quality_summary"
CHECKS = "quality.fct_quality_checks"
SHRINKAGE = "quality.fct_post_shrinkage"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Can the figures be trusted?"))
    _conservation()
    _reporting()
    _quarantine()
    _validation()
    _shrinkage()


def _conservation() -> None:
    """Counts by contract."""
    rows = session.snapshot().read(
        CONSERVATION,
        """select contract, source_kind, count(*) as deliveries_count,
             sum(records_in_count) as records_in_count,
             sum(landed_count) as landed_count, sum(superseded_count) as superseded_count,
             sum(quarantined_count) as quarantined_count, bool_and(is_conserved) as is_conserved,
             count(*) filter (is_late) as late_count, max(as_of_date) as as_of_date
        from quality.fct_conservation group by contract, source_kind order by contract""",
    )
    if rows.empty:
        widgets.no_data(CONSERVATION)
        return
    total = rows[["records_in_count", "landed_count", "superseded_count", "quarantined_count"]].sum()
    widgets.answer(
        _(
            "{into} records came in = {landed} landed + {superseded} superseded + {quarantined} in"
            " quarantine.",
            into=formats.whole(total["records_in_count"]),
            landed=formats.whole(total["landed_count"]),
            superseded=formats.whole(total["superseded_count"]),
            quarantined=formats.whole(total["quarantined_count"]),
        )
    )
    rows["contract"] = rows["contract"].map(sources.contract)
    rows["source_kind"] = rows["source_kind"].map(codes.label)
    broken = rows.loc[~rows["is_conserved"].astype(bool), "contract"]
    if len(broken):
        widgets.warn(_("The counts do not close for: {contracts}.", contracts=", ".join(broken)))
    columns = {
        "contract": _("Contract"),
        "source_kind": _("Source"),
        "deliveries_count": _("Deliveries"),
        "records_in_count": _("Records in"),
        "landed_count": _("Landed"),
        "superseded_count": _("Superseded"),
        "quarantined_count": _("In quarantine"),
        "is_conserved": _("Closes"),
        "late_count": _("Late deliveries"),
        "as_of_date": _("As of"),
    }
    widgets.table(
        rows,
        columns,
        name="conservation",
        alt=_("Records in and what became of them"),
        source=CONSERVATION,
        height=430,
    )


def _reporting() -> None:
    """Regions of which no facility reported in the latest month of a contract."""
    widgets.section(_("Who did not report"))
    rows = session.snapshot().read(
        REPORTING,
        """select * from quality.fct_region_reporting r
        where month = (select max(month) from quality.fct_region_reporting s where s.contract = r.contract)
        order by has_reported, reporting_share, region_code""",
    )
    if rows.empty:
        widgets.no_data(REPORTING)
        return
    rows["region_name"] = rows["region_code"].map(labels.regions())
    rows["contract"] = rows["contract"].map(sources.contract)
    silent = rows[~rows["has_reported"].astype(bool)]
    names = ", ".join(f"{row.region_name} ({row.contract})" for row in silent.itertuples())
    widgets.answer(
        _("Nothing came from: {names}.", names=names)
        if names
        else _("Every region reported for the latest month.")
    )
    columns = {
        "region_name": _("Region"),
        "contract": _("Contract"),
        "month": _("Month"),
        "active_facilities_count": _("Active facilities"),
        "reporting_facilities_count": _("Reporting facilities"),
        "reporting_share": _("Reporting, share"),
        "has_reported": _("Reported"),
    }
    widgets.table(
        rows,
        columns,
        name="reporting",
        alt=_("Reporting by region and contract"),
        source=REPORTING,
        height=380,
    )


def _quarantine() -> None:
    """Why records were refused."""
    widgets.section(_("What was refused, and why"))
    rows = session.snapshot().read(
        QUARANTINE,
        """select contract, source_system, rule, severity, column_name,
             any_value(example_message) as example_message, sum(records_count) as records_count
        from quality.fct_quarantine_reasons group by all order by records_count desc""",
    )
    if rows.empty:
        widgets.no_data(QUARANTINE)
        return
    rows["example_message"] = [
        rules.remedy(rule, example)
        for rule, example in zip(rows["rule"], rows["example_message"], strict=True)
    ]
    rows["rule"] = rows["rule"].map(rules.name)
    rows["contract"] = rows["contract"].map(sources.contract)
    rows["source_system"] = rows["source_system"].map(codes.label)
    columns = {
        "contract": _("Contract"),
        "rule": _("Rule"),
        "severity": _("Severity"),
        "column_name": _("Column"),
        "records_count": _("Records"),
        "example_message": _("What to do"),
        "source_system": _("Source"),
    }
    widgets.table(
        rows, columns, name="quarantine", alt=_("Reasons of quarantine"), source=QUARANTINE, height=380
    )


def _validation() -> None:
    """The validation report: every check, failed ones first, and the subjects that fail."""
    widgets.section(_("Validation report: every check of the last run"))
    rows = session.snapshot().read(
        SUMMARY,
        """select check_code, stage, contract, severity, sum(failures_count) as failures_count,
             bool_and(is_passed) as is_passed
        from quality.fct_quality_summary group by all order by is_passed, failures_count desc, check_code""",
    )
    if rows.empty:
        widgets.no_data(SUMMARY)
        return
    # At the door only broken rules leave a trace, so that "passed" can be said of the warehouse alone.
    inside, refused = rows[rows["stage"] == "warehouse"], rows[rows["stage"] == "door"]
    widgets.answer(
        _(
            "{passed} of {all} checks in the warehouse pass; at the door {broken} rules refused records.",
            passed=formats.whole(int(inside["is_passed"].sum())),
            all=formats.whole(len(inside)),
            broken=formats.whole(len(refused)),
        )
    )
    named = labels.codes_of("quality_checks")
    rows["check_name"] = [named.get(code) or rules.name(code) for code in rows["check_code"]]
    rows["contract"] = rows["contract"].map(sources.contract)
    columns = {
        "check_name": _("Check"),
        "stage": _("Where"),
        "contract": _("Contract"),
        "severity": _("Severity"),
        "is_passed": _("Passed"),
        "failures_count": _("Failures"),
    }
    widgets.table(rows, columns, name="checks", alt=_("Checks of the last run"), source=SUMMARY, height=380)
    failing: pd.DataFrame = session.snapshot().read(
        CHECKS, "select * from quality.fct_quality_checks order by severity, check_code limit 500"
    )
    if len(failing):
        failing["check_name"] = labels.coded(failing["check_code"], "quality_checks")
        failing["region_name"] = failing["region_code"].map(labels.regions())
        failing["subject_name"] = _subjects(failing)
        for sentence in ("explanation", "how_to_mend"):
            failing[sentence] = phrases.spoken(failing[sentence])
        columns = {
            "check_name": _("Check"),
            "severity": _("Severity"),
            "subject_name": _("Subject"),
            "region_name": _("Region"),
            "explanation": _("What is wrong"),
            "how_to_mend": _("What to do"),
        }
        widgets.table(
            failing, columns, name="failing", alt=_("Subjects that fail a check"), source=CHECKS, height=380
        )


def _subjects(failing: pd.DataFrame) -> pd.Series:
    """Each subject by name and code."""
    names = {**labels.facilities(), **labels.positions()}
    return failing["subject_id"].map(lambda code: f"{names[code]} ({code})" if code in names else code)


def _shrinkage() -> None:
    """Facilities whose posts shrank by more than 30 % in a month."""
    rows = session.snapshot().read(
        SHRINKAGE, "select * from quality.fct_post_shrinkage order by shrinkage_share desc"
    )
    if rows.empty:
        return
    widgets.section(_("Posts that shrank by more than 30 % within a month"))
    rows["facility_name"] = rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"])
    columns = {
        "facility_name": _("Facility"),
        "month": _("Month"),
        "earlier_budgeted_fte": _("Before, posts"),
        "budgeted_fte": _("Now, posts"),
        "shrinkage_share": _("Shrunk by, share"),
    }
    widgets.table(
        rows, columns, name="shrinkage", alt=_("Facilities whose posts shrank"), source=SHRINKAGE, height=320
    )


main()
