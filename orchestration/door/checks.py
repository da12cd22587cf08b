"""The checks of a contract as DuckDB SQL conditions.

Belongs here: from a declaration to conditions with their rule, column and message. Does not belong here:
running them (`orchestration/door/inspection.py`) and uniqueness, which needs all rows (`duplicates.py`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from orchestration.contracts import Column, Contract
from orchestration.door.code_lists import code_list
from orchestration.door.extents import inside_sql
from orchestration.door.personal import PERSONAL_PATTERNS, clean_sql, suspect_sql

# Columns that tell of the past by their nature; all columns of type month are such.
PAST_YEARS = {"birth_year", "deceased_year", "onset_year", "commissioned_year"}
PAST_DATES = {"event_date", "decided_on", "vacant_since"}

IDENTIFIER_RULES = ("invisible_character", "numeric_code")
# What breaks neither; ids of other letters and signs are looked at one by one.
PLAIN_IDENTIFIER = r"[0-9A-Za-z_/|:\x{0400}-\x{04FF} -]+"


@dataclass(frozen=True)
class Check:
    """One condition over a row.

    Attributes:
        rule: Name kept with a refused row.
        column: Column at fault, or empty for a rule over the whole row.
        holds: SQL condition, true or null for a good row.
        message: What is wrong and how to mend it.
        severity: `critical` refuses the row, `warning` lands and counts it.
    """

    rule: str
    column: str
    holds: str
    message: str
    severity: Literal["critical", "warning"] = "critical"


def sql_name(name: str) -> str:
    """Quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def sql_text(value: str) -> str:
    """Quoted SQL string."""
    return "'" + value.replace("'", "''") + "'"


def reference_table(reference: str) -> str:
    """Name of the temporary table with the values of `contract.column`."""
    return sql_name("values of " + reference)


def row_checks(contract: Contract, as_of: date) -> list[Check]:
    """Every check of one row of the contract, columns first, then rules over the row."""
    checks = [check for column in contract.columns for check in _column_checks(column, contract, as_of)]
    checks += [Check(rule.id, "", rule.holds, rule.message, rule.severity) for rule in contract.rules]
    return checks + _place_checks(contract)


def fast_condition(contract: Contract, checks: list[Check]) -> str:
    """One condition that is true for rows that surely pass; the others are looked at one by one."""
    later = {*PERSONAL_PATTERNS, *IDENTIFIER_RULES}
    holding = [f"coalesce(({c.holds}), true)" for c in checks if c.rule not in later]
    # One plain pattern in place of two that know all of Unicode: 2 of the 13 s of computing of the posts.
    # What a register must hold has passed them there.
    holding += [
        f"coalesce(regexp_full_match({sql_name(c.name)}, '{PLAIN_IDENTIFIER}'), true)"
        for c in contract.columns
        if _is_identifier(c, contract) and not (c.required and _is_foreign_key(c, contract))
    ]
    return " and ".join([*holding, f"not {suspect_condition(contract)}"])


def suspect_condition(contract: Contract) -> str:
    """True for rows that could hold personal text, and so are worth the patterns one by one.

    All texts of a row are looked at at once: the pattern takes 20 ms to compile, once a query and not once a
    column.
    """
    open_texts = ", ".join(sql_name(column.name) for column in contract.columns if is_open_text(column))
    return suspect_sql(f"concat_ws(chr(10), {open_texts})") if open_texts else "false"


def is_open_text(column: Column) -> bool:
    """Whether anything could be written into the column."""
    closed = column.vocabulary or column.code_list or column.pattern or column.pseudonym
    return column.type in ("text", "code") and (not closed or column.name == "bin")


