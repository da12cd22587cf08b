"""The whole projection on a small country: empty tables, levers, parts and wholes, the inverse."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from planning.attribution import elasticity, waterfall
from planning.axes import to_frame
from planning.calibration import PastProjection, learn_widening, project_the_past
from planning.deficit import answer, project_deficit
from planning.inverse import Question, close_deficit, pipeline_lags, quota_regions
from planning.known_truth import simulate_country
from planning.levers import RURAL, rural_retention
from planning.past_scores import past_scores
from planning.projector import prepare
from planning.scenario import BASELINE, LEVERS, Lever, Scenario
from planning.widening import Widening

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
    from planning.levers import rural_shift  # noqa: PLC0415

    shift = rural_shift(model, 0.10, weight)
    gained = rural_retention(model, weight, shift) - rural_retention(model, weight, 0.0)
    assert gained == pytest.approx(0.10, abs=1e-6)


def test_places_changed_in_2027_yield_no_doctor_before_the_programme_ends():
    change = supply(("residency_places", 0.5)) - supply()
    years = np.array(projector().years)
    assert np.allclose(change[years < 2030], 0)
    assert (change[years >= 2030] > 0).all()


def test_waterfall_parts_are_the_whole_exactly():
    table = waterfall(
        projector(), pulled(("residency_places", 0.2), ("rural_retention", 0.1), ("latent_need", 0.5)), 2035
    )
    for _, rows in table.groupby("specialty_code"):
        whole = rows.loc[rows["lever_code"] == "scenario", "value_fte"].sum()
        parts = rows.loc[rows["lever_code"] != "scenario", "value_fte"].sum()
        assert parts == pytest.approx(whole, abs=1e-9)


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


@cache
def past():
    return project_the_past(inputs(), origins=(2021, 2023, 2025), seed=1, draws=40)


def test_past_projections_see_only_the_past():
    later = inputs().staff_stock["year"] > 2023
    doubled = inputs().staff_stock.copy()
    doubled.loc[later, ["persons", "fte"]] *= 2
    again = project_the_past(replace(inputs(), staff_stock=doubled), origins=(2023,), seed=1, draws=40)[0]
    mine = next(one for one in past() if one.origin == 2023)
    np.testing.assert_array_equal(again.drawn["supply_fte"], mine.drawn["supply_fte"])
    np.testing.assert_allclose(again.actual["supply_fte"], 2 * mine.actual["supply_fte"])


def test_factors_are_scored_with_what_was_known_at_the_origin():
    scores = past_scores(past())
    first = scores[scores["origin"] == 2021]
    assert set(first["stage"]) == {"before"}
    assert set(scores.loc[scores["origin"] == 2025, "stage"]) == {"before", "after"}
    assert len(learn_widening(past()).supply) == 5
    known = [one.known_by(2023) for one in past() if one.origin < 2023]
    changed = [
        replace(one, actual={s: np.where(np.arange(len(a))[:, None, None] >= 2, 99, a) for s, a in o.items()})
        for one, o in ((one, one.actual) for one in past() if one.origin < 2023)
    ]
    np.testing.assert_array_equal(
        learn_widening(known).supply, learn_widening([one.known_by(2023) for one in changed]).supply
    )


def test_ranges_learnt_on_the_past_hold_four_fifths_of_it():
    factors = learn_widening(past())
    scores = pd.concat([past_scores([one.widened(factors)]) for one in past()])
    leaves = scores.query("area == 'leaf' and measure == 'supply_fte' and nominal_share == 0.8")
    assert 0.70 <= leaves["is_covered"].mean() <= 0.90


def test_ranges_that_are_right_are_left_alone_however_few_the_draws():
    rng = np.random.default_rng(1)
    shape = (3, 20, 30)
    made = [
        PastProjection(
            origin,
            tuple(f"R{i}" for i in range(20)),
            tuple(f"S{i}" for i in range(30)),
            {
                side: (100 + rng.normal(size=(40, *shape))).astype(np.float32)
                for side in ("supply_fte", "need_fte")
            },
            {side: 100 + rng.normal(size=shape) for side in ("supply_fte", "need_fte")},
            np.zeros((40, *shape), dtype=np.float32),
        )
        for origin in (2020, 2021, 2022)
    ]
    assert learn_widening(made).supply.mean() == pytest.approx(1.0, abs=0.03)
    scores = past_scores(made).query("area == 'leaf' and stage == 'before' and measure == 'supply_fte'")
    held = scores.groupby("nominal_share")["is_covered"].mean()
    assert held[0.8] == pytest.approx(0.8, abs=0.02)


@pytest.mark.sweep
def test_known_truth_countries_are_covered_and_unbiased():
    covered, bias = [], []
    for seed in range(200, 230):
        country = simulate_country(seed, futures=8)
        behind = project_the_past(country.inputs, origins=(2022, 2024, 2025), seed=1, draws=40)
        drawn = prepare(country.inputs, seed=1, draws=200).widened(learn_widening(behind)).run()
        gap, truth = drawn.demand_fte - drawn.supply_fte, country.demand_fte - country.supply_fte
        low, high = np.quantile(gap[:, 1:], [0.1, 0.9], axis=0)
        covered.append(((truth[:, 1:] >= low) & (truth[:, 1:] <= high)).mean())
        bias.append((gap.mean(axis=0) - truth)[:, 1:].sum() / country.demand_fte[:, 1:].sum())
    assert 0.77 <= np.mean(covered) <= 0.83
    assert abs(np.mean(bias)) < 0.01
