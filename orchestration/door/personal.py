r"""What must never lie on disk: personal numbers, phones and addresses in text, and how such text is masked.

Belongs here: the patterns, their SQL and their mask. Does not belong here: pseudonyms and generalising
(`orchestration/sources/anonymise.py`).

A personal number (IIN) has twelve digits, the first six a birth date. A business number (BIN) has twelve
digits too, but its fifth digit is 4, 5 or 6, which no day of a month begins with (Rules on forming
identification numbers, Kazakhstan), so the two can be told apart. In text any run of twelve digits that
is no BIN is refused; in the column `bin` itself only a number that could be a person's is.
The patterns use no look-around, so that DuckDB's RE2 and Python read them alike. A digit is any decimal digit
of Unicode: full-width and Arabic-Indic ones name a person as well as ours.
"""

import re

import pyarrow as pa
import pyarrow.compute as pc

PERSONAL_NUMBER = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[0-6]\d{5}"
BUSINESS_NUMBER = r"\d{2}(?:0[1-9]|1[0-2])[4-6][0-3]\d{6}"
_BUSINESS_ALONE = rf"(^|\D){BUSINESS_NUMBER}(\D|$)"

# The ways a twelve-digit number is broken up for reading.
_GROUPS = ("6 6", "4 4 4", "3 3 3 3", "6 3 3", "6 1 5", "2 2 2 6", "2 2 2 1 5", "1 1 1 1 1 1 1 1 1 1 1 1")
# Spaces of every width, those that cannot be seen too, and what stands between groups of digits.
_BETWEEN = "[ \u00a0\u2009\u202f\u200b\u2060_.-]"
_BROKEN_UP = "|".join(_BETWEEN.join(rf"\d{{{length}}}" for length in groups.split()) for groups in _GROUPS)
_LETTERS = "а-яёәіңғүұқөһ"
_WORD = f"[А-ЯЁӘІҢҒҮҰҚӨҺ][{_LETTERS}]+"


def _names(endings: str) -> str:
    """Pattern of a person's name: a Russian patronymic with one of the endings, or three names in Kazakh."""
    return (
        rf"(?:^|[^{_LETTERS}А-ЯЁ])[А-ЯЁӘІҢҒҮҰҚӨҺ][{_LETTERS}]{{2,}}(?:{endings})(?:$|[^{_LETTERS}])"
        r"|\b[A-Z][a-z]{2,}(?:ovich|evich|ovna|evna)\b"
        # Three words: "Бауыржан Момышұлы атындағы" is the name of a school.
        rf"|{_WORD} {_WORD} [А-ЯЁӘІҢҒҮҰҚӨҺ][{_LETTERS}]+(?:ұлы|улы|қызы|кызы)(?:$|[^{_LETTERS}])"
    )


# "Ахметов А. Б.", "А.Б. Ахметов": a family name with initials.
_CAPITAL = "[А-ЯЁӘІҢҒҮҰҚӨҺ]"
_INITIALS = rf"{_CAPITAL}\. ?{_CAPITAL}\."
_WITH_INITIALS = rf"(?:^|[^{_LETTERS}А-ЯЁ]){_WORD} {_INITIALS}|(?:^|[^{_LETTERS}А-ЯЁ]){_INITIALS} ?{_WORD}"
_NAME_IN_ANY_CASE = _names("(?:ов|ев)ич(?:а|у|ем|е)?|(?:ов|ев)н(?:а|ы|е|у|ой)") + "|" + _WITH_INITIALS
# A place may bear a name, which honours and does not list: "имени Ивана Ивановича", "им. С. Д. Асфендиярова".
_HONOURED = rf"(?:им\.|имени) ?{_INITIALS} ?{_WORD}|{_INITIALS} ?{_WORD} атындағы"
_NAME_IN_NOMINATIVE = _names("(?:ов|ев)ич|(?:ов|ев)на")

