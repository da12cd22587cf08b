"""The manifest of a bulk export against the files beside it: is everything there that the server announced?

Servers name files as they like and downloads rename them, so a file is found by its name where that fits,
else by its type. Does not belong here: reading of records (`export.py`).
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from orchestration.sources.containers import Container, refusal
from orchestration.sources.fhir.elements import each

GRAVE = ("fatal", "error")


def compare_with_manifest(manifest: dict[str, Any], path: Path, by_type: dict[str, list[Container]]) -> None:
    """Refuse an export that misses a file or a record, has one too many, or whose server reported an error.

    Args:
        manifest: The manifest, or empty.
        path: Folder of the export.
        by_type: Files by resource type.

    Raises:
        UserError: What is missing, and of which type.
    """
    if not manifest:
        return
    entries = {
        "output": [(str(e.get("type", "")), e) for e in each(manifest.get("output"))],
        "deleted": [("Bundle", e) for e in each(manifest.get("deleted"))],
        "error": [("OperationOutcome", e) for e in each(manifest.get("error"))],
    }
    for kind, listed in entries.items():
        for resource_type in sorted({name for name, _ in listed}):
            wanted = [entry for name, entry in listed if name == resource_type]
            _compare_type(kind, resource_type, wanted, path, by_type.get(resource_type, []))
    listed_types = {name for listed in entries.values() for name, _ in listed}
    for resource_type in sorted(set(by_type) - listed_types):
        raise refusal(
            by_type[resource_type][0].path,
            f"the manifest lists no file of {resource_type}; it may be left from another export",
            "move it away, or keep the exports in folders of their own",
        )
    _refuse_errors(by_type.get("OperationOutcome", []))


def _compare_type(
    kind: str, resource_type: str, listed: list[dict[str, Any]], path: Path, found: list[Container]
) -> None:
    if len(found) < len(listed):
        names = {name for c in found for name in (c.path.name, c.path.name.removesuffix(".gz"))}
        missing = [name for entry in listed if (name := _name_of(entry)) not in names]
        raise refusal(
            path,
            f"the manifest lists {len(listed)} file(s) of {resource_type} under `{kind}`, the folder has"
            f" {len(found)}; not there: {', '.join(missing[:3])}",
            "fetch the missing file",
        )
    if len(found) > len(listed):
        raise refusal(
            path,
            f"the folder has {len(found)} files of {resource_type}, the manifest lists {len(listed)}",
            "remove the copy, or what is left from another export",
        )
    by_name = {c.path.name.removesuffix(".gz"): c for c in found}
    counted = [(by_name.get(_name_of(entry).removesuffix(".gz")), entry.get("count")) for entry in listed]
    if all(container and count is not None for container, count in counted):
        pairs = [([container], count) for container, count in counted if container]
    elif all(count is not None for _, count in counted):
        pairs = [(found, sum(count for _, count in counted))]
    else:
        pairs = []
    for containers, count in pairs:
        records = sum(_records(container) for container in containers)
        if records != count:
            raise refusal(
                containers[0].path if len(containers) == 1 else path,
                f"it has {records} records of {resource_type}, the manifest says {count}",
                "fetch the file again; records are missing or doubled",
            )


def _name_of(entry: dict[str, Any]) -> str:
    return unquote(urlsplit(str(entry.get("url", ""))).path).rsplit("/", 1)[-1]


def _records(container: Container) -> int:
    with container.open() as content:
        return sum(1 for line in content if line.strip())


def _refuse_errors(containers: list[Container]) -> None:
    """Stop at an error that the server reported; its words may name a person, so only codes are told."""
    for container in containers:
        codes = []
        with container.open() as content:
            for raw in content:
                try:
                    outcome = orjson.loads(raw)
                except orjson.JSONDecodeError:
                    outcome = (
                        {"issue": [{"severity": "error", "code": "not readable"}]} if raw.strip() else {}
                    )
                issues = each(outcome.get("issue")) if isinstance(outcome, dict) else []
                codes += [str(issue.get("code", "")) for issue in issues if issue.get("severity") in GRAVE]
        if codes:
            told = ", ".join(sorted(set(codes)))[:80]
            raise refusal(
                container.path,
                f"the server reports {len(codes)} error(s) of the export ({told}); records are missing",
                "export again; or, if the loss is meant, take the entry out of `error` in the manifest and"
                " the file out of the folder",
            )
