"""The named tables of a campaign as one instance: admissible contracts, and the refusals on the way.

Belongs here: what the tables mean together. Does not belong here: ids and numbers (`tables.py`), quotas
(`quota_tables.py`) and couples (`couple_tables.py`) in detail, or any step of the match.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from planning.errors import FrameError
from planning.placement import explain, standing, tables
from planning.placement.completion import tail
from planning.placement.couple_tables import joint_options
from planning.placement.market import UNPLACED, Floats, Ints, Market, Mask, lay_out
from planning.placement.quota_tables import read_scopes
from planning.placement.quotas import Scope
from planning.placement.tables import Columns, Options, Roll

Eligibility = Callable[[Ints, Ints], Sequence[str]]
"""Rows of the graduates and of the lines tables -> reason code of each pair, "" where eligible."""
Points = Callable[[Ints, Ints], Floats]
"""Rows of the graduates and of the lines tables -> score of each pair, higher first."""

NOT_ON_LINE_LIST = "NOT_ON_LINE_LIST"
LISTED, JOINT, TAIL = 0, -1, -2
PAIRS_AT_A_TIME = 1_000_000  # about 60 MB of work arrays


@dataclass(frozen=True)
class Tables:
    """What a campaign is given; only the first three are needed.

    Preferences may carry `line_score`, the score of the pair (it saves a table of scores), and
    `is_from_tail`, where the published tail was added by the caller.
    """

    graduates: Columns
    lines: Columns
    preferences: Columns
    priorities: Columns | None = None
    scores: Columns | None = None
    quotas: Columns | None = None
    couples: Columns | None = None
    joint: Columns | None = None
    overrides: Columns | None = None
    held: Columns | None = None


@dataclass(frozen=True)
class Rules:
    """How the campaign is run; all of it is fixed before lists open."""

    seed: int | str = 0
    propose: Literal["graduates", "lines"] = "graduates"
    is_completed: bool = False
    eligibility: Eligibility | None = None
    points: Points | None = None


@dataclass(frozen=True)
class Instance:
    """The market with its names, and the options that never reached it.

    Attributes:
        graduates: names in lottery order.
        lines: names by id.
        market: admissible contracts.
        rank: (m,) rank in the list as given.
        source: (m,) `LISTED`, `JOINT`, `TAIL` or `STANDING`.
        fixed: (n,) contract that stands before the run (pinned or held), or -1.
        pinned: (n,) placed by an override.
        excluded: graduate, line, rank, reason and detail of each option that was not admitted.
        given_score: (m,) score as given, also of held posts; nan for a post that a decision put there.
        scopes: quotas as published.
        is_ranked: lines gave ranks; otherwise they look at scores.
    """

    graduates: Roll
    lines: Roll
    market: Market
    rank: Ints
    source: Ints
    fixed: Ints
    pinned: Mask
    excluded: Sequence[tuple[int, int, int, str, str]]
    given_score: Floats
    scopes: tuple[Scope, ...]
    is_ranked: bool


def read(given: Tables, rules: Rules) -> Instance:
    """Names to numbers, admissible contracts to a market, all refusals told."""
    graduates = tables.graduate_roll(given.graduates, rules.seed)
    lines, capacity = tables.line_roll(given.lines)
    asked = tables.options(given.preferences, graduates, lines)
    is_from_tail = _told_tail(given.preferences, len(asked.row))
    asked = tables.append(asked, joint_options(given.couples, given.joint, asked, graduates, lines), JOINT)
    if rules.is_completed:
        asked = _completed(given, rules, asked, graduates, lines)
    closed = _closed(given.lines, lines, capacity)
    scopes = read_scopes(given.quotas, given.lines, lines)
    if rules.propose == "lines" and scopes:
        problem = "quotas are defined for graduates proposing only"
        raise FrameError("quotas", problem, mend="Leave out --quotas, or use --propose graduates.")

    score, is_ranked = _scores(given, rules, asked, graduates, lines)
    reason = np.full(len(asked.line), "", dtype=object)
    is_free = np.ones(len(asked.line), dtype=bool)
    if rules.eligibility is not None and len(asked.line):
        codes = rules.eligibility(graduates.row[asked.graduate], lines.row[asked.line])
        reason[:] = np.asarray(codes, dtype=object)
        is_free = reason == ""
    is_unlisted = is_free & np.isnan(score)
    reason[is_unlisted] = NOT_ON_LINE_LIST
    is_free &= ~is_unlisted
    is_closed = is_free & closed[asked.line]
    kept = is_free & ~is_closed

    pins = standing.read_posts(given.overrides, "overrides", graduates, lines, closed)
    holds = standing.read_posts(given.held, "held", graduates, lines, closed)
    holds = {g: line for g, line in holds.items() if g not in pins}
    standing.refuse_overfull(given.overrides, given.held, {**holds, **pins}, capacity, lines)
    standing.refuse_beyond_caps(given.overrides, given.held, {**holds, **pins}, scopes)
    is_pinned = np.zeros(len(graduates.ids), dtype=bool)
    is_pinned[list(pins)] = True
    own_score = score
    kept, asked, score = standing.put_on_top(asked, score, kept, holds, pins)
    own_score = np.concatenate((own_score, np.full(len(score) - len(own_score), np.nan)))
    own_score[is_pinned[asked.graduate]] = np.nan
    reason = np.concatenate((reason, np.full(len(asked.line) - len(reason), "", dtype=object)))
    is_closed = np.concatenate((is_closed, np.zeros(len(asked.line) - len(is_closed), dtype=bool)))

    is_told = asked.row != TAIL
    from_table = np.flatnonzero(asked.row >= 0)
    is_told[from_table] = ~is_from_tail[asked.row[from_table]]
    excluded = _excluded(asked, np.flatnonzero(~kept & is_told), reason, is_closed, is_pinned)
    market, order = lay_out(
        asked.graduate[kept],
        asked.line[kept],
        asked.rank[kept],
        score[kept],
        capacity=np.where(closed, 0, capacity),
        graduates_count=len(graduates.ids),
    )
    kept_at = np.flatnonzero(kept)[order]
    fixed = np.full(len(graduates.ids), UNPLACED)
    stands = np.flatnonzero(np.isposinf(market.score))
    fixed[market.graduate[stands]] = stands
    row = asked.row[kept_at]
    source = np.minimum(row, LISTED)
    source[row >= 0] = np.where(is_from_tail[row[row >= 0]], TAIL, LISTED)
    return Instance(
        graduates,
        lines,
        market,
        asked.rank[kept_at],
        source,
        fixed,
        is_pinned,
        excluded,
        own_score[kept_at],
        scopes,
        is_ranked,
    )


def _excluded(
    asked: Options, rows: Ints, reason: np.ndarray, is_closed: Mask, is_pinned: Mask
) -> list[tuple[int, int, int, str, str]]:
    """Graduate, line, rank, code and detail of options that were not admitted, for a reason of their own."""
    found = []
    for at in rows.tolist():
        option = (int(asked.graduate[at]), int(asked.line[at]), int(asked.rank[at]))
        if reason[at]:
            found.append((*option, explain.NOT_ELIGIBLE, str(reason[at])))
        elif is_closed[at]:
            found.append((*option, explain.CLOSED, ""))
        elif is_pinned[option[0]]:
            found.append((*option, explain.PINNED, ""))
    return found


def _scores(given: Tables, rules: Rules, asked: Options, graduates: Roll, lines: Roll) -> tuple[Floats, bool]:
    """(m,) standing of each option, nan where the line refuses it; and whether lines gave ranks."""
    if given.priorities is not None:
        return -tables.line_ranks(given.priorities, graduates, lines, asked), True
    if "line_score" in given.preferences:
        told = tables.decimals(given.preferences["line_score"], "preferences", "line_score")
        # Options beyond the table are those of a joint list or of the tail made here: nobody scored them.
        score = np.full(len(asked.line), np.nan)
        from_table = asked.row >= 0
        score[from_table] = told[asked.row[from_table]]
        return score, False
    if given.scores is not None:
        return tables.pair_scores(given.scores, graduates, lines, asked), False
    if rules.points is not None:
        rows = graduates.row[asked.graduate], lines.row[asked.line]
        return np.asarray(rules.points(*rows), dtype=float), False
    for column in ("score", "merit_score"):
        if column in given.graduates:
            merit = tables.decimals(given.graduates[column], "graduates", column)[graduates.row]
            return merit[asked.graduate], False
    return np.zeros(len(asked.line)), False


def _told_tail(preferences: Columns, rows_count: int) -> Mask:
    """(rows,) options that the caller says come from the published tail."""
    if "is_from_tail" not in preferences:
        return np.zeros(rows_count, dtype=bool)
    return np.array(preferences["is_from_tail"], dtype=bool)


def _closed(table: Columns, lines: Roll, capacity: Ints) -> Mask:
    """(l,) lines without a seat to give: none opened, not funded, or not open."""
    closed: Mask = capacity == 0
    for column in ("is_open", "is_funded"):
        if column in table:
            closed = closed | ~np.array(tables.truths(table[column], "lines", column), dtype=bool)[lines.row]
    return closed


def _completed(given: Tables, rules: Rules, asked: Options, graduates: Roll, lines: Roll) -> Options:
    """Lists with the published tail."""
    graduate, line = _eligible_pairs(rules, graduates, lines)
    lines_count = len(lines.ids)
    home, region = _region_codes(given, graduates, lines)
    deficit = np.zeros(lines_count)
    if "deficit_share" in given.lines:
        deficit = tables.decimals(given.lines["deficit_share"], "lines", "deficit_share")[lines.row]
    added = tail(
        graduate,
        line,
        listed=(asked.graduate, asked.line, asked.rank),
        home=home,
        region=region,
        deficit=deficit,
    )
    return tables.append(asked, np.column_stack((added.graduate, added.line, added.rank)), TAIL)


def _eligible_pairs(rules: Rules, graduates: Roll, lines: Roll) -> tuple[Ints, Ints]:
    """Every eligible pair, found some graduates at a time: a country has 80 million pairs."""
    lines_count = max(len(lines.ids), 1)
    at_a_time = max(PAIRS_AT_A_TIME // lines_count, 1)
    is_eligible = getattr(rules.eligibility, "is_eligible", None)
    found: list[tuple[Ints, Ints]] = [(np.zeros(0, dtype=np.int64),) * 2]
    for begin in range(0, len(graduates.ids) if lines.ids else 0, at_a_time):
        end = min(begin + at_a_time, len(graduates.ids))
        graduate, line = np.divmod(np.arange(begin * lines_count, end * lines_count), lines_count)
        rows = graduates.row[graduate], lines.row[line]
        if is_eligible is not None:
            free = is_eligible(*rows)
        elif rules.eligibility is not None:
            free = np.asarray(rules.eligibility(*rows), dtype=object) == ""
        else:
            free = np.ones(len(line), dtype=bool)
        found.append((graduate[free], line[free]))
    return np.concatenate([g for g, _ in found]), np.concatenate([at for _, at in found])


def _region_codes(given: Tables, graduates: Roll, lines: Roll) -> tuple[Ints, Ints]:
    """(n,) home region and (l,) region as numbers, -1 where unknown."""
    region = [str(v) for v in given.lines.get("region_code", [""] * len(lines.ids))]
    home = [str(v) for v in given.graduates.get("home_region_code", [""] * len(graduates.ids))]
    number = {value: at for at, value in enumerate(sorted(set(region)))}
    return (
        np.array([number.get(value, -1) for value in home], dtype=np.int64)[graduates.row],
        np.array([number[value] for value in region], dtype=np.int64)[lines.row],
    )
