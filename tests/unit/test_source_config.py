"""The source configuration tells file, line, key and mending."""

import pytest

from orchestration.contracts import CONTRACTS
from orchestration.errors import UserError
from orchestration.source_config import SourceConfig, read_source_config

pytestmark = pytest.mark.unit


def test_without_a_file_the_embedded_country_brings_every_contract():
    config = SourceConfig()
    assert all(config.declaration_of(contract.name).kind == "embedded" for contract in CONTRACTS)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("sources:\n  - contracts: [norms]\n    kind: embedded\n", "line 2", "did you mean norm"),
        ("country: KZ\nas_off: 2026-09-30\n", "line 2", "did you mean as_of"),
        ("sources:\n  - contracts: [norm]\n    kind: embeded\n", "line 2", "embedded"),
        ("sources:\n  - contracts: [norm]\n    kind: files\n", "line 2", "missing"),
        ("sources:\n  - contracts: [norm]\n    kind: files\n    path: /nowhere\n", "line 4", "/nowhere"),
        (
            "sources:\n  - contracts: [norm]\n    kind: fhir\n    path: .\n",
            "line 2",
            "FHIR does not bring norm",
        ),
        ("embedded: {seed: x}\n", "line 1", "integer"),
        ("country: KZ\ncountry: KZ\n", "line 2", "twice"),
        ("sources: [\n", "line 2", ""),
        ("- a\n", "", "mapping"),
    ],
)
def test_a_wrong_key_or_value_is_told_with_its_line(tmp_path, text, line, words):
    path = tmp_path / "sources.yml"
    path.write_text(text)
    with pytest.raises(UserError) as told:
        read_source_config(path)
    error = told.value
    assert str(path) in error.where
    assert line in error.where
    assert words in str(error)
    assert error.mend


def test_a_contract_brought_twice_is_refused(tmp_path):
    path = tmp_path / "sources.yml"
    path.write_text(
        "sources:\n  - {contracts: [norm], kind: embedded}\n  - {contracts: [norm], kind: embedded}\n"
    )
    with pytest.raises(UserError, match="twice"):
        read_source_config(path)


def test_paths_are_relative_to_the_file(tmp_path):
    (tmp_path / "norm.csv").write_text("x\n")
    (tmp_path / "sources.yml").write_text("sources:\n  - {contracts: [norm], kind: files, path: norm.csv}\n")
    assert read_source_config(tmp_path / "sources.yml").sources[0].path == tmp_path / "norm.csv"
