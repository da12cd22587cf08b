"""`medkadr place`: place graduates on vacancy lines from plain CSV files.

Belongs here: options, the call, the printed summary. Does not belong here: reading files
(`placement_files.py`) and the mathematics (`planning.placement.run`), both loaded when called.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from orchestration.errors import UserError, told

NOT_PUBLISHED = 3
MEANING = {
    "FILLED_BY_HIGHER": "every seat went to graduates who stand higher",
    "FILLED_BY_STANDING": "every seat is held by a post decided or guaranteed before the run",
    "FLOOR_RESERVED": "a seat is empty, kept so that a floor is met",
    "CAP_REACHED": "a seat is empty, but a cap is reached",
    "NOT_ELIGIBLE": "the graduate may not serve there, or the line does not accept",
    "CLOSED": "the line is closed or has no seat",
    "PINNED": "the graduate's place was decided before the run",
    "COUPLE_MOVED_ON": "the couple's list had moved on",
}


@told
def place(
    *,
    graduates: Annotated[
        Path,
        typer.Option(
            help="graduate_id; optional score, home_region_code, status (active, exempt, deferred, placed)."
        ),
    ],
    lines: Annotated[
        Path,
        typer.Option(
            help="line_id, capacity; optional facility_id, specialty_code, region_code, is_rural, "
            "is_open, is_funded, deficit_share."
        ),
    ],
    preferences: Annotated[Path, typer.Option(help="graduate_id, line_id, rank (1 is best).")],
    out: Annotated[Path, typer.Option(help="Folder for the results.", file_okay=False)],
    priorities: Annotated[
        Path | None,
        typer.Option(
            help="line_id, graduate_id, rank. Equal ranks are a tie for the lottery; an absent pair is "
            "unacceptable. Without the file the score, then the lottery decides."
        ),
    ] = None,
    quotas: Annotated[
        Path | None,
        typer.Option(help="scope_column, scope_value, floor, cap. Join columns by | to nest scopes."),
    ] = None,
    couples: Annotated[
        Path | None,
        typer.Option(
            help="couple_id, graduate_id (two rows a couple); joint lists in the same file: couple_id, "
            "rank, line_id_1, line_id_2, where line_id_1 is for the couple's first row."
        ),
    ] = None,
    overrides: Annotated[
        Path | None,
        typer.Option(help="graduate_id, line_id, reason_code, decided_by, decided_at: pinned first."),
    ] = None,
    held: Annotated[
        Path | None,
        typer.Option(help="graduate_id, line_id of a previous run: guaranteed, may only improve."),
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of the files: utf-8, cp1251, utf-16.")] = "utf-8",
    seed: Annotated[str, typer.Option(help="Seed of the lottery, published before lists open.")] = "0",
    propose: Annotated[
        Literal["graduates", "lines"], typer.Option(help="The side whose best result is wanted.")
    ] = "graduates",
    complete: Annotated[
        bool,
        typer.Option(
            "--complete",
            help="Extend every list by the published tail: home region, deficit, line. Floors are "
            "promised on completed lists only.",
        ),
    ] = False,
) -> None:
    """Place graduates on vacancy lines from plain CSV files, and check the result.

    Writes placements.csv, explanations.csv, lines.csv and checker.json (with quotas floors.csv, with
    couples couples.csv). Needs no warehouse. Ends with 2 on bad input, 3 when the independent checker
    does not clear the run; then no placement is written.
    """
    from orchestration.placement_files import alone_in, read_csv, split_couples, write_results
    from planning.errors import FrameError
    from planning.placement.audit import audit
    from planning.placement.instance import Rules, Tables
    from planning.placement.run import run
    from planning.placement.status import status_rule

    paths = {
        "graduates": graduates,
        "lines": lines,
        "preferences": preferences,
        "priorities": priorities,
        "quotas": quotas,
        "couples": couples,
        "overrides": overrides,
        "held": held,
    }
    with alone_in(out):
        files = {name: read_csv(path, encoding) for name, path in paths.items() if path is not None}
        if "couples" in files:
            files["couples"], joint = split_couples(files["couples"])
            if joint is not None:
                files["joint"] = joint
        try:
            given = Tables(**{name: table.columns for name, table in files.items()})
            outcome = run(given, Rules(seed, propose, complete, status_rule(given.graduates)))
        except FrameError as error:
            table = files.get(error.table)
            where = table.where(error.rows) if table else error.table
            is_name = "_" in error.problem.split(maxsplit=1)[0] or "=" in error.problem.split(maxsplit=1)[0]
            raise UserError(
                f"{error.problem if is_name else error.problem[:1].upper() + error.problem[1:]}.",
                where=f"{where}, column {error.column}" if error.column else where,
                mend=f"{error.mend} Nothing was written.".strip(),
            ) from None
        tables = {name: table.columns for name, table in files.items()}
        by_name = audit(
            tables,
            outcome.tables["placements"],
            outcome.tables["explanations"],
            outcome.tables["floors"],
            seed=seed,
            is_completed=complete,
        )
        is_clean = outcome.checker["is_clean"] and not any(
            count for name, count in by_name.items() if name != "floors_below_certificate"
        )
        checker = {
            **outcome.checker,
            "is_clean": is_clean,
            "second_look_by_names": by_name,
            "seed": seed,
            "propose": propose,
            "is_completed": complete,
            "summary": outcome.summary,
            "input_sha256": {name: table.sha256 for name, table in sorted(files.items())},
        }
        results: dict[str, Any] = {}
        if is_clean:
            placements = outcome.tables["placements"]
            results["placements.csv"] = {c: placements[c] for c in ("graduate_id", "line_id", "rank")}
            results["explanations.csv"] = outcome.tables["explanations"]
            results["lines.csv"] = outcome.tables["lines"]
            if "quotas" in files:
                results["floors.csv"] = outcome.tables["floors"]
            if "couples" in files:
                results["couples.csv"] = outcome.tables["couples"]
        write_results(out, results, checker)
    _print_summary(outcome.summary, checker, out)
    if not is_clean:
        raise SystemExit(NOT_PUBLISHED)


def _print_summary(summary: Any, checker: Any, out: Path) -> None:
    """The few figures a reader wants first, and what every code means."""
    count, placed = summary["graduates_count"], summary["placed_count"]
    seats = summary["seats_count"]
    print(f"Graduates {count}, lines {summary['lines_count']}, seats {seats}")
    print(f"Placed {placed}, unplaced {summary['unplaced_count']}; seats left empty {seats - placed}")
    if placed:
        first = summary["first_choice_count"]
        print(
            f"First choice {first} ({first / count:.0%} of all graduates), mean place in the own list "
            f"{summary['mean_rank']:.2f} among the placed"
        )
    if summary["refused_options"]:
        print("Options refused (each with its reason in explanations.csv):")
    for code, refused in summary["refused_options"].items():
        print(f"  {code}: {refused} – {MEANING[code]}")
    for floor in checker["floors_lowered"]:
        print(f"Floor lowered, {floor['scope']}: {floor['floor']} -> {floor['lowered_to']} ({floor['cut']})")
    if checker["floors_below_certificate"]:
        print(
            f"Floors not reached: {checker['floors_below_certificate']}. They are promised on completed "
            "lists (--complete) where everyone may serve on every line; see floors.csv."
        )
    if checker["is_clean"]:
        print(f"Checked twice, no breach (checker.json). Written to {out}")
    else:
        print(f"NOT PUBLISHED: the checker found breaches, see {out / 'checker.json'}")
