"""Sentences that tables hold in English, said in the reader's language.

Marts explain findings in English, with numbers and codes inside. A sentence of a known form is taken apart
and said again in the reader's language; one of an unknown form is shown as it is. Belongs here: the forms.
Does not belong here: code values (`codes.py`) and rules of the door (`rules.py`).
"""

import re
from functools import cache

import pandas as pd

from dashboards.words import N_, _, codes, formats, labels

# A form is a message whose {placeholders} stand for numbers, days or codes.
_FORMS: tuple[str, ...] = (
    # findings of the control list
    N_("until {day}"),
    N_("no number"),
    N_("{count} filled doctors' posts"),
    N_("{working} of {asked} ({act}, {status})"),
    N_("{share} percent"),
    N_("{count} filled posts"),
    N_("{count} posts, none filled"),
    N_("{vacant} of {count} posts vacant"),
    # quality of data
    N_("Active, but no staffing table arrived; its posts are missing from every total, not zero."),
    N_("Deliver its staffing table of the month."),
    N_("No activity standard holds: {count} filled posts have no need by workload."),
    N_("Deliver an activity_standard row for the position."),
    N_(
        "Norms of {specialty} {basis} for {type} hold at the same time from {day} to {until}: {one} ({act})"
        " and {two} ({other}); none is chosen and no norm gap is shown for those months."
    ),
    N_(
        "Norms of {specialty} {basis} for {type} hold at the same time from {day}: {one} ({act}) and {two}"
        " ({other}); none is chosen and no norm gap is shown for those months."
    ),
    N_(
        "The norm of {specialty} {basis} for {types} asks for no post: no such facility states what it counts"
        " by."
    ),
    N_("Deliver attached_persons, or another facility_type of the norm."),
    N_("Deliver beds_count, or another facility_type of the norm."),
    N_("Visits are those of the specialty itself over twelve months: use another basis."),
    N_("End one of them before the other begins (valid_to)."),
    N_("Support of position {position} takes {share} percent of its working time; no need can be computed."),
    N_("No working-time calendar for {year}; no need by workload is shown."),
    N_("Deliver a leave_calendar row for the year."),
    N_("A {type} without attached population: its norms per population give no figure."),
    N_("Deliver attached_persons (0 where nobody is attached)."),
    N_("A {type} without beds: its norms per beds give no figure."),
    N_("Deliver beds_count (0 where there are none)."),
    N_("Type {type} is not in the code list; the item is left out."),
    N_("Mend the type, or add it to the code list equipment_types."),
    N_("No coordinates: accessibility is not shown for it, and its inhabitants share no doctor."),
    N_("Deliver latitude and longitude."),
    N_("Inhabitants unknown: no network norm can be applied."),
    N_("Deliver inhabitants_persons."),
    N_(
        "Closed on {day} but {count} established and {filled} filled posts are reported; they stay in the"
        " totals."
    ),
    N_(
        "Closed on {day} but {filled} filled posts are reported, established ones unknown; they stay in the"
        " totals."
    ),
    N_("Mend the status of the facility, or end its staffing table."),
    N_("Confirm the reform that took the posts, or deliver the whole staffing table again."),
    N_("The staffing table did not arrive."),
    N_("From {before} to {after} established posts."),
    N_("No facility of the region delivered: its figures are missing, not zero."),
    N_("{silent} of {count} facilities did not deliver."),
    # published figures beside ours
    N_("vacant doctors' posts, nation"),
    N_("vacant doctors' posts, nation, about"),
    N_("vacant posts of the specialty, nation"),
    N_("inhabitants"),
    N_("rural inhabitants"),
    N_("doctors, nation"),
    N_("mid-level staff, nation"),
    N_("doctors per 10,000 inhabitants"),
    N_("doctors per 10,000 inhabitants, definition not stated"),
    N_("graduates on state grants, 2024"),
    N_("graduates on grants of local budgets and employers, 2024"),
    N_("fee-paying graduates, 2024"),
    N_("graduates placed, 2020, sum of the printed parts"),
    N_("graduates placed, 2020, printed total"),
    N_("state-grant graduates who were distributed, 2024"),
    N_("state-grant graduates who were exempt, 2024"),
    N_("health workers who emigrated"),
    N_("surplus of general practitioners forecast in 2021"),
    N_("shortage of general practitioners forecast in 2021"),
    N_("Ours describes another month: the two must not be subtracted."),
    N_("Published for the year, without a day."),
    N_(
        "Published densities of 2020 differ: 45.7, 41.1, 40.7 and 36.6 per 10,000; they count different"
        " doctors (headcount or posts, with or without managers and other ministries)"
    ),
    N_("The printed total 2,037 and the sum of its printed parts 2,327 differ"),
    N_("Official extract, 2020"),
    N_("Bureau of National Statistics of Kazakhstan"),
    N_("Bureau of National Statistics of Kazakhstan, health statistics 2022"),
    N_("Ministry of Health of Kazakhstan, press statements"),
    N_("Press, 2020"),
    N_("Forecast paper of 2021"),
    N_("embedded country {year}"),
    # floors of a campaign
    N_("floors {floors} need {need}; {graduates} graduates can serve there, {seats} seats"),
    # scenarios
    N_("ministry planner"),
    N_("planning question of the ministry, not an estimate"),
    N_("planning question of the ministry, not an act"),
    N_("planning question; the benchmark is the upper quartile of regions"),
    N_("planning question; its effect is fitted on the country's own person-years"),
    N_("planning question; obligations raise retention in 43 studies by amounts of this order"),
    N_("no standard of minutes, so no demand is known"),
    N_(
        "lever {lever}: today {now} of rural entrants are in post after five years, {change} would make it"
        " {then}; choose a smaller change"
    ),
    N_("no rows, so no deficit can be projected"),
    N_("no rows, so no lag and no plan of places"),
    N_(
        "scenario {name}: lever {lever}: from_year {year} has passed; the data end with {last}, choose"
        " {first} or later"
    ),
    # plans of places and their prices
    N_("{amount} FTE remain in {year}; no programme begun now ends in time"),
    N_("{amount} FTE remain in {year}; places or budget do not suffice"),
    N_("{amount} FTE remain in {year}; no place or measure has a price"),
    N_("assumption of the project; no normative cost was on record"),
    N_("assumption of the project, a quarter of a yearly pay of 6 million"),
    N_(
        "one-off payment of 100 minimum wages for a scarce rural specialty; that it buys ten points is"
        " assumed"
    ),
    N_("ministry, education finance"),
    N_("ministry, labour and pay"),
    N_("ministry, rural programmes"),
)


