"""The words in which a contract is written: column, rule, contract, and their Arrow and SQL types.

Belongs here: declarations and what follows from one declaration alone (its Arrow schema, its DDL).
Does not belong here: any single contract (one file each, beside this one) and the code that checks data.
"""

from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

ColumnType = Literal[
    "text",
    "key",
    "code",
    "month",
    "date",
    "timestamp",
    "year",
    "integer",
    "posts",
    "number",
    "boolean",
]

ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "key": pa.string(),
    "code": pa.string(),
    "month": pa.date32(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "year": pa.int16(),
    "integer": pa.int64(),
    "posts": pa.decimal128(8, 2),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}

SQL_TYPES: dict[str, str] = {
    "text": "varchar",
    "key": "varchar",
    "code": "varchar",
    "month": "date",
    "date": "date",
    "timestamp": "timestamptz",
    "year": "smallint",
    "integer": "bigint",
    "posts": "decimal(8,2)",
    "number": "double",
    "boolean": "boolean",
}


@dataclass(frozen=True)
class Column:
    """One column of a contract.

    Attributes:
        name: Name, the same in landing, staging and marts.
        type: One of `ColumnType`. `month` is the first day of a month, `posts` a decimal of two places,
            `key` a 32-character pseudonym or an opaque identifier of ours.
        description: What the value means; shown in the data dictionary.
        required: Whether a blank quarantines the row. Blank is never zero.
        vocabulary: The closed list of values, or empty.
        code_list: Name of a seed in `dbt_project/seeds` whose first column lists the values, or empty.
        minimum: Smallest value allowed, in the column's unit.
        maximum: Largest value allowed, in the column's unit.
        step: Values are whole multiples of this.
        pattern: Regular expression that the whole text must match.
        references: `contract.column` that must hold the value.
        unit: Unit of a number (persons, posts, hours, KZT …).
        pseudonym: Domain of the key (patient, staff, graduate) where the door replaces the identifier.
        is_special_category: A fact such as a ground of exemption: shown only to the role that needs it.
    """

    name: str
    type: ColumnType
    description: str
    required: bool = True
    vocabulary: tuple[str, ...] = ()
    code_list: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    pattern: str = ""
    references: str = ""
    unit: str = ""
    pseudonym: str = ""
    is_special_category: bool = False

    @property
    def arrow_type(self) -> pa.DataType:
        """The column's Arrow type."""
        return ARROW_TYPES[self.type]

    @property
    def sql_type(self) -> str:
        """The column's DuckDB type."""
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Rule:
    """A rule over a whole row.

    Attributes:
        id: Short name, kept with every quarantined row.
        holds: DuckDB SQL condition over the contract's columns that is true (or null) for a good row.
        message: What is wrong when it does not hold, and how to mend it.
        severity: `critical` quarantines the row; `warning` lands it and counts it.
    """

    id: str
    holds: str
    message: str
    severity: Literal["critical", "warning"] = "critical"


@dataclass(frozen=True)
class Contract:
    """One table that arrives at the door.

    Attributes:
        name: Table name.
        title: A few words for people.
        grain: "One row per …".
        key: Columns that are unique together.
        columns: The columns, in order.
        rules: Rules over whole rows.
        group: passports, registry, graduates or reference.
        period: The month column by which the table arrives in parts, or empty for a whole snapshot.
        is_restricted: Holds one row a person; never published as it is.
        may_be_empty: Zero rows is a normal answer.
        total_column: Column that adds up to the nation. A row whose region is the nation itself does not
            land: its total is kept and the regions must add up to it.
    """

    name: str
    title: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    group: Literal["passports", "registry", "graduates", "reference"] = "registry"
    period: str = ""
    is_restricted: bool = False
    may_be_empty: bool = True
    total_column: str = ""
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a contract whose key or period names no column."""
        self._by_name.update({column.name: column for column in self.columns})
        for name in (*self.key, *([self.period] if self.period else [])):
            if name not in self._by_name:
                raise ValueError(f"Contract {self.name}: no column {name!r} for its key or period.")

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: No such column.
        """
        return self._by_name[name]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the contract's own columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def arrow_schema(self) -> pa.Schema:
        """Schema of the landed Parquet: the contract's columns and the common ones."""
        return pa.schema([(c.name, c.arrow_type) for c in (*self.columns, *COMMON_COLUMNS)])

    @property
    def ddl(self) -> str:
        """Column list of a `create table`, the landing DDL."""
        return ",\n  ".join(f"{c.name} {c.sql_type}" for c in (*self.columns, *COMMON_COLUMNS))


COMMON_COLUMNS = (
    Column(
        "source_system",
        "code",
        "The system the row came from, as the source configuration names it.",
    ),
    Column("batch_id", "text", "The delivery the row came in."),
    Column("as_of", "date", "The day the delivery describes."),
)
