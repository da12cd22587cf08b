"""The forecast stage says the same at every level, states its coverage, and says why when it says nothing."""

import datetime as dt
from contextlib import closing
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from orchestration.forecasts import stage
from orchestration.forecasts.places import plan_rows
from orchestration.forecasts.projected import prepared, scenario_tables
from orchestration.forecasts.reading import ForecastData
from orchestration.forecasts.schemas import TABLES, schema_of
from orchestration.forecasts.tables import write_table
from orchestration.running.beside import Worker
from orchestration.scenario_files import load_prices, load_scenarios
from planning.projection.known_truth import simulate_country
from planning.projection.scenario import Scenario

pytestmark = pytest.mark.integration

VINTAGE = dt.date(2026, 9, 30)


def vacancies(regions: int = 4, specialties: int = 4) -> pd.DataFrame:
    """Twelve Decembers of vacancies that grow by a few per cent a year, each cell on its own."""
    rng = np.random.default_rng(4)
    index = pd.MultiIndex.from_product(
        [[f"R{i:02d}" for i in range(regions)], [f"S{i:02d}" for i in range(specialties)], range(2014, 2026)],
        names=["region_code", "specialty_code", "year"],
    )
    steps = rng.normal(0.02, 0.08, (regions * specialties, 12))
    values = 20 * np.exp(np.cumsum(steps, axis=1)).ravel()
    rows = pd.DataFrame({"vacant_fte": values}, index=index).reset_index()
    return rows.assign(norm_shortage_fte=np.nan, wisn_shortage_fte=np.nan)


@pytest.fixture(scope="module")
def data() -> ForecastData:
    inputs = simulate_country(3, regions=4, specialties=4).inputs
    return ForecastData(inputs, vacancies(), VINTAGE)


@pytest.fixture(scope="module")
def frames(data) -> dict[str, pd.DataFrame]:
    with closing(Worker()) as worker:
        return stage.made(data, load_scenarios(), *load_prices(), worker=worker)


@pytest.fixture(scope="module")
def nothing(data) -> dict[str, pd.DataFrame]:
    """What is made of a landing without a row."""
    inputs = data.inputs
    names = ("population", "encounters", "activity_minutes", "norms", "staff_stock", "person_years", "intake")
    empty = replace(inputs, **{name: getattr(inputs, name)[:0] for name in names}, moves=inputs.moves[:0])
    nothing = ForecastData(empty, data.vacancies[:0], None)
    with closing(Worker()) as worker:
        return stage.made(nothing, load_scenarios(), *load_prices(), worker=worker)


