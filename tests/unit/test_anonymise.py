"""Pseudonyms, masks and generalising."""

import hashlib
from datetime import date

import duckdb
import pytest

from orchestration.door.personal import is_personal, mask_personal, mask_shape, suspect_sql
from orchestration.sources.anonymise import KeyRing, age_band
from orchestration.sources.crosswalk import Codes, Geography
from orchestration.sources.fhir.elements import icd10, moment, target_of

pytestmark = pytest.mark.unit
SECRET = hashlib.sha256(b"a test").digest()


def test_a_pseudonym_is_stable_and_differs_between_domains_and_keys():
    ring, other = KeyRing(SECRET), KeyRing(hashlib.sha256(b"another").digest())
    one = ring.pseudonym("patient", "850101300123")
    assert one == KeyRing(SECRET).pseudonym("patient", "850101300123")
    assert len(one) == 32
    assert (
        len({one, ring.pseudonym("staff", "850101300123"), other.pseudonym("patient", "850101300123")}) == 3
    )


def test_pseudonyms_cannot_be_found_by_hashing_all_identifiers_without_the_key():
    ring = KeyRing(SECRET)
    identifiers = [f"8501013{number:05d}" for number in range(2_000)]
    pseudonyms = {ring.pseudonym("patient", identifier) for identifier in identifiers}
    for algorithm in (hashlib.md5, hashlib.sha1, hashlib.sha256):
        tried = {algorithm(identifier.encode()).hexdigest()[:32] for identifier in identifiers}
        assert not tried & pseudonyms


def test_the_secret_does_not_show():
    assert SECRET.hex() not in repr(KeyRing(SECRET))


@pytest.mark.parametrize(
    ("born", "on", "band"),
    [
        (date(2026, 9, 1), date(2026, 9, 1), "00-04"),
        (date(1941, 10, 2), date(2026, 10, 1), "80-84"),
        (date(1941, 10, 1), date(2026, 10, 1), "85+"),
        (date(1920, 1, 1), date(2026, 10, 1), "85+"),
        (date(2026, 9, 2), date(2026, 9, 1), None),
    ],
)
def test_ages_become_five_year_bands(born, on, band):
    assert age_band(born, on) == band


def is_suspect(text: str) -> bool:
    """Whether the door's first, quick look stops at the text."""
    return duckdb.execute(f"select {suspect_sql('$1')}", [text]).fetchall()[0][0]


@pytest.mark.parametrize(
    "text",
    ["ИИН 850101300123", "850101 300123", "123456789012", "+7 701 123 45 67", "8(701)1234567", "a@b.kz"],
)
def test_personal_text_is_found_and_masked_to_its_shape(text):
    assert is_personal(text)
    assert is_suspect(text)
    assert mask_personal(text) == mask_shape(text)
    assert not any(digit in mask_shape(text).replace("9", "") for digit in "12345678")


@pytest.mark.parametrize(
    "text",
    [
        "8501 0130 0123", "850 101 300 123", "850101-300-123", "85.01.01.300123",
        "пациент Иванов Иван Иванович", "Ivanova Anna Petrovna", "Ахметов Айдар Серікұлы",
        "Кабинет Ивановой Анны Петровны", "12.05.1980 г.р.", "дата рождения: 12.05.1980",
        "８５０１０１３００１２３", "٨٥٠١٠١٣٠٠١٢٣", "850101\u200b300123", "8 5 0 1 0 1 3 0 0 1 2 3",
        "тел. ８７０１１２３４５６７", "Ахметов А. Б.", "принял А.Б. Ахметов",
    ],
)  # fmt: skip
def test_a_number_broken_up_a_full_name_and_a_birth_date_are_personal(text):
    assert is_personal(text)
    assert is_suspect(text)
    assert is_suspect(f"Отделение\n{text}\nA1")


