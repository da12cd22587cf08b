"""What the forecast stage reads, and the planning tables it writes: name, columns and types, once for all.

Belongs here: declarations. Does not belong here: how a table is filled.
"""

import pyarrow as pa

TEXT, WHOLE, REAL, FLAG, DAY = pa.string(), pa.int32(), pa.float64(), pa.bool_(), pa.date32()

READ = (
    "int_vacancies_yearly", "int_staff_stock", "int_staff_person_years", "int_staff_moves",
    "int_education_pipeline", "int_contact_minutes", "int_population_norms", "int_population_yearly",
    "int_contacts_yearly", "int_workload_need", "int_as_of",
)  # fmt: skip
"""Models of the first dbt step that the stage reads; what a forecast descends from."""

DESCENDS_FROM: dict[str, tuple[str, ...]] = {
    "pipeline_lags": ("int_education_pipeline",),
    **dict.fromkeys(
        ("scenarios", "plan_prices", "whatif_region_splits", "whatif_settings", "whatif_rates_totals",
         "whatif_rates_mortality", "whatif_rates_fertility", "whatif_rates_migration"),
        (),
    ),
}  # fmt: skip
"""Tables that do not descend from all of `READ`: assumptions tell their source in their own rows or seeds."""

_STAMP = {"scenario_hash": TEXT, "model_version": TEXT, "data_vintage_date": DAY}
_RANGE = {f"{name}_fte": REAL for name in ("mean", "p2_5", "p10", "p50", "p90", "p97_5")}
_ENDS = {f"{end}_share": REAL for end in ("low_95", "low_80", "high_80", "high_95")}

