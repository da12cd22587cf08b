"""Speed and memory of the staffing marts beside the same aggregation as one bare DuckDB query.

3,000 facilities × 60 lines of posts × 60 months (10.8 million rows) and the passports of a whole country,
summed by facility, specialty, activity and month (7.2 million rows). The marts are built by dbt, the peer is
one hand-written statement over the same Parquet that ends in the same roll-up; both must give the same
national totals. Then one more month arrives, on a short and on a long history. Both sides run in processes of
their own with two threads and the same memory limit. The ratio is of wall seconds; seconds of processor are
printed beside, because they move less when the machine has other work.

    python tests/bench/bench_staffing.py [--facilities 3000] [--months 60]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from orchestration.contracts import CONTRACTS
from orchestration.contracts.ledger import DELIVERY, QUARANTINE, ledger_schema
from orchestration.settings import DBT_PROJECT_DIR

MEMORY_LIMIT = "3GB"
BARE_QUERY = Path(__file__).with_name("bare_staffing.sql")
# From the fingerprints of the deliveries to the roll-ups; passports arrive summed.
MODELS = [
    "int_month_fingerprints", "int_posts_monthly", "int_workload_monthly", "int_wisn_monthly",
    "int_norm_needs_monthly", "int_deficits_monthly", "fct_posts_monthly", "fct_deficits_monthly",
    "fct_deficit_rollups",
]  # fmt: skip


def make_country(root: Path, facilities: int, months: int) -> None:
    """Land the country below `root/landing`, and the summed passports as `root/activity/*.parquet`."""
    landing = root / "landing"
    for name, schema in {
        **{contract.name: contract.arrow_schema for contract in CONTRACTS},
        "delivery": ledger_schema(DELIVERY),
        "quarantine": ledger_schema(QUARANTINE),
    }.items():
        (landing / name).mkdir(parents=True)
        pq.write_table(schema.empty_table(), landing / name / "empty.parquet")
    (root / "activity").mkdir()
    seeds = DBT_PROJECT_DIR / "seeds"
    con = duckdb.connect(config={"threads": 2})
    con.execute(f"create table positions as from read_csv('{seeds}/positions.csv')")
    con.execute(f"create table districts as from read_csv('{seeds}/districts.csv', all_varchar = true)")
    common = "'bench' as source_system, 'b1' as batch_id, date '2026-12-31' as as_of"

    def land(name: str, query: str) -> None:
        columns = ", ".join(next(c for c in CONTRACTS if c.name == name).arrow_schema.names)
        con.execute(
            f"copy (select {columns} from ({query})) to '{landing}/{name}/part.parquet' (compression zstd)"
        )

    con.execute(f"""
        create table facilities as
        select 'F' || lpad(i::varchar, 5, '0') as facility_id, i as number, 'Facility' as facility_name_ru,
            ['polyclinic', 'ambulatory', 'city_hospital', 'district_hospital'][i % 4 + 1] as facility_type,
            case when i % 4 < 2 then 'primary' else 'secondary' end as care_level,
            ['state_communal', 'private', 'quasi_state'][i % 3 + 1] as ownership, region_code, district_kato,
            case when i % 2 = 0 then 'urban' else 'rural' end as settlement, 5000 + i as attached_persons,
            case when i % 4 >= 2 then 100 end as beds_count, 'active' as status
        from (select unnest(range({facilities})) as i)
        join (select *, row_number() over () - 1 as n, count(*) over () as total from districts)
        on i % total = n""")
    columns = con.table("facilities").columns
    blank = [n for n in next(c for c in CONTRACTS if c.name == "facility").column_names if n not in columns]
    land("facility", f"select *, {', '.join(f'null as {n}' for n in blank)}, {common} from facilities")
    act = "'act' as act_number, date '2015-01-01' as valid_from, null as valid_to, 'in_force' as act_status"
    doctors = "(select * from positions where staff_category = 'doctor')"
    land(
        "norm",
        f"""select specialty_code as norm_id, specialty_code, 'per_population' as basis,
        2000.0 as basis_units_count, null as facility_type, {act}, {common} from {doctors}""",
    )
    land(
        "activity_standard",
        f"""select position_code, activity_code, 20.0 as unit_minutes,
        null as units_per_hour, {act}, {common}
        from {doctors}, (values ('ambulatory_visit'), ('home_visit')) as activities(activity_code)""",
    )
    land(
        "support_standard",
        f"""select position_code, 'meetings' as support_code, 'category' as allowance,
        3.5 as hours, 'week' as period, {act}, {common} from {doctors}""",
    )
    land(
        "leave_calendar",
        f"""select year, null as position_code, 260 as possible_days, 10 as holiday_days,
        24 as annual_leave_days, 5 as sick_leave_days, 4 as other_leave_days, 7 as day_hours, 5 as week_days,
        {common} from range(2015, 2030) as years(year)""",
    )
    con.execute("""
        create table lines as
        select *, row_number() over () as line from (
            select 'A' as department, * from positions
            union all (select 'B' as department, * from positions limit 3))""")
    for number in range(months):
        add_month(con, root, number)
    write_ledger(root, months)


def add_month(con: duckdb.DuckDBPyConnection, root: Path, number: int) -> None:
    """Write the posts and the summed passports of one month."""
    year, month = divmod(number, 12)
    day = f"date '{2022 + year}-{month + 1:02d}-01'"
    folder = root / "landing" / "staff_post" / f"month={2022 + year}-{month + 1:02d}"
    folder.mkdir()
    con.execute(f"""
        copy (
            select facility_id || '-' || line as post_id, facility_id, department, position_code,
                specialty_code, isco08_code::varchar as isco08_code, staff_category,
                ((1 + hash(number, line) % 12) / 4.0)::decimal(8, 2) as budgeted_fte,
                ((hash(number, line, {number}) % (2 + hash(number, line) % 12)) / 4.0)::decimal(8, 2)
                    as filled_fte,
                (1 + hash(line, number) % 3)::bigint as persons_count, null::date as vacant_since,
                true as is_funded, false as has_housing, null::varchar as salary_band, {day} as month,
                'bench' as source_system, 'b1' as batch_id, date '2026-12-31' as as_of
            from facilities cross join lines
        ) to '{folder}/part.parquet' (compression zstd)""")
    con.execute(f"""
        copy (
            select facility_id, specialty_code, activity_code, 100 as sampled_units_count,
                (50 + hash(number, line, {number}) % 400)::double as units_count, 0.0 as units_variance,
                {day} as month, 0::ubigint as input_fingerprint
            from facilities
            cross join (select * from lines where staff_category = 'doctor' and department = 'A' limit 20)
            cross join (values ('ambulatory_visit'), ('home_visit')) as activities(activity_code)
        ) to '{root}/activity/{2022 + year}-{month + 1:02d}.parquet' (compression zstd)""")


def write_ledger(root: Path, months: int) -> None:
    """The delivery table of the first `months` months."""
    rows = []
    for number in range(months):
        year, month = divmod(number, 12)
        for contract in ("staff_post", "passport_encounter"):
            rows.append(f"('{contract}', date '{2022 + year}-{month + 1:02d}-01')")
    rows += [
        f"('{name}', null)" for name in ("norm", "activity_standard", "support_standard", "leave_calendar")
    ]
    duckdb.sql(f"""
        copy (
            select contract, 'files' as source_kind, 'bench' as source_system, 'b1' as batch_id,
                date '2026-12-31' as as_of, month, 'bench' as file, 1::bigint as records_in,
                1::bigint as landed, 0::bigint as superseded, 0::bigint as quarantined,
                1.0 as sampling_fraction,
                false as is_demonstration, contract || coalesce(month::varchar, '') as sha256
            from (values {", ".join(rows)}) as parts(contract, month)
        ) to '{root}/landing/delivery/empty.parquet'""")


def load_activity(warehouse: Path, root: Path, months: int) -> None:
    """Put the summed passports where dbt's own summing would have put them."""
    files = sorted((root / "activity").glob("*.parquet"))[:months]
    with duckdb.connect(str(warehouse)) as con:
        con.execute("create schema if not exists intermediate")
        con.execute(
            "create or replace table intermediate.int_activity_monthly as select * from read_parquet(?)",
            [[str(file) for file in files]],
        )


