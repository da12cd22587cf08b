"""What tables hold in English is said in the reader's language."""

import importlib
import pkgutil

import pandas as pd
import pytest
import yaml

from dashboards import words
from dashboards.words import phrases, rules
from orchestration import contracts
from orchestration.contracts.contract import Contract
from orchestration.settings import ROOT, SEEDS_DIR

pytestmark = pytest.mark.unit


def has_english(text: str) -> bool:
    return any("a" <= letter.lower() <= "z" for letter in text)


def test_numbers_and_days_inside_a_sentence_are_written_as_the_language_writes_them():
    with words.speaking("ru"):
        assert phrases.say("1234.50 posts, none filled") == "ставок: 1\u00a0234,5, ни одна не занята"
        assert phrases.say("until 2026-08-27") == "до 27 авг. 2026 г."
        assert phrases.say("0.50 of 1.00 posts vacant") == "вакантно 0,5 из 1 ставок"
        assert not has_english(phrases.say("0 of 2 (embedded country 2026, assumed)"))


def test_two_sentences_are_said_one_after_the_other():
    both = (
        "The printed total 2,037 and the sum of its printed parts 2,327 differ"
        " Published for the year, without a day."
    )
    with words.speaking("kk"):
        assert not has_english(phrases.say(both))


def test_a_sentence_of_an_unknown_form_is_shown_as_it_is_and_a_blank_stays_blank():
    with words.speaking("ru"):
        assert phrases.say("Something nobody foresaw.") == "Something nobody foresaw."
        assert phrases.say(None) == ""


@pytest.mark.parametrize("column", ["universe", "contradiction", "published_source"])
def test_every_published_figure_is_described_in_kazakh_and_russian(column):
    texts = pd.read_csv(SEEDS_DIR / "published_figures.csv")[column].dropna().unique()
    for language in ("kk", "ru"):
        with words.speaking(language):
            assert [text for text in texts if has_english(phrases.say(text))] == []


def test_every_scenario_states_its_source_and_owner_in_kazakh_and_russian():
    files = sorted((ROOT / "orchestration" / "scenarios").glob("*.yml"))
    levers = [lever for path in files for lever in yaml.safe_load(path.read_text(encoding="utf-8"))["levers"]]
    assert levers
    for language in ("kk", "ru"):
        with words.speaking(language):
            said = [phrases.say(lever[field]) for lever in levers for field in ("source", "owner")]
            assert [text for text in said if has_english(text)] == []


def test_every_rule_of_every_contract_has_a_name():
    found = {
        rule.id
        for module in pkgutil.iter_modules(contracts.__path__)
        for value in vars(importlib.import_module(f"orchestration.contracts.{module.name}")).values()
        for contract in (value if isinstance(value, tuple) else (value,))
        if isinstance(contract, Contract)
        for rule in contract.rules
    }
    assert len(found) > 10
    with words.speaking("kk"):
        assert sorted(rule for rule in found if has_english(rules.name(rule))) == []
