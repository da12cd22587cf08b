"""The whole projection on a small country: empty tables, levers, parts and wholes, the inverse."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from planning.axes import to_frame
from planning.projection.deficit import answer, project_deficit
from planning.projection.known_truth import simulate_country
from planning.projection.levers import RURAL, rural_retention
from planning.projection.projector import prepare
from planning.projection.scenario import BASELINE, LEVERS, Lever, Scenario, ScenarioError
from planning.projection.supply import project_cohorts
from planning.projection.widening import Widening
from planning.questions.attribution import elasticity, waterfall
from planning.questions.inverse import Question, close_deficit, pipeline_lags, quota_regions
from planning.questions.undirected import remaining_undirected

pytestmark = pytest.mark.integration


def lever(name, value, from_year=2027):
    kind = LEVERS[name]
    return Lever(name, value, kind.unit, from_year, "a test", date(2026, 1, 1), "tester", kind.low, kind.high)


def pulled(*levers):
    return Scenario("pulled", tuple(lever(*v) for v in levers))


@cache
def inputs():
    return simulate_country(5, regions=6, specialties=4).inputs


@cache
def projector():
    return prepare(inputs(), seed=1, draws=40)


@cache
def paths(scenario=BASELINE):
    return projector().run(scenario)


def supply(*levers):
    return (
        paths(pulled(*levers)).supply_fte.sum(axis=(0, 2)) if levers else paths().supply_fte.sum(axis=(0, 2))
    )


@pytest.mark.parametrize(
    "table", ["population", "encounters", "activity_minutes", "staff_stock", "person_years"]
)
def test_an_empty_table_answers_no_data_and_says_which(table):
    result = project_deficit(replace(inputs(), **{table: getattr(inputs(), table).head(0)}))
    assert (result.status, result.reasons) == ("no_data", (f"{table} has no rows",))
    assert list(result.table("region").columns[:2]) == ["region_code", "year"]
    assert result.table().empty


def test_without_graduates_or_norms_the_projection_still_stands():
    bare = replace(inputs(), intake=inputs().intake.head(0), norms=inputs().norms.head(0))
    table = project_deficit(bare, draws=20).table("nation")
    assert table["norm_fte"].isna().all()
    assert (table["supply_fte"] > 0).all()


def test_a_register_of_one_year_without_graduates_can_only_lose_doctors():
    stock = inputs().staff_stock
    bare = replace(inputs(), intake=inputs().intake.head(0), staff_stock=stock[stock["year"] == 2026])
    assert project_deficit(bare, draws=20).table("nation")["supply_fte"].is_monotonic_decreasing


def test_the_same_seed_gives_the_same_figures_and_another_does_not():
    first, again = (project_deficit(inputs(), seed=4, draws=20).table() for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(project_deficit(inputs(), seed=5, draws=20).table())


@pytest.mark.parametrize(
    "change",
    [
        ("grant_places", 0.2),
        ("residency_places", 0.2),
        ("rural_retention", 0.1),
        ("retirement_age", 2.0),
        ("refusal", -0.1),
        ("emigration", -0.5),
    ],
)
def test_more_seats_lower_hazard_later_retirement_never_lower_supply(change):
    assert (supply(change) >= supply() * (1 - 1e-6)).all()


def test_a_higher_norm_asks_for_more_and_leaves_use_and_supply_alone():
    base, strict = paths(), paths(pulled(("norm", 0.1)))
    assert (strict.norm_fte[:, 1:] > base.norm_fte[:, 1:]).all()
    np.testing.assert_array_equal(strict.demand_fte, base.demand_fte)
    np.testing.assert_array_equal(strict.supply_fte, base.supply_fte)


def test_ten_points_of_rural_retention_are_ten_points():
    model, weight = projector().retention, projector().stock.entry_mix[:, :, RURAL]
    from planning.projection.levers import rural_shift  # noqa: PLC0415

    shift = rural_shift(model, 0.10, weight)
    gained = rural_retention(model, weight, shift) - rural_retention(model, weight, 0.0)
    assert gained == pytest.approx(0.10, abs=1e-6)


def test_places_changed_in_2027_yield_no_doctor_before_the_programme_ends():
    change = supply(("residency_places", 0.5)) - supply()
    years = np.array(projector().years)
    assert np.allclose(change[years < 2030], 0)
    assert (change[years >= 2030] > 0).all()


def test_a_lever_from_a_year_that_has_passed_is_refused_with_the_first_year_possible():
    with pytest.raises(ScenarioError, match="from_year 2026 has passed; .* choose 2027 or later"):
        projector().run(pulled(("residency_places", 0.2, 2026)))


def test_waterfall_parts_are_the_whole_exactly():
    table = waterfall(
        projector(), pulled(("residency_places", 0.2), ("rural_retention", 0.1), ("latent_need", 0.5)), 2035
    )
    for _, rows in table.groupby("specialty_code"):
        whole = rows.loc[rows["lever_code"] == "scenario", "value_fte"].sum()
        parts = rows.loc[rows["lever_code"] != "scenario", "value_fte"].sum()
        assert parts == pytest.approx(whole, abs=1e-9)


def test_what_a_lever_changes_has_the_range_of_its_own_draws():
    pushed = pulled(("residency_places", 0.5))
    table = waterfall(projector(), pushed, 2035).query("specialty_code == 'all'").set_index("lever_code")
    gaps = [(p.demand_fte - p.supply_fte)[:, projector().years.index(2035)] for p in (paths(), paths(pushed))]
    before, after = (np.maximum(gap.astype(float), 0).sum(axis=(1, 2)) for gap in gaps)
    expected = np.quantile(after - before, [0.1, 0.9])
    part = table.loc["residency_places", ["p10_fte", "p90_fte"]].astype(float)
    np.testing.assert_allclose(part, expected, 1e-4)
    np.testing.assert_allclose(table.loc["scenario"].filter(like="change_").astype(float), expected, 1e-4)
    # Common draws: the change is far surer than the shortage.
    assert np.ptp(expected) < 0.5 * np.ptp(np.quantile(before, [0.1, 0.9]))


def test_elasticity_tells_which_way_a_lever_works():
    table = elasticity(projector(), pulled(("residency_places", 0.2), ("contact_minutes", 0.1)), 2035)
    change = table.set_index("lever_code")["shortage_change_fte_per_unit"]
    assert change["residency_places"] < 0 < change["contact_minutes"]


def test_demand_is_raked_to_what_specialties_used_in_the_base_year():
    use, base = projector().use, projector().demand_base[:, 0].astype(float)
    share = use.contacts.sum(axis=1) / use.contacts.sum()
    per_contact = base.sum(axis=1) / base.sum(axis=(1, 2))[:, None]
    assert per_contact.shape == (40, 4)
    assert np.isfinite(base).all() and (base >= 0).all()  # noqa: PT018
    assert share.sum() == pytest.approx(1)


def test_shortage_and_surplus_are_never_netted():
    nation = answer(projector(), BASELINE).table("nation")
    gap = paths().demand_fte - paths().supply_fte
    expected = np.median(np.maximum(gap, 0).sum(axis=(2, 3)), axis=0)
    np.testing.assert_allclose(nation["shortage_fte_q50"], expected, rtol=1e-5)
    assert (nation["surplus_fte_q50"] > 0).all()


def test_widening_moves_the_range_and_not_the_mean():
    by = Widening(need=np.array([1.5]), supply=np.array([1.5]))
    plain, wide = paths(), projector().widened(by).run()
    for side in ("demand_fte", "supply_fte"):
        before, after = getattr(plain, side).astype(float), getattr(wide, side).astype(float)
        np.testing.assert_allclose(after[:, 0], before[:, 0])
        np.testing.assert_allclose(after.mean(axis=0), before.mean(axis=0), rtol=5e-3)
    spread = [np.ptp(np.quantile(p.demand_fte[:, 1:], [0.1, 0.9], axis=0), axis=0) for p in (plain, wide)]
    np.testing.assert_allclose(spread[1], 1.5 * spread[0], rtol=1e-3)


def test_widened_scenarios_keep_the_common_random_numbers():
    wide = projector().widened(Widening(supply=np.array([1.4])))
    more = wide.run(pulled(("residency_places", 0.5))).supply_fte
    assert (more >= wide.run().supply_fte - 1e-4).all()


def test_in_the_base_year_need_is_the_measured_need_and_its_error_widens_the_cells():
    need = projector().use.contacts * 0.001
    axes = {"region_code": projector().regions, "specialty_code": projector().specialties}
    observed = to_frame(axes, need_fte=need, error_fte=0.2 * need).assign(year=2026)
    made = prepare(replace(inputs(), observed_need=observed), seed=1, draws=40).run().demand_fte
    np.testing.assert_allclose(made[:, 0].sum(axis=(1, 2)).mean(), need.sum(), rtol=0.01)
    np.testing.assert_allclose(made[:, 0].sum(axis=2).mean(axis=0), need.sum(axis=1), rtol=0.02)
    np.testing.assert_allclose(made[:, 0].sum(axis=1).mean(axis=0), need.sum(axis=0), rtol=0.02)
    sharp = observed.assign(error_fte=0.0)
    clear = prepare(replace(inputs(), observed_need=sharp), seed=1, draws=40).run().demand_fte
    assert made[:, 0].std(axis=0).mean() > clear[:, 0].std(axis=0).mean()


def test_doctors_who_come_without_a_programme_are_learnt_from_the_register():
    known = projector().others.rate
    fewer = prepare(replace(inputs(), intake=inputs().intake.head(0)), seed=1, draws=10).others.rate
    assert abs(known).max() < 0.02  # the simulated country has nobody but its graduates
    graduates = projector().programmes.groupby("graduation_year")["graduates_persons"].sum()[2026] * 0.7
    heads = projector().stock.persons.sum(axis=(0, 1, 3, 4, 5))
    assert ((fewer - known) * heads).sum() == pytest.approx(graduates, rel=0.05)


def question(budget, year=2035, measures=()):
    rows = [("place", f"PS0{i}", 10e6, 400.0, "test price") for i in range(4)]
    rows += [("measure", m.name, 50e6, 1.0, "test price") for m in measures]
    costs = pd.DataFrame(rows, columns=["lever_code", "code", "cost_kzt", "maximum", "source"])
    return Question(year, 0.5, 2027, budget, costs, measures)


def test_the_plan_closes_the_shortage_and_the_engine_agrees():
    plan = close_deficit(projector(), question(None))
    assert plan.is_feasible
    assert plan.shortages["remaining_fte"].max() < 1e-6
    extra = plan.places.merge(
        inputs().intake.drop_duplicates("programme_code").drop(columns=["intake_year", "specialty_code"]),
        on="programme_code",
    )
    more = extra.assign(intake_persons=extra["places_persons"], programme_code=extra["programme_code"] + "+")
    closing = more[list(inputs().intake.columns)]
    stop = more.groupby(["specialty_code", "programme_code"])["intake_year"].max() + 1
    ends = closing.drop_duplicates(["specialty_code", "programme_code"]).assign(intake_persons=0.0)
    ends["intake_year"] = [
        stop[(s, p)] for s, p in zip(ends["specialty_code"], ends["programme_code"], strict=True)
    ]
    bigger = replace(inputs(), intake=pd.concat([inputs().intake, closing, ends], ignore_index=True))
    there = prepare(bigger, seed=1, draws=40).rates().entrants.sum() - projector().rates().entrants.sum()
    graduates_in_time = (plan.places["places_persons"] * 0.9 * 0.7).sum()
    assert there == pytest.approx(graduates_in_time, rel=1e-6)


def test_what_is_left_if_nobody_is_sent_equals_the_engine_with_the_places_added():
    asked = question(None)
    plan = close_deficit(projector(), asked)
    left = remaining_undirected(projector(), asked, plan)
    programmes = inputs().intake.groupby(["specialty_code", "programme_code"]).tail(1)
    more = plan.places.merge(programmes.drop(columns="intake_year"), on=["specialty_code", "programme_code"])
    taken = more["places_persons"] * more["completion_share"] * 0.7
    rates = projector().rates()
    entrants = np.zeros_like(rates.entrants)
    for specialty, year, persons in zip(more["specialty_code"], more["graduation_year"], taken, strict=True):
        s = projector().specialties.index(specialty)
        entrants[year - 2027, :, s] += persons * projector().stock.entry_mix[:, s]
    stock = projector().stock.persons
    with_them = project_cohorts(stock, replace(rates, entrants=rates.entrants + entrants)).end
    added = with_them - project_cohorts(stock, rates).end
    at = projector().years.index(2035)
    fte = (added[at - 1] * projector().stock.fte_per_person).sum(axis=2)
    gap = paths().demand_fte[:, at] - paths().supply_fte[:, at] - fte
    wanted = np.quantile(np.maximum(gap, 0).sum(axis=1), 0.5, axis=0).sum()
    assert left == pytest.approx(wanted, rel=1e-5)
    assert left >= plan.shortages["remaining_fte"].sum()
    nothing = replace(plan, places=plan.places.head(0))
    short = plan.shortages["shortage_fte"].sum()
    assert remaining_undirected(projector(), asked, nothing) == pytest.approx(short, rel=1e-6)


def test_too_small_a_budget_is_said_to_be_so_and_spent_to_the_limit():
    plan = close_deficit(projector(), question(100e6))
    assert not plan.is_feasible
    assert plan.cost_kzt == pytest.approx(100e6, rel=1e-6)
    assert "places or budget do not suffice" in plan.reasons[0]


def test_a_year_before_any_programme_ends_is_infeasible_whatever_the_budget():
    plan = close_deficit(projector(), question(None, year=2028))
    assert not plan.is_feasible
    assert "no programme begun now ends in time" in plan.reasons[0]


def test_without_a_budget_or_without_prices_nothing_is_promised_and_the_reason_is_told():
    poor = close_deficit(projector(), question(0.0))
    assert (poor.is_feasible, poor.cost_kzt, len(poor.places)) == (False, 0.0, 0)
    unpriced = replace(question(None), costs=question(None).costs.head(0))
    assert "no place or measure has a price" in close_deficit(projector(), unpriced).reasons[0]


def test_a_cheap_measure_enters_the_mix():
    retention = replace(pulled(("rural_retention", 0.1)), name="stay")
    plan = close_deficit(projector(), question(None, measures=(retention,)))
    assert plan.measures.loc[0, "adopted_share"] > 0
    assert plan.cost_kzt < close_deficit(projector(), question(None)).cost_kzt


def test_lag_and_quota_regions_are_told():
    lags = pipeline_lags(inputs().intake, projector(), 2026)
    assert set(lags["lag_years"]) == {5}  # decided 2026, intake 2027, three years, first full year 2031
    named = quota_regions(projector(), "S00", 2035, 37)
    assert named["quota_places"].sum() == 37
    assert named["shortage_fte"].is_monotonic_decreasing
