"""What passes the fast look at an identifier breaks neither of the slow ones."""

from datetime import date

import duckdb
import pytest

from orchestration.contracts import contract_named
from orchestration.door.checks import IDENTIFIER_RULES, PLAIN_IDENTIFIER, row_checks, sql_text

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def slow_checks() -> str:
    """Both rules for the identifier of a facility."""
    checks = row_checks(contract_named("facility"), date(2026, 9, 30))
    found = [c.holds for c in checks if c.column == "facility_id" and c.rule in IDENTIFIER_RULES]
    assert len(found) == len(IDENTIFIER_RULES)
    return " and ".join(f"({holds})" for holds in found)


def test_every_plain_character_can_be_seen(slow_checks):
    # Up to the surrogates: what lies beyond is no letter of a plain identifier.
    plain, unseen = duckdb.sql(
        f"""
        select count(*), count(*) filter (not ({slow_checks}))
        from (select chr(code::integer) as facility_id from range(1, 55296) as codes (code))
        where regexp_full_match(facility_id, {sql_text(PLAIN_IDENTIFIER)})
        """  # noqa: S608
    ).fetchone()
    assert (plain, unseen) == (2 * 26 + 10 + 6 + 256, 0)


@pytest.mark.parametrize(
    "written", ["123.0", "123.00", "9.9014E+11", "1e+5", "1,2E+05", "F 1\u200b", "F\t1", "F\n1", "\ufeffF1"]
)
def test_what_breaks_a_slow_check_is_not_plain(slow_checks, written):
    is_plain, holds = duckdb.sql(
        f"""
        select regexp_full_match(facility_id, {sql_text(PLAIN_IDENTIFIER)}), {slow_checks}
        from (select {sql_text(written)} as facility_id)
        """  # noqa: S608
    ).fetchone()
    assert (is_plain, holds) == (False, False)
