"""What a contract demands of its landed table, column by column, in words of Great Expectations and of SQL.

Belongs here: deriving demands from a declaration. Does not belong here: asking them (`suites.py`).
"""

from dataclasses import dataclass
from typing import Any

from orchestration.contracts import Contract
from orchestration.contracts.contract import COMMON_COLUMNS
from orchestration.door.checks import sql_name, sql_text
from orchestration.door.code_lists import code_list


@dataclass(frozen=True)
class Demand:
    """What a column must keep, in words of GX and of SQL.

    Attributes:
        expectation: Name of the GX expectation for a frame.
        column: The column.
        arguments: Its arguments.
        breaks: SQL condition of a row that breaks it.
    """

    expectation: str
    column: str
    arguments: dict[str, Any]
    breaks: str


def demands_of(contract: Contract) -> list[Demand]:
    """What a contract demands of its landed table, column by column."""
    found = []
    for column in (*contract.columns, *COMMON_COLUMNS):
        name, sql = column.name, sql_name(column.name)
        if column.required:
            found.append(Demand("ExpectColumnValuesToNotBeNull", name, {}, f"{sql} is null"))
        values = column.vocabulary or (code_list(column.code_list) if column.code_list else ())
        if values:
            listed = ", ".join(map(sql_text, values))
            found.append(
                Demand(
                    "ExpectColumnValuesToBeInSet",
                    name,
                    {"value_set": list(values)},
                    f"{sql} not in ({listed})",
                )
            )
        elif column.pattern:
            arguments = {"regex": f"^(?:{column.pattern})$"}
            breaks = f"not regexp_full_match({sql}, {sql_text(column.pattern)})"
            found.append(Demand("ExpectColumnValuesToMatchRegex", name, arguments, breaks))
        if column.minimum is not None or column.maximum is not None:
            limits = [
                *([f"{sql} < {column.minimum!r}"] if column.minimum is not None else []),
                *([f"{sql} > {column.maximum!r}"] if column.maximum is not None else []),
            ]
            arguments = {"min_value": column.minimum, "max_value": column.maximum}
            found.append(Demand("ExpectColumnValuesToBeBetween", name, arguments, " or ".join(limits)))
    return found
