"""Which facilities should inspectors visit first, and why?

The post-licensing control list ranked by an explained risk score: points per finding are shown, whoever
owns the facility. Below: equipment against the minimum standard.
"""

import streamlit as st

from dashboards import choices, session, widgets
from dashboards.words import _, codes, formats, labels, phrases

LIST = "staffing.fct_control_list"
FINDINGS = "staffing.fct_control_findings"
EQUIPMENT = "staffing.fct_equipment_compliance"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Which facilities should inspectors visit first, and why?"))
    rows = session.snapshot().read(LIST, "select * from staffing.fct_control_list order by risk_points desc")
    if rows.empty:
        widgets.no_data(LIST)
        return
    names = labels.regions()
    regions = {code: names.get(code, code) for code in sorted(rows["region_code"].dropna().unique())}
    first = {"all": _("All regions")} if len(regions) > 1 else {}
    left, right = st.columns(2)
    with left:
        region = choices.choose(_("Region"), first | regions, "region")
    with right:
        owners = {code: codes.label(code) for code in sorted(rows["ownership"].dropna().unique())}
        owner = choices.choose(_("Ownership"), {"all": _("All owners")} | owners, "owner")
    rows = rows[(rows["region_code"] == region) | (region == "all")]
    rows = rows[(rows["ownership"] == owner) | (owner == "all")]
    if rows.empty:
        widgets.no_data(LIST)
        return
    rows["facility_name"] = rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"])
    rows["region_name"] = rows["region_code"].map(names)
    rows["facility_type_name"] = labels.coded(rows["facility_type"], "facility_types")
    rows["why"] = rows["facility_id"].map(_reasons()).fillna(rows["explanation"])
    worst = rows.iloc[0]
    widgets.answer(
        _(
            "{count} facilities have findings; first comes {name} with {points} points.",
            count=formats.whole(len(rows)),
            name=worst["facility_name"],
            points=formats.number(worst["risk_points"]),
        )
    )
    columns = {
        "rank_in_region": _("Rank in region"),
        "facility_name": _("Facility"),
        "region_name": _("Region"),
        "risk_points": _("Risk, points"),
        "findings_count": _("Findings"),
        "why": _("Why"),
        "facility_type_name": _("Type"),
        "ownership": _("Ownership"),
        "licence_until_date": _("Licence until"),
    }
    widgets.table(
        rows, columns, name="control_list", alt=_("Control list, most points first"), source=LIST, height=460
    )
    widgets.note(
        _(
            "Points a finding are this project's own published weights, not law; every finding is listed"
            " below."
        )
    )
    _findings(rows)
    _equipment(region)


def _reasons() -> dict[str, str]:
    """Facility → its findings in words, most points first, each with its points."""
    found = session.snapshot().read(
        FINDINGS,
        """select facility_id, finding_code, sum(points) as points from staffing.fct_control_findings
        group by facility_id, finding_code order by points desc, finding_code""",
    )
    if found.empty:
        return {}
    shown = labels.coded(found["finding_code"], "control_findings") + " " + found["points"].map(formats.whole)
    return shown.groupby(found["facility_id"], sort=False).agg("; ".join).to_dict()


def _findings(rows) -> None:
    """The findings of one facility of the list."""
    widgets.section(_("Findings of one facility"))
    named = dict(zip(rows["facility_id"], rows["facility_name"], strict=True))
    facility = choices.choose(_("Facility"), named, "control_facility")
    found = session.snapshot().read(
        FINDINGS,
        "select * from staffing.fct_control_findings where facility_id = $facility order by points desc",
        facility=facility,
    )
    if found.empty:
        widgets.no_data(FINDINGS)
        return
    columns = {"finding": _("Finding"), "explanation": _("Details"), "points": _("Points")}
    found["finding"] = labels.coded(found["finding_code"], "control_findings")
    found["explanation"] = [_detail(row) for row in found.itertuples()]
    widgets.table(found, columns, name="findings", alt=_("Findings of the facility"), source=FINDINGS)


def _detail(row) -> str:
    """A finding's details in the reader's language: which equipment or specialty, and the numbers."""
    equipment, specialties = labels.codes_of("equipment_types"), labels.specialties()
    if row.finding_code == "equipment_without_specialist":
        codes = str(row.explanation).split(", ")
        listed = ", ".join(equipment.get(code, code) for code in codes)
        return f"{specialties.get(row.subject_code, row.subject_code)}: {listed}"
    subject = equipment.get(row.subject_code) or specialties.get(row.subject_code) or ""
    said = phrases.say(row.explanation)
    return f"{subject}: {said}" if subject else said


def _equipment(region: str) -> None:
    """Equipment missing, idle, or without its specialist."""
    widgets.section(_("Equipment against the minimum standard"))
    rows = session.snapshot().read(
        EQUIPMENT,
        """select * from staffing.fct_equipment_compliance
        where (missing_count > 0 or is_without_specialist or idle_count > 0)
          and ($region = 'all' or region_code = $region)
        order by missing_count desc nulls last, facility_id""",
        region=region,
    )
    if rows.empty:
        widgets.no_data(EQUIPMENT)
        return
    rows["facility_name"] = rows["facility_id"].map(labels.facilities()).fillna(rows["facility_id"])
    rows["act_number"] = phrases.spoken(rows["act_number"])
    rows["equipment_name"] = labels.coded(rows["equipment_type_code"], "equipment_types")
    columns = {
        "facility_name": _("Facility"),
        "equipment_name": _("Equipment"),
        "minimum_count": _("Asked for"),
        "working_count": _("Working"),
        "missing_count": _("Missing"),
        "idle_count": _("Idle"),
        "is_without_specialist": _("Without its specialist"),
        "act_number": _("Act"),
        "act_status": _("Standing of the act"),
    }
    widgets.table(
        rows,
        columns,
        name="equipment",
        alt=_("Equipment missing, idle or without its specialist"),
        source=EQUIPMENT,
        height=380,
    )
    if (rows["act_status"] == "assumed").any():
        widgets.note(
            _(
                "Minimum counts marked as assumed are the project's own and stand in no order: load those of"
                " the order in force before anybody is held to them."
            )
        )


main()
