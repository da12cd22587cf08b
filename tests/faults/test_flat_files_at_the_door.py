"""Every fault of a flat file: a clear error for the whole file, or a quarantined row with its reason."""

import dataclasses
import gzip
import io
import stat

import pytest
from door import FACILITY_HEADER, GOOD_FACILITY, csv_text

from orchestration.contracts import contract_named
from orchestration.errors import UserError
from orchestration.source_config import read_source_config
from orchestration.sources.opening import source_for

pytestmark = pytest.mark.faults

GOOD = csv_text(GOOD_FACILITY)


def test_a_good_file_lands(door):
    delivery = door.land_file(GOOD)
    assert (delivery.records_in, delivery.landed) == (1, 1)
    assert door.rows("facility")[0]["facility_name_ru"] == "Поликлиника 1"


REFUSED_FILES = {
    "empty": (b"", "empty"),
    "web page": (b"<!DOCTYPE html><html><body>502</body></html>", "web page"),
    "cp1251 without saying so": (GOOD.encode("cp1251"), "cp1251"),
    "utf-16 without saying so": (GOOD.encode("utf-16"), "UTF-16"),
    "NUL": (GOOD.replace("Поликлиника", "По\x00").encode(), "NUL"),
    "renamed column": (GOOD.replace("facility_type", "facility_kind").encode(), "did you mean facility_type"),
    "missing column": (csv_text("F1,x", header="facility_id,facility_name_ru").encode(), "needs the column"),
    "extra column": (
        csv_text(GOOD_FACILITY + ",1", header=FACILITY_HEADER + ",patient_name").encode(),
        "patient_name",
    ),
    "duplicate column": (
        csv_text(GOOD_FACILITY + ",1", header=FACILITY_HEADER + ",bin").encode(),
        "stands twice",
    ),
    "other delimiter": (GOOD.replace(",", ";").encode(), "delimiter"),
    "unclosed quote": (csv_text(GOOD_FACILITY.replace("Пол", '"Пол'), GOOD_FACILITY).encode(), "quote"),
    "cut in the last row": (GOOD.encode()[:-30], "cut"),
    "xlsx under a csv name": (b"PK\x03\x04rest", "content is xlsx"),
}


@pytest.mark.parametrize("fault", REFUSED_FILES)
def test_a_file_with_a_fault_of_the_whole_is_refused_with_place_reason_and_mending(door, fault):
    content, word = REFUSED_FILES[fault]
    with pytest.raises(UserError) as told:
        door.land_file(content)
    error = told.value
    assert "facility.csv" in error.where
    assert error.mend
    assert word.lower() in f"{error.why} {error.mend}".lower()
    assert not (door.settings.landing / "facility").exists()


BAD_GZIP = {
    "cut": lambda good: good[:-20],
    "wrong checksum": lambda good: good[:-8] + bytes([good[-8] ^ 1]) + good[-7:],
    "flipped bit": lambda good: good[:40] + bytes([good[40] ^ 8]) + good[41:],
    "doubled member": lambda good: good + good,
    "trailing bytes": lambda good: good + b"garbage",
}


@pytest.mark.parametrize("fault", BAD_GZIP)
def test_a_damaged_gzip_is_refused_before_a_row_lands(door, fault):
    good = gzip.compress(
        csv_text(*(GOOD_FACILITY.replace("F1", f"F{i}") for i in range(200))).encode(), mtime=0
    )
    with pytest.raises(UserError, match="refused"):
        door.land_file(BAD_GZIP[fault](good), name="facility.csv.gz")
    assert door.land_file(good, name="facility.csv.gz").landed == 200


def test_a_utf8_mark_is_accepted_and_declared_encodings_are_followed(door):
    assert door.land_file(b"\xef\xbb\xbf" + GOOD.encode()).landed == 1
    assert door.land_file(GOOD.encode("cp1251"), options="encoding: cp1251").landed == 1
    assert door.rows("facility")[0]["facility_name_ru"] == "Поликлиника 1"
    assert door.land_file(GOOD.encode("utf-16"), options="encoding: utf-16").landed == 1


def test_utf8_that_is_declared_as_an_encoding_of_single_bytes_is_not_read_as_nonsense(door):
    with pytest.raises(UserError, match="refused") as told:
        door.land_file(GOOD.encode(), options="encoding: cp1251")
    assert "UTF-8" in told.value.why
    assert door.land_file(GOOD.replace("Поликлиника", "Clinic").encode(), options="encoding: cp1251").landed


