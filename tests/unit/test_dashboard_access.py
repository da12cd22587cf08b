"""Who is let in, and for which audience."""

import pytest

from dashboards.access import RolesError, audiences_of, door
from dashboards.audience import Audience

pytestmark = pytest.mark.unit

MINISTRY, ABAI = Audience("ministry"), Audience("region", "KZ-10")


def verified(email: str) -> dict[str, object]:
    """Claims of a provider that has verified the address."""
    return {"sub": "s-0", "email": email, "email_verified": True}


def test_the_picker_exists_only_in_demonstration_mode_and_only_for_demonstration_data():
    environment = {"MEDKADR_DEMONSTRATION": "1"}

    assert door(environment, [MINISTRY, ABAI], True).audiences == (MINISTRY, ABAI)
    assert door(environment, [MINISTRY, ABAI], False).way == "unconfigured"
    assert door({}, [MINISTRY, ABAI], True).way == "unconfigured"


def test_one_machine_reads_as_one_audience():
    found = door({"MEDKADR_AUDIENCE": "region_KZ-10"}, [MINISTRY, ABAI], False)

    assert found.way == "one_machine" and found.audiences == (ABAI,)


def test_a_table_of_roles_grants_what_it_says_and_nothing_else(tmp_path):
    roles = tmp_path / "roles.csv"
    roles.write_text(
        "\ufeffemail,audience\nA@x.kz,ministry\nb@x.kz,region_KZ-10\na@x.kz,region_KZ-10\n", encoding="utf-8"
    )

    assert audiences_of(verified("a@X.kz"), roles) == (MINISTRY, ABAI)
    assert audiences_of(verified("b@x.kz"), roles) == (ABAI,)
    assert audiences_of(verified(""), roles) == ()
    assert audiences_of(verified("c@x.kz"), roles) == ()
    assert audiences_of({}, roles) == ()


@pytest.mark.parametrize("said", [False, None, "true", 1])
def test_an_address_that_the_provider_has_not_verified_grants_nothing(tmp_path, said):
    roles = tmp_path / "roles.csv"
    roles.write_text("email,audience\na@x.kz,ministry\n", encoding="utf-8")

    assert audiences_of({"email": "a@x.kz", "email_verified": said}, roles) == ()


def test_a_reader_without_a_verified_address_is_named_by_subject(tmp_path):
    roles = tmp_path / "roles.csv"
    roles.write_text("email,subject,audience\n,s-1,ministry\na@x.kz,s-2,region_KZ-10\n", encoding="utf-8")

    assert audiences_of({"sub": "s-1"}, roles) == (MINISTRY,)
    assert audiences_of({"sub": "s-2"}, roles) == (), "where both are named, both must be right"
    assert audiences_of(verified("a@x.kz") | {"sub": "s-2"}, roles) == (ABAI,)


def test_a_table_of_roles_comes_before_any_other_way_in():
    environment = {"MEDKADR_DEMONSTRATION": "1", "MEDKADR_AUDIENCE": "ministry", "MEDKADR_ROLES": "roles.csv"}

    assert door(environment, [MINISTRY, ABAI], True).way == "sign_in"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("email,audience\na@x.kz,patient\n", "line 2"),
        ("email,role\na@x.kz,ministry\n", "line 2"),
        (None, "MEDKADR_ROLES"),
    ],
)
def test_a_broken_table_of_roles_is_refused_with_its_line(tmp_path, content, said):
    roles = tmp_path / "roles.csv"
    if content:
        roles.write_text(content, encoding="utf-8")

    with pytest.raises(RolesError, match=said):
        audiences_of(verified("a@x.kz"), roles)
