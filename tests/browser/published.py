"""A publication of a few rows in the shape of every published mart, with a canary in every text.

Rows are made from the marts' own declarations (`dbt_project/models/marts`), so a new column is in the
next run. Every text that is not a code holds the name of the audience that owns it: a page that shows
another's row shows another's canary. Names of region KZ-10 hold hostile content.
"""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parents[2]
RUN = "20260930T000000-fixture"
REGIONS = {"KZ-10": "Abai", "KZ-35": "Karaganda"}
UNIVERSITIES = ("07", "08")
PAYLOADS = (
    "![x](http://attacker.invalid/x.png)",
    "<script>window.hacked=1;fetch('http://attacker.invalid')</script>",
    "<img src=http://attacker.invalid/y.png onerror=window.hacked=1>",
    "<svg onload=window.hacked=1><image href=http://attacker.invalid/z.png></svg>",
    "<iframe src=http://attacker.invalid></iframe>",
    "<a href='javascript:window.hacked=1'>x</a> [x](javascript:window.hacked=1)",
    "$\\href{http://attacker.invalid}{x}$ :red[x] :material/home:",
    "\u202egnp.exe\u202c",
    "\u200b\u200c\u0430bai",
    "'; drop table core.dim_regions; --",
    "../../../../etc/passwd",
    "=1+1 +1 @SUM(A1) |calc %PATH% \t=1 \r=1",
    "{{7*7}} {placeholder} %(name)s %d",
    "A" * 5000,
)
HOSTILE = " ".join(PAYLOADS)
MONTHS = [dt.date(2025, 9, 1), dt.date(2026, 8, 1), dt.date(2026, 9, 1)]
VACANT = {"nation": 3954.25, "region": 1977.125, "district": 12.5}

_VALUES: dict[str, Any] = {
    "standing": "within_12_months",
    "specialty_code": "gp",
    "position_code": "gp",
    "specialty_group_code": "primary_care",
    "staff_category": "doctor",
    "norm_status": "repealed",
    "act_status": "repealed",
    "ownership": "private",
    "settlement": "rural",
    "care_level": "primary",
    "severity": "warning",
    "warning_kind": "end_of_service",
    "period_kind": "rolling_12_months",
    "index_code": "gini",
    "scope": "nation_regions",
    "vacant_fte": 12.5,
    "vacant_share": 0.048,
    "is_met": False,
    "has_reported": True,
    "scenario_code": "baseline",
    "measure": "vacant_fte",
    "stage": "after",
    "nominal_share": 0.8,
    "covered_share": 0.79,
    "programme_code": "hypertension",
    "tile_row": 1,
    "year": 2030,
    "facility_id": None,
}


