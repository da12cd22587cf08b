"""One figure that an audience looks at first, and the words of its unit.

Belongs here: the shape. Does not belong here: any one figure (`posts.py`, `people.py`).
"""

from dataclasses import dataclass

from dashboards.words import many


@dataclass(frozen=True)
class Highlight:
    """One figure.

    Attributes:
        label: What is counted.
        value: The number as text.
        unit: Its unit.
        text: What it means, in one sentence.
        table: The mart it comes from.
        page: File of the page that goes deeper, under `views`.
        link: What that page answers.
    """

    label: str
    value: str
    unit: str
    text: str
    table: str
    page: str
    link: str


def people(count: float) -> str:
    """The word for persons after a number."""
    return many("person", "persons", count)