@dataclass(frozen=True)
class Cost:
    """Wall seconds, processor seconds and peak memory in GiB of one process."""

    seconds: float
    processor_seconds: float
    peak: float


def run_apart(command: list[str], environment: dict[str, str] | None = None) -> Cost:
    """Run a process that must succeed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=DBT_PROJECT_DIR.parent, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return Cost(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20)


def run_dbt(root: Path, warehouse: Path, *arguments: str) -> tuple[dict[str, float], Cost]:
    """Wall seconds of each model, and the cost of the whole process, dbt's own start included."""
    environment = os.environ | {
        "MEDKADR_WAREHOUSE": str(warehouse), "MEDKADR_LANDING": str(root / "landing"), "MEDKADR_THREADS": "2",
        "MEDKADR_MEMORY_LIMIT": MEMORY_LIMIT, "DBT_TARGET_PATH": str(root / "target"),
        "DBT_LOG_PATH": str(root / "logs"), "MEDKADR_PLANNING": str(root / "planning"),
    }  # fmt: skip
    dbt = [str(Path(sys.executable).with_name("dbt")), "--quiet", *arguments, "--threads", "1"]
    folders = ["--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]
    folders += ["--log-level-file", "info"]  # as the pipeline runs it: each statement logged takes a tenth
    cost = run_apart([*dbt, *folders], environment)
    results = json.loads((root / "target" / "run_results.json").read_text())["results"]
    return {row["unique_id"].split(".")[-1]: row["execution_time"] for row in results}, cost


def prepare(root: Path, warehouse: Path) -> None:
    """Build what is small and the same for both sides: code lists, views, norms and standards by month."""
    run_dbt(root, warehouse, *BUILD, *PREPARATION)


def bare(root: Path) -> None:
    """Run the bare query."""
    with duckdb.connect(str(root / "bare.duckdb")) as con:
        con.execute("set threads = 2")
        con.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        con.execute("set preserve_insertion_order = false")
        started = time.perf_counter()
        con.execute(BARE_QUERY.read_text().replace(":root", str(root)))
        con.execute("checkpoint")
        (root / "bare_seconds").write_text(str(time.perf_counter() - started))


def compare_totals(root: Path) -> None:
    """Both sides must mean the same: national totals of every month, shortage and surplus apart."""
    measures = (
        "vacant_fte",
        "norm_shortage_fte",
        "norm_surplus_fte",
        "wisn_shortage_fte",
        "wisn_surplus_fte",
    )
    sums = ", ".join(f"sum({name})::double" for name in measures)
    with duckdb.connect(str(root / "bare.duckdb"), read_only=True) as con:
        # Only the rows (month, staff category) have neither area, kind nor specialty.
        theirs = con.execute(f"""
            select {sums} from rollups where region_code is null and district_kato is null
            and specialty_code is null and specialty_group_code is null and care_level is null
            and ownership is null and settlement is null""").fetchone()
    with duckdb.connect(str(root / "warehouse.duckdb"), read_only=True) as con:
        ours = con.execute(f"""
            select {sums} from staffing.fct_deficit_rollups
            where level = 'nation' and split = 'all'""").fetchone()
    for name, their, our in zip(measures, theirs, ours, strict=True):
        if abs(their - our) > 1e-6 * abs(their):
            raise SystemExit(f"{name} differs: marts {our:,.3f}, bare query {their:,.3f}")


def new_month(root: Path, history: int) -> tuple[dict[str, float], dict[str, float], float]:
    """Seconds the models take for month `history + 1` on `history` months, and then with nothing to count.

    The third figure is the month's processor seconds over a month's share of those of the whole history, both
    without what a run with nothing to count takes: one month is too small to occupy two processors, and wall
    seconds hold that against it.

    As in a run of the pipeline, the small tables before them are built in the same process of dbt, which
    thus has read its own templates when the first of the models comes.
    """
    warehouse = root / "history.duckdb"
    warehouse.unlink(missing_ok=True)
    found, processor = [], []
    for months in (history, history + 1, history + 1):
        write_ledger(root, months)
        load_activity(warehouse, root, months)
        seconds, cost = run_dbt(root, warehouse, *BUILD, *PREPARATION, *MODELS)
        processor.append(cost.processor_seconds)
        found.append({name: seconds[name] for name in MODELS})
    whole, month, idle = processor
    return found[1], found[2], (month - idle) / ((whole - idle) / history)


BUILD = ["build", "--exclude-resource-type", "test", "unit_test", "--select"]
PREPARATION = [
    "resource_type:seed", "path:models/staging", "int_as_of", "int_working_time", "int_norms_by_type",
    "int_norms_by_specialty", "int_month_fingerprints", "int_passport_windows", "int_support_allowances",
    "int_activity_hours", "int_wisn_standards", "dim_facilities", "dim_specialties", "dim_positions",
]  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facilities", type=int, default=3000)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        bare(options.bare)
        return
    root = Path(tempfile.mkdtemp(prefix="bench_staffing_"))
    try:
        measure(root, options.facilities, options.months)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def measure(root: Path, facilities: int, months: int) -> None:
    """Make the country, run both sides on `months` months, then let one more arrive."""
    make_country(root, facilities, months + 1)
    aside = root / "aside"
    aside.mkdir()
    last = [
        sorted((root / "activity").iterdir())[-1],
        sorted((root / "landing" / "staff_post").glob("month=*"))[-1],
    ]
    for path in last:
        shutil.move(path, aside / path.name)
    write_ledger(root, months)
    warehouse = root / "warehouse.duckdb"
    load_activity(warehouse, root, months)
    prepare(root, warehouse)
    bare_cost = run_apart([sys.executable, __file__, "--bare", str(root)])
    bare_seconds = float((root / "bare_seconds").read_text())
    seconds, cost = run_dbt(root, warehouse, "run", "--select", *MODELS)
    marts_seconds = sum(seconds.values())
    compare_totals(root)
    print(f"posts {facilities * 60 * months:,} rows, {months} months; both give the same national totals")
    for name, value in seconds.items():
        print(f"  {name:<28}{value:8.1f} s")
    told = f"{cost.processor_seconds:.0f} s of processor with dbt's start, peak {cost.peak:.2f} GiB (goal 4)"
    print(f"staffing marts by dbt          {marts_seconds:8.1f} s   {told}")
    told = f"{bare_cost.processor_seconds:.0f} s of processor, peak {bare_cost.peak:.2f} GiB"
    print(f"the same as one bare query     {bare_seconds:8.1f} s   {told}")
    print(f"ratio                          {marts_seconds / bare_seconds:8.2f}     (goal 1.50)")
    for path in last:
        shutil.move(aside / path.name, path)
    share = marts_seconds / months
    for history in (min(13, months), months):
        spent, idle, ratio = new_month(root, history)
        total, nothing = sum(spent.values()), sum(idle.values())
        told = f"{total / share:.2f} of its share (goal 1.30); {nothing:.2f} s with nothing to count"
        told += f"; {ratio:.2f} of its share of processor seconds"
        print(f"a new month on {history:>3} months      {total:8.2f} s   {told}")
        for name, value in spent.items():
            print(f"  {name:<28}{value:8.2f} s   {idle[name]:.2f} s with nothing to count")


if __name__ == "__main__":
    main()
