"""The dbt manifest, prepared before anybody imports the definitions.

Dagster reads the manifest when its definitions load, and loading must do no work; so `make setup`,
`medkadr run` and `medkadr ui` prepare it here. Does not belong here: running models (`defs/transform.py`).
"""

import os
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from orchestration.errors import UserError
from orchestration.running.fingerprint import hash_tree
from orchestration.settings import DBT_PROJECT_DIR, Settings

MANIFEST = DBT_PROJECT_DIR / "target" / "manifest.json"
_PARSED_FROM = DBT_PROJECT_DIR / "target" / "parsed_from.txt"


def prepare_manifest(settings: Settings) -> bool:
    """Parse the dbt project when its manifest is missing or older than its files.

    Returns:
        Whether it had to be parsed.

    Raises:
        UserError: dbt refuses the project; the text is dbt's.
    """
    MANIFEST.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(MANIFEST.parent / "parse.lock"):
        now = hash_tree([DBT_PROJECT_DIR])
        if MANIFEST.is_file() and _PARSED_FROM.is_file() and _PARSED_FROM.read_text() == now:
            return False
        done = subprocess.run(
            [dbt_executable(), "--quiet", "parse", "--project-dir", str(DBT_PROJECT_DIR),
             "--profiles-dir", str(DBT_PROJECT_DIR), "--target-path", str(MANIFEST.parent)],
            env={**os.environ, **settings.child_environment, "DBT_LOG_PATH": str(settings.home / "logs")},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise UserError(
                "dbt cannot parse the project.", where=str(DBT_PROJECT_DIR), why=done.stdout + done.stderr
            )
        _PARSED_FROM.write_text(now)
        return True


def dbt_executable() -> str:
    """The dbt of this environment, whatever PATH says."""
    return str(Path(sys.executable).parent / "dbt")


if __name__ == "__main__":
    from orchestration.settings import load_settings

    prepare_manifest(load_settings())
