"""Campaigns forward, year after year, so that a rule is judged by who is there in five years.

Belongs here: the yearly step – who is exempt, who refuses, who leaves, what is vacant next year. Does not
belong here: estimating those hazards (`planning.projection.retention`), and any real graduate's future.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planning.placement.feasibility import certify
from planning.placement.market import Floats, Ints, Market, Mask
from planning.placement.matching import graduate_proposing
from planning.placement.quotas import Scope, grow, with_floors

SERVICE_YEARS = 3


@dataclass(frozen=True)
class Behaviour:
    """Yearly shares; a place is rural or not, and at home or not.

    Defaults: of the state-grant graduates of 2024, 22 % were exempt; one in three of those referred
    refuses (reference figures of the project, to be replaced by the country's own). Exits by rural and
    home are the project's placeholders until `planning.projection.retention` gives estimates.

    Attributes:
        exempt_share: of the graduates, before lists open.
        refuse_share: of the placed, in an urban place away from home.
        exit_share: of those who serve, a year, in an urban place away from home.
        exit_after_share: of those who have served, a year.
        rural_factor: on refusal and exit in a rural place.
        home_factor: on refusal and exit in the home region.
    """

    exempt_share: float = 0.22
    refuse_share: float = 0.33
    exit_share: float = 0.08
    exit_after_share: float = 0.15
    rural_factor: float = 1.3
    home_factor: float = 0.6

    def hazard(self, share: float, is_rural: Mask, is_home: Mask) -> Floats:
        """Share by place, never above 1."""
        factor = np.where(is_rural, self.rural_factor, 1.0) * np.where(is_home, self.home_factor, 1.0)
        return np.minimum(share * factor, 1.0)


@dataclass(frozen=True)
class Place:
    """(l,) what the simulation knows of lines."""

    need: Ints
    is_rural: Mask
    region: Ints


def simulate(
    market: Market,
    place: Place,
    home: Ints,
    rules: Mapping[str, tuple[Scope, ...]],
    *,
    years: int = 5,
    behaviour: Behaviour = Behaviour(),  # noqa: B008  frozen
    seed: int = 0,
) -> pd.DataFrame:
    """The same draws of people and fates under each rule, so that only the rule differs.

    1. A cohort is drawn from the present graduates, with their lists and scores; the exempt drop out.
    2. Seats are the need less the stock; the cohort is placed under the rule.
    3. Some refuse; the others begin the first of three years of service.
    4. Some of the stock leave: a share in service, another afterwards, by rural and home.
    5. Next year's vacancies are the need less the stock.

    Args:
        market: the present campaign; its capacity is not read, the need is.
        place: lines.
        home: (n,) home region, in the codes of `place.region`.
        rules: name -> quotas.
        years: campaigns to run.
        behaviour: shares.
        seed: of all draws.

    Returns:
        rule, year, graduates_count, placed_count, refused_count, first_choice_share, in_service_count,
        stayed_after_count, left_count, vacant_count, rural_vacant_count.
    """
    rows: list[dict[str, Any]] = []
    for name, scopes in rules.items():
        # Column 0–2: years of service done; column 3: served and stayed. Home ones are kept apart.
        stock = np.zeros((2, len(place.need), SERVICE_YEARS + 1), dtype=np.int64)
        for year in range(1, years + 1):
            draw = np.random.default_rng([seed, year])
            row, stock = _year(market, place, home, scopes, behaviour=behaviour, stock=stock, draw=draw)
            rows.append({"rule": name, "year": year, **row})
    return pd.DataFrame(rows)


def _year(
    market: Market,
    place: Place,
    home: Ints,
    scopes: tuple[Scope, ...],
    *,
    behaviour: Behaviour,
    stock: Ints,
    draw: np.random.Generator,
) -> tuple[dict[str, Any], Ints]:
    """One campaign and the year that follows it."""
    who = draw.integers(0, market.graduates_count, market.graduates_count)
    who = who[draw.random(len(who)) >= behaviour.exempt_share]
    fate = draw.random(len(who))
    vacant = np.maximum(place.need - stock.sum(axis=(0, 2)), 0)
    cohort = _cohort(market, who, vacant)
    floors, _ = certify(cohort, scopes)
    held = graduate_proposing(cohort, grow(with_floors(scopes, floors.tolist()), cohort))

    placed = np.flatnonzero(held >= 0)
    line = cohort.line[held[placed]]
    is_home = place.region[line] == home[who[placed]]
    refuses = fate[placed] < behaviour.hazard(behaviour.refuse_share, place.is_rural[line], is_home)
    after = np.zeros_like(stock)
    for at_home in (0, 1):
        begun = line[~refuses & (is_home == bool(at_home))]
        after[at_home, :, 0] = np.bincount(begun, minlength=len(vacant))

    left = np.zeros_like(stock)
    for at_home in (0, 1):
        for served in range(SERVICE_YEARS + 1):
            share = behaviour.exit_share if served < SERVICE_YEARS else behaviour.exit_after_share
            hazard = behaviour.hazard(share, place.is_rural, np.full(len(vacant), bool(at_home)))
            left[at_home, :, served] = draw.binomial(stock[at_home, :, served], hazard)
    stays = stock - left
    after[:, :, 1:] += stays[:, :, :-1]
    after[:, :, -1] += stays[:, :, -1]

    vacant_after = np.maximum(place.need - after.sum(axis=(0, 2)), 0)
    position = cohort.position(held)
    row = {
        "graduates_count": len(who),
        "placed_count": len(placed),
        "refused_count": int(refuses.sum()),
        "first_choice_share": float((position == 0).mean()) if len(who) else np.nan,
        "in_service_count": int(after[:, :, :-1].sum()),
        "stayed_after_count": int(after[:, :, -1].sum()),
        "left_count": int(left.sum()),
        "vacant_count": int(vacant_after.sum()),
        "rural_vacant_count": int(vacant_after[place.is_rural].sum()),
    }
    return row, after


def _cohort(market: Market, who: Ints, capacity: Ints) -> Market:
    """A market of drawn graduates, with the lists of those they are drawn from."""
    counts = np.diff(market.first)[who]
    first = np.concatenate(([0], np.cumsum(counts)))
    contract = np.repeat(market.first[who] - first[:-1], counts) + np.arange(first[-1])
    return Market(first, market.line[contract], market.score[contract], capacity)
