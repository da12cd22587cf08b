"""What works at the same time gives what it would have given one after the other."""

import os
from collections.abc import Iterator

import pytest

from orchestration.running.beside import Worker
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


def test_a_worker_answers_each_call_whatever_the_order_in_which_answers_are_asked_for():
    worker = Worker()
    first, broken, last = worker.ask(divmod, 17, 5), worker.ask(divmod, 1, 0), worker.ask(divmod, 9, 2)
    assert last() == (4, 1)
    assert first() == (3, 2)
    with pytest.raises(ZeroDivisionError):
        broken()
    worker.close()


def test_a_worker_that_dies_says_so_instead_of_waiting_for_ever():
    worker = Worker()
    answer = worker.ask(os._exit, 3)
    with pytest.raises(RuntimeError, match="without an answer"):
        answer()
    worker.close()


def test_neither_side_waits_for_the_other_when_calls_and_answers_are_large():
    worker, large = Worker(), "x" * 5_000_000
    answers = [worker.ask(str.upper, large) for _ in range(3)]
    assert [len(answer()) for answer in answers] == [5_000_000] * 3
    worker.close()