BAD_ROWS = {
    "an invisible character in a code": (GOOD_FACILITY.replace("F1", "F1\u200b"), "invisible_character"),
    "a code read as a float": (GOOD_FACILITY.replace("F1", "123.0"), "numeric_code"),
    "a code that a spreadsheet shortened": (GOOD_FACILITY.replace("F1", "9.9014E+11"), "numeric_code"),
    "unknown region": (GOOD_FACILITY.replace("KZ-10", "KZ-99"), "code_list"),
    "decimal comma": (GOOD_FACILITY.replace("50.4", '"50,4"'), "type"),
    "NaN": (GOOD_FACILITY.replace("50.4", "NaN"), "type"),
    "swapped coordinates": (GOOD_FACILITY.replace("50.4,80.25", "80.25,50.4"), "maximum"),
    "beds in an ambulatory": (
        GOOD_FACILITY.replace("polyclinic", "ambulatory").replace(",,50", ",5,50"),
        "no_beds_in_outpatient",
    ),
    "lost leading zero": (GOOD_FACILITY.replace("F1,,", "F1,40140001234,"), "pattern"),
    "a person's number as bin": (GOOD_FACILITY.replace("F1,,", "F1,850101300123,"), "personal_number"),
    "a person's number in text": (
        GOOD_FACILITY.replace("Поликлиника 1", "ИП 850101300123"),
        "personal_number",
    ),
    "a phone": (GOOD_FACILITY.replace("Поликлиника 1", "тел. +7 (701) 123-45-67"), "phone"),
    "an e-mail": (GOOD_FACILITY.replace("Поликлиника 1", "a.b@example.org"), "email"),
    "short row": ("F1,,x", "column_count"),
    "long row": (GOOD_FACILITY + ",1,2", "column_count"),
    "blank name": (GOOD_FACILITY.replace("Поликлиника 1", "  "), "required"),
}


@pytest.mark.parametrize("fault", BAD_ROWS)
def test_a_bad_row_is_quarantined_with_its_line_and_reason_and_the_good_one_lands(door, fault):
    row, rule = BAD_ROWS[fault]
    good = GOOD_FACILITY.replace("F1", "F2")
    delivery = door.land_file(csv_text(good, row))
    assert delivery.reasons == {rule: 1}
    [found] = door.quarantined()
    assert (found["file"], found["line"], found["rule"]) == ("facility.csv", 3, rule)
    assert found["message"]
    assert [landed["facility_id"] for landed in door.rows("facility")] == ["F2"]


def test_a_hospital_may_be_named_after_a_doctor_and_a_department_may_not_name_its_own(door):
    door.land_file(csv_text(GOOD_FACILITY.replace("Поликлиника 1", "Больница имени Ивана Ивановича Павлова")))
    assert len(door.rows("facility")) == 1
    post = "P1,F1,Кабинет Ивановой Анны Петровны,gp,gp,doctor,1,1,2026-09"
    delivery = door.land_file(_posts(post), name="staff_post.csv", contract="staff_post")
    assert delivery.reasons == {"person_name": 1}


@pytest.mark.parametrize("shifted", ["Иванов Иван", "1985-05-17", "850101300123", "Ivanov"])
def test_a_value_in_the_wrong_column_of_a_table_of_persons_leaves_only_its_shape(door, shifted):
    door.land_file(GOOD)
    header = "staff_key,birth_year,sex,facility_id,position_code,specialty_code,fte,hired_month"
    row = f"1,1985,male,{shifted},gp,gp,1,2010-05"
    (door.folder / "staff_member.csv").write_text(csv_text(row, header=header), encoding="utf-8")
    delivery = door.land("staff_member", "kind: files, path: staff_member.csv", head=door.key())
    assert delivery.reasons == {"reference": 1}
    assert shifted not in str(door.quarantined())


def test_a_declared_decimal_comma_is_read(door):
    row = GOOD_FACILITY.replace(",50.4,80.25", ',"50,4","80,25"')
    assert door.land_file(csv_text(row), options='decimal: ","').landed == 1
    assert door.rows("facility")[0]["latitude"] == 50.4


