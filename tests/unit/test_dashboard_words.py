"""Every visible string of the dashboards is there in all languages."""

import ast
import re
from pathlib import Path

import pytest

from dashboards import menu, words

pytestmark = pytest.mark.unit

DASHBOARDS = Path(words.__file__).parents[1]
SAYING = {"_", "N_", "many"}


def messages() -> dict[str, str]:
    """Every message marked for translation, with the file that says it."""
    found = {}
    for path in sorted(DASHBOARDS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
                match node.args[0]:
                    case ast.Constant(value=str() as text):
                        found.setdefault(text, path.name)
    return found


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_message_is_left_in_english(language):
    catalogue = words.catalogue(language)
    missing = [m for m in messages() if catalogue.get(m) is None or not catalogue.get(m).string]

    assert len(messages()) > 400, "the search for messages found too few to be right"
    assert missing == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_translation_keeps_every_placeholder_and_answers_to_a_message(language):
    said = messages()
    for entry in words.catalogue(language):
        if entry.id:
            first, forms = (entry.id[0], entry.string) if entry.pluralizable else (entry.id, [entry.string])
            assert first in said, f"{language}.po translates a message that nothing says: {first}"
            for form in forms:
                assert placeholders(form) == placeholders(first), first


def test_kazakh_is_not_russian():
    """Most messages differ; a catalogue copied from the other one would not."""
    kk, ru = words.catalogue("kk"), words.catalogue("ru")
    same = [m for m in messages() if kk.get(m).string == ru.get(m).string]

    assert len(same) < len(messages()) / 10
    said = ["".join(entry.string) for entry in kk]
    assert sum(bool(set("әғқңөұүһі") & set(text.lower())) for text in said) > len(messages()) * 0.8


def test_a_letter_speaks_its_own_language_whatever_the_session_does():
    with words.speaking("ru"):
        assert words._("Vacant posts") == "Вакантные ставки"
        with words.speaking("kk"):
            assert words._("no data") == "дерек жоқ"
        assert words._("no data") == "нет данных"


def test_every_page_of_the_menu_has_a_file_and_every_file_stands_in_a_menu():
    named = {
        entry.file for sections in menu.MENUS.values() for entries in sections.values() for entry in entries
    }
    views = DASHBOARDS / "views"

    assert named == {str(path.relative_to(views)) for path in views.rglob("*.py")}
