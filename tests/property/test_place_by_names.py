"""A run from named tables against every stable matching, both sides proposing; and the second look at it."""

import hashlib
import itertools
import random
from dataclasses import asdict

import pytest

from planning.placement.audit import audit
from planning.placement.instance import Rules, Tables
from planning.placement.run import run

pytestmark = pytest.mark.property


def instance(seed):
    """Incomplete and one-sided lists, gaps in ranks, ties on the lines' side, lines without a seat."""
    draw = random.Random(seed)
    graduates = [f"g{i}" for i in range(draw.randint(1, 5))]
    lines = [f"l{i}" for i in range(draw.randint(1, 4))]
    seats = {line: draw.choice([0, 1, 1, 2]) for line in lines}
    wishes = {g: draw.sample(lines, draw.randint(0, len(lines))) for g in graduates}
    ranks = {
        line: {g: draw.randint(1, 3) for g in draw.sample(graduates, draw.randint(0, len(graduates)))}
        for line in lines
    }
    wish_rows = [(g, line, 3 * at + 1) for g, own in wishes.items() for at, line in enumerate(own)]
    rank_rows = [(line, g, rank) for line, own in ranks.items() for g, rank in own.items()]
    draw.shuffle(wish_rows)
    tables = Tables(
        {"graduate_id": graduates},
        {"line_id": lines, "capacity": [str(seats[line]) for line in lines]},
        columns(("graduate_id", "line_id", "rank"), wish_rows),
        priorities=columns(("line_id", "graduate_id", "rank"), rank_rows),
    )
    return tables, wishes, ranks, seats


def columns(names, rows):
    return {name: [str(row[at]) for row in rows] for at, name in enumerate(names)}


def standing(line, graduate, ranks, seed):
    ticket = hashlib.sha256(f"{seed}:{graduate}".encode()).digest()
    return ranks[line][graduate], ticket


def every_stable(wishes, ranks, seats, seed):
    """All placements without a blocking pair, by trying every one."""
    options = [[None, *(line for line in own if g in ranks[line])] for g, own in wishes.items()]
    for choice in itertools.product(*options):
        placed = dict(zip(wishes, choice, strict=True))
        if any(choice.count(line) > seats[line] for line in seats):
            continue
        if not any(
            _blocks(g, line, placed, wishes, ranks, seats, seed) for g in wishes for line in wishes[g]
        ):
            yield placed


def _blocks(graduate, line, placed, wishes, ranks, seats, seed):  # noqa: PLR0917
    own = wishes[graduate]
    has = placed[graduate]
    if graduate not in ranks[line] or (has is not None and own.index(has) <= own.index(line)):
        return False
    there = [g for g in placed if placed[g] == line]
    mine = standing(line, graduate, ranks, seed)
    return len(there) < seats[line] or any(mine < standing(line, g, ranks, seed) for g in there)


def place(tables, propose="graduates", seed="7"):
    outcome = run(tables, Rules(seed, propose))
    assert outcome.checker["is_clean"]
    table = outcome.tables["placements"]
    return outcome, dict(zip(table["graduate_id"], table["line_id"], strict=True))


def place_in_list(wishes, graduate, line):
    return len(wishes[graduate]) if line is None else wishes[graduate].index(line)


@pytest.mark.parametrize("seed", range(250))
def test_each_side_that_proposes_gets_its_best_stable_placement_and_seats_are_the_same(seed):
    tables, wishes, ranks, seats = instance(seed)
    stable = list(every_stable(wishes, ranks, seats, "7"))
    _, best = place(tables)
    _, worst = place(tables, "lines")
    assert best in stable
    assert worst in stable
    for placed in stable:
        for graduate, line in placed.items():
            at = place_in_list(wishes, graduate, line)
            assert place_in_list(wishes, graduate, best[graduate]) <= at
            assert at <= place_in_list(wishes, graduate, worst[graduate])
    # Roth (1986), the rural hospitals theorem: who is placed and how many each line receives never differ,
    # and a line with an empty seat has the same graduates in all of them.
    for line, count in seats.items():
        crews = [{g for g in placed if placed[g] == line} for placed in stable]
        assert len({len(crew) for crew in crews}) == 1
        if len(crews[0]) < count:
            assert all(crew == crews[0] for crew in crews)


