"""What a run depends on, as hashes: code, lock, configuration, inputs.

Two runs with one fingerprint give the same tables, so the second need not be made. Belongs here: hashing.
Does not belong here: deciding what to do about it (`commands/run.py`).
"""

import hashlib
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from orchestration.settings import ROOT

# Rooms whose code decides the published figures; pages can change without a new run.
CODE = ("planning", "orchestration", "dbt_project")
_CODE_SUFFIXES = {".py", ".sql", ".yml", ".yaml", ".csv", ".md"}
_NOT_CODE = {"__pycache__", "target", "logs"}


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_tree(folders: Iterable[Path]) -> str:
    """SHA-256 over the names and bytes of all source files below the folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in _CODE_SUFFIXES and not _NOT_CODE.intersection(path.parts):
                digest.update(f"{path.relative_to(folder.parent)}\n{hash_file(path)}\n".encode())
    return digest.hexdigest()


def hash_value(value: Any) -> str:
    """SHA-256 of a value as canonical JSON."""
    text = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def hash_code() -> str:
    """Hash of the code that makes the figures, committed or not."""
    return hash_tree(ROOT / room for room in CODE)


def hash_lock() -> str:
    """Hash of the lock file, or empty where the package is installed without it."""
    lock = ROOT / "requirements.lock"
    return hash_file(lock) if lock.is_file() else ""


def code_version() -> str:
    """The git commit, marked `+changed` when the tree differs from it; without git, the content's hash."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=True, timeout=20
        ).stdout.strip()

    try:
        commit = git("rev-parse", "HEAD")
        return commit + ("+changed" if git("status", "--porcelain", "--", *CODE) else "")
    except (OSError, subprocess.SubprocessError):
        return f"content {hash_code()[:16]}"


def hash_inputs(paths: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of each input file; a folder stands for all files in it."""
    files: list[Path] = []
    for path in paths:
        files += [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return {str(path): hash_file(path) for path in sorted(set(files))}
