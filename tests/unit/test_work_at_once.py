"""What works at the same time gives what it would have given one after the other."""

from collections.abc import Iterator

import pytest

from orchestration.forecasts.beside import beside
from orchestration.sources.ahead import read_ahead

pytestmark = pytest.mark.unit


def counted(last: int, asked: list[int]) -> Iterator[int]:
    for number in range(last):
        asked.append(number)
        yield number


def test_reading_ahead_keeps_every_item_and_their_order():
    assert list(read_ahead(iter([None, 1, None, 2]))) == [None, 1, None, 2]
    assert list(read_ahead(iter([]))) == []


def test_reading_ahead_holds_one_item_more_and_no_second():
    asked: list[int] = []
    items = read_ahead(counted(10, asked))
    assert next(items) == 0
    items.close()
    assert asked in ([0], [0, 1])


def test_an_error_while_reading_ahead_comes_in_the_place_of_its_item():
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("line 7")

    items = read_ahead(broken())
    assert next(items) == 1
    with pytest.raises(ValueError, match="line 7"):
        next(items)


def test_work_beside_gives_its_answer():
    answer = beside(divmod, 17, 5)
    assert answer() == (3, 2)


def test_what_work_beside_raises_is_raised_where_its_answer_is_asked_for():
    answer = beside(divmod, 1, 0)
    with pytest.raises(ZeroDivisionError):
        answer()
