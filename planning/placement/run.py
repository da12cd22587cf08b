"""One campaign from named tables to checked results: the order of the steps and nothing else.

Belongs here: calling the parts in their order. Does not belong here: the meaning of the tables
(`instance.py`), the layout of results (`results.py`), pandas (`campaign.py` wraps this for frames; the
command for outsiders must start fast) and files.
"""

from collections.abc import Sequence

import numpy as np

from planning.placement.couple_tables import read_couples
from planning.placement.couples import CouplesRun, lines_asking, resumed, strike_off
from planning.placement.feasibility import certify
from planning.placement.instance import TAIL, Rules, Tables, read
from planning.placement.kinds import kinds
from planning.placement.market import Market
from planning.placement.quotas import Scope, are_floors_promised, grow, with_floors
from planning.placement.results import Match, Outcome, lay_out_results
from planning.placement.verify import Findings, Lists, Rule, verify


def run(given: Tables, rules: Rules) -> Outcome:
    """Place the graduates of a campaign and check the result.

    1. Read the tables; drop what is not eligible, with its reason; complete the lists if asked.
    2. Certify the floors by a flow; lower those that no placement can meet, and log it.
    3. Deferred acceptance under the quotas, the couples' rule around it.
    4. The independent checker; a run that it does not clear must not be published.
    5. Reasons, cut-offs, coverage against its bound.

    Raises:
        FrameError: A table that cannot be meant as it is; names the table and rows (0-based).
    """
    instance = read(given, rules)
    market = instance.market
    groups = kinds(market, instance.fixed)
    floors, lowered = certify(market, instance.scopes, instance.fixed, groups=groups)
    scopes = with_floors(instance.scopes, floors.tolist())
    tree = grow(scopes, market)

    couples = read_couples(
        given.couples,
        given.joint,
        market,
        is_own=(instance.source == 0) | (instance.source == TAIL),
        fixed=instance.fixed,
        graduates=instance.graduates,
        lines=instance.lines,
        line_table=given.lines,
    )
    if rules.propose == "lines":
        match = lines_asking(market)
    else:
        match, couples = resumed(market, couples, tree)
    placed = strike_off(market, couples, match)
    findings = _check(market, placed, tree.scopes if tree is not None else ())
    is_promised = (
        rules.is_completed
        and not couples
        and tree is not None
        and are_floors_promised(tree, market, instance.fixed)
    )
    match_found = Match(placed, couples, scopes, lowered, findings, is_promised, groups)
    return lay_out_results(given, instance, match_found)


def _check(market: Market, placed: CouplesRun, scopes: Sequence[Scope]) -> Findings:
    """Hand the bare lists to the independent checker."""
    at = np.flatnonzero(placed.is_open)
    lists = Lists(
        market.graduate[at],
        market.line[at],
        market.position(at),
        market.score[at],
        np.arange(market.graduates_count),
    )
    line = np.full(market.graduates_count, -1)
    has_seat = placed.held >= 0
    line[has_seat] = market.line[placed.held[has_seat]]
    rules = [Rule(scope.name, scope.lines, scope.floor, scope.cap) for scope in scopes]
    return verify(lists, market.capacity, line, rules)
