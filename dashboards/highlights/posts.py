"""First figures about posts and facilities: vacant, to come, about to be lost, missing, to be inspected.

Belongs here: one function a figure; it says nothing where its mart is not filled. Does not belong here:
figures about graduates and specialists (`people.py`).
"""

from dashboards import forecasts, rollups, session
from dashboards.highlights.highlight import Highlight
from dashboards.words import _, formats, many


def _posts(count: float) -> str:
    """The word for posts after a number."""
    return many("post", "posts", count)


def _vacancies(level: str, page: str) -> Highlight | None:
    """Doctors' posts that nobody fills; nothing where established posts are unknown."""
    rows = rollups.areas(level, "doctor")
    if rows.empty or formats.is_blank(rows.iloc[0]["vacant_fte"]):
        return None
    now = rows.iloc[0]
    return Highlight(
        _("Doctors' posts vacant"),
        formats.number(now["vacant_fte"]),
        _posts(float(now["vacant_fte"])),
        _(
            "{month}: {share} of the established posts; {funded} of them are funded.",
            month=formats.month(now["month"]),
            share=formats.percent(now["vacant_share"]),
            funded=formats.number(now["funded_vacant_fte"]),
        ),
        rollups.TABLE,
        page,
        _("Where exactly"),
    )


def nation() -> Highlight | None:
    """Doctors' posts that nobody fills in the country."""
    return _vacancies("nation", "ministry/deficits.py")


def region() -> Highlight | None:
    """Doctors' posts that nobody fills in the region."""
    return _vacancies("region", "region/vacancies.py")


def outlook() -> Highlight | None:
    """The last year of the forecast."""
    rows = forecasts.of_area("nation", "all", "vacant_fte")
    if rows.empty:
        return None
    last = rows.iloc[-1]
    return Highlight(
        _("Vacant posts in {year}", year=formats.year(last["x"])),
        formats.whole(last["p50"]),
        _posts(round(float(last["p50"]))),
        _(
            "80 % range from {low} to {high}.",
            low=formats.whole(last["p10"]),
            high=formats.whole(last["p90"]),
        ),
        forecasts.FORECASTS,
        "ministry/outlook.py",
        _("By region and specialty"),
    )


def warnings() -> Highlight | None:
    """Villages that lose their only doctor."""
    table = "staffing.fct_early_warnings"
    rows = session.snapshot().read(
        table,
        """select count(distinct settlement_kato) as settlements_count,
             count(*) filter (warning_kind = 'end_of_service') as service_count
        from staffing.fct_early_warnings where standing = 'within_12_months'""",
    )
    if rows.empty:
        return None
    count = int(rows.iloc[0]["settlements_count"])
    return Highlight(
        _("Only doctor about to leave"),
        formats.whole(count),
        many("settlement", "settlements", count),
        _(
            "Within 12 months service ends or pension age is reached; service ends for {count}.",
            count=formats.whole(rows.iloc[0]["service_count"]),
        ),
        table,
        "shared/warnings.py",
        _("Which villages"),
    )


def network() -> Highlight | None:
    """Settlements without the facility that the norm asks for."""
    table = "staffing.fct_network_gaps"
    rows = session.snapshot().read(
        table,
        """select count(*) filter (not is_met) as unmet_count, count(is_met) as known_count
        from staffing.fct_network_gaps""",
    )
    if rows.empty:
        return None
    unmet = int(rows.iloc[0]["unmet_count"])
    return Highlight(
        _("Without the facility the norm asks for"),
        formats.whole(unmet),
        many("settlement", "settlements", unmet),
        _("Of {known} that can be judged.", known=formats.whole(rows.iloc[0]["known_count"])),
        table,
        "shared/network.py",
        _("Which settlements"),
    )


def control() -> Highlight | None:
    """Facilities to inspect."""
    table = "staffing.fct_control_list"
    rows = session.snapshot().read(
        table,
        """select count(*) as facilities_count, max(risk_points) as most_points
        from staffing.fct_control_list where findings_count > 0""",
    )
    if rows.empty:
        return None
    count = int(rows.iloc[0]["facilities_count"])
    return Highlight(
        _("Facilities with findings"),
        formats.whole(count),
        many("facility", "facilities", count),
        _("The heaviest has {points} points of risk.", points=formats.number(rows.iloc[0]["most_points"])),
        table,
        "shared/control.py",
        _("Whom to inspect first"),
    )
