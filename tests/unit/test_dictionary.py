"""The generated documents follow the contracts."""

import pytest
import yaml

from orchestration.contracts import CONTRACTS
from orchestration.dictionary import documents, render_dictionary, render_sources

pytestmark = pytest.mark.unit


def test_the_generated_documents_are_current():
    for path, text in documents().items():
        assert path.read_text(encoding="utf-8") == text, f"run `medkadr dictionary`: {path} is stale"


def test_every_column_of_every_contract_is_in_the_dictionary():
    text = render_dictionary()
    for contract in CONTRACTS:
        section = text.split(f"### {contract.name} – ")[1].split("\n### ")[0]
        for column in contract.columns:
            assert f"| {column.name} | {column.type} |" in section


def test_the_dbt_source_lists_every_contract_and_the_two_tables_of_the_door():
    [source] = yaml.safe_load(render_sources())["sources"]
    names = [table["name"] for table in source["tables"]]
    assert names == [*(contract.name for contract in CONTRACTS), "delivery", "quarantine"]