@pytest.mark.parametrize(
    "text",
    [
        "Бауыржан Момышұлы атындағы аурухана", "№ 123 от 12.05.2020",
        "КазНМУ им. С. Д. Асфендиярова", "С. Ж. Асфендияров атындағы ҚазҰМУ",
        "2020-01-01 2021-01-01", "A02.12.001", "Ұзынағаш ауылы",
    ],
)  # fmt: skip
def test_a_hospital_named_after_somebody_and_ordinary_dates_are_not_personal(text):
    assert not is_personal(text)


@pytest.mark.parametrize(
    "text", ["140740012345", "KZ-10", "Поликлиника № 8", "http://hl7.org/fhir/sid/icd-10", "F-100200"]
)
def test_a_business_number_and_ordinary_text_are_not_personal(text):
    assert not is_personal(text)


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ({"reference": "Patient/p1"}, ("id", "Patient", "p1")),
        ({"reference": "https://host/fhir/Patient/p1/_history/3"}, ("id", "Patient", "p1")),
        ({"reference": "urn:uuid:0f0e"}, ("id", "", "0f0e")),
        ({"reference": "Patient?identifier=urn:x|7"}, ("identifier", "urn:x", "7")),
        ({"identifier": {"system": "urn:x", "value": "7"}}, ("identifier", "urn:x", "7")),
        ({"reference": "Patient?identifier=urn%3Ax%7C7"}, ("identifier", "urn:x", "7")),
        ({"reference": "Patient?identifier=7"}, ("identifier", "", "7")),
        ({"display": "somebody"}, None),
        ("Patient/p1", None),
    ],
)
def test_all_reference_styles_are_understood(reference, target):
    assert target_of(reference) == target


def test_icd10_is_taken_from_icd10_codings_only():
    assert (
        icd10([("http://snomed.info/sct", "I10"), ("http://hl7.org/fhir/sid/icd-10-cm", "e11.65")]) == "E11"
    )
    assert icd10([("http://snomed.info/sct", "I10")]) is None


def test_moments_are_local():
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Almaty")
    assert moment("2026-01-31T20:30:00Z", zone) == date(2026, 2, 1)
    assert moment("2026-01", zone) == date(2026, 1, 1)
    assert moment("2026", zone) is None
    assert moment("yesterday", zone) is None


def test_the_most_specific_row_of_the_crosswalk_wins(tmp_path):
    path = tmp_path / "crosswalk.csv"
    path.write_text(
        "foreign_state,foreign_city,foreign_postal_code,region_code,settlement\n"
        "KS,,,KZ-10,urban\nKS,Emporia,,KZ-11,rural\nKS,Emporia,66801,KZ-75,urban\n"
    )
    geography = Geography(path, "x")
    assert geography.place("ks", "", "").region_code == "KZ-10"
    assert geography.place("KS", " emporia ", "").region_code == "KZ-11"
    assert geography.place("KS", "EMPORIA", "66801-2504").region_code == "KZ-75"
    assert geography.place("TX", "", "") is None
    assert geography.place("KZ-71", "", "").region_code == "KZ-71"


def test_every_standard_code_points_into_our_list():
    """Specialties into the code list, diagnoses to a category of ICD-10."""
    import csv
    import re

    from orchestration.door.code_lists import code_list
    from orchestration.sources.crosswalk import STANDARD_CODES

    with STANDARD_CODES.open() as lines:
        rows = list(csv.DictReader(lines))
    targets = {of: {row["target"] for row in rows if row["list"] == of} for of in ("specialty", "icd10")}
    assert targets["specialty"] <= set(code_list("specialties"))
    assert all(re.fullmatch(r"[A-Z]\d\d", target) for target in targets["icd10"])
    assert {row["list"] for row in rows} == set(targets)
    assert len({(row["system"], row["code"]) for row in rows}) == len(rows)
    assert Codes(None).target("specialty", [(rows[0]["system"], rows[0]["code"])]) == rows[0]["target"]