def test_regions_add_up_to_the_country_and_specialties_to_all(frames):
    rows = frames["deficit_forecasts"]
    keys = ["measure", "scenario_code", "year"]
    by_region = rows.groupby([*keys, "specialty_code", "level"])["mean_fte"].sum().unstack("level")  # noqa: PD010
    marked = rows.assign(is_all=rows["specialty_code"] == "all")
    sums = marked.groupby([*keys, "area_code", "is_all"])["mean_fte"].sum()
    by_specialty = sums.unstack("is_all")  # noqa: PD010

    np.testing.assert_allclose(by_region["region"], by_region["nation"], rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(by_specialty[False], by_specialty[True], rtol=1e-4, atol=1e-3)


def test_quantiles_rise_and_nothing_is_negative(frames):
    ranks = frames["deficit_forecasts"][["p2_5_fte", "p10_fte", "p50_fte", "p90_fte", "p97_5_fte"]]

    assert (ranks.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert (ranks >= 0).all(axis=None)


def test_every_figure_carries_its_scenario_and_every_scenario_file_is_run(frames):
    rows = frames["deficit_forecasts"]
    shipped = set(frames["scenarios"]["scenario_code"])

    assert rows["scenario_hash"].str.fullmatch("[0-9a-f]{12}").all()
    assert set(rows["scenario_code"]) == shipped
    assert rows.groupby("scenario_code")["scenario_hash"].nunique().eq(1).all()
    assert rows["scenario_hash"].nunique() == len(shipped)


def test_the_trend_states_the_coverage_measured_on_past_forecasts(frames):
    rows = frames["deficit_forecasts"].query("method == 'trend'")
    ours = frames["coverage"].query("measure == 'vacant_fte'")
    whole = ours.query("level == 'leaves' and nominal_share == 0.8")
    print(whole[["stage", "horizon_years", "covered_share", "forecasts_count"]])

    assert rows["coverage_80_share"].between(0, 1).all()
    assert set(whole["stage"]) == {"before", "after"}
    assert whole["covered_share"].between(0.6, 0.97).all()


def test_projected_ranges_state_how_they_were_widened_and_what_they_held(frames):
    factors, rows = frames["range_widening"], frames["deficit_forecasts"].query("method == 'projection'")
    sides = frames["coverage"].query("level == 'leaves' and nominal_share == 0.8 and measure == 'supply_fte'")

    assert set(factors["measure"]) == {"need_fte", "supply_fte"}
    assert factors["widening_ratio"].between(0.5, 3.0).all()
    assert set(sides["stage"]) == {"before", "after"}
    assert rows.query("measure == 'supply_fte'")["coverage_80_share"].between(0, 1).all()


def test_the_hazard_is_held_against_years_it_has_not_seen(frames):
    bins, years = frames["leaving_calibration"], frames["leaving_hazards"]

    assert bins["bin"].tolist() == list(range(1, 11))
    assert bins["predicted_share"].is_monotonic_increasing
    assert bins["observed_share"].between(bins["low_95_share"], bins["high_95_share"]).all()
    fair = bins["predicted_share"].between(bins["low_95_share"], bins["high_95_share"])
    assert fair.mean() >= 0.6  # four years' common luck is not in the ranges
    assert years["fitted_share"].between(years["low_95_share"], years["high_95_share"]).all()
    assert years["known_share"].isna().all()


def test_no_record_of_a_doctor_is_among_what_the_page_projects_again_from(frames):
    names = {column for name, table in frames.items() if name.startswith("whatif_") for column in table}
    assert not {"exit_code", "is_local_origin"} & names
    assert len(set(frames["whatif_staff_stock"]["year"])) == 1
    assert len(frames["whatif_learnt"]) > 0


def test_the_steps_from_the_baseline_add_up_to_the_scenario(frames):
    steps = frames["scenario_steps"].query("specialty_code == 'all'")
    for _, rows in steps.groupby("scenario_code"):
        ordered = rows.sort_values("step_order")["value_fte"].to_numpy()
        assert ordered[:-1].sum() == pytest.approx(ordered[-1], rel=1e-6)


def test_plans_cost_no_more_the_more_levers_they_may_use_and_keep_to_the_budget(frames):
    totals = frames["place_plan_totals"].set_index(["quantile_share", "strategy_code"])

    for quantile in (0.5, 0.8):
        alone, mix = totals.loc[(quantile, "places_only")], totals.loc[(quantile, "cheapest_mix")]
        assert mix["remaining_fte"] <= alone["remaining_fte"] + 1e-6
        if alone["is_feasible"]:
            assert mix["cost_kzt"] <= alone["cost_kzt"] * (1 + 1e-9)
        bounded = totals.loc[(quantile, "within_budget")]
        assert bounded["cost_kzt"] <= bounded["budget_kzt"] * (1 + 1e-9)
    left = frames["place_plan_shortages"].query("remaining_fte > 1")
    assert left["reason"].str.contains("FTE remain in 2035").all()


def test_a_priced_scenario_from_a_year_that_has_passed_has_its_reason_and_stops_no_plan(data):
    projector, _ = prepared(data)
    prices, budget = load_prices()
    shipped = {scenario.name: scenario for scenario in load_scenarios()}
    pay = shipped["rural_pay_plus_25"]
    late = Scenario(pay.name, tuple(replace(lever, from_year=projector.years[0]) for lever in pay.levers))

    made = scenario_tables(projector, (shipped["baseline"], late), data)
    plans = plan_rows(projector, data, prices, budget, (shipped["baseline"], late))

    assert "has passed" in made["reasons"]["rural_pay_plus_25"]["reason"].iloc[0]
    assert list(made["deficit_forecasts"]) == ["baseline"]
    assert "rural_pay_plus_25" not in set(plans["place_plan_measures"].get("measure_code", ()))
    totals = plans["place_plan_totals"]
    assert (totals["remaining_undirected_fte"] >= totals["remaining_fte"] - 1e-6).all()


def test_a_landing_without_rows_gives_empty_tables_and_the_reasons(nothing):
    assert "deficit_forecasts" not in nothing
    assert {"population", "staff_stock", "person_years", "vacant_fte"} <= set(nothing["reasons"]["subject"])


def test_every_table_is_written_with_its_schema_filled_or_not(frames, nothing, tmp_path):
    for name, made in (("filled", frames), ("empty", nothing)):
        folder = tmp_path / name
        for table in TABLES:
            rows = write_table(folder, table, made.get(table, pd.DataFrame()))
            read = pq.read_table(folder / f"{table}.parquet")
            assert read.schema.equals(schema_of(table))
            assert read.num_rows == rows
    assert not list((tmp_path / "filled").glob(".*"))
