"""Who is let in, and for which audience."""

import pytest

from dashboards.access import RolesError, audiences_of, door
from dashboards.audience import Audience

pytestmark = pytest.mark.unit

MINISTRY, ABAI = Audience("ministry"), Audience("region", "KZ-10")


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

    assert audiences_of("a@X.kz", roles) == (MINISTRY, ABAI)
    assert audiences_of("b@x.kz", roles) == (ABAI,)
    assert audiences_of("", roles) == ()
    assert audiences_of("c@x.kz", roles) == ()


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
        audiences_of("a@x.kz", roles)