def test_conflicting_duplicates_are_all_refused_and_exact_copies_superseded(door):
    other = GOOD_FACILITY.replace("Поликлиника 1", "Поликлиника 2")
    twice = GOOD_FACILITY.replace("F1", "F3")
    delivery = door.land_file(csv_text(GOOD_FACILITY, other, twice, twice))
    assert (delivery.landed, delivery.superseded, delivery.reasons) == (1, 1, {"duplicate_key": 2})
    assert sorted(row["line"] for row in door.quarantined()) == [2, 3]


def test_a_line_inside_quotes_keeps_physical_line_numbers(door):
    broken = GOOD_FACILITY.replace("Поликлиника 1", '"Поликлиника\n1"')
    door.land_file(csv_text(broken, GOOD_FACILITY.replace("F1", "F2").replace("KZ-10", "KZ-99")))
    assert [row["line"] for row in door.quarantined()] == [4]


def test_a_second_landing_of_the_same_file_gives_the_same_bytes(door):
    door.land_file(GOOD)
    path = door.settings.landing / "facility" / "part-0.parquet"
    first = path.read_bytes()
    assert door.land_file(GOOD).is_unchanged
    (door.settings.landing / "facility" / "manifest.json").unlink()
    assert not door.land_file(GOOD).is_unchanged
    assert path.read_bytes() == first


def _posts(*rows: str) -> str:
    header = "post_id,facility_id,department,position_code,specialty_code,staff_category,budgeted_fte,filled_fte,month"  # noqa: E501
    return csv_text(*rows, header=header)


def test_posts_with_an_unknown_facility_too_many_filled_or_a_future_month_are_refused(door):
    door.land_file(GOOD)
    good = "P1,F1,a,gp,gp,doctor,2,1.5,2026-09"
    delivery = door.land_file(
        _posts(
            good,
            good.replace("F1", "F9"),
            good.replace("F1,a", "F1,b").replace("2,1.5", "2,3.2"),
            good.replace("F1,a", "F1,c").replace("2,1.5", "2,3.25"),
            good.replace("F1,a", "F1,d").replace("2,1.5", "2,-1"),
            good.replace("F1,a", "F1,e").replace("2026-09", "2026-10"),
        ),
        name="staff_post.csv",
        contract="staff_post",
    )
    assert delivery.landed == 1
    assert delivery.reasons == {
        "reference": 1, "step": 1, "filled_within_budgeted": 1, "minimum": 1, "future_month": 1,
    }  # fmt: skip
    assert (door.settings.landing / "staff_post" / "month=2026-09").is_dir()
    # What landed is told by month, so that everything after the door knows which months there are.
    parts = {part.month: (part.records_in, part.landed, part.quarantined) for part in delivery.parts}
    assert parts == {None: (5, 0, 5), "2026-09-01": (1, 1, 0)}


def _workbook(*rows, merged: bool = False) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells("A1:B1")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


HEADER = FACILITY_HEADER.split(",")
CELLS = [
    "F1",
    None,
    "Поликлиника 1",
    "polyclinic",
    "primary",
    "private",
    "KZ-10",
    "urban",
    "active",
    3,
    50.4,
    80.25,
]


def test_a_workbook_lands_and_refuses_formulas_and_codes_turned_into_numbers(door):
    formula = ["F2", *CELLS[1:9], "=1+1", *CELLS[10:]]
    number = ["F3", 40140001234, *CELLS[2:]]
    delivery = door.land_file(_workbook(HEADER, CELLS, formula, number), name="facility.xlsx")
    assert (delivery.landed, delivery.reasons) == (1, {"formula_cell": 1, "numeric_code": 1})
    assert {row["line"] for row in door.quarantined()} == {3, 4}


def test_a_workbook_with_a_merged_header_is_refused(door):
    with pytest.raises(UserError, match="merged"):
        door.land_file(_workbook(HEADER, CELLS, merged=True), name="facility.xlsx")


def test_a_workbook_with_two_filled_sheets_waits_for_the_name_of_one(door):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(_workbook(HEADER, CELLS)))
    book.create_sheet("empty")
    book.create_sheet("Notes").append(["Fill in each row"])
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(UserError) as told:
        door.land_file(content.getvalue(), name="facility.xlsx")
    assert "Notes" in told.value.why and "empty" not in told.value.why
    first = f"sheet: {book.sheetnames[0]}"
    assert door.land_file(content.getvalue(), name="facility.xlsx", options=first).landed == 1


