"""From a declaration in the source configuration to a source that can be read.

Belongs here: the choice of the source kind for a contract. Does not belong here: any source kind.
"""

from datetime import UTC, datetime
from functools import lru_cache

from orchestration.contracts import Contract, contract_named
from orchestration.settings import Settings
from orchestration.source_config import (
    EmbeddedDeclaration,
    FhirDeclaration,
    FilesDeclaration,
    SourceConfig,
)
from orchestration.sources.source import MemorySource, Source


def source_for(contract: Contract | str, config: SourceConfig, settings: Settings) -> Source:
    """The source of a contract; a contract that is listed nowhere gets a source without rows.

    Raises:
        UserError: The source needs the pseudonym key and there is none, or its files cannot be used.
    """
    contract = contract_named(contract) if isinstance(contract, str) else contract
    declaration = config.declaration_of(contract.name)
    if declaration is None:
        return MemorySource(system="absent", as_of=config.as_of or datetime.now(UTC).date())
    if isinstance(declaration, EmbeddedDeclaration):
        from orchestration.sources.embedded_source import EmbeddedSource

        return EmbeddedSource(config.embedded.seed, config.embedded.sampling_fraction)
    if isinstance(declaration, FilesDeclaration):
        from orchestration.sources.files import FilesSource

        return FilesSource(declaration, config, settings)
    state = _state_of(declaration, config)
    return _fhir(declaration.model_dump_json(), config.model_dump_json(), settings, state)


def forget_sources() -> None:
    """Let go of what sources keep between contracts: the drawn country, the index of a FHIR export."""
    from orchestration.sources.embedded_source import forget_country

    forget_country()
    _fhir.cache_clear()


@lru_cache(maxsize=2)
def _fhir(
    declaration: str,
    config: str,
    settings: Settings,
    state: tuple[tuple[str, int, int], ...],  # noqa: ARG001
) -> Source:
    """One FHIR source for all its contracts, because they share the index of patients and facilities."""
    from orchestration.sources.fhir.fhir_source import FhirSource

    return FhirSource(
        FhirDeclaration.model_validate_json(declaration), SourceConfig.model_validate_json(config), settings
    )


def _state_of(declaration: FhirDeclaration, config: SourceConfig) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the files: what has changed is read anew even in a long-lived process."""
    path = declaration.path
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    files += [crosswalk for crosswalk in (config.crosswalk, config.code_crosswalk) if crosswalk]
    return tuple(
        (str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file()
    )
