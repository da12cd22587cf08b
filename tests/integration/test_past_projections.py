"""The projection made again at past origins: what it saw, the factors it learnt, and the known truth."""

import runpy
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from planning.projection.calibration import PastProjection, learn_widening, project_the_past
from planning.projection.known_truth import simulate_country
from planning.projection.past_scores import past_scores
from planning.projection.projector import prepare

pytestmark = pytest.mark.integration


@cache
def inputs():
    return simulate_country(5, regions=6, specialties=4).inputs


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


def test_the_outsiders_marks_of_a_known_truth_are_bias_and_coverage():
    script = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "known_truth.py"))
    # Two years, the first the base; a hundred draws 1 … 100 of one cell beside four futures.
    draws = np.repeat(np.arange(1.0, 101.0)[:, None, None, None], 2, axis=1)
    truth = np.repeat(np.array([50.5, 2.0, 12.0, 99.0])[:, None, None, None], 2, axis=1)
    told = script["_marks"](
        SimpleNamespace(demand_fte=truth, supply_fte=0 * truth),
        SimpleNamespace(demand_fte=draws, supply_fte=0 * draws),
    ).set_index("side")
    assert told.loc["need", ["held by 80 %", "held by 95 %"]].tolist() == [50, 50]
    assert told.loc["deficit", "bias, % of demand"] == pytest.approx(100 * (202 - 163.5) / 163.5)
    assert told.loc["supply", "held by 80 %"] == 100
