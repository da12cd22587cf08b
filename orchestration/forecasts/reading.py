"""What a forecast is made of, read from the warehouse and the seeds.

Belongs here: queries of whole intermediate tables. Does not belong here: any arithmetic (`planning/`, dbt).
"""

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow.parquet as pq

from orchestration.settings import SEEDS_DIR, Settings
from orchestration.sources.embedded.hazards import BASELINE
from orchestration.warehouse import reading
from planning.projection.inputs import Assumptions, ProjectionInputs
from planning.projection.population import NationalRates

LAST_YEAR = 2035
SEED = 2026
# Raised when the same data give other figures: 2 reckons chance person by person and draws destinations.
MODEL_VERSION = "2"
# Records that teach today's hazard; older years tell of another labour market and of many more rows.
RECORD_YEARS = 5

_TABLES = {
    "population": "int_population_yearly",
    "encounters": "int_contacts_yearly",
    "activity_minutes": "int_contact_minutes",
    "norms": "int_population_norms",
    "staff_stock": "int_staff_stock",
    "person_years": "int_staff_person_years",
    "intake": "int_education_pipeline",
    "moves": "int_staff_moves",
    "observed_need": "int_workload_need",
}
_RATES = {
    "totals": "wpp_national_population",
    "mortality": "wpp_mortality",
    "fertility": "wpp_fertility",
    "migration": "wpp_migration",
}


@dataclass(frozen=True)
class ForecastData:
    """Everything the forecast assets read.

    Attributes:
        inputs: Of the projection.
        vacancies: int_vacancies_yearly.
        vintage: The day the data describe; None without any delivery.
        records: Person-years of every year on record: past projections may see those before them; None for
            those of `inputs`.
        known_hazard: Chance of leaving by year of service that a simulated register was made with.
    """

    inputs: ProjectionInputs
    vacancies: pd.DataFrame
    vintage: dt.date | None
    records: pd.DataFrame | None = None
    known_hazard: tuple[float, ...] | None = None

    @property
    def all_records(self) -> pd.DataFrame:
        """Person-years of every year on record."""
        return self.inputs.person_years if self.records is None else self.records

    def without_inputs(self) -> "ForecastData":
        """The yearly table alone, which is little to hand to another process."""
        return replace(self, inputs=None, records=None)

    def with_all_records(self) -> ProjectionInputs:
        """The inputs with every year's records."""
        return replace(self.inputs, person_years=self.all_records)


def read_data(settings: Settings) -> ForecastData:
    """Read the warehouse that the first dbt step built."""
    with reading(settings.warehouse) as link:
        tables = {
            name: link.execute(f"from intermediate.{table} order by all").df()  # noqa: S608 - own constants
            for name, table in _TABLES.items()
        }
        vacancies = link.execute("from intermediate.int_vacancies_yearly order by all").df()
        vintage = link.execute("select as_of_date from intermediate.int_as_of").fetchone()
    records = tables["person_years"]
    if len(records):
        tables["person_years"] = records[records["year"] > records["year"].max() - RECORD_YEARS]
    rates = NationalRates(**{name: pd.read_csv(SEEDS_DIR / f"{seed}.csv") for name, seed in _RATES.items()})
    assumed = replace(Assumptions(), last_year=LAST_YEAR, sampling_fraction=_sampling_fraction(settings))
    splits = _open_splits(pd.read_csv(SEEDS_DIR / "region_splits.csv"), tables["population"])
    inputs = ProjectionInputs(**tables, rates=rates, region_splits=splits, assumptions=assumed)
    return ForecastData(inputs, vacancies, vintage[0] if vintage else None, records, _known_hazard(settings))


def _open_splits(splits: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Splits that the counts do not know yet; a source may have restated its history already."""
    first = population.groupby("region_code")["year"].min()
    known_from = splits["child_region_code"].map(first)
    return splits[~(known_from < splits["first_year"])]


def _known_hazard(settings: Settings) -> tuple[float, ...] | None:
    """The law of the embedded country, if every delivery of staff is its."""
    kinds = _deliveries(settings, "staff_member")["source_kind"]
    return tuple(BASELINE.tolist()) if len(kinds) and (kinds == "embedded").all() else None


def _deliveries(settings: Settings, contract: str) -> pd.DataFrame:
    delivered = pq.read_table(settings.landing / "delivery" / "delivery.parquet").to_pandas()
    return delivered[delivered["contract"] == contract]


def _sampling_fraction(settings: Settings) -> float:
    """Smallest share of persons behind a delivery of encounters; 1 when nothing was delivered."""
    known = _deliveries(settings, "passport_encounter")["sampling_fraction"]
    known = known[known > 0]
    return float(known.min()) if len(known) else 1.0
