"""Great Expectations as a tool: expectations over one frame in, findings out.

Belongs here: the context, and reading what the tool answers. Does not belong here: what is expected of a
contract (`suites.py`).
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from orchestration.validation.facts import Severity

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Finding:
    """One expectation and what came of it."""

    expectation: str
    column: str
    severity: Severity
    is_met: bool
    observed: str
    notes: str


@lru_cache(maxsize=1)
def _whole_frame() -> Any:
    """How a frame is handed over, one a process: GX writes it down as YAML whenever it is made."""
    os.environ.setdefault("TQDM_DISABLE", "1")
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    asset = context.data_sources.add_pandas("landed").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("whole")


def load_tool() -> None:
    """Import Great Expectations, which takes 2 s: a process that will validate can do it before."""
    import great_expectations.expectations  # noqa: F401

    _whole_frame()


def findings_of(frame: "pd.DataFrame", suite_name: str, expectations: Sequence[Any]) -> list[Finding]:
    """Validate a frame with GX and read the results."""
    definition = _whole_frame()
    import great_expectations as gx
    from great_expectations.expectations.metadata_types import FailureSeverity

    suite = gx.ExpectationSuite(name=suite_name, expectations=list(expectations))
    validated = definition.get_batch({"dataframe": frame}).validate(suite, result_format="SUMMARY")
    findings = []
    for result in validated.results:
        config = result.expectation_config
        seen = result.result
        if "unexpected_count" in seen:
            observed = f"{seen['unexpected_count']} of {seen.get('element_count', 0)} rows break it"
        else:
            observed = str(seen.get("observed_value", ""))[:200]
        raised = any(entry.get("raised_exception") for entry in _exceptions(result.exception_info))
        findings.append(
            Finding(
                expectation=config.type,
                column=str(config.kwargs.get("column", "")),
                severity="warning" if config.severity == FailureSeverity.WARNING else "critical",
                is_met=bool(result.success) and not raised,
                observed="the expectation could not be evaluated" if raised else observed,
                notes=str(config.notes or ""),
            )
        )
    return findings


def _exceptions(info: Any) -> list[dict[str, Any]]:
    if not isinstance(info, dict):
        return []
    return (
        [info]
        if "raised_exception" in info
        else [entry for entry in info.values() if isinstance(entry, dict)]
    )
