"""Every table of the embedded country keeps its contract, but for the faults that were planted."""

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from orchestration.contracts import CONTRACTS, contract_named
from orchestration.errors import UserError
from orchestration.sources.embedded import build_country
from orchestration.sources.embedded.published import code_list

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def country():
    return build_country(sampling_fraction=0.001)


@pytest.fixture(scope="module")
def tables(country):
    last = {"staff_post": country.post_months[-1]}
    return {
        c.name: country.table(c.name, last.get(c.name, country.months[-1] if c.period else None))
        for c in CONTRACTS
    }


def is_bad(column, values, tables):
    """(n,) whether each value breaks its column's declaration."""
    blank = pc.is_null(values)
    checks = [blank] if column.required else []
    allowed = list(column.vocabulary)
    if column.code_list:
        allowed = [next(iter(row.values())) for row in code_list(column.code_list)]
    if allowed:
        checks.append(pc.invert(pc.is_in(values, value_set=pa.array(allowed))))
    if column.minimum is not None:
        checks.append(pc.less(pc.cast(values, pa.float64()), column.minimum))
    if column.maximum is not None:
        checks.append(pc.greater(pc.cast(values, pa.float64()), column.maximum))
    if column.step:
        share = pc.divide(pc.cast(values, pa.float64()), column.step)
        checks.append(pc.not_equal(share, pc.round(share)))
    if column.pattern:
        checks.append(pc.invert(pc.match_substring_regex(values, f"^({column.pattern})$")))
    if column.references:
        table, key = column.references.split(".")
        checks.append(pc.invert(pc.is_in(values, value_set=tables[table][key].combine_chunks())))
    bad = pa.array([False] * len(values))
    for index, check in enumerate(checks):
        counts = check if column.required and index == 0 else pc.and_(check, pc.invert(blank))
        bad = pc.or_(bad, pc.fill_null(counts, False))
    return bad


@pytest.mark.parametrize("name", [c.name for c in CONTRACTS])
def test_a_table_keeps_its_contract_but_for_planted_faults(country, tables, name):
    contract, table = contract_named(name), tables[name]
    assert table.num_rows > 0
    assert table.schema.names == list(contract.column_names)
    bad = pa.array([False] * table.num_rows)
    for column in contract.columns:
        assert table.schema.field(column.name).type == column.arrow_type
        bad = pc.or_(bad, is_bad(column, table[column.name].combine_chunks(), tables))
    planted = table.num_rows - sum(country.truth["faults"].get(name, {}).values())
    spoilt = [row for row in pc.indices_nonzero(bad).to_pylist() if row < planted]
    assert spoilt == [], table.slice(spoilt[0], 1).to_pylist() if spoilt else ""
    good = table.slice(0, planted)
    keys = good.group_by(list(contract.key)).aggregate([])
    assert keys.num_rows == good.num_rows
    with duckdb.connect() as connection:
        connection.register("good", good)
        for rule in contract.rules:
            if rule.severity == "critical":
                query = f"select count(*) from good where not coalesce(({rule.holds}), true)"
                assert connection.execute(query).fetchone() == (0,), rule.id


def test_faults_are_there_and_counted(country, tables):
    for name, faults in country.truth["faults"].items():
        table = tables[name]
        added = sum(faults.values())
        duplicates = table.num_rows - table.group_by(table.schema.names).aggregate([]).num_rows
        assert duplicates == faults.get("exact_duplicate", 0), name
        outcome = country.truth["fault_outcomes"][name]
        assert sum(outcome.values()) == added + faults.get("conflicting_duplicate", 0)
    facility = tables["facility"].to_pandas()
    assert (facility.latitude > 56).sum() == 1
    assert (facility.region_code == "KZ-99").sum() == 1
    assert facility.facility_name_ru.str.contains(r"\d{12}").sum() == 1
    fap = facility[facility.facility_type == "fap"]
    assert (fap.beds_count > 0).sum() == 1
    post = tables["staff_post"].to_pandas()
    assert (post.budgeted_fte < 0).sum() == 1
    assert ((post.filled_fte > 1.5 * post.budgeted_fte.astype(float)) & (post.budgeted_fte > 0)).sum() == 1
    assert (post.month > country.as_of).sum() == 1


def test_staff_members_fill_the_posts_of_the_latest_month_exactly(tables):
    staff = tables["staff_member"].to_pandas()
    staff = staff[staff.left_month.isna()]
    got = staff.groupby(["facility_id", "position_code"]).agg(
        persons=("staff_key", "size"), fte=("fte", "sum")
    )
    posts = tables["staff_post"].to_pandas()
    posts = posts[~posts.post_id.str.startswith("P9")].drop_duplicates("post_id")
    both = posts.set_index(["facility_id", "position_code"]).join(got).fillna({"persons": 0, "fte": 0})
    assert (both.persons == both.persons_count).all()
    assert (both.fte.astype(float) == both.filled_fte.astype(float)).all()
    assert both.fte.astype(float).sum() > 1.02 * both.persons.sum()


def test_everybody_is_attached_somewhere_and_nobody_twice(tables):
    attached = tables["facility"].to_pandas().drop_duplicates("facility_id")
    attached = attached[~attached.facility_id.str.startswith("F99")].attached_persons.sum()
    people = tables["population"].to_pandas()
    assert attached == people[people.year == 2026].population_persons.sum()


def test_service_is_told_in_order_and_ends_once(tables):
    events = tables["service_event"].to_pandas()
    events = events[events.facility_id != "F0000000"]
    first = events.sort_values(["graduate_key", "event_date"]).groupby("graduate_key").event.first()
    assert set(first) == {"arrived", "not_arrived"}
    ends = events[events.event.isin(["left", "completed"])].groupby(["graduate_key", "event"]).size()
    assert ends.max() == 1
    assert set(events.event) == {
        "arrived", "not_arrived", "on_leave", "returned", "moved", "left", "completed", "repaid",
    }  # fmt: skip


def test_rural_quota_serves_in_villages_and_local_grants_at_home(tables):
    duty = tables["obligation"].to_pandas().set_index("graduate_key")
    place = tables["facility"].to_pandas().drop_duplicates("facility_id").set_index("facility_id")
    events = tables["service_event"].to_pandas().query("event == 'arrived'").set_index("graduate_key")
    rural = events.join(duty[duty.basis == "rural_quota"], how="inner")
    assert (rural.facility_id.map(place.settlement) == "rural").all()
    local = events.join(duty[duty.basis == "local_grant"], how="inner")
    assert (local.facility_id.map(place.region_code) == local.paying_region_code).all()


@pytest.mark.parametrize(("seed", "fraction"), [(1, 0.0), (1, 1.01), (-1, 0.1)])
def test_impossible_options_are_refused_with_a_way_out(seed, fraction):
    with pytest.raises(UserError, match="Mend"):
        build_country(seed=seed, sampling_fraction=fraction)


def test_a_month_outside_the_country_is_refused(country):
    with pytest.raises(UserError, match="runs from 2023-01-01 to 2026-09-01"):
        country.table("passport_encounter", country.post_months[0])
