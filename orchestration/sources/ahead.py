"""Reading ahead: a thread prepares the next chunk while the door looks at this one.

Belongs here: the order of work between source and door. Does not belong here: any source, any check.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def read_ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items in the same order, each asked for while the one before it is used.

    One item waits at most, so memory grows by one chunk. An error of `items` is raised where its item would
    have come.
    """
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as reader:
        coming = reader.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = reader.submit(next, items, end)
            yield item
