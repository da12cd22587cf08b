"""Population: bands and years, components, raking, published bounds, region splits."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planning.axes import to_frame
from planning.frames import FrameError
from planning.projection.ages import AGE_BANDS, single_years, to_bands
from planning.projection.crosswalk import restate_regions
from planning.projection.population import SEXES, NationalRates, project_population

pytestmark = pytest.mark.unit

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
NAMES = ("national_population", "mortality", "fertility", "migration")
RATES = NationalRates(*(pd.read_csv(SEEDS / f"wpp_{name}.csv") for name in NAMES))


def history(years=(2024,), regions=("A", "B"), growth=None):
    pyramid = np.exp(-np.arange(len(AGE_BANDS)) / 8) * 100_000
    persons = np.stack(
        [
            np.stack(
                [
                    np.stack([pyramid, pyramid]) * (1 + i) * (growth or {}).get(r, 1.0) ** (y - years[0])
                    for i, r in enumerate(regions)
                ]
            )
            for y in years
        ]
    )
    axes = {"year": years, "region_code": regions, "sex": SEXES, "age_band": AGE_BANDS}
    return to_frame(axes, persons=persons)


def project(table, **options):
    return project_population(table, RATES, last_year=2040, rng=np.random.default_rng(1), **options)


def test_bands_survive_the_split_into_single_years():
    bands = np.random.default_rng(0).gamma(2, 1000, (5, 2, len(AGE_BANDS)))
    years = single_years(bands)
    assert (years >= 0).all()
    np.testing.assert_allclose(to_bands(years), bands, rtol=1e-9)


def test_components_add_up_to_the_population_in_every_region_and_year():
    forecast = project(history())
    parts = forecast.components.set_index(["year", "region_code"])
    start = pd.Series(forecast.persons[:-1].sum(axis=(2, 3)).ravel(), index=parts.index)
    total = start + parts["births_persons"] - parts["deaths_persons"] + parts["net_migration_persons"]
    np.testing.assert_allclose(total + parts["raking_persons"], parts["persons"], rtol=1e-9)


def test_the_nation_grows_as_the_united_nations_say():
    forecast = project(history())
    medium = RATES.totals.set_index("year")["medium_persons"]
    nation = forecast.persons.sum(axis=(1, 2, 3))
    np.testing.assert_allclose(nation / nation[0], medium.loc[2024:2040] / medium.loc[2024], rtol=1e-9)


def test_draws_hold_the_published_bounds_of_2030_and_2035():
    forecast = project(history(), draws=20_000, region_share_sd=0.0)
    for year, bounds in {2030: (-8.6, -5.5, 5.7, 9.0), 2035: (-16.2, -10.4, 11.7, 18.3)}.items():
        factor = forecast.factor[:, forecast.years.index(year), 0]
        found = 100 * (np.quantile(factor, [0.025, 0.1, 0.9, 0.975]) - 1)
        np.testing.assert_allclose(found, bounds, atol=0.45)


def test_regional_draws_never_change_the_national_total():
    forecast = project(history(), draws=50, region_share_sd=0.05)
    total = (forecast.factor * forecast.persons.sum(axis=(2, 3))).sum(axis=2)
    calm = project(history(), draws=50, region_share_sd=0.0)
    np.testing.assert_allclose(total, calm.factor[:, :, 0] * calm.persons.sum(axis=(1, 2, 3)), rtol=1e-9)


def test_a_region_that_gained_before_gains_on_but_less():
    forecast = project(history(years=(2022, 2023, 2024), growth={"A": 1.03}))
    share = forecast.persons.sum(axis=(2, 3))
    share = share[:, 0] / share.sum(axis=1)
    gains = np.diff(share)
    assert gains[0] > 0
    assert gains[-1] < gains[0]


def test_a_split_is_drawn_back_in_time_and_keeps_every_total():
    splits = pd.DataFrame({"parent_region_code": ["P"], "child_region_code": ["C"], "first_year": [2022]})
    table = pd.DataFrame(
        {
            "region_code": ["P", "P", "C", "P", "C"],
            "year": [2021, 2022, 2022, 2023, 2023],
            "persons": [100.0, 60.0, 40.0, 50.0, 50.0],
        }
    )
    out = restate_regions(table, splits, value="persons")
    early = out[out["year"] == 2021].set_index("region_code")["persons"]
    assert early.to_dict() == {"P": 60.0, "C": 40.0}
    assert out.groupby("year")["persons"].sum().to_dict() == {2021: 100.0, 2022: 100.0, 2023: 100.0}


def test_a_history_that_is_restated_already_is_refused():
    splits = pd.DataFrame({"parent_region_code": ["P"], "child_region_code": ["C"], "first_year": [2022]})
    table = pd.DataFrame({"region_code": ["C"], "year": [2020], "persons": [1.0]})
    with pytest.raises(FrameError, match="C has figures before 2022"):
        restate_regions(table, splits, value="persons")


def test_a_horizon_beyond_the_published_totals_is_refused():
    with pytest.raises(FrameError, match="no published total for 2046"):
        project_population(history(), RATES, last_year=2046, rng=np.random.default_rng(1))
