"""Checks that stop a run before a table is used: each contract's suite, and deliveries that shrank.

Belongs here: turning a result into a Dagster check with its severity. Does not belong here: the suites
(`orchestration/validation/suites.py`), dbt's tests (they come with `transform.py`), the audits of a snapshot.
"""

import dagster as dg

from orchestration.contracts import CONTRACTS, Contract
from orchestration.defs.ingest import landing_key
from orchestration.defs.resources import Installation
from orchestration.shrinkage import LARGEST_LOSS_SHARE, shrunken, shrunken_posts

SEVERITY = {
    "critical": dg.AssetCheckSeverity.ERROR,
    "warning": dg.AssetCheckSeverity.WARN,
    None: dg.AssetCheckSeverity.WARN,
}


def suite_check(contract: Contract) -> dg.AssetChecksDefinition:
    """The contract's suite as a blocking check: a critical finding stops what follows, a warning shows."""

    @dg.asset_check(
        asset=landing_key(contract.name),
        name="suite",
        blocking=True,
        description=f"Great Expectations: is {contract.name} what was agreed to be received?",
    )
    def suite(installation: Installation) -> dg.AssetCheckResult:
        result = installation.suites.result(contract.name, installation.settings)
        failed = [
            f"{f.expectation} {f.column}: {f.observed} ({f.severity}) {f.notes}".strip()
            for f in result.failed
        ]
        return dg.AssetCheckResult(
            passed=not result.failed,
            severity=SEVERITY[result.severity],
            metadata={
                "expectations_count": len(result.findings),
                "failed": dg.MetadataValue.json(failed),
                "method": result.method,
                "report": dg.MetadataValue.path(installation.settings.reports / "validation.html"),
            },
        )

    return suite


suite_checks = [suite_check(contract) for contract in CONTRACTS]


@dg.asset_check(asset=landing_key("delivery"), blocking=True)
def no_contract_shrank(installation: Installation) -> dg.AssetCheckResult:
    """No contract lost more than 30 % of its rows since the served snapshot of the same configuration."""
    lost = shrunken(installation.settings, installation.sources)
    return _loss(
        lost, "deliver again in full, or, if the loss is real, change the configuration (as_of, say)"
    )


@dg.asset_check(asset=landing_key("staff_post"), blocking=True)
def no_staffing_table_shrank(installation: Installation) -> dg.AssetCheckResult:
    """No region lost more than 30 % of its established posts since last month, unless it was confirmed."""
    lost = shrunken_posts(installation.settings, installation.sources)
    return _loss(
        lost, "deliver the missing tables, or, if the loss is real, name the month in confirmed_shrinkage"
    )


def _loss(lost: list[str], mend: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=not lost,
        severity=dg.AssetCheckSeverity.ERROR,
        description="; ".join([*lost, f"to mend: {mend}"]) if lost else None,
        metadata={"lost": dg.MetadataValue.json(lost), "largest_loss_share": LARGEST_LOSS_SHARE},
    )