def look(tables, outcome, placements=None):
    given = {name: table for name, table in asdict(tables).items() if table is not None}
    found = outcome.tables
    return audit(given, placements or found["placements"], found["explanations"], found["floors"], seed="7")


@pytest.mark.parametrize("seed", range(120))
def test_the_second_look_clears_every_run_and_notices_every_other_placement(seed):
    tables, wishes, ranks, seats = instance(seed)
    outcome, placed = place(tables)
    assert not any(look(tables, outcome).values())
    stable = list(every_stable(wishes, ranks, seats, "7"))
    draw = random.Random(seed)
    for _ in range(15):
        other = dict(placed)
        other[draw.choice(list(other))] = draw.choice([None, *seats])
        if other in stable:
            continue
        told = {"graduate_id": list(other), "line_id": list(other.values())}
        assert any(look(tables, outcome, told).values()), other


def quota_run():
    """Six graduates who all want the city; the village has a floor of two, the city a cap of four."""
    graduates = [f"g{i}" for i in range(6)]
    tables = Tables(
        {"graduate_id": graduates, "score": [str(i) for i in range(6)]},
        {"line_id": ["city", "village"], "capacity": ["6", "3"], "is_rural": ["no", "yes"]},
        columns(("graduate_id", "line_id", "rank"), [(g, "city", 1) for g in graduates]
                + [(g, "village", 2) for g in graduates]),
        quotas=columns(("scope_column", "scope_value", "floor", "cap"),
                       [("is_rural", "true", 2, ""), ("line_id", "city", "", 4)]),
        overrides={"graduate_id": ["g0"], "line_id": ["city"]},
        held={"graduate_id": ["g1"], "line_id": ["village"]},
    )  # fmt: skip
    return tables, run(tables, Rules("7"))


PLANTED = {
    "over_cap": {"g2": "city"},
    "floors_below_certificate": {"g1": None, "g2": None},
    "over_capacity": {"g3": "village", "g4": "village"},
    "overrides_not_kept": {"g0": "village"},
    "held_posts_made_worse": {"g1": None},
    "justified_envy_pairs": {"g5": "village"},
    "outside_own_list": {"g2": "elsewhere"},
}


@pytest.mark.parametrize("breach", PLANTED)
def test_a_planted_breach_is_counted_under_its_own_name(breach):
    tables, outcome = quota_run()
    table = outcome.tables["placements"]
    placed = dict(zip(table["graduate_id"], table["line_id"], strict=True))
    assert placed == {
        "g0": "city",
        "g1": "village",
        "g2": "village",
        "g3": "city",
        "g4": "city",
        "g5": "city",
    }
    assert not any(look(tables, outcome).values())
    placed |= PLANTED[breach]
    told = {"graduate_id": list(placed), "line_id": list(placed.values())}
    assert look(tables, outcome, told)[breach] >= 1


def test_a_seat_on_a_line_that_does_not_accept_and_a_missing_graduate_are_counted():
    tables = Tables(
        {"graduate_id": ["g0", "g1"]},
        {"line_id": ["l0"], "capacity": ["2"]},
        columns(("graduate_id", "line_id", "rank"), [("g0", "l0", 1), ("g1", "l0", 1)]),
        priorities=columns(("line_id", "graduate_id", "rank"), [("l0", "g0", 1)]),
    )
    outcome, placed = place(tables)
    assert placed == {"g0": "l0", "g1": None}
    everyone = {"graduate_id": list(placed), "line_id": ["l0", "l0"]}
    assert look(tables, outcome, everyone)["not_acceptable_to_line"] == 1
    fewer = {"graduate_id": ["g0"], "line_id": ["l0"]}
    assert look(tables, outcome, fewer)["graduates_missing_or_added"] == 2
