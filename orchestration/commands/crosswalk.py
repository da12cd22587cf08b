"""`medkadr crosswalk`: write what the crosswalks of a FHIR source do not cover yet, as files to fill in."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.errors import told


@told
def crosswalk(
    config: Annotated[Path, typer.Option(help="Source configuration with a source of kind fhir.")],
    into: Annotated[Path | None, typer.Option(help="Folder of the files; beside the configuration.")] = None,
) -> None:
    """List foreign places and codes that your crosswalks do not cover, as files to fill in."""
    from orchestration.errors import UserError
    from orchestration.settings import settings_with
    from orchestration.source_config import FhirDeclaration, read_source_config
    from orchestration.sources.fhir.fhir_source import FhirSource
    from orchestration.sources.fhir.uncovered import (
        uncovered_codes,
        uncovered_places,
        write_codes,
        write_places,
    )

    sources = read_source_config(config)
    declarations = [one for one in sources.sources if isinstance(one, FhirDeclaration)]
    if not declarations:
        raise UserError(
            "No source of kind fhir is configured.",
            where=str(config),
            why="only a FHIR export brings foreign places and codes",
            mend="see docs/sources.md for an example",
        )
    folder = into or config.resolve().parent
    for number, declaration in enumerate(declarations, 1):
        source = FhirSource(declaration, sources, settings_with(config_path=config))
        for kind, found, write, column in (
            (
                "places",
                uncovered_places(source),
                write_places,
                "region_code and settlement (for places abroad also coordinates: blank)",
            ),
            ("codes", uncovered_codes(source), write_codes, "target"),
        ):
            if not found:
                print(f"{source.system}: no {kind} are missing.")
                continue
            path = folder / f"missing_{kind}{'' if number == 1 else f'_{number}'}.csv"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                write(path, found)
            except FileExistsError:
                raise UserError(
                    "There is a file already.",
                    where=str(path),
                    why="it may hold rows that you have filled in",
                    mend="move it away, or give another folder with --into",
                ) from None
            except OSError as error:
                raise UserError(
                    "The file cannot be written.",
                    where=str(path),
                    why=str(error.strerror),
                    mend="name a folder that you may write to with --into",
                ) from None
            print(
                f"{path}: {len(found)} {kind}, {sum(found.values()):,} records. Fill in {column} and name the"
                f" file as {'crosswalk' if kind == 'places' else 'code_crosswalk'} (or add its rows to it)."
            )
