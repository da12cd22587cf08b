"""`medkadr dictionary`: write the documents that follow from the contracts, or check them."""

from typing import Annotated

import typer

from orchestration.errors import UserError, told


@told
def dictionary(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail if a file is stale.")] = False,
) -> None:
    """Write docs/data_dictionary.md and dbt's landing__sources.yml from the contracts."""
    from orchestration.dictionary import documents
    from orchestration.settings import ROOT

    for path, text in documents().items():
        name = path.relative_to(ROOT)
        is_current = path.exists() and path.read_text(encoding="utf-8") == text
        if check and not is_current:
            raise UserError(
                f"{name} does not match the contracts.",
                where=str(path),
                why="it is generated, and somebody changed the contracts or the file",
                mend="run `medkadr dictionary` and commit the result",
            )
        if not is_current:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        print(f"{name}: {'current' if is_current else 'written'}")
