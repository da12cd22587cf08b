"""dbt inside this process: imported once, and never alive after whoever started it.

A process of its own took 5 s of computing before its first model, twice a run, and went on writing when its
parent was killed. Belongs here: calling dbt and handing on what it tells. Does not belong here: which models
(`defs/transform.py`), the manifest that Dagster reads (`dbt_manifest.py`).
"""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import UserError
from orchestration.settings import DBT_PROJECT_DIR, Settings

if TYPE_CHECKING:
    import dagster as dg

PARSED = "partial_parse.msgpack"
RESULTS = ("LogSeedResult", "LogModelResult", "LogTestResult")


def parse(settings: Settings, target: Path) -> None:
    """Parse the project: its manifest, and what the next parse starts from, into `target`.

    Raises:
        UserError: dbt refuses the project; the text is dbt's.
    """
    _invoke(["parse"], settings, target)


def build(
    context: "dg.AssetExecutionContext", settings: Settings, parsed: Path, say: Callable[[str], None]
) -> Iterator[Any]:
    """`dbt build` of the step's assets; Dagster's events come after dbt has let go of the warehouse.

    dbt's unit tests are left to `make test`.

    Args:
        context: The step; a run of some of its assets builds those alone.
        settings: Folders and limits.
        parsed: Folder of an earlier parse, which a first build starts from.
        say: Told each finished table and test.

    Raises:
        UserError: A table could not be built, or a test failed; the events of the others come first.
    """
    from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
    from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

    target = settings.dbt_target
    if not (target / PARSED).exists() and (parsed / PARSED).exists():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(parsed / PARSED, target)
    call = get_updated_cli_invocation_params_for_context(context, {}, None)
    # Nobody reads the manifest and results that dbt would write; Dagster hears of each as it comes.
    words = ["build", "--no-write-json", "--exclude-resource-type", "unit_test", *call.selection_args]
    if call.indirect_selection:
        words += ["--indirect-selection", call.indirect_selection]
    results: list[dict[str, Any]] = []

    def hear(event: dict[str, Any]) -> None:
        results.append(event)
        say(event["info"]["msg"])

    failure = None
    try:
        _invoke(words, settings, target, hear)
    except UserError as error:
        failure = error
    for result in results:
        yield from DbtCoreCliEventMessage(result, {}).to_default_asset_events(
            call.manifest, call.dagster_dbt_translator, context, target
        )
    if failure:
        raise failure


def _invoke(
    words: list[str],
    settings: Settings,
    target: Path,
    hear: Callable[[dict[str, Any]], None] = lambda _: None,
) -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from dbt_common.events.functions import msg_to_dict

    def heard(message: Any) -> None:
        if message.info.name in RESULTS:
            hear(msg_to_dict(message))

    folders = {"project": DBT_PROJECT_DIR, "profiles": DBT_PROJECT_DIR}
    options = [word for name, folder in folders.items() for word in (f"--{name}-dir", str(folder))]
    options += ["--target-path", str(target), "--log-path", str(target), "--log-level", "none"]
    options += ["--log-level-file", "info", "--no-use-colors"]
    settings.hand_down()
    with _as_dbt_wants():
        try:
            done = dbtRunner(callbacks=[heard]).invoke([words[0], *options, *words[1:]])
        finally:
            # The next reader of the warehouse opens it in this same process.
            DuckDBConnectionManager.close_all_connections()
    if done.exception is not None and not isinstance(done.exception, Exception):
        raise done.exception
    if not done.success:
        raise UserError(
            f"dbt {words[0]} failed.",
            where=str(DBT_PROJECT_DIR),
            why=_reasons(done),
            mend=f"{target / 'dbt.log'} tells each step; {target / 'run'} holds the SQL as it was sent.",
        )


def _reasons(done: Any) -> str:
    if done.exception is not None:
        return str(done.exception)
    results = getattr(done.result, "results", None) or []
    failed = [result for result in results if str(result.status) in ("error", "fail")]
    return "\n".join(f"{result.node.name}: {(result.message or '').strip()}" for result in failed)


@contextmanager
def _as_dbt_wants() -> Iterator[None]:
    """Let an interrupt or a termination reach dbt, which then cancels its queries; put back what dbt changes.

    Dagster's own handlers raise what dbt does not know; dbt changes the working directory.
    """
    folder = Path.cwd()
    is_main = threading.current_thread() is threading.main_thread()
    signals = (signal.SIGINT, signal.SIGTERM) if is_main else ()
    before = {number: signal.signal(number, signal.default_int_handler) for number in signals}
    try:
        yield
    finally:
        os.chdir(folder)
        for number, handler in before.items():
            signal.signal(number, handler)
