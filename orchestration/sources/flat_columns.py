"""Columns of flat files by our names: renamed and left out as declared, then checked against the contract.

Does not belong here: the values in them (`flat_crosswalk.py`, `orchestration/door/`).
"""

import difflib
import json
from collections.abc import Sequence

from orchestration.contracts import Contract
from orchestration.door.personal import mask_shape
from orchestration.source_config import FilesDeclaration
from orchestration.sources.containers import Container, refusal
from orchestration.sources.flat_batch import Batch


def named_as_ours(batch: Batch, declaration: FilesDeclaration) -> Batch:
    """The batch with foreign column names replaced (`columns`) and declared ones dropped (`leave_out`)."""
    names = [declaration.columns.get(name, name) for name in batch.names]
    gone = {index for index, name in enumerate(batch.names) if name in declaration.leave_out}
    rows = batch.rows
    if gone:
        kept = [index for index in range(len(names)) if index not in gone]
        names = [names[index] for index in kept]
        rows = [tuple(row[index] for index in kept) for row in rows]
    return Batch(names, rows, batch.lines, batch.refused)


def check_header(
    names: Sequence[str], contract: Contract, declaration: FilesDeclaration, container: Container
) -> None:
    """Refuse a whole file whose columns are not the contract's.

    Raises:
        UserError: A column is missing, unknown, renamed or stands twice.
    """
    path, known = container.path, contract.column_names
    where = 1 if container.kind in ("csv", "xlsx") else None
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise refusal(path, f"the column {doubled[0]} stands twice", "remove or rename one", where)
    if len(names) == 1 and names[0] not in known:
        other = next((mark for mark in ";\t|," if mark in names[0] and mark != declaration.delimiter), "")
        if other:
            raise refusal(
                path, f"its delimiter is {other!r}", f"declare `delimiter: {json.dumps(other)}`", where
            )
    unknown = [name for name in names if name not in known]
    missing = [
        column.name
        for column in contract.columns
        if column.required and column.name not in names and column.name not in declaration.declared
    ]
    if container.kind == "ndjson":
        # A key with no value may be left out of a line; the row's own check says if it was needed.
        missing = []
    if unknown:
        # A column the contract does not know may hold anything, a name for one: the whole file is refused.
        words = []
        for name in unknown[:5]:
            near = difflib.get_close_matches(name.lower(), missing or known, n=1, cutoff=0.5)
            words.append(f"{_shown(name)}{f' (did you mean {near[0]}?)' if near else ''}")
        lacking = f"; missing: {', '.join(missing)}" if missing else ""
        raise refusal(
            path,
            f"{contract.name} does not know the column {', '.join(words)}{lacking}",
            "rename it, or leave it out; the columns stand in docs/data_dictionary.md",
            where,
        )
    if missing:
        raise refusal(
            path,
            f"{contract.name} needs the column {', '.join(missing)}",
            "add it, or declare one value for all rows under `declared:`",
            where,
        )


def _shown(name: str) -> str:
    """A header that looks like a value (a row without header) is shown by its shape only."""
    return repr(name if name.replace("_", "").isalpha() and len(name) < 40 else mask_shape(name))
