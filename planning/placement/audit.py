"""A second look at a finished run, by names: the tables as they were given against the placements as written.

Belongs here: rules read once more from plain columns, in plain Python, with no array and no code shared with
the engine, the reading of tables or the first checker (`verify.py`): a slip in numbering, in the parsing of a
quota or in the lottery shows here. Does not belong here: why an empty seat is kept (`verify.py` codes that).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Columns = Mapping[str, Sequence[Any]]
Standing = tuple[float, bytes]

KEPT_EMPTY = {"FLOOR_RESERVED", "CAP_REACHED"}
FALSE_WORDS = {"false", "0", "no"}
TRUE_WORDS = {"true", "1", "yes"}


def audit(
    given: Mapping[str, Columns],
    placements: Columns,
    explanations: Columns,
    floors: Columns,
    *,
    seed: int | str,
    is_completed: bool = False,
) -> dict[str, int]:
    """Counts of breaches, all zero in a sound run.

    Members of couples are left out of the envy: nothing stable is promised to them. With completed lists the
    added tail is not looked at, the lists as filed are.

    Args:
        given: tables by name as given: graduates, lines, preferences and those of priorities, scores, quotas,
            couples, joint, overrides, held that there are.
        placements: graduate_id, line_id (None where unplaced).
        explanations: graduate_id, line_id, reason_code.
        floors: scope, certified_floor; one row per quota.
        seed: of the lottery.
        is_completed: lists were extended by the published tail.
    """
    placed = {str(g): line for g, line in zip(placements["graduate_id"], placements["line_id"], strict=True)}
    capacity = {str(i): int(float(c)) for i, c in _rows(given["lines"], "line_id", "capacity")}
    lists: dict[str, dict[str, float]] = {}
    for graduate, line, rank in _rows(given["preferences"], "graduate_id", "line_id", "rank"):
        lists.setdefault(str(graduate), {})[str(line)] = float(rank)
    pinned = {str(g): str(line) for g, line in _rows(given.get("overrides"), "graduate_id", "line_id")}
    held = {str(g): str(line) for g, line in _rows(given.get("held"), "graduate_id", "line_id")}
    stands = {**held, **pinned}
    couple = {str(g) for (g,) in _rows(given.get("couples"), "graduate_id")}
    closed = _closed(given["lines"]) | {line for line, seats in capacity.items() if not seats}
    excluded = _excluded(given["graduates"])
    standing = _Order(given, seed)
    filled = Counter(line for line in placed.values() if line is not None)
    reasons = {
        (str(g), str(line)): code
        for g, line, code in _rows(explanations, "graduate_id", "line_id", "reason_code")
        if line is not None
    }

    worst: dict[str, Standing] = {}
    for graduate, line in placed.items():
        if line is not None and stands.get(graduate) != line and (own := standing(graduate, line)):
            worst[line] = max(worst.get(line, own), own)
    found: Counter[str] = Counter()
    for graduate, line in placed.items():
        if line is not None and stands.get(graduate) != line:
            is_listed = line in lists.get(graduate, {}) or graduate in couple or is_completed
            found["outside_own_list"] += not is_listed
            found["not_acceptable_to_line"] += standing(graduate, line) is None
            found["excluded_yet_placed"] += graduate in excluded
        if graduate in pinned or graduate in excluded:
            continue
        own_list = lists.get(graduate, {})
        reached = own_list.get(str(line), float("inf"))
        for wanted, rank in own_list.items():
            if rank >= reached:
                continue
            found["options_without_reason"] += (graduate, wanted) not in reasons
            own = standing(graduate, wanted)
            if own is None or wanted in closed or graduate in couple or held.get(graduate) == wanted:
                continue
            if held.get(graduate) == line and own_list.get(str(line)) is None and rank > reached:
                continue
            if wanted in worst and own < worst[wanted]:
                found["justified_envy_pairs"] += 1
            elif filled[wanted] < capacity[wanted]:
                found["empty_seats_without_reason"] += reasons.get((graduate, wanted)) not in KEPT_EMPTY
    names = [str(g) for (g,) in _rows(given["graduates"], "graduate_id")]
    counts = {
        "graduates_missing_or_added": len(set(names) ^ set(placed)) + abs(len(names) - len(placed)),
        "over_capacity": sum(count > capacity.get(line, 0) for line, count in filled.items()),
        "seated_on_closed_line": sum(filled[line] for line in closed),
        "overrides_not_kept": sum(placed.get(g) != line for g, line in pinned.items()),
        "held_posts_made_worse": sum(
            _is_worse(placed.get(g), line, lists.get(g, {})) for g, line in held.items() if g not in pinned
        ),
        **_over_and_under(given, filled, floors),
    }
    keys = (
        "outside_own_list",
        "not_acceptable_to_line",
        "excluded_yet_placed",
        "justified_envy_pairs",
        "empty_seats_without_reason",
        "options_without_reason",
    )
    return counts | {key: int(found[key]) for key in keys}


def _rows(table: Columns | None, *names: str) -> Iterable[tuple[Any, ...]]:
    """The named columns row by row; nothing of a table that is not there."""
    return () if table is None else zip(*(table[name] for name in names), strict=True)


def _closed(lines: Columns) -> set[str]:
    """Lines that are not open or not funded."""
    return {
        str(line)
        for column in ("is_open", "is_funded")
        if column in lines
        for line, value in _rows(lines, "line_id", column)
        if str(value).strip().lower() in FALSE_WORDS
    }


def _excluded(graduates: Columns) -> set[str]:
    """Graduates whose status keeps them out."""
    if "status" not in graduates:
        return set()
    rows = _rows(graduates, "graduate_id", "status")
    return {str(g) for g, status in rows if str(status or "").strip().lower() not in {"", "active"}}


def _is_worse(line: Any, held_line: str, own_list: Mapping[str, float]) -> bool:
    """Whether a held post was exchanged for nothing, or for what the own list does not put above it."""
    if line is None:
        return True
    behind = float("inf")
    return str(line) != held_line and own_list.get(str(line), behind) >= own_list.get(held_line, behind)


class _Order:
    """Standing of a graduate with a line, smaller first; None where the line does not accept."""

    def __init__(self, given: Mapping[str, Columns], seed: int | str) -> None:
        self._seed = seed
        self._tickets: dict[str, bytes] = {}
        self._ranks = self._pairs = None
        if "priorities" in given:
            rows = _rows(given["priorities"], "line_id", "graduate_id", "rank")
            self._ranks = {(str(g), str(line)): float(rank) for line, g, rank in rows}
        elif "scores" in given:
            rows = _rows(given["scores"], "graduate_id", "line_id", "score")
            self._pairs = {(str(g), str(line)): -float(score) for g, line, score in rows}
        graduates = given["graduates"]
        column = next((name for name in ("score", "merit_score") if name in graduates), None)
        rows = _rows(graduates, "graduate_id", column) if column else ()
        self._scores = {str(g): -float(score) for g, score in rows}

    def __call__(self, graduate: str, line: str) -> Standing | None:
        pairs = self._ranks if self._ranks is not None else self._pairs
        rank = self._scores.get(graduate, 0.0) if pairs is None else pairs.get((graduate, line))
        return None if rank is None else (rank, self._ticket(graduate))

    def _ticket(self, graduate: str) -> bytes:
        """The published draw: SHA-256 of `seed:graduate_id`, smaller first."""
        if graduate not in self._tickets:
            self._tickets[graduate] = hashlib.sha256(f"{self._seed}:{graduate}".encode()).digest()
        return self._tickets[graduate]


def _over_and_under(
    given: Mapping[str, Columns], filled: Mapping[str, int], floors: Columns
) -> dict[str, int]:
    """Caps exceeded, and floors below what was certified for the run (a promise on completed lists only)."""
    over = under = 0
    certified = dict(_rows(floors, "scope", "certified_floor"))
    quotas, lines = given.get("quotas"), given["lines"]
    for columns, values, cap in _rows(quotas, "scope_column", "scope_value", "cap"):
        names, wanted = str(columns).split("|"), str(values).split("|")
        inside = [
            str(row[0])
            for row in _rows(lines, "line_id", *names)
            if all(_same(n, v, w) for n, v, w in zip(names, row[1:], wanted, strict=True))
        ]
        got = sum(filled[line] for line in inside)
        over += str(cap or "").strip() != "" and got > int(float(cap))
        name = " ".join(f"{n}={w}" for n, w in zip(names, wanted, strict=True))
        under += got < certified.get(name, 0)
    return {"over_cap": over, "floors_below_certificate": under}


def _same(column: str, value: Any, wanted: str) -> bool:
    """Whether a cell is the value of a scope, a truth in any spelling."""
    own, other = str(value).strip().lower(), wanted.strip().lower()
    if column.startswith(("is_", "has_")):
        for words in (TRUE_WORDS, FALSE_WORDS):
            if own in words:
                return other in words
    return own == other