def _column_checks(column: Column, contract: Contract, as_of: date) -> list[Check]:
    name, sql = column.name, sql_name(column.name)
    found: list[Check] = []

    def add(rule: str, holds: str, message: str) -> None:
        found.append(Check(rule, name, holds, f"{name} {message}"))

    if column.required:
        mend = "is blank; a blank is not zero: fill it in at the source, or declare one value for all rows"
        add("required", f"{sql} is not null", mend)
    if column.vocabulary:
        listed = ", ".join(sql_text(value) for value in column.vocabulary)
        add("vocabulary", f"{sql} in ({listed})", f"must be one of {', '.join(column.vocabulary)}")
    if column.code_list:
        listed = ", ".join(sql_text(value) for value in code_list(column.code_list))
        add("code_list", f"{sql} in ({listed})", f"is not in the code list {column.code_list}")
    elif column.pattern and not column.vocabulary:
        add(
            "pattern",
            f"regexp_full_match({sql}, {sql_text(column.pattern)})",
            f"does not have the form {column.pattern}; leading zeros may be lost",
        )
    if column.type == "number":
        add("not_a_number", f"isfinite({sql})", "is not a finite number")
    if column.minimum is not None:
        add("minimum", f"{sql} >= {column.minimum!r}", f"is below {column.minimum:g}")
    if column.maximum is not None:
        add("maximum", f"{sql} <= {column.maximum!r}", f"is above {column.maximum:g}")
    if column.step is not None:
        step = f"({sql}::double / {column.step!r})"
        add("step", f"abs({step} - round({step})) < 1e-6", f"is not in steps of {column.step:g}")
    found += _time_checks(column, as_of)
    if _is_foreign_key(column, contract):
        parent, values = column.references.split(".")[0], reference_table(column.references)
        holds = f"{sql} is null or {sql} in (select value from {values})"  # noqa: S608
        if not column.required:
            # A code that may be blank says less, and nothing wrong, where nobody delivered the list of codes.
            holds += f" or not exists (select 1 from {values})"  # noqa: S608
        add(
            "reference",
            holds,
            f"is not in {column.references}; deliver it with the contract {parent}, or mend the code",
        )
    found += _identifier_checks(column, contract)
    if is_open_text(column):
        # A business number of twelve digits may begin with 87, as a phone does.
        rules = ("personal_number",) if name == "bin" else tuple(PERSONAL_PATTERNS)
        for rule in rules:
            message = PERSONAL_PATTERNS[rule][1]
            add(rule, clean_sql(rule, sql), message)
    return found


def _is_foreign_key(column: Column, contract: Contract) -> bool:
    """Whether its values stand in another contract, which landed before."""
    return bool(column.references) and not column.references.startswith(f"{contract.name}.")


def _is_identifier(column: Column, contract: Contract) -> bool:
    """Whether rows are found by the column, and no other check says what it may look like."""
    closed = column.vocabulary or column.code_list or column.pattern or column.pseudonym
    return (
        column.type in ("text", "code")
        and not closed
        and (column.name in contract.key or bool(column.references))
    )


def _identifier_checks(column: Column, contract: Contract) -> list[Check]:
    name, sql = column.name, sql_name(column.name)
    if not _is_identifier(column, contract):
        return []
    seen = rf"not regexp_matches({sql}, '[\p{{Cc}}\p{{Cf}}\p{{Zl}}\p{{Zp}}]')"
    # What spreadsheets and data frames make of a code: 123.0, 9.9014E+11.
    written = rf"not regexp_full_match({sql}, '\d+\.0+|\d([.,]\d+)?[eE]\+\d+')"
    return [
        Check(
            "invisible_character",
            name,
            seen,
            f"{name} holds a character that cannot be seen, so that two codes look like one; take it out",
        ),
        Check(
            "numeric_code",
            name,
            written,
            f"{name} is a number like 123.0 or 1.2E+05 and not the code itself; export the column as text",
        ),
    ]


def is_placed(contract: Contract) -> bool:
    """Whether its rows have a region and a point."""
    return {"region_code", "latitude", "longitude"} <= set(contract.column_names)


def _place_checks(contract: Contract) -> list[Check]:
    if not is_placed(contract):
        return []
    is_inside = inside_sql()
    is_swapped = f"not ({is_inside}) and ({inside_sql('longitude', 'latitude')})"
    return [
        Check(
            "swapped_coordinates",
            "latitude",
            f"not ({is_swapped})",
            "latitude and longitude stand in each other's place; swap them",
        ),
        Check(
            "inside_its_region",
            "latitude",
            is_inside,
            "the point lies outside its own region; mend the coordinates or region_code",
        ),
    ]


def _time_checks(column: Column, as_of: date) -> list[Check]:
    name, sql = column.name, sql_name(column.name)
    found = []
    if column.type == "month":
        first = f"{sql} = date_trunc('month', {sql})"
        found.append(Check("first_of_month", name, first, f"{name} is not the first day of a month"))
    if column.type == "month" or name in PAST_DATES:
        holds, rule = f"{sql} <= date '{as_of}'", "future_month"
    elif name in PAST_YEARS:
        holds, rule = f"{sql} <= {as_of.year}", "future_year"
    else:
        return found
    message = f"{name} lies after {as_of}, the day the data describe; mend it or the configured as_of"
    return [*found, Check(rule, name, holds, message)]
