"""The figures that each audience looks at first, each with the page that goes deeper.

Belongs here: which figures an audience sees, in which order. Does not belong here: the figures (`posts.py`,
`people.py`) and how they are laid out (`views/shared/overview.py`).
"""

from collections.abc import Callable

from dashboards.audience import Kind
from dashboards.highlights import people, posts
from dashboards.highlights.highlight import Highlight

__all__ = ["Highlight", "of_audience"]


def of_audience(kind: Kind) -> list[Highlight]:
    """The figures of an audience that its snapshot holds."""
    return [found for highlight in _BY_KIND[kind] if (found := highlight())]


_BY_KIND: dict[Kind, tuple[Callable[[], Highlight | None], ...]] = {
    "ministry": (
        posts.nation, posts.outlook, people.campaign, posts.warnings, posts.network, posts.control,
    ),
    "region": (
        posts.region, people.incoming, people.service_ends, posts.warnings, posts.network, posts.control,
    ),
    "university": (people.graduates, people.served, people.breached),
}  # fmt: skip