def test_a_workbook_damaged_inside_is_refused_like_any_other(door):
    content = bytearray(_workbook(HEADER, *[CELLS] * 50))
    at = content.index(b"xl/worksheets/sheet1.xml") + 60
    content[at : at + 40] = bytes(40)
    with pytest.raises(UserError, match="refused") as told:
        door.land_file(bytes(content), name="facility.xlsx")
    assert "workbook" in told.value.why


def test_a_json_array_is_told_from_lines_of_objects(door):
    with pytest.raises(UserError) as told:
        door.land_file('[{"facility_id": "F1"}]', name="facility.ndjson")
    assert "array" in told.value.why


def test_the_file_of_another_contract_is_not_taken_for_a_part_of_this_one(door):
    (door.folder / "university_seat.csv").write_text("university_id,programme_code\nU1,gp\n")
    (door.folder / "university.csv").write_text(
        "university_id,university_name_ru,region_code\nU1,КазНМУ,KZ-75\n"
    )
    assert door.land("university", "kind: files, path: .").landed == 1


def test_flat_ndjson_refuses_bad_lines_one_by_one_and_a_cut_file_as_a_whole(door):
    good = (
        '{"facility_id": "F1", "facility_name_ru": "X", "facility_type": "polyclinic", "care_level": "primary",'  # noqa: E501
        ' "ownership": "private", "region_code": "KZ-10", "settlement": "urban", "status": "active"}'
    )
    lines = [
        good,
        good.replace("F1", "F2").replace('"X"', "NaN"),
        good.replace("F1", "F3")[:-5],
        good.replace("F1", "F4"),
    ]
    delivery = door.land_file("\n".join(lines) + "\n", name="facility.ndjson")
    assert (delivery.landed, delivery.reasons) == (2, {"not_json": 2})
    with pytest.raises(UserError, match="cut"):
        door.land_file("\n".join(lines[:3]), name="facility.ndjson")


def test_parquet_lands_typed_and_a_cut_one_is_refused(door):
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = io.BytesIO()
    pq.write_table(pa.table({name: [value] for name, value in zip(HEADER, CELLS, strict=True)}), content)
    assert door.land_file(content.getvalue(), name="facility.parquet").landed == 1
    assert door.rows("facility")[0]["beds_count"] == 3
    with pytest.raises(UserError, match="Parquet"):
        door.land_file(content.getvalue()[:-50], name="facility.parquet")

    floats = io.BytesIO()
    row = dict(zip(HEADER, CELLS, strict=True)) | {"facility_id": 1.0}
    pq.write_table(pa.table({name: [value] for name, value in row.items()}), floats)
    delivery = door.land_file(floats.getvalue(), name="facility.parquet")
    assert delivery.reasons == {"numeric_code": 1}, "an id that was a float has lost its zeros"


def test_a_path_that_is_not_there_is_told_with_its_line_in_the_configuration(door):
    with pytest.raises(UserError, match="line 3") as told:
        door.land("facility", "kind: files, path: nowhere.csv")
    assert "nowhere.csv" in told.value.why


def test_without_a_key_nothing_of_a_person_is_read(door):
    header = "graduate_key,university_id,programme_code,level,specialty_code,graduation_year"
    with pytest.raises(UserError, match="key"):
        door.land_file(
            csv_text("850101300123,U1,bach_general,internship,gp,2026", header=header),
            name="graduate.csv",
            contract="graduate",
        )
    assert not list(door.settings.home.rglob("*.parquet"))


def test_only_synthetic_data_are_read_with_the_key_that_the_demonstration_makes_for_itself(door, tmp_path):
    settings = dataclasses.replace(
        door.settings, demonstration_key_path=tmp_path / "state" / "medkadr" / "demonstration.key"
    )
    (door.folder / "graduate.csv").write_text(
        csv_text("850101300123,U1", header="graduate_key,university_id"), encoding="utf-8"
    )

    def ring(options: str):
        path = door.folder / "sources.yml"
        path.write_text(
            f"sources:\n  - {{contracts: [graduate], kind: files, path: graduate.csv{options}}}\n", "utf-8"
        )
        source = source_for("graduate", read_source_config(path), settings)
        return source.is_demonstration, source.key_id(contract_named("graduate"))

    with pytest.raises(UserError, match="medkadr key PATH"):
        ring("")
    assert not settings.demonstration_key_path.exists()
    is_demonstration, key_id = ring(", synthetic: true")
    assert is_demonstration
    assert ring(", synthetic: true") == (True, key_id)
    assert stat.S_IMODE(settings.demonstration_key_path.stat().st_mode) == 0o600
    assert not settings.demonstration_key_path.is_relative_to(settings.home)


