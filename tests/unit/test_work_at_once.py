"""What works at the same time gives what it would have given one after the other."""

import os
import threading
import time
from collections.abc import Iterator

import pytest

from orchestration.door.behind import Behind
from orchestration.running.beside import Worker
from orchestration.sources.ahead import READY, read_ahead

pytestmark = pytest.mark.unit


def counted(last: int, asked: list[int]) -> Iterator[int]:
    for number in range(last):
        asked.append(number)
        yield number


def test_reading_ahead_keeps_every_item_and_their_order():
    assert list(read_ahead(iter([None, 1, None, 2]))) == [None, 1, None, 2]
    assert list(read_ahead(iter([]))) == []


def test_reading_ahead_holds_so_many_items_and_not_one_more():
    asked: list[int] = []
    items = read_ahead(counted(10, asked))
    assert next(items) == 0
    time.sleep(0.2)
    assert asked == list(range(1 + READY))
    items.close()
    assert asked == list(range(1 + READY))


def test_writing_behind_keeps_the_order_holds_two_tasks_and_tells_the_first_error():
    done: list[int] = []
    gate = threading.Event()

    def work(number: int) -> None:
        gate.wait()
        done.append(number)
        if number in (1, 2):
            raise ValueError(f"task {number}")

    behind = Behind()
    behind.do(work, 0)
    behind.do(work, 1)
    waiting = threading.Thread(target=behind.do, args=(work, 2))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    gate.set()
    waiting.join(5)
    with pytest.raises(ValueError, match="task 1"):
        behind.wait()
    with pytest.raises(ValueError, match="task 2"):
        behind.wait()
    assert done == [0, 1, 2]


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
