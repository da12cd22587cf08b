"""What a landed table follows from, as one hash: the same hash means the same table, not landed again.

Belongs here: hashing of source, upstream tables and the code that decides what lands. Does not belong here:
the fingerprint of a whole run (`orchestration/running/fingerprint.py`).
"""

import hashlib
import json
from functools import cache

from orchestration.contracts import Contract
from orchestration.door.lake import Lake
from orchestration.settings import ROOT
from orchestration.sources.source import Source


def fingerprint_of(contract: Contract, source: Source, lake: Lake) -> str:
    """Fingerprint of everything the landed table follows from; empty when the source is always read anew."""
    own = source.fingerprint(contract)
    if not own:
        return ""
    parents = sorted({c.references.split(".")[0] for c in contract.columns if c.references} - {contract.name})
    if contract.is_restricted:
        parents.append("population")
    upstream = {
        parent: [file["sha256"] for file in lake.manifest(parent).get("files", [])] for parent in parents
    }
    facts = [contract.name, own, str(source.as_of), source.system, upstream, code_fingerprint()]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


@cache
def code_fingerprint() -> str:
    """Fingerprint of the code that decides what lands, and of the code lists."""
    digest = hashlib.sha256()
    folders = [ROOT / "orchestration" / name for name in ("contracts", "door", "sources")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".csv")]
    files += [ROOT / "orchestration" / "landing.py", ROOT / "orchestration" / "quarantine.py"]
    files += (ROOT / "dbt_project" / "seeds").glob("*.csv")
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
