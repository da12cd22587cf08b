"""The files of a FHIR export: which hold which resource, their lines, what was deleted, the bulk manifest.

Belongs here: NDJSON lines with their numbers. Does not belong here: the content of resources, and what the
manifest says of the files (`manifest.py`).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from orchestration.door.personal import mask_shape
from orchestration.sources.containers import Container, kind_of, look_at, refusal
from orchestration.sources.fhir.elements import each
from orchestration.sources.fhir.manifest import compare_with_manifest
from orchestration.sources.source import Refusal

# What the contracts are read from; a file named so is never left out in silence.
READ_TYPES = (
    "Organization", "Location", "HealthcareService", "Practitioner", "PractitionerRole", "Patient",
    "Encounter", "Condition", "Procedure", "Immunization", "Bundle",
)  # fmt: skip

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
            UserError: There is no NDJSON, a file is damaged or of another shape, or it disagrees with the
                manifest.
        """
        export = cls(path)
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if not file.is_file():
                continue
            if kind_of(file) == "ndjson":
                container = look_at(file, "ndjson")
                export.by_type.setdefault(_resource_type(container), []).append(container)
            elif file.suffix.lower() == ".json":
                export._take_manifest(file)
            elif file.name.split(".")[0] in READ_TYPES:
                raise refusal(
                    file, "it is no NDJSON by its name", f"unpack it to {file.name.split('.')[0]}.ndjson"
                )
        if not export.by_type:
            raise refusal(
                path, "there is no NDJSON file in it", "files are called like Patient.ndjson or .ndjson.gz"
            )
        compare_with_manifest(export.manifest, path, export.by_type)
        for container in export.by_type.get("Bundle", []):
            for number, bundle in lines(container, "Bundle"):
                if isinstance(bundle, dict):
                    if any(entry.get("resource") for entry in each(bundle.get("entry"))):
                        raise refusal(
                            container.path,
                            "it is a Bundle that holds resources; only Bundles of deletions are read",
                            "export NDJSON: one resource a line, one type a file",
                            number,
                        )
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
        """Keep a bulk manifest; any other JSON beside the NDJSON could hold records, so it is refused."""
        try:
            content = json.loads(file.read_text(encoding="utf-8-sig"))
        except (ValueError, OSError):
            raise refusal(file, "it is no readable JSON", "fetch it again, or move it away") from None
        if not isinstance(content, dict) or not isinstance(content.get("output"), list):
            raise refusal(
                file,
                "it is JSON, neither NDJSON nor the manifest of a bulk export, and would not be read",
                "export NDJSON: one resource a line, one type a file; move other files away",
            )
        if self.manifest:
            raise refusal(file, "there are two manifests", "keep the exports in folders of their own")
        self.manifest = content


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
            if _has_key_twice(line, resource):
                yield number, Refusal(number, "not_json", "a key stands twice in the line; mend the export")
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
    if resource.get("modifierExtension"):
        # By the standard it must be understood: it may say that the record did not happen.
        message = "it has a modifierExtension, which may turn its meaning round and is not known here"
        return Refusal(number, "modifier_extension", message, column="modifierExtension")
    return resource


def _has_key_twice(line: bytes, resource: Any) -> bool:
    """Whether a key stands twice in an object; a compact line without one keeps its length, written anew."""
    if len(orjson.dumps(resource)) == len(line.strip()):
        return False

    def pairs(found: list[tuple[str, Any]]) -> None:
        if len({key for key, _ in found}) != len(found):
            raise KeyError

    try:
        json.loads(line, object_pairs_hook=pairs)
    except KeyError:
        return True
    except (ValueError, RecursionError):
        return False
    return False


def _resource_type(container: Container) -> str:
    """Type of the first readable record; the file's name where no line can be read.

    Raises:
        UserError: Neither tells it, they disagree and it would not be read, or the file is one JSON document
            over many lines.
    """
    named = [part for part in container.path.name.split(".") if part in READ_TYPES]
    with container.open() as content:
        for number, raw in enumerate(content):
            if number > 20:
                break
            line = raw.removeprefix(b"\xef\xbb\xbf").strip()
            if line in (b"{", b"[", b"[{"):
                raise refusal(
                    container.path,
                    "it is one JSON document over many lines",
                    "export NDJSON: one resource a line, without line breaks inside",
                    number + 1,
                )
            try:
                resource = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            if isinstance(resource, dict) and isinstance(resource.get("resourceType"), str):
                found = str(resource["resourceType"])
                if named and found not in READ_TYPES:
                    raise refusal(
                        container.path,
                        f"it holds {mask_shape(found) if not found.isalpha() else found} and not {named[0]}",
                        "fetch it again; if the server failed there, its OperationOutcome says why",
                        number + 1,
                    )
                return found
    if not named:
        raise refusal(
            container.path, "none of its first lines is a FHIR resource", "fetch it again, or move it away"
        )
    return named[0]


def deletions(bundle: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """(type, id, moment) of everything a Bundle deletes."""
    stamp = bundle.get("timestamp") or (each(bundle.get("meta")) or [{}])[0].get("lastUpdated")
    found = []
    for entry in each(bundle.get("entry")):
        request = (each(entry.get("request")) or [{}])[0]
        parts = str(request.get("url", "")).split("?")[0].split("/")
        if request.get("method") == "DELETE" and len(parts) >= 2:
            found.append((parts[-2], parts[-1], stamp))
    return found
