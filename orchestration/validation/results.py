"""What came of a suite, and where the last result of each contract is kept.

Belongs here: the result and its file. Does not belong here: validating (`suites.py`), showing (`report.py`).
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from orchestration.contracts import CONTRACTS
from orchestration.settings import Settings
from orchestration.validation.facts import Severity
from orchestration.validation.tool import Finding


@dataclass(frozen=True)
class SuiteResult:
    """Result of a contract's suite.

    Attributes:
        contract: Contract name.
        rows_count: Rows that landed.
        findings: One per expectation.
        method: `frame` or `counts`.
        validated_at: UTC time.
    """

    contract: str
    rows_count: int
    findings: tuple[Finding, ...]
    method: Literal["frame", "counts"]
    validated_at: str

    @property
    def failed(self) -> tuple[Finding, ...]:
        """Expectations that are not met."""
        return tuple(finding for finding in self.findings if not finding.is_met)

    @property
    def is_met(self) -> bool:
        """Whether no critical expectation failed; then the work may go on."""
        return all(finding.severity != "critical" for finding in self.failed)

    @property
    def severity(self) -> Severity | None:
        """The gravest severity among the failed, or None."""
        found = {finding.severity for finding in self.failed}
        return "critical" if "critical" in found else ("warning" if found else None)


def kept_results(settings: Settings) -> list[SuiteResult]:
    """The last result of every contract that was validated, in the order of the contracts.

    A file that a crash of the machine has cut is no result; the next validation writes it anew.
    """
    found = (_kept(_result_path(contract.name, settings)) for contract in CONTRACTS)
    return [result for result in found if result is not None]


def _kept(path: Path) -> SuiteResult | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    content["findings"] = tuple(Finding(**finding) for finding in content["findings"])
    return SuiteResult(**content)


def _result_path(name: str, settings: Settings) -> Path:
    return settings.reports / "validation" / f"{name}.json"


def keep(result: SuiteResult, settings: Settings) -> None:
    """Keep the result of a contract in place of its last one."""
    path = _result_path(result.contract, settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    writing = path.with_suffix(".writing")
    writing.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1), encoding="utf-8")
    writing.replace(path)