PERSONAL_PATTERNS: dict[str, tuple[str, str]] = {
    "personal_number": (
        rf"(?:^|\D)(?:\d{{12}}|{_BROKEN_UP})(?:\D|$)",
        "holds a twelve-digit personal number; take it out of the text at the source",
    ),
    "phone": (
        r"(?:^|\D)(?:\+\d{1,3}|[8８])[ -]?\(?\d{3}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}(?:\D|$)"
        r"|(?:^|\D)\+\d{10,14}(?:\D|$)",
        "holds a phone number; take it out of the text at the source",
    ),
    "email": (
        r"[0-9A-Za-z._%+-]+@[0-9A-Za-z-]+\.[0-9A-Za-z.-]+",
        "holds an e-mail address; take it out of the text at the source",
    ),
    "person_name": (
        _NAME_IN_ANY_CASE,
        "holds the name of a person; take it out of the text at the source",
    ),
    "birth_date": (
        r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4} ?(?:г\.? ?р|г/р|года рожд|рожд|жылы туған|туған)"
        r"|(?i:рожд[а-я]*|туған[а-яәіңғүұқөһ]*|д\.? ?р\.|born|dob)[^0-9]{0,12}"
        r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}",
        "holds a full birth date; take it out of the text at the source",
    ),
}

_FEW_TEXTS = 2_000
# One pass over good rows: only text that this matches is looked at with the patterns one by one. Twelve
# digits broken up anyhow take in every way of breaking them up, and compile four times as fast.
_TWELVE_DIGITS = rf"(?:^|\D)\d(?:{_BETWEEN}?\d){{11}}(?:\D|$)"
SUSPECT = "|".join(
    f"(?:{_TWELVE_DIGITS if rule == 'personal_number' else pattern})"
    for rule, (pattern, _) in PERSONAL_PATTERNS.items()
)


def suspect_sql(text: str) -> str:
    """SQL condition that is true for text worth the exact patterns; lines of it may be texts of their own."""
    return f"regexp_matches({text}, '{_for_sql(SUSPECT)}')"


def _for_sql(pattern: str) -> str:
    r"""The pattern as RE2 reads it: there `\d` is 0-9 alone, in Python any decimal digit."""
    return pattern.replace(r"\d", r"\p{Nd}").replace(r"\D", r"\P{Nd}")


def clean_sql(rule: str, column: str) -> str:
    """SQL condition that is true for text free of the pattern `rule`."""
    pattern, _ = PERSONAL_PATTERNS[rule]
    if rule == "person_name":
        pattern = _NAME_IN_NOMINATIVE if "_name_" in column else pattern
        column = f"regexp_replace({column}, '{_HONOURED}', '', 'g')"
    if rule == "personal_number":
        if column == '"bin"':
            return f"not regexp_full_match({column}, '{_for_sql(PERSONAL_NUMBER)}')"
        column = rf"regexp_replace({column}, '{_for_sql(_BUSINESS_ALONE)}', '\1#\2', 'g')"
    return f"not regexp_matches({column}, '{_for_sql(pattern)}')"


def is_personal(text: str) -> bool:
    """Whether any pattern matches the text."""
    allowed_gone = re.sub(_HONOURED, "", re.sub(_BUSINESS_ALONE, r"\1#\2", text))
    return any(re.search(pattern, allowed_gone) for pattern, _ in PERSONAL_PATTERNS.values())


def mask_shape(text: str, limit: int = 40) -> str:
    """The shape of a text without its content: letters become x, digits become 9, at most `limit` characters.

    Example:
        >>> mask_shape("Abai 12,5")
        'xxxx 99,9'
    """
    shape = re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "x", text))
    return shape if len(shape) <= limit else f"{shape[:limit]}…"


def cut_to(text: str, limit: int = 200) -> str:
    """The text, cut where it is longer than `limit` characters."""
    return text if len(text) <= limit else f"{text[:limit]}…"


def mask_personal(text: str, limit: int = 200) -> str:
    """The text itself where no pattern matches it, else its shape."""
    return mask_shape(text) if is_personal(text) else cut_to(text, limit)


def could_be_personal(texts: list[str]) -> list[bool]:
    """Which texts are worth `is_personal`: one pass of the joined pattern over all, outside Python."""
    if len(texts) < _FEW_TEXTS:  # the pattern takes longer to compile than a few texts to search
        return [True] * len(texts)
    return pc.match_substring_regex(pa.array(texts, pa.string()), _for_sql(SUSPECT)).to_pylist()
