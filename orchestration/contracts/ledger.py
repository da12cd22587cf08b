"""The two tables the door itself writes: what was delivered, and what was refused and why.

Belongs here: their columns. Does not belong here: the thirty tables that arrive (one file each, beside
this one) and the code that fills these two (`orchestration/door/`).
"""

import pyarrow as pa

from orchestration.contracts.contract import Column
from orchestration.contracts.shared_columns import optional

_CONTRACT = Column("contract", "code", "Contract the rows were delivered under.")
_SOURCE_SYSTEM = Column(
    "source_system", "code", "The system the rows came from, as the source configuration names it."
)
_BATCH = Column("batch_id", "text", "The delivery.")
_MONTH = Column(
    "month",
    "month",
    "Month of the rows; blank for whole snapshots, and for records of a file that did not land.",
    required=False,
)

DELIVERY = (
    _CONTRACT,
    Column("source_kind", "code", "Kind of the source: embedded, files or fhir."),
    _SOURCE_SYSTEM,
    _BATCH,
    Column("as_of", "date", "The day the delivery describes."),
    _MONTH,
    Column("file", "text", "File the records were read from."),
    Column("records_in", "integer", "Physical records read.", minimum=0, unit="records"),
    Column("landed", "integer", "Records that became a row of the landing table.", minimum=0, unit="records"),
    Column(
        "superseded",
        "integer",
        "Records replaced by a newer version, exact copies, deleted ones, or folded into another's row.",
        minimum=0,
        unit="records",
    ),
    Column("quarantined", "integer", "Records refused, each with its reason.", minimum=0, unit="records"),
    Column(
        "sampling_fraction",
        "number",
        "Share of persons the source delivers; volumes are weighted by its inverse.",
        minimum=0,
        maximum=1,
        unit="share",
    ),
    Column(
        "is_demonstration",
        "boolean",
        "Whether no person stands behind the rows: the embedded country, or a source declared synthetic.",
    ),
    Column("sha256", "text", "Fingerprint of the file, or of the landed rows of the embedded country."),
)

QUARANTINE = (
    _CONTRACT,
    _SOURCE_SYSTEM,
    _BATCH,
    Column("file", "text", "File of the refused record."),
    optional(Column("line", "integer", "Physical line (NDJSON, CSV) or row (XLSX, Parquet), from 1.")),
    Column("rule", "code", "Rule the record breaks."),
    Column("severity", "code", "critical: refused. warning: landed all the same, and counted here."),
    optional(Column("column_name", "code", "Column at fault, where it is one column.")),
    Column("message", "text", "What is wrong and how to mend it."),
    optional(Column("raw_text", "text", "The record with everything personal masked.")),
    _MONTH,
)


def ledger_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """Arrow schema of a table the door writes."""
    return pa.schema([(column.name, column.arrow_type) for column in columns])
