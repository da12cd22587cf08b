"""Where things lie and what the environment says: the only reader of the environment.

Belongs here: paths and switches that differ from machine to machine. Does not belong here: which sources a
country has (the source configuration file, `orchestration/source_config.py`) and any secret's content.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = ROOT / "dbt_project"
SEEDS_DIR = DBT_PROJECT_DIR / "seeds"


@dataclass(frozen=True)
class Settings:
    """Folders of one installation.

    Attributes:
        home: State folder; everything a run writes lies below it.
        config_path: Source configuration file, or None for the embedded country.
        boundaries_path: GeoJSON of region boundaries for the map, or None for the tile grid.
        threads: Threads DuckDB may use.
        memory_limit: DuckDB's memory limit.
        pseudonym_key_path: File with the secret of the pseudonyms, if the environment names one.
        demonstration_key_path: Where the demonstration keeps the key it makes for itself, in the user's own
            state folder; None where there is no such folder.
        fault_at: `name:n`, the point at which a crash test kills this process; empty in every real run.
    """

    home: Path
    config_path: Path | None
    boundaries_path: Path | None
    threads: int
    memory_limit: str
    pseudonym_key_path: Path | None = None
    demonstration_key_path: Path | None = None
    fault_at: str = ""

    @property
    def landing(self) -> Path:
        """Anonymised Parquet, one folder a contract."""
        return self.home / "landing"

    @property
    def quarantine(self) -> Path:
        """Refused rows with file, line, rule and anonymised text."""
        return self.landing / "quarantine"

    @property
    def warehouse(self) -> Path:
        """The pipeline's own DuckDB file; dashboards never open it."""
        return self.home / "warehouse.duckdb"

    @property
    def planning(self) -> Path:
        """Parquet written by the forecast assets, read by dbt."""
        return self.home / "planning"

    @property
    def publication(self) -> Path:
        """Published snapshots and the pointer to the current one."""
        return self.home / "publication"

    @property
    def reports(self) -> Path:
        """Readable reports: validation, run summary."""
        return self.home / "reports"

    @property
    def dagster_home(self) -> Path:
        """Dagster's storage, shared by the command line and the UI."""
        return self.home / "dagster"

    @property
    def dbt_target(self) -> Path:
        """What dbt compiles; one folder an installation, because its partial parse depends on these paths."""
        return self.home / "dbt"

    @property
    def written_folders(self) -> tuple[Path, ...]:
        """Every folder a run writes into."""
        return (
            self.home,
            self.landing,
            self.planning,
            self.publication,
            self.reports,
            self.dagster_home,
            self.dbt_target,
        )

    @property
    def lock(self) -> Path:
        """Held by the one run that may write."""
        return self.home / "run.lock"

    @property
    def child_environment(self) -> dict[str, str]:
        """Variables for the processes we start (dbt, Dagster, Streamlit): our paths, telemetry off."""
        return {
            "MEDKADR_HOME": str(self.home),
            "MEDKADR_WAREHOUSE": str(self.warehouse),
            "MEDKADR_LANDING": str(self.landing),
            "MEDKADR_PLANNING": str(self.planning),
            "MEDKADR_PUBLICATION": str(self.publication),
            "MEDKADR_THREADS": str(self.threads),
            "MEDKADR_MEMORY_LIMIT": self.memory_limit,
            "DAGSTER_HOME": str(self.dagster_home),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "DAGSTER_DG_UPDATE_CHECK_ENABLED": "0",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DO_NOT_TRACK": "1",
            "TQDM_DISABLE": "1",
        }

    def hand_down(self) -> None:
        """Put `child_environment` into this process, from which dagster-dbt copies it for dbt."""
        os.environ.update(self.child_environment)


def load_settings() -> Settings:
    """Read the environment once.

    Variables: MEDKADR_HOME, MEDKADR_CONFIG, MEDKADR_BOUNDARIES, MEDKADR_THREADS, MEDKADR_MEMORY_LIMIT,
    MEDKADR_PSEUDONYM_KEY_FILE, MEDKADR_FAULT_AT; XDG_STATE_HOME for the demonstration's own key.
    """

    def path(name: str) -> Path | None:
        value = os.environ.get(name)
        return Path(value).expanduser().resolve() if value else None

    state = path("XDG_STATE_HOME") or Path("~/.local/state").expanduser()
    return Settings(
        home=path("MEDKADR_HOME") or ROOT / ".medkadr",
        config_path=path("MEDKADR_CONFIG"),
        boundaries_path=path("MEDKADR_BOUNDARIES"),
        threads=int(os.environ.get("MEDKADR_THREADS", "2")),
        memory_limit=os.environ.get("MEDKADR_MEMORY_LIMIT", "2GB"),
        pseudonym_key_path=path("MEDKADR_PSEUDONYM_KEY_FILE"),
        demonstration_key_path=state / "medkadr" / "demonstration.key" if state.is_absolute() else None,
        fault_at=os.environ.get("MEDKADR_FAULT_AT", ""),
    )


def settings_with(*, home: Path | None = None, config_path: Path | None = None) -> Settings:
    """The environment's settings with what a command line says instead."""
    settings = load_settings()
    return replace(
        settings,
        home=home.expanduser().resolve() if home else settings.home,
        config_path=config_path.expanduser().resolve() if config_path else settings.config_path,
    )
