"""What the dashboards say, in Kazakh, Russian and English.

Belongs here: the choice of language, the lookup of a message, the name column of the language. Messages are
English in the code and translated in `kk.po`, `ru.po`, `en.po` beside this file (en.po holds only what should
read otherwise than it is written). Does not belong here: how numbers and dates are written (`formats.py`) and
the labels of code values (`codes.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

import streamlit as st
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
SHORT = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}
DEFAULT = "kk"
STATE_KEY = "language"

_spoken: ContextVar[str] = ContextVar("spoken", default="")


@lru_cache
def catalogue(language: str) -> Catalog:
    """The translations of one language, read from its .po file."""
    with (Path(__file__).parent / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@contextmanager
def speaking(other: str) -> Iterator[None]:
    """Say everything inside the block in another language than the session's: a letter, for its reader."""
    token = _spoken.set(other)
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """The language spoken: of the block, else chosen in the session, else the browser's, else Kazakh."""
    if spoken := _spoken.get():
        return spoken
    chosen = st.session_state.get(STATE_KEY)
    if chosen in LANGUAGES:
        return chosen
    preferred = (st.context.locale or "")[:2]
    return preferred if preferred in LANGUAGES else DEFAULT


def _(message: str, **values: object) -> str:
    """`message` in the language spoken, its {placeholders} filled; the English text where none is kept."""
    found = catalogue(language()).get(message)
    text = (found.string if found is not None else "") or message
    return text.format(**values) if values else text


def many(one: str, other: str, count: float, **values: object) -> str:
    """The form of a message that goes with `count`: 1 место, 2 места, 5 мест; 2,5 места.

    `count` chooses the form only; what stands in the text comes with `values`, written as the page wants it.
    """
    tongue = language()
    found = catalogue(tongue).get(one)
    forms = found.string if found is not None and isinstance(found.string, tuple) else ()
    forms = forms if all(forms) and forms else (one, other)
    kind = Locale.parse(tongue).plural_form(count)
    place = {"one": 0, "few": 1, "many": 2, "other": 1}[kind]
    return forms[min(place, len(forms) - 1)].format(**values)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a message for translation without translating it yet."""
    return message


def name_column(entity: str) -> str:
    """The name column of an entity in the session's language: `region` → `region_name_kk`."""
    return f"{entity}_name_{language()}"
