"""The files of a FHIR export: which hold which resource, their lines, what was deleted, the bulk manifest.

Belongs here: NDJSON lines with their numbers. Does not belong here: the content of resources.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from orchestration.sources.containers import Container, kind_of, look_at, refusal
from orchestration.sources.source import Refusal

Line = tuple[int, dict[str, Any] | Refusal]


@dataclass
class Export:
    """A folder (or one file) of NDJSON.

    Attributes:
        path: Folder or file.
        by_type: Containers by resource type, in order of their names.
        manifest: The bulk manifest beside them, or empty.
        deleted: Deleted resources (type, id) with the text of the moment.
    """

    path: Path
    by_type: dict[str, list[Container]] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)
    deleted: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> "Export":
        """Look at every file once.

        Raises:
            UserError: There is no NDJSON, a file is damaged, or it disagrees with the manifest.
        """
        export = cls(path)
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and kind_of(file) == "ndjson":
                container = look_at(file, "ndjson")
                export.by_type.setdefault(_resource_type(container), []).append(container)
            elif file.is_file() and file.suffix == ".json":
                export._take_manifest(file)
        if not export.by_type:
            raise refusal(
                path, "there is no NDJSON file in it", "files are called like Patient.ndjson or .ndjson.gz"
            )
        export._compare_with_manifest()
        for container in export.by_type.get("Bundle", []):
            for _, bundle in lines(container, "Bundle"):
                if isinstance(bundle, dict):
                    export.deleted.update({(name, key): stamp for name, key, stamp in deletions(bundle)})
        return export

    def containers(self, *types: str) -> list[Container]:
        """Files of some resource types."""
        return [container for name in types for container in self.by_type.get(name, [])]

    def resources(self, resource_type: str) -> Iterator[dict[str, Any]]:
        """Every readable resource of a type that was not deleted; damaged lines are skipped here."""
        for container in self.by_type.get(resource_type, []):
            for _, resource in lines(container, resource_type):
                if isinstance(resource, dict) and (resource_type, resource["id"]) not in self.deleted:
                    yield resource

    def _take_manifest(self, file: Path) -> None:
        try:
            content = json.loads(file.read_text(encoding="utf-8-sig"))
        except (ValueError, OSError):
            return
        if (
            isinstance(content, dict)
            and isinstance(content.get("output"), list)
            and "transactionTime" in content
        ):
            self.manifest = content

    def _compare_with_manifest(self) -> None:
        names = {c.path.name: c for containers in self.by_type.values() for c in containers}
        for entry in self.manifest.get("output", []):
            name = str(entry.get("url", "")).rsplit("/", 1)[-1]
            container = names.get(name) or names.get(f"{name}.gz")
            if container is None:
                raise refusal(
                    self.path, f"the manifest lists {name}, which is not there", "fetch the missing file"
                )
            if "count" in entry:
                with container.open() as content:
                    found = sum(1 for line in content if line.strip())
                if found != entry["count"]:
                    raise refusal(
                        container.path,
                        f"it has {found} records, the manifest says {entry['count']}",
                        "fetch the file again; records are missing or doubled",
                    )


def lines(container: Container, resource_type: str) -> Iterator[Line]:
    """Every record of a file with its physical line: the resource, or why it is none.

    Raises:
        UserError: The last line is cut.
    """
    bad_last = 0
    with container.open() as content:
        for number, raw in enumerate(content, 1):
            line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
            if not line.strip():
                continue
            bad_last = 0
            try:
                resource = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                bad_last = number
                why = re.sub(r":? line \d+ column.*", "", str(error))
                yield number, Refusal(number, "not_json", f"the line is not JSON: {why}; transfer it again")
                continue
            yield number, _checked(resource, number, resource_type)
    if bad_last and not container.ends_with_newline:
        raise refusal(
            container.path,
            "its last line is cut",
            "transfer it again; records at its end are missing",
            bad_last,
        )


def _checked(resource: Any, number: int, resource_type: str) -> dict[str, Any] | Refusal:
    if not isinstance(resource, dict):
        return Refusal(number, "not_a_resource", "the line is not a JSON object")
    if resource.get("resourceType") != resource_type:
        message = (
            f"the line is not of the type {resource_type} as the rest of the file; split the file by type"
        )
        return Refusal(number, "wrong_resource", message, column="resourceType")
    if not isinstance(resource.get("id"), str) and resource_type != "Bundle":
        return Refusal(number, "missing_id", f"the {resource_type} has no id", column="id")
    return resource


def _resource_type(container: Container) -> str:
    """Type of the first readable record; the file's name where no line can be read."""
    with container.open() as content:
        for number, raw in enumerate(content):
            if number > 20:
                break
            try:
                resource = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
            except orjson.JSONDecodeError:
                continue
            if isinstance(resource, dict) and isinstance(resource.get("resourceType"), str):
                return str(resource["resourceType"])
    return container.path.name.split(".")[0]


def deletions(bundle: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """(type, id, moment) of everything a Bundle deletes."""
    stamp = bundle.get("timestamp") or (bundle.get("meta") or {}).get("lastUpdated")
    found = []
    for entry in bundle.get("entry") or []:
        request = entry.get("request") or {}
        parts = str(request.get("url", "")).split("?")[0].split("/")
        if request.get("method") == "DELETE" and len(parts) >= 2:
            found.append((parts[-2], parts[-1], stamp))
    return found
