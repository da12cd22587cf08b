"""The dbt manifest, prepared before anybody imports the definitions.

Dagster reads the manifest when its definitions load, and loading must do no work; so `make setup`,
`medkadr run` and `medkadr ui` prepare it here. Does not belong here: calling dbt (`dbt_in_process.py`).
"""

from filelock import FileLock

from orchestration.running.dbt_in_process import parse
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
        parse(settings, MANIFEST.parent)
        _PARSED_FROM.write_text(now)
        return True


if __name__ == "__main__":
    from orchestration.settings import load_settings

    prepare_manifest(load_settings())