def declared_marts() -> dict[str, dict[str, Any]]:
    """Every mart by "schema.table": its audience and its columns with types."""
    found = {}
    for path in sorted((ROOT / "dbt_project" / "models" / "marts").glob("*/*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            found[f"{path.parent.name}.{model['name']}"] = {
                "audience": model.get("config", {}).get("meta", {}).get("audience", {}),
                "columns": {c["name"]: c["data_type"] for c in model["columns"]},
            }
    return found


def publish(folder: Path, *, rows: bool = True, marts: bool = True, is_demonstration: bool = True) -> Path:
    """Write a publication into `folder` and point to it.

    Args:
        folder: The publication folder.
        rows: Whether the marts have rows.
        marts: Whether there are marts at all.
        is_demonstration: The mark in every file.
    """
    snapshot = folder / "snapshots" / RUN
    snapshot.mkdir(parents=True)
    audiences = [("ministry", "")] + [("region", code) for code in REGIONS]
    audiences += [("university", key) for key in UNIVERSITIES]
    declared = declared_marts() if marts else {}
    filled = {name: _rows(name, mart["columns"]) if rows else [] for name, mart in declared.items()}
    for kind, key in audiences:
        path = snapshot / (f"{kind}_{key}.duckdb" if key else f"{kind}.duckdb")
        with duckdb.connect(str(path)) as link:
            _meta(link, kind, key, is_demonstration, ["staff_member"] if rows else [])
            for name, mart in declared.items():
                column = mart["audience"].get(kind)
                if column:
                    mine = [r for r in filled[name] if column == "all" or r.get(column) == key]
                    _write(link, name, mart["columns"], mine)
    (folder / "CURRENT").write_text(RUN, encoding="utf-8")
    return folder


def _meta(
    link: duckdb.DuckDBPyConnection, kind: str, key: str, is_demonstration: bool, delivered: list[str]
) -> None:
    link.execute("create schema meta")
    link.execute(
        """create table meta.snapshot as select $run as run_id, date '2026-09-30' as as_of,
             timestamptz '2026-10-01 06:00:00+00' as published_at, 'abc1234' as code_version,
             'c0ffee' as config_hash,
             $demonstration as is_demonstration, $kind as audience_kind, $key as audience_key,
             0.01 as sampling_fraction, 'fixture' as source_note""",
        {"run": RUN, "demonstration": is_demonstration, "kind": kind, "key": key},
    )
    link.execute("create table meta.delivered as select unnest($1::varchar[]) as contract", [delivered])
    link.execute(
        'create table meta.tables (schema varchar, "table" varchar, rows bigint, description varchar,'
        " as_of date, source varchar)"
    )


def _write(
    link: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], rows: list[dict[str, Any]]
) -> None:
    schema, table = name.split(".")
    link.execute(f"create schema if not exists {schema}")
    link.execute(f"create table {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
    if rows:
        marks = ", ".join("?" * len(columns))
        link.executemany(
            f"insert into {name} values ({marks})", [[row.get(c) for c in columns] for row in rows]
        )
    link.execute(
        "insert into meta.tables values (?, ?, ?, 'A table.', date '2026-09-30', 'registers')",
        [schema, table, len(rows)],
    )


def _rows(name: str, columns: dict[str, str]) -> list[dict[str, Any]]:
    """Rows of one mart: two a region, and what its grain asks for."""
    if name == "core.dim_regions":
        seeds = pd.read_csv(ROOT / "dbt_project" / "seeds" / "regions.csv")
        found = seeds[seeds["region_code"].isin(REGIONS)].rename(
            columns={"population_2026_persons": "population_persons"}
        )
        return found.astype(object).where(found.notna(), None).to_dict("records")
    if name in {"core.dim_specialties", "core.dim_positions"}:
        return [{c: _VALUES.get(c, f"General practice {c[-2:]}") for c in columns}]
    if name == "core.dim_universities":
        return [_row(columns, university=key) for key in UNIVERSITIES]
    if name == "staffing.fct_deficit_rollups":
        return _rollups(columns)
    owners = (
        list(itertools.product(REGIONS, UNIVERSITIES))
        if "university_id" in columns
        else [(r, "") for r in REGIONS]
    )
    months = MONTHS if "month" in columns else [MONTHS[-1]]
    return [
        _row(columns, region, university, number, month)
        for region, university in owners
        for number in range(2)
        for month in months
    ]


def _rollups(columns: dict[str, str]) -> list[dict[str, Any]]:
    """Nation, regions and districts, whole and by specialty."""
    rows = []
    areas = [("nation", "nation", None)] + [("region", code, code) for code in REGIONS]
    areas += [("district", f"{code[-2:]}0000000", code) for code in REGIONS]
    for (level, area, region), split, month in itertools.product(areas, ("all", "specialty"), MONTHS):
        whole = {"specialty_group_code": "all", "care_level": "all", "ownership": "all", "settlement": "all"}
        row = _row(columns, region or "", month=month) | whole
        row |= {"level": level, "area_code": area, "region_code": region, "split": split, "month": month}
        row |= {"specialty_code": "gp" if split == "specialty" else "all", "vacant_fte": VACANT[level]}
        rows.append(row)
    return rows


def _row(
    columns: dict[str, str],
    region: str = "",
    university: str = "",
    number: int = 0,
    month: dt.date = MONTHS[-1],
) -> dict[str, Any]:
    """One row; its texts name region and university."""
    return {
        c: _value(c, t, region=region, university=university, number=number, month=month)
        for c, t in columns.items()
    }


def _value(column: str, kind: str, *, region: str, university: str, number: int, month: dt.date) -> Any:
    keys = {
        "region_code": region or None,
        "university_id": university or None,
        "area_code": region or "nation",
        "district_kato": f"{region[-2:]}0000000" if region else None,
        "facility_id": f"F-{region}-{number}",
        "settlement_kato": f"{region[-2:]}000000{number}",
        "graduate_key": f"{region[-2:]}{university}{number}".ljust(32, "a"),
        "line_id": f"L-{region}-{number}",
        "level": "region",
        "month": month,
        "entry_year": 2026,
    }
    if column in keys:
        return keys[column]
    if _VALUES.get(column) is not None:
        return _VALUES[column]
    fixed = {
        "boolean": True,
        "date": dt.date(2026, 9, 30),
        "timestamp": dt.datetime(2026, 9, 30, 12, tzinfo=dt.UTC),
    }
    if kind in fixed:
        return fixed[kind]
    if kind.startswith("varchar"):
        hostile = (
            f" {HOSTILE}"
            if region == "KZ-10" and column.endswith(("_name_ru", "_name_kk", "explanation"))
            else ""
        )
        return f"canary-{region or 'all'}-{university or 'all'} {column}{hostile}"
    return 2026 if column.endswith("year") else number + 1
