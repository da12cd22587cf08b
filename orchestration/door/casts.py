r"""From declared text to typed values, in DuckDB SQL: nothing is sniffed, what does not fit is named.

Belongs here: one expression a column type, with the generalising of flat files (a full date in a month column
becomes its month, a birth date its year, an age its five-year band). Does not belong here: decoding of files
(`orchestration/sources/`).
"""

from orchestration.contracts import Column
from orchestration.door.checks import Check, sql_name, sql_text

ISO_DATE = "%Y-%m-%d"


def raw_name(column: str) -> str:
    """Quoted name under which the text of a column is kept beside its typed value."""
    return sql_name(f"text of {column}")


def text_sql(column: Column) -> str:
    """The text of a column without spaces around it, blank as null."""
    return f"nullif(trim({sql_name(column.name)}), '')"


def typed_sql(column: Column, decimal: str, date_format: str) -> str:
    """The typed value of a column whose text is `text of <column>`; null where the text does not fit."""
    raw = raw_name(column.name)
    if column.name == "age_band":
        low = f"(least({raw}::int, 85) // 5 * 5)"
        band = f"case when {low} = 85 then '85+' else printf('%02d-%02d', {low}, {low} + 4) end"
        return rf"case when regexp_full_match({raw}, '\d{{1,3}}') then {band} else {raw} end"
    if column.type in ("text", "code", "key"):
        return raw
    return _TYPED[column.type](raw, decimal, date_format)


def type_checks(columns: tuple[Column, ...], decimal: str, date_format: str) -> list[Check]:
    """For every column: the text became a value."""
    number = f"with the decimal mark {decimal!r}; declare `decimal` if it differs"
    words = {
        "month": f"is not a month like 2026-09 (or a date {date_format})",
        "date": f"is not a date in the declared form {date_format}",
        "timestamp": "is not a moment with its offset, like 2026-09-01T10:00:00+05:00",
        "year": "is not a year of four digits",
        "integer": "is not a whole number",
        "posts": f"is not a number of posts {number}",
        "number": f"is not a number {number}",
        "boolean": "is not true, false, 1 or 0",
    }
    return [
        Check(
            "type",
            column.name,
            f"{raw_name(column.name)} is null or {sql_name(column.name)} is not null",
            f"{column.name} {words[column.type]}",
        )
        for column in columns
        if column.type in words
    ]


def _when(raw: str, pattern: str, value: str) -> str:
    return f"case when regexp_full_match({raw}, {sql_text(pattern)}) then {value} end"


def _integer(raw: str, decimal: str, date_format: str) -> str:  # noqa: ARG001
    return _when(raw, r"[+-]?\d{1,18}(\.0+)?", rf"try_cast(regexp_replace({raw}, '\.0+$', '') as bigint)")


def _year(raw: str, decimal: str, date_format: str) -> str:
    by_number = _when(raw, r"\d{4}(\.0+)?", f"left({raw}, 4)::smallint")
    return f"coalesce({by_number}, year({_date(raw, decimal, date_format)})::smallint)"


def _number(raw: str, decimal: str, date_format: str) -> str:  # noqa: ARG001
    mark = r"\." if decimal == "." else decimal
    pattern = rf"[+-]?(\d+({mark}\d*)?|{mark}\d+)([eE][+-]?\d+)?"
    return _when(raw, pattern, f"try_cast(replace({raw}, {sql_text(decimal)}, '.') as double)")


def _posts(raw: str, decimal: str, date_format: str) -> str:  # noqa: ARG001
    mark = r"\." if decimal == "." else decimal
    value = f"try_cast(replace({raw}, {sql_text(decimal)}, '.') as decimal(8, 2))"
    return _when(raw, rf"[+-]?\d{{1,6}}({mark}\d{{1,2}}0*)?", value)


def _date(raw: str, decimal: str, date_format: str) -> str:  # noqa: ARG001
    if date_format != ISO_DATE:
        return f"try_strptime({raw}, {sql_text(date_format)})::date"
    # Parquet and spreadsheets write a day as midnight.
    return _when(raw, r"\d{4}-\d{2}-\d{2}([ T]00:00:00(\.0+)?)?", f"try_cast(left({raw}, 10) as date)")


def _month(raw: str, decimal: str, date_format: str) -> str:
    by_month = _when(raw, r"\d{4}-\d{2}", f"try_cast({raw} || '-01' as date)")
    return f"coalesce({by_month}, date_trunc('month', {_date(raw, decimal, date_format)})::date)"


def _timestamp(raw: str, decimal: str, date_format: str) -> str:  # noqa: ARG001
    pattern = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)"
    return _when(raw, pattern, f"try_cast({raw} as timestamptz)")


def _boolean(raw: str, decimal: str, date_format: str) -> str:  # noqa: ARG001
    truth, lie = f"lower({raw}) in ('true', '1')", f"lower({raw}) in ('false', '0')"
    return f"case when {truth} then true when {lie} then false end"


_TYPED = {
    "integer": _integer,
    "year": _year,
    "number": _number,
    "posts": _posts,
    "date": _date,
    "month": _month,
    "timestamp": _timestamp,
    "boolean": _boolean,
}