TABLES: dict[str, dict[str, pa.DataType]] = {
    "deficit_forecasts": {
        "level": TEXT, "area_code": TEXT, "region_code": TEXT, "specialty_code": TEXT, "measure": TEXT,
        "method": TEXT, "scenario_code": TEXT, "year": WHOLE, **_RANGE,
        "deficit_probability_share": REAL, "large_deficit_probability_share": REAL,
        "coverage_80_share": REAL, **_STAMP,
    },
    "coverage": {
        "measure": TEXT, "level": TEXT, "region_code": TEXT, "specialty_code": TEXT, "horizon_years": WHOLE,
        "nominal_share": REAL, "covered_share": REAL, "forecasts_count": WHOLE, "mase_ratio": REAL,
        "bias_share": REAL, "stage": TEXT, "data_vintage_date": DAY, "scenario_hash": TEXT,
    },
    "range_widening": {
        "measure": TEXT, "horizon_years": WHOLE, "widening_ratio": REAL, "forecasts_count": WHOLE,
        "common_sd_share": REAL, "data_vintage_date": DAY,
    },
    "leaving_calibration": {
        "bin": WHOLE, "person_years": WHOLE, "predicted_share": REAL, "observed_share": REAL, **_ENDS,
        "years_count": WHOLE, "data_vintage_date": DAY,
    },
    "leaving_hazards": {
        "service_year": WHOLE, "person_years": WHOLE, "fitted_share": REAL, "known_share": REAL, **_ENDS,
        "data_vintage_date": DAY,
    },
    "scenarios": {
        "scenario_code": TEXT, "scenario_name_en": TEXT, "lever_code": TEXT, "value": REAL, "unit": TEXT,
        "from_year": WHOLE, "minimum": REAL, "maximum": REAL, "source": TEXT, "owner": TEXT,
        "stated_on": DAY, "scenario_hash": TEXT,
    },
    "scenario_steps": {
        "scenario_code": TEXT, "specialty_code": TEXT, "year": WHOLE, "step_order": WHOLE,
        "lever_code": TEXT, "value_fte": REAL, "p10_fte": REAL, "p90_fte": REAL, "change_p10_fte": REAL,
        "change_p90_fte": REAL, **_STAMP,
    },
    "elasticities": {
        "scenario_code": TEXT, "year": WHOLE, "lever_code": TEXT, "unit": TEXT, "value": REAL,
        "shortage_change_fte_per_unit": REAL, **_STAMP,
    },
    "place_plans": {
        "strategy_code": TEXT, "specialty_code": TEXT, "programme_code": TEXT, "year": WHOLE,
        "quantile_share": REAL, "intake_year": WHOLE, "graduation_year": WHOLE, "places_persons": REAL,
        "added_fte": REAL, "cost_kzt": REAL, "is_feasible": FLAG, **_STAMP,
    },
    "place_plan_shortages": {
        "strategy_code": TEXT, "specialty_code": TEXT, "year": WHOLE, "quantile_share": REAL,
        "shortage_fte": REAL, "closed_fte": REAL, "remaining_fte": REAL, "first_effect_year": WHOLE,
        "reason": TEXT, "is_feasible": FLAG, **_STAMP,
    },
    "place_plan_measures": {
        "strategy_code": TEXT, "year": WHOLE, "quantile_share": REAL, "measure_code": TEXT,
        "adopted_share": REAL, "added_fte": REAL, "cost_kzt": REAL, "whole_fte": REAL,
        "whole_cost_kzt": REAL, "is_feasible": FLAG, **_STAMP,
    },
    "place_plan_totals": {
        "strategy_code": TEXT, "year": WHOLE, "quantile_share": REAL, "places_persons": REAL,
        "shortage_fte": REAL, "closed_fte": REAL, "remaining_fte": REAL, "remaining_undirected_fte": REAL,
        "cost_kzt": REAL, "budget_kzt": REAL, "is_feasible": FLAG, **_STAMP,
    },
    "plan_prices": {
        "price_code": TEXT, "value": REAL, "unit": TEXT, "minimum": REAL, "maximum": REAL,
        "added_intake_share": REAL, "source": TEXT, "owner": TEXT, "stated_on": DAY, "data_vintage_date": DAY,
    },
    "pipeline_lags": {
        "programme_code": TEXT, "specialty_code": TEXT, "stage_code": TEXT, "begins_year_offset": WHOLE,
        "ends_year_offset": WHOLE, "scenario_hash": TEXT,
    },
    "quota_regions": {
        "specialty_code": TEXT, "region_code": TEXT, "year": WHOLE, "shortage_fte": REAL,
        "deficit_probability_share": REAL, "quota_places": WHOLE, **_STAMP,
    },
    "reasons": {"subject": TEXT, "reason": TEXT},
    "whatif_population": {
        "region_code": TEXT, "year": WHOLE, "sex": TEXT, "age_band": TEXT, "persons": REAL,
    },
    "whatif_encounters": {
        "region_code": TEXT, "specialty_code": TEXT, "sex": TEXT, "age_band": TEXT, "month": DAY,
        "encounters_count": REAL,
    },
    "whatif_activity_minutes": {
        "specialty_code": TEXT, "contact_minutes": REAL, "hours_per_fte": REAL, "productive_share": REAL,
    },
    "whatif_observed_need": {
        "region_code": TEXT, "specialty_code": TEXT, "year": WHOLE, "need_fte": REAL,
        "error_fte": REAL,
    },
    "whatif_norms": {"specialty_code": TEXT, "posts_per_10k": REAL, "act_number": TEXT, "status": TEXT},
    "whatif_staff_stock": {
        "region_code": TEXT, "specialty_code": TEXT, "sector_code": TEXT, "year": WHOLE, "age": WHOLE,
        "sex": TEXT, "service_year": WHOLE, "persons": REAL, "fte": REAL,
    },
    "whatif_learnt": {
        "parameter_code": TEXT, "draw": WHOLE, "region_code": TEXT, "specialty_code": TEXT,
        "sector_code": TEXT, "service_year": WHOLE, "age": WHOLE, "sex": TEXT, "label_code": TEXT,
        "value": REAL,
    },
    "whatif_intake": {
        "specialty_code": TEXT, "programme_code": TEXT, "level": TEXT, "intake_year": WHOLE,
        "intake_persons": REAL, "programme_years": WHOLE, "completion_share": REAL,
    },
    "whatif_region_splits": {"parent_region_code": TEXT, "child_region_code": TEXT, "first_year": WHOLE},
    "whatif_moves": {"from_region_code": TEXT, "to_region_code": TEXT, "persons": REAL},
    "whatif_rates_totals": {
        "year": WHOLE,
        **{f"{n}_persons": REAL for n in ("medium", "low_80", "high_80", "low_95", "high_95", "births")},
    },
    "whatif_rates_mortality": {
        "period_start_year": WHOLE, "sex": TEXT, "age_from": WHOLE, "deaths_per_person_year": REAL,
    },
    "whatif_rates_fertility": {"year": WHOLE, "mother_age_band": TEXT, "fertility_share": REAL},
    "whatif_rates_migration": {
        "period_start_year": WHOLE, "sex": TEXT, "age_from": WHOLE, "net_migration_5_years_persons": REAL,
    },
    "whatif_settings": {"sampling_fraction": REAL, "last_year": WHOLE, "seed": WHOLE},
}  # fmt: skip


def schema_of(table: str) -> pa.Schema:
    """Declared Arrow schema of a planning table."""
    return pa.schema(list(TABLES[table].items()))
