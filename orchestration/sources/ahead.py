"""Reading ahead: a thread prepares the next chunk while the door looks at this one.

Belongs here: the order of work between source and door. Does not belong here: any source, any check.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

# Months differ in size and the door's work on them in length: with one item ready a core idled for a quarter
# of the landing, with four (two months and the ends of them) it hardly does.
READY = 4


def read_ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items in the same order, asked for while those before them are used.

    `READY` items wait at most, so memory grows by as many chunks. An error of `items` is raised where its
    item would have come.
    """
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as reader:
        coming = deque(reader.submit(next, items, end) for _ in range(READY))
        while (item := coming.popleft().result()) is not end:
            coming.append(reader.submit(next, items, end))
            yield item
