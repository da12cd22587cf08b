"""Retention: the known hazard comes back, and the two censoring mistakes do not pass."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from planning.projection.hazard import Rows, fit_hazard
from planning.projection.known_doctors import LEAVING
from planning.projection.retention import calibration_table, fit_retention, person_years, survival_curve

pytestmark = pytest.mark.spec

LOGIT = np.log(LEAVING / (1 - LEAVING))


@cache
def country(persons=20_000, seed=3):
    """Spells and the true mean survival; half begin mid-service, most end while still in post."""
    rng = np.random.default_rng(seed)
    region, specialty = rng.normal(0, 0.45, 20), rng.normal(0, 0.25, 10)
    at, kind = rng.integers(0, 20, persons), rng.integers(0, 10, persons)
    first = np.where(rng.random(persons) < 0.5, 1, rng.integers(2, 9, persons))
    window = rng.integers(1, 7, persons)
    seen, alive = np.zeros(persons, int), np.ones(persons, bool)
    code = np.full(persons, "stay", dtype=object)
    for k in range(6):
        hazard = expit(LOGIT[np.minimum(first + k, 10) - 1] + region[at] + specialty[kind])
        here = alive & (k < window)
        seen[here] += 1
        leaves = here & (rng.random(persons) < hazard)
        code[leaves] = rng.choice(["region", "private", "abroad", "out"], leaves.sum())
        alive &= ~leaves
    spells = pd.DataFrame(
        {
            "region_code": [f"R{i:02d}" for i in at],
            "specialty_code": [f"S{i}" for i in kind],
            "sector_code": "public_urban",
            "first_service_year": first,
            "first_age": 27,
            "years_seen": seen,
            "sex": "female",
            "is_local_origin": False,
            "pay_sd": 0.0,
            "exit_code": code,
        }
    )
    logit = LOGIT + region[:, None, None] + specialty[:, None]
    return spells, np.cumprod(1 - expit(logit), axis=2).mean(axis=(0, 1))


def mean_curve(spells):
    fit = fit_retention(person_years(spells)).fit
    logit = fit.offset + fit.part("year") + fit.part("region")[:, None, None] + fit.part("specialty")[:, None]
    return np.cumprod(1 - expit(logit), axis=2).mean(axis=(0, 1))


def test_survival_is_within_two_points_of_the_truth_in_every_year():
    spells, truth = country()
    assert np.abs(mean_curve(spells) - truth).max() < 0.02


def test_dropping_the_censored_fails_by_far():
    """The guard: the recovery test above would notice this mistake."""
    spells, truth = country()
    assert np.abs(mean_curve(spells.query("exit_code != 'stay'")) - truth).max() > 0.10


def test_counting_a_record_that_begins_mid_service_from_the_start_fails():
    spells, truth = country()
    assert np.abs(mean_curve(spells.assign(first_service_year=1)) - truth).max() > 0.02


def test_the_fit_equals_scikit_learn_on_the_written_out_dummies():
    rng = np.random.default_rng(0)
    n, sizes = 4000, (4, 5, 3)
    groups = np.stack([rng.integers(0, k, n) for k in sizes])
    slopes = rng.normal(size=(n, 2))
    left = (rng.random(n) < 0.2 + 0.1 * (groups[0] == 2)).astype(float)
    ours = fit_hazard(Rows(groups, sizes, slopes, left), sds=(0.4, 0.3))
    dummies = np.hstack([*(np.eye(k)[g] for g, k in zip(groups, sizes, strict=True)), slopes])
    scaled = dummies / np.sqrt(ours.penalty)  # one ridge for all, after scaling
    peer = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-10, max_iter=500)
    peer.fit(scaled, left)
    # scikit-learn leaves its intercept free, ours is fixed at the mean: the logits agree all the same
    found = ours.offset + dummies @ ours.coefficients
    np.testing.assert_allclose(found, peer.decision_function(scaled), atol=2e-3)


def test_survival_never_rises_and_ranges_are_nested():
    model = fit_retention(person_years(country()[0]))
    for rural in (True, False):
        table = survival_curve(model, is_rural=rural, rng=np.random.default_rng(0))
        assert (table["survival_share"].diff().dropna() <= 0).all()
        assert (table["lo95"] <= table["lo80"]).all()
        assert (table["hi80"] <= table["hi95"]).all()


def test_calibration_holds_on_persons_the_fit_has_not_seen():
    spells, _ = country()
    half = spells.index % 2 == 0
    bins = calibration_table(fit_retention(person_years(spells[half])), person_years(spells[~half]))
    assert (bins["predicted_share"] - bins["observed_share"]).abs().max() < 0.03
    assert bins["person_years"].sum() == spells.loc[~half, "years_seen"].sum()


def test_worked_example_two_doctors_unfold_into_their_years():
    spells = country()[0].head(2).assign(first_service_year=[1, 4], years_seen=[2, 1])
    rows = person_years(spells.assign(exit_code=["stay", "out"]))
    assert rows[["service_year", "age", "exit_code"]].to_numpy().tolist() == [
        [1, 27, "stay"],
        [2, 28, "stay"],
        [4, 27, "out"],
    ]
