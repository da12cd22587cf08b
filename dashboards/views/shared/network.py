"""Which settlements lack the facility their size calls for, and how far is care?

The network norm by inhabitants, and accessibility by two-step floating catchment areas.
"""

from dashboards import choices, session, widgets
from dashboards.words import _, formats, labels

GAPS = "staffing.fct_network_gaps"
ACCESS = "staffing.fct_accessibility"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Which settlements lack the facility their size calls for?"))
    _gaps()
    widgets.section(_("Where is care hardest to reach?"))
    _access()


def _gaps() -> None:
    """Settlements where the network norm is not met."""
    rows = session.snapshot().read(
        GAPS, "select * from staffing.fct_network_gaps order by inhabitants_persons desc"
    )
    if rows.empty:
        widgets.no_data(GAPS)
        return
    unmet, unknown = rows[rows["is_met"].eq(False)].copy(), int(rows["is_met"].isna().sum())
    answer = _(
        "{unmet} of {known} settlements lack it.",
        unmet=formats.whole(len(unmet)),
        known=formats.whole(len(rows) - unknown),
    )
    if unknown:
        answer += " " + _(
            "Of {unknown} it cannot be told: their region's register of facilities did not arrive or does not"
            " say where each stands.",
            unknown=formats.whole(unknown),
        )
    widgets.answer(answer)
    if unmet.empty:
        return
    unmet["settlement_name"] = labels.settlement(unmet)
    unmet["region_name"] = unmet["region_code"].map(labels.regions())
    unmet["district_name"] = unmet["district_kato"].map(labels.districts())
    unmet["required"] = labels.coded(unmet["required_facility_type"], "facility_types")
    columns = {
        "settlement_name": _("Settlement"),
        "district_name": _("District"),
        "region_name": _("Region"),
        "inhabitants_persons": _("Inhabitants, persons"),
        "required": _("Facility the norm asks for"),
        "facilities_count": _("Facilities there"),
        "act_number": _("Act"),
        "act_status": _("Standing of the act"),
    }
    widgets.table(
        unmet,
        columns,
        name="network",
        alt=_("Settlements without the facility the norm asks for"),
        source=GAPS,
        height=380,
    )


def _access() -> None:
    """Settlements with the least filled posts within reach."""
    groups = session.snapshot().read(
        ACCESS, "select distinct specialty_group_code from staffing.fct_accessibility"
    )
    if groups.empty:
        widgets.no_data(ACCESS)
        return
    names = labels.specialty_groups()
    options = {code: names.get(code, code) for code in sorted(groups["specialty_group_code"])}
    group = choices.choose(_("Specialty group"), options, "group", preferred="primary_care")
    rows = session.snapshot().read(
        ACCESS,
        """select * from staffing.fct_accessibility
        where specialty_group_code = $group
        order by accessibility_per_10k, inhabitants_persons desc limit 200""",
        group=group,
    )
    rows["settlement_name"] = labels.settlement(rows)
    rows["region_name"] = rows["region_code"].map(labels.regions())
    columns = {
        "settlement_name": _("Settlement"),
        "region_name": _("Region"),
        "inhabitants_persons": _("Inhabitants, persons"),
        "accessibility_per_10k": _("Posts within reach per 10,000"),
        "nearest_km": _("Nearest, km"),
        "facilities_in_reach_count": _("Facilities within reach"),
    }
    widgets.table(
        rows,
        columns,
        name="access",
        alt=_("The 200 settlements with the least care within reach"),
        source=ACCESS,
        height=380,
    )
    widgets.note(
        _(
            "Filled posts within the catchment, shared among all who can reach them, nearer ones"
            " counting more (E2SFCA)."
        )
    )


main()
