"""Why each option above the result was refused, and where the cut-offs stood: codes and figures.

Belongs here: the reasons as data. Does not belong here: the sentences (`letters.py`).
"""

from dataclasses import dataclass

import numpy as np

from planning.placement.market import Floats, Ints, Market, Mask
from planning.placement.verify import Findings

FILLED_BY_HIGHER = "FILLED_BY_HIGHER"
FILLED_BY_STANDING = "FILLED_BY_STANDING"
FLOOR_RESERVED = "FLOOR_RESERVED"
CAP_REACHED = "CAP_REACHED"
NOT_ELIGIBLE = "NOT_ELIGIBLE"
CLOSED = "CLOSED"
PINNED = "PINNED"
COUPLE_MOVED_ON = "COUPLE_MOVED_ON"
EMPTY_LIST = "EMPTY_LIST"
ALL_OPTIONS_REFUSED = "ALL_OPTIONS_REFUSED"

REASON_CODES = (
    FILLED_BY_HIGHER,
    FILLED_BY_STANDING,
    FLOOR_RESERVED,
    CAP_REACHED,
    NOT_ELIGIBLE,
    CLOSED,
    PINNED,
    COUPLE_MOVED_ON,
    EMPTY_LIST,
    ALL_OPTIONS_REFUSED,
)


@dataclass(frozen=True)
class CutOffs:
    """(l,) per line: filled seats, and score and draw of the last seat where the line is full.

    `score` is nan where a seat is left or the line has none. A held post has score `inf`.
    """

    filled: Ints
    score: Floats
    draw: Ints


def cut_offs(market: Market, held: Ints, score: Floats | None = None) -> CutOffs:
    """Cut-offs of a placement: what the last graduate admitted to a full line had.

    Args:
        market: the instance.
        held: (n,) contract of each graduate, or -1.
        score: (m,) scores as given, where a held post shows what its graduate has; nan posts (put there by
            a decision) are looked past. None takes the market's own, `inf` for every standing post.
    """
    everyone = held[held >= 0]
    filled = np.bincount(market.line[everyone], minlength=market.lines_count)
    own = market.score if score is None else score
    taken = everyone[~np.isnan(own[everyone])]
    line = market.line[taken]
    worst = np.full(market.lines_count, np.nan)
    draw = np.full(market.lines_count, -1)
    # Best first, so that the last write of each line is its lowest-standing graduate.
    order = np.lexsort((taken, -own[taken]))
    worst[line[order]] = own[taken[order]]
    draw[line[order]] = market.graduate[taken[order]]
    is_full = (filled >= market.capacity) & (filled > 0)
    return CutOffs(filled, np.where(is_full, worst, np.nan), np.where(is_full, draw, -1))


def refused(market: Market, held: Ints) -> Ints:
    """Contracts that stand above the result in their graduate's list."""
    limit = np.where(held >= 0, held, market.first[1:])
    return np.flatnonzero(np.arange(len(market.line)) < limit[market.graduate])


def waiting(market: Market, held: Ints) -> Ints:
    """(l,) graduates who would rather have the line than what they got."""
    return np.bincount(market.line[refused(market, held)], minlength=market.lines_count)


def reasons(
    market: Market, held: Ints, findings: Findings, is_told: Mask
) -> tuple[Ints, list[str], list[str]]:
    """Refused contracts with code and scope, of those that are told.

    A full line was filled by graduates who stand higher. Where a seat is empty, the constraint that
    keeps it so is the one that the independent checker found.
    """
    contracts = refused(market, held)
    contracts = contracts[is_told[contracts]]
    graduate, line = market.graduate[contracts], market.line[contracts]
    pairs = zip(findings.waste_graduate.tolist(), findings.waste_line.tolist(), strict=True)
    named = dict(zip(pairs, zip(findings.waste_code, findings.waste_scope, strict=True), strict=True))
    codes, scopes = [], []
    for pair in zip(graduate.tolist(), line.tolist(), strict=True):
        code, scope = named.get(pair, (FILLED_BY_HIGHER, ""))
        codes.append(code)
        scopes.append(scope)
    return contracts, codes, scopes