@pytest.mark.parametrize("content", ["abcd", "00" * 32, "not hex at all"])
def test_a_short_or_plain_key_is_refused(door, content):
    from orchestration.sources.anonymise import load_key_ring

    path = door.folder / "weak.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(UserError, match="cannot be used"):
        load_key_ring(path, door.settings.home)


def test_a_key_that_others_can_read_or_that_lies_in_the_home_is_refused(door):
    from orchestration.sources.anonymise import load_key_ring, make_key

    make_key(door.folder / "a.key", door.settings.home)
    (door.folder / "a.key").chmod(0o644)
    with pytest.raises(UserError, match="read by others"):
        load_key_ring(door.folder / "a.key", door.settings.home)
    with pytest.raises(UserError, match="state folder"):
        make_key(door.settings.home / "b.key", door.settings.home)


REGISTRY = (
    "Code;Name;Kind;District;Region;Lat;Lon;Phone\n"
    "007;Клиника;HC IV;Kampala C;Kampala;0,31;32,58;+256 700 000 000\n"
    "008;Пункт;HC II;Elsewhere;Gulu;2,77;32,30;+256 700 000 001\n"
    "009;Больница;HOSP;;Kampala;0,34;32,57;+256 700 000 002\n"
)
REGISTRY_OPTIONS = (
    'delimiter: ";", decimal: ",", leave_out: [Phone], columns: {Code: facility_id, Name: facility_name_ru,'
    " Kind: facility_type, District: district_kato, Region: region_code, Lat: latitude, Lon: longitude},"
    " declared: {care_level: primary, ownership: private, settlement: urban, status: active}"
)


def test_a_foreign_registry_lands_by_its_own_column_names_through_both_crosswalks(door):
    (door.folder / "places.csv").write_text(
        "foreign_state,foreign_city,region_code,settlement,coordinates\nKampala,,KZ-75,urban,blank\n"
    )
    (door.folder / "codes.csv").write_text(
        "list,system,code,target\nfacility_type,,HC IV,polyclinic\nfacility_type,,HOSP,city_hospital\n"
    )
    (door.folder / "facility.csv").write_text(REGISTRY, encoding="utf-8")
    head = "crosswalk: places.csv\ncode_crosswalk: codes.csv\n"
    declaration = f"kind: files, path: facility.csv, {REGISTRY_OPTIONS}"
    delivery = door.land("facility", declaration, head=head)
    assert (delivery.landed, delivery.reasons) == (2, {"geography_not_covered": 1})
    rows = {row["facility_id"]: row for row in door.rows("facility")}
    assert {key: (row["facility_type"], row["region_code"]) for key, row in rows.items()} == {
        "007": ("polyclinic", "KZ-75"),
        "009": ("city_hospital", "KZ-75"),
    }
    assert rows["007"]["latitude"] is None
    assert [(row["line"], row["column_name"]) for row in door.quarantined()] == [(3, "region_code")]
    everything = b"".join(p.read_bytes() for p in door.settings.home.rglob("*") if p.is_file())
    assert b"+256 700" not in everything


def test_a_changed_crosswalk_lands_the_same_file_anew(door):
    (door.folder / "places.csv").write_text("foreign_state,region_code\nAbai oblysy,KZ-10\n")
    (door.folder / "facility.csv").write_text(csv_text(GOOD_FACILITY.replace("KZ-10", "Abai oblysy")))
    land = ("facility", "kind: files, path: facility.csv")
    assert door.land(*land, head="crosswalk: places.csv\n").landed == 1
    (door.folder / "places.csv").write_text("foreign_state,region_code\nAbai,KZ-10\n")
    assert door.land(*land, head="crosswalk: places.csv\n").reasons == {"geography_not_covered": 1}
