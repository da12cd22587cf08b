"""The figures that each audience looks at first, each with the page that goes deeper.

Belongs here: one function a figure; it reads one mart and says nothing where the mart is not filled. Does not
belong here: how the figures are laid out (`views/shared/overview.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from dashboards import forecasts, rollups, session
from dashboards.audience import Kind
from dashboards.words import _, formats, many


@dataclass(frozen=True)
class Highlight:
    """One figure.

    Attributes:
        label: What is counted.
        value: The number as text.
        unit: Its unit.
        text: What it means, in one sentence.
        table: The mart it comes from.
        page: File of the page that goes deeper, under `views`.
        link: What that page answers.
    """

    label: str
    value: str
    unit: str
    text: str
    table: str
    page: str
    link: str


def of_audience(kind: Kind) -> list[Highlight]:
    """The figures of an audience that its snapshot holds."""
    return [found for highlight in _BY_KIND[kind] if (found := highlight())]


def _posts(count: float) -> str:
    """The word for posts after a number."""
    return many("post", "posts", count)


def _people(count: float) -> str:
    """The word for persons after a number."""
    return many("person", "persons", count)


def _vacancies(level: str, page: str) -> Highlight | None:
    """Doctors' posts that nobody fills."""
    rows = rollups.areas(level, "doctor")
    if rows.empty:
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


def _nation() -> Highlight | None:
    return _vacancies("nation", "ministry/deficits.py")


def _region() -> Highlight | None:
    return _vacancies("region", "region/vacancies.py")


def _outlook() -> Highlight | None:
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
            "In 8 cases of 10 between {low} and {high}.",
            low=formats.whole(last["p10"]),
            high=formats.whole(last["p90"]),
        ),
        forecasts.FORECASTS,
        "ministry/outlook.py",
        _("By region and specialty"),
    )


def _campaign() -> Highlight | None:
    """The newest campaign."""
    table = "placement.fct_campaigns"
    rows = session.snapshot().read(table, "from placement.fct_campaigns order by campaign_id desc limit 1")
    if rows.empty:
        return None
    placed, unplaced = rows.iloc[0]["placed_count"], rows.iloc[0]["unplaced_count"]
    return Highlight(
        _("Graduates with a proposed place"),
        formats.whole(placed),
        _people(int(placed)),
        _(
            "{count} have none; a proposal counts once the commission confirms it.",
            count=formats.whole(unplaced),
        ),
        table,
        "ministry/campaign.py",
        _("How the campaign went"),
    )


def _warnings() -> Highlight | None:
    """Villages that lose their only doctor."""
    table = "staffing.fct_early_warnings"
    rows = session.snapshot().read(
        table,
        """select count(distinct settlement_kato) as settlements_count,
             count(*) filter (warning_kind = 'end_of_service') as service_count
        from staffing.fct_early_warnings""",
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


def _network() -> Highlight | None:
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
        _("Of {known} whose inhabitants are known.", known=formats.whole(rows.iloc[0]["known_count"])),
        table,
        "shared/network.py",
        _("Which settlements"),
    )


def _control() -> Highlight | None:
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


def _incoming() -> Highlight | None:
    """Graduates on their way to the region."""
    table = "placement.fct_placements"
    rows = session.snapshot().read(
        table,
        """select count(*) as persons_count, count(*) filter (settlement = 'rural') as rural_count
        from placement.fct_placements where line_id is not null""",
    )
    if rows.empty:
        return None
    count = int(rows.iloc[0]["persons_count"])
    return Highlight(
        _("Graduates proposed to us"),
        formats.whole(count),
        _people(count),
        _("{rural} of them for villages.", rural=formats.whole(rows.iloc[0]["rural_count"])),
        table,
        "region/incoming.py",
        _("Who, and to which post"),
    )


def _service_ends() -> Highlight | None:
    """Specialists whose service ends within a year."""
    table = "service.fct_ledger"
    rows = session.snapshot().read(
        table,
        """select count(*) as persons_count, count(*) filter (settlement = 'rural') as rural_count
        from service.fct_ledger where ends_within_12_months""",
    )
    if rows.empty:
        return None
    count = int(rows.iloc[0]["persons_count"])
    return Highlight(
        _("Service ends within 12 months"),
        formats.whole(count),
        _people(count),
        _("{rural} of them in villages.", rural=formats.whole(rows.iloc[0]["rural_count"])),
        table,
        "region/service_ends.py",
        _("Whom to talk to"),
    )


def _graduates() -> Highlight | None:
    """This year's graduates."""
    table = "placement.fct_placements"
    rows = session.snapshot().read(
        table,
        """select count(*) as persons_count, count(line_id) as placed_count,
             count(*) filter (state = 'unplaced') as unplaced_count
        from placement.fct_placements""",
    )
    if rows.empty:
        return None
    now = rows.iloc[0]
    return Highlight(
        _("Graduates with a proposed place"),
        formats.whole(now["placed_count"]),
        _people(int(now["placed_count"])),
        _(
            "Of {all} graduates; {unplaced} took part and have no place.",
            all=formats.whole(now["persons_count"]),
            unplaced=formats.whole(now["unplaced_count"]),
        ),
        table,
        "university/graduates.py",
        _("The whole list"),
    )


def _served() -> Highlight | None:
    """Duties of all cohorts."""
    rows = _ledger_states()
    if rows.empty:
        return None
    counts = rows.set_index("state")["persons_count"]
    serving = int(counts.get("serving", 0))
    return Highlight(
        _("In service now"),
        formats.whole(serving),
        _people(serving),
        _("{completed} have completed it.", completed=formats.whole(counts.get("completed", 0))),
        "service.fct_ledger",
        "university/service.py",
        _("How far each is"),
    )


def _breached() -> Highlight | None:
    """Duties broken off."""
    rows = _ledger_states()
    if rows.empty:
        return None
    count = int(rows.set_index("state")["persons_count"].get("breached", 0))
    return Highlight(
        _("Service broken off"),
        formats.whole(count),
        _people(count),
        _("The cost of study is due back for the share not served."),
        "service.fct_ledger",
        "university/service.py",
        _("Who, and how much"),
    )


def _ledger_states() -> pd.DataFrame:
    """Persons by state of their service."""
    return session.snapshot().read(
        "service.fct_ledger", "select state, count(*) as persons_count from service.fct_ledger group by state"
    )


_BY_KIND: dict[Kind, tuple[Callable[[], Highlight | None], ...]] = {
    "ministry": (_nation, _outlook, _campaign, _warnings, _network, _control),
    "region": (_region, _incoming, _service_ends, _warnings, _network, _control),
    "university": (_graduates, _served, _breached),
}
