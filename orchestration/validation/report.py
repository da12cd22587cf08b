"""The readable report of the last validation: one HTML file that asks nothing of the outside.

Belongs here: rendering of suite results and of the counts at the door. Does not belong here: validating
(`suites.py`). GX's own data docs load scripts from eight outside hosts, hence this page.
"""

from html import escape
from pathlib import Path

from orchestration.contracts import contract_named
from orchestration.door.lake import Lake
from orchestration.settings import Settings
from orchestration.validation.results import SuiteResult, kept_results

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #d8dee6; vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums }
.critical { color: #a4161a; font-weight: 600 }
.warning { color: #8a5a00; font-weight: 600 }
.met { color: #1b6b3a }
summary { cursor: pointer; padding: .3rem 0 }
"""


def write_validation_report(settings: Settings) -> Path:
    """Write `<reports>/validation.html` from the kept results and the manifests.

    Returns:
        Path of the report.
    """
    path = settings.reports / "validation.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    writing = path.with_suffix(".writing")
    writing.write_text(render(kept_results(settings), Lake(settings)), encoding="utf-8")
    writing.replace(path)
    return path


def render(results: list[SuiteResult], lake: Lake) -> str:
    """The page."""
    at = max((result.validated_at for result in results), default="never")
    rows = "".join(_row(result, lake) for result in results)
    details = "".join(_details(result, lake) for result in results)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Validation at the door</title>'
        f"<style>{STYLE}</style></head><body><h1>Validation at the door</h1>"
        f"<p>Last validation: {escape(at)} (UTC). Records in = landed + superseded +"
        " quarantined, to the unit. A critical expectation that is not met stops the work; a warning lets it go on.</p>"  # noqa: E501
        "<table><thead><tr><th>contract</th><th>result</th><th>records in</th><th>landed</th>"
        f"<th>superseded</th><th>quarantined</th><th>expectations</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>{details}</body></html>"
    )


def _row(result: SuiteResult, lake: Lake) -> str:
    manifest = lake.manifest(result.contract)
    numbers = "".join(
        f'<td class="number">{manifest.get(name, 0):,}</td>'
        for name in ("records_in", "landed", "superseded", "quarantined")
    )
    word = result.severity or "met"
    met = len(result.findings) - len(result.failed)
    return (
        f'<tr><td><a href="#{escape(result.contract)}">{escape(result.contract)}</a></td>'
        f'<td class="{word}">{word}</td>{numbers}<td class="number">{met} of {len(result.findings)}</td></tr>'
    )


def _details(result: SuiteResult, lake: Lake) -> str:
    reasons = lake.manifest(result.contract).get("reasons", {})
    told = "".join(f"<li>{escape(rule)}: {count:,}</li>" for rule, count in reasons.items())
    rows = "".join(
        f'<tr><td class="{"met" if f.is_met else f.severity}">{"met" if f.is_met else f.severity}</td>'
        f"<td>{escape(f.expectation)}</td><td>{escape(f.column)}</td><td>{escape(f.observed)}</td>"
        f"<td>{escape(f.notes)}</td></tr>"
        for f in sorted(result.findings, key=lambda finding: finding.is_met)
    )
    is_open = " open" if result.failed else ""
    return (
        f'<section id="{escape(result.contract)}"><h2>{escape(contract_named(result.contract).title)}'
        f" ({escape(result.contract)})</h2>"
        f"{f'<p>Quarantined, by rule:</p><ul>{told}</ul>' if told else ''}"
        f"<details{is_open}><summary>{len(result.findings)} expectations, by {result.method}</summary>"
        "<table><thead><tr><th>result</th><th>expectation</th><th>column</th><th>observed</th>"
        "<th>note</th></tr>"
        f"</thead><tbody>{rows}</tbody></table></details></section>"
    )
