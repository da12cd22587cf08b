"""Looking at a served snapshot from outside: hashes, whose rows, conservation.

Belongs here: questions that need only the published files, their manifest and the lake. Does not belong
here: the audits before the swap, which also see the warehouse (`audits.py`).
"""

import json
from pathlib import Path

import duckdb

from orchestration.errors import UserError
from orchestration.publishing import audits, snapshots
from orchestration.publishing.marts import published_marts
from orchestration.running.dbt_manifest import MANIFEST
from orchestration.running.fingerprint import hash_file
from orchestration.settings import Settings


def verify_served(settings: Settings) -> list[str]:
    """Check the served snapshot.

    Returns:
        What holds, one sentence each.

    Raises:
        UserError: Something does not hold; every finding is named.
    """
    folder = snapshots.current_folder(settings.publication)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    files = manifest["files"]
    with duckdb.connect() as link:
        found = {
            f"{len(files)} files are byte for byte those published": changed_files(folder, files),
            "each file holds its own audience's rows only": audits.isolation(
                folder, published_marts(MANIFEST), files
            ),
            "records in = landed + superseded + quarantined, for every file": audits.conservation(
                link, settings.landing
            ),
        }
        findings = [f"{name}: {finding}" for name, each in found.items() for finding in each]
    if findings:
        raise UserError(
            "The served snapshot does not hold what it promises.",
            where=str(folder),
            why="\n       ".join(findings),
            mend="medkadr rollback, or medkadr run --force",
        )
    return list(found)


def changed_files(folder: Path, files: list[dict]) -> list[str]:
    """Files that are missing, changed, or were never published."""
    on_disk = {path.name for path in folder.iterdir()} - {"manifest.json"}
    declared = {entry["name"]: entry["sha256"] for entry in files}
    changed = [name for name in declared if name in on_disk and hash_file(folder / name) != declared[name]]
    return [
        *(f"{name} is missing" for name in sorted(declared.keys() - on_disk)),
        *(f"{name} was not published" for name in sorted(on_disk - declared.keys())),
        *(f"{name} has changed" for name in changed),
    ]
