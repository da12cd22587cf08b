"""Names of things that come from the data, in the session's language: regions, universities, audiences.

Belongs here: looking a name up in the dimensions of a snapshot. Does not belong here: code values
(`codes.py`).
"""

import pandas as pd

from dashboards import session
from dashboards.audience import Audience
from dashboards.data import Snapshot
from dashboards.words import _, codes, language


def audience(who: Audience, run_id: str) -> str:
    """The name of an audience, from its own file; its key where the file names it nowhere."""
    if who.kind == "ministry":
        return _("Ministry of Health")
    table, code = ("dim_regions", "region") if who.kind == "region" else ("dim_universities", "university")
    found = names_in(
        Snapshot(who, run_id), f"core.{table}", "region_code" if code == "region" else "university_id", code
    )
    kind = _("Akimat") if who.kind == "region" else _("University")
    name = found.get(who.key, who.key)
    return f"{kind}: {name}" if who.kind == "region" else name


def names_in(snapshot: Snapshot, table: str, key: str, entity: str) -> dict[str, str]:
    """Code → name of a dimension, in the language spoken, else Russian, else the code itself."""
    if snapshot.state(table) != "filled":
        return {}
    rows = snapshot.ask(f"from {table}")  # table is one of our own constants
    wanted = [
        c for c in (f"{entity}_name_{language()}", f"{entity}_name_ru", f"{entity}_name_kk") if c in rows
    ]
    names = rows[wanted[0]]
    for fallback in (*wanted[1:], key):
        names = names.mask(names.isna() | (names == ""), rows[fallback])
    return dict(zip(rows[key], names, strict=True))


def regions() -> dict[str, str]:
    """Region code → name."""
    return names_in(session.snapshot(), "core.dim_regions", "region_code", "region")


def districts() -> dict[str, str]:
    """District code → name."""
    return names_in(session.snapshot(), "core.dim_districts", "district_kato", "district")


def specialties() -> dict[str, str]:
    """Specialty code → name."""
    return names_in(session.snapshot(), "core.dim_specialties", "specialty_code", "specialty")


def positions() -> dict[str, str]:
    """Position code → name."""
    return names_in(session.snapshot(), "core.dim_positions", "position_code", "position")


def facilities() -> dict[str, str]:
    """Facility id → name."""
    return names_in(session.snapshot(), "core.dim_facilities", "facility_id", "facility")


def universities() -> dict[str, str]:
    """University id → name."""
    return names_in(session.snapshot(), "core.dim_universities", "university_id", "university")


def specialty_groups() -> dict[str, str]:
    """Specialty group code → name."""
    rows = session.snapshot().read("core.dim_specialties", "from core.dim_specialties")
    if rows.empty:
        return {}
    column = f"specialty_group_name_{language()}"
    return dict(
        zip(rows["specialty_group_code"], rows[column].fillna(rows["specialty_group_code"]), strict=True)
    )


def scope(text: object) -> str:
    """A quota's scope in words: "specialty_group_code=nursing region_code=KZ-10 is_rural=true"."""
    names = {**regions(), **specialty_groups(), "true": _("villages only"), "false": _("towns only")}
    parts = [part.partition("=") for part in str(text).split()]
    return " · ".join(names.get(value, codes.label(value)) for _column, _sign, value in parts if value)


def settlement(rows: pd.DataFrame) -> pd.Series:
    """Each row's settlement: Kazakh for readers of Kazakh, else Russian (the register has no English)."""
    first, second = ("kk", "ru") if language() == "kk" else ("ru", "kk")
    return rows[f"settlement_name_{first}"].replace("", pd.NA).fillna(rows[f"settlement_name_{second}"])


def scenario(code: str) -> str:
    """Name of a scenario."""
    rows = session.snapshot().read("forecast.fct_scenarios", "from forecast.fct_scenarios")
    column = f"scenario_name_{language()}"
    found = (
        rows.loc[rows["scenario_code"] == code, column].dropna() if column in rows else pd.Series(dtype="str")
    )
    return found.iloc[0] if len(found) else codes.label(code)


def codes_of(code_list: str) -> dict[str, str]:
    """Code → name of a code list (facility_types, equipment_types, control_findings and others)."""
    rows = session.snapshot().read(
        "core.dim_codes", "select * from core.dim_codes where code_list = $code_list", code_list=code_list
    )
    return dict(zip(rows["code"], rows[f"code_name_{language()}"], strict=True)) if len(rows) else {}


def coded(values: pd.Series, code_list: str) -> pd.Series:
    """Each code by its name; a code that the list lacks by its own words."""
    names = codes_of(code_list)
    return values.map({code: names.get(code) or codes.label(code) for code in values.dropna().unique()})
