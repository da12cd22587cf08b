"""Dagster's view: what stands in it, that loading it does no work, and the private names we lean on."""

import inspect
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytestmark = pytest.mark.rules

SNAPSHOT = Path(__file__).with_name("definitions.json")
ROOT = Path(__file__).resolve().parents[2]

# Loading may read and may write bytecode; it may start nothing, connect to nothing, write nothing else.
WATCHED_IMPORT = """
import sys
import dagster, dagster_dbt  # what these do when they are imported is theirs
def watch(event, args):
    if event in ("socket.connect", "subprocess.Popen", "os.system"):
        raise SystemExit(f"work at import: {event} {args[:2]}")
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        name = str(args[0])
        if not (name.endswith(".pyc") or ".pyc." in name or name == "/dev/null"):
            raise SystemExit(f"work at import: wrote {name}")
sys.addaudithook(watch)
from orchestration.definitions import defs
print(len(list(defs().resolve_all_asset_specs())))
"""


@pytest.fixture(scope="module")
def definitions(manifest):
    from orchestration.definitions import defs

    return defs()


def described(definitions) -> dict[str, dict[str, object]]:
    return {
        spec.key.to_user_string(): {
            "group": spec.group_name,
            "deps": sorted(dep.asset_key.to_user_string() for dep in spec.deps),
        }
        for spec in sorted(definitions.resolve_all_asset_specs(), key=lambda spec: spec.key)
    }


def test_the_graph_is_the_reviewed_one(definitions, request):
    now = json.dumps(described(definitions), indent=1) + "\n"
    if request.config.getoption("--write-snapshots"):
        SNAPSHOT.write_text(now)
    assert json.loads(now) == json.loads(SNAPSHOT.read_text()), "review with --write-snapshots"


def test_loading_the_definitions_does_no_work(manifest):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WATCHED_IMPORT],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 50


def test_the_watch_on_loading_sees_work_when_there_is_some():
    sly = WATCHED_IMPORT.replace("from orchestration.definitions import defs", "open('/tmp/x.txt', 'w')")
    done = subprocess.run([sys.executable, "-c", sly], capture_output=True, text=True, check=False)
    assert "work at import: wrote /tmp/x.txt" in done.stderr


def test_every_asset_has_a_group_an_owner_a_description_and_freshness(definitions):
    from orchestration.running.dbt_manifest import MANIFEST

    assert MANIFEST.exists()
    lacking = {}
    for spec in definitions.resolve_all_asset_specs():
        missing = [
            word
            for word, has in {
                "group": spec.group_name and spec.group_name != "default",
                "owner": spec.owners,
                "description": spec.description,
                "freshness": spec.freshness_policy,
                "automation": spec.automation_condition,
            }.items()
            if not has
        ]
        if missing:
            lacking[spec.key.to_user_string()] = missing
    assert lacking == {}


def test_every_contract_lands_and_is_judged_by_a_blocking_suite(definitions):
    from orchestration.contracts import CONTRACTS

    graph = definitions.resolve_asset_graph()
    checked = {key.asset_key.path[1] for key in graph.asset_check_keys if key.name == "suite"}
    assert checked == {contract.name for contract in CONTRACTS}
    assert all(
        graph.get(key).is_materializable for key in graph.get_all_asset_keys() if key.path[0] == "landing"
    )


def test_a_forecast_names_the_sources_of_what_the_stage_reads_and_an_assumption_names_none(definitions):
    from orchestration.forecasts.reading import _TABLES
    from orchestration.forecasts.schemas import DESCENDS_FROM, READ, TABLES
    from orchestration.publishing.marts import published_marts
    from orchestration.running.dbt_manifest import MANIFEST

    assert set(READ) == {*_TABLES.values(), "int_vacancies_yearly", "int_as_of"}
    assert set(TABLES) >= DESCENDS_FROM.keys()
    sources = {mart.name: mart.contracts for mart in published_marts(MANIFEST) if mart.schema == "forecast"}
    assert {"staff_post", "population", "passport_encounter"} <= set(sources["fct_deficit_forecasts"])
    assert "university_seat" in sources["fct_pipeline_lags"]
    assert sources["fct_scenarios"] == sources["fct_plan_prices"] == ()


def test_the_definitions_file_stays_short():
    assert len((ROOT / "orchestration" / "definitions.py").read_text().splitlines()) <= 30


def test_the_private_names_that_dbt_and_the_event_log_are_driven_by_are_still_there():
    from dagster._core.storage.event_log import SqliteEventLogStorage
    from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
    from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

    assert {"_connect", "_initdb", "conn_string_for_shard"} <= set(dir(SqliteEventLogStorage))
    assert {"context", "manifest"} <= set(
        inspect.signature(get_updated_cli_invocation_params_for_context).parameters
    )
    assert {"raw_event", "event_history_metadata"} <= set(
        inspect.signature(DbtCoreCliEventMessage).parameters
    )


def test_the_nightly_schedule_asks_for_all_months_in_one_run(definitions):
    import dagster as dg

    schedule = definitions.resolve_schedule_def("nightly")
    (request,) = schedule.evaluate_tick(dg.build_schedule_context()).run_requests
    assert request.tags["dagster/asset_partition_range_start"] == "2023-01-01"


def test_a_new_delivery_makes_its_readers_run(definitions):
    """One tick of the automation: landing/facility was just made, so landing/delivery is asked for."""
    import dagster as dg

    upstream, downstream = dg.AssetKey(["a", "source"]), dg.AssetKey(["a", "reader"])
    condition = next(
        spec.automation_condition
        for spec in definitions.resolve_all_asset_specs()
        if spec.key == dg.AssetKey(["landing", "delivery"])
    )

    @dg.asset(key=upstream)
    def source() -> None: ...

    @dg.asset(key=downstream, deps=[upstream], automation_condition=condition)
    def reader() -> None: ...

    defs = dg.Definitions([source, reader])

    def requested_after_the_source() -> int:
        with dg.DagsterInstance.ephemeral() as instance:
            first = dg.evaluate_automation_conditions(defs=defs, instance=instance)
            dg.materialize([source], instance=instance)
            second = dg.evaluate_automation_conditions(defs=defs, instance=instance, cursor=first.cursor)
            return second.total_requested

    # In a thread of its own: Dagster calls asyncio.run, and a browser test before this one may have left
    # Playwright's event loop running in the main thread.
    with ThreadPoolExecutor(1) as own_thread:
        assert own_thread.submit(requested_after_the_source).result() == 1
