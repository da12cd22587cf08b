"""What assets are handed: the installation (folders, sources, the lock); how a run executes.

Belongs here: resources, executor, loggers. Does not belong here: assets. This file has a definitions
function, so Dagster would not see an asset put here.
"""

import dataclasses
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from orchestration.contracts import Contract
from orchestration.running.collector import give_back
from orchestration.running.progress import progress_logger
from orchestration.running.run_lock import only_run
from orchestration.settings import Settings, load_settings
from orchestration.source_config import SourceConfig, load_source_config
from orchestration.sources.opening import forget_sources, source_for
from orchestration.sources.source import Source
from orchestration.validation.beside import SuitesBeside


class Installation(dg.ConfigurableResource):
    """Where a run writes and what it reads; blank fields follow the environment.

    `medkadr run` fills the fields, so that the run's page in the UI shows them and a re-execution from
    there repeats the same run.
    """

    home: str = ""
    config: str = ""
    seed: int | None = None
    sampling_fraction: float | None = None
    _suites: SuitesBeside = PrivateAttr(default_factory=SuitesBeside)

    @property
    def suites(self) -> SuitesBeside:
        """The suites of this run's contracts."""
        return self._suites

    @property
    def settings(self) -> Settings:
        """Folders and limits."""
        settings = load_settings()
        if self.home:
            settings = dataclasses.replace(settings, home=Path(self.home))
        if self.config:
            settings = dataclasses.replace(settings, config_path=Path(self.config))
        return settings

    @property
    def sources(self) -> SourceConfig:
        """Which source brings which contract."""
        return load_source_config(self.settings, seed=self.seed, sampling_fraction=self.sampling_fraction)

    def source_for(self, contract: Contract) -> Source:
        """The source that brings a contract."""
        return source_for(contract, self.sources, self.settings)

    def end_landing(self) -> None:
        """Let go of what landing needed: dbt can use the memory."""
        self._suites.close()
        forget_sources()
        give_back()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Installation"]:  # noqa: ARG002
        """Hold the lock of the installation for the whole run."""
        self.settings.hand_down()
        with only_run(self.settings.lock), closing(self._suites):
            yield self


@dg.definitions
def defs() -> dg.Definitions:
    """Resources, executor and loggers of every run."""
    return dg.Definitions(
        resources={
            "installation": Installation(),
        },
        # DuckDB has one writing process; a process a step would also import everything again each time.
        executor=dg.in_process_executor,
        loggers={"console": dg.colored_console_logger, "progress": progress_logger},
    )