def say(text: object) -> str:
    """The sentence in the reader's language; sentences one after another are said one by one."""
    if formats.is_blank(text):
        return ""
    whole = str(text)
    if (said := _one(whole)) is not None:
        return said
    for place in (found.end() for found in re.finditer(r"[.)\w] (?=[A-Z])", whole)):
        first, rest = _one(whole[:place].strip()), _one(whole[place:])
        if first is not None and rest is not None:
            return f"{first.rstrip('.')}. {rest}"
    return whole


def spoken(texts: pd.Series) -> pd.Series:
    """Each sentence of a column in the reader's language."""
    return texts.map({text: say(text) for text in texts.dropna().unique()})


def _one(text: str) -> str | None:
    """One sentence of a known form, said; None where the form is unknown."""
    for form, pattern in _patterns():
        if found := pattern.fullmatch(text):
            values = {name: _value(value) for name, value in found.groupdict().items()}
            return _(form, **values) if values else _(form)
    return None


def _value(text: str) -> str:
    """A number, a day or a code inside a sentence, as the reader's language writes it."""
    if re.fullmatch(r"(19|20)\d\d", text):
        return text
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return formats.number(float(text))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return formats.day(text)
    if text in codes.LABELS:
        return codes.label(text)
    if found := re.fullmatch(r"embedded country (\d{4})", text):
        return _("embedded country {year}", year=found[1])
    return _named().get(text, text) if re.fullmatch(r"[a-z][a-z0-9_]+", text) else text


def _named() -> dict[str, str]:
    """Names of the codes that stand inside sentences: specialties, positions, facilities and equipment."""
    kinds = ("facility_types", "equipment_types")
    listed = {code: name for kind in kinds for code, name in labels.codes_of(kind).items()}
    return listed | labels.positions() | labels.specialties()


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Forms with the expression that recognises them; the longest first, so that the closest form wins."""
    made = []
    for form in sorted(_FORMS, key=len, reverse=True):
        parts = re.split(r"{(\w+)}", form)
        text = "".join(re.escape(p) if i % 2 == 0 else f"(?P<{p}>.+?)" for i, p in enumerate(parts))
        made.append((form, re.compile(text)))
    return tuple(made)
