"""What a place or a measure costs: prices with unit, source, date, range and owner, and the bill they make.

Belongs here: typed prices, their checks, and the table the inverse question asks for. Does not belong here:
reading files, and the plan itself (`inverse.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from planning.projection.scenario import ScenarioError, checked_fields, in_range

if TYPE_CHECKING:
    import pandas as pd

    from planning.projection.projector import Projector

# Unit → what the value is multiplied with.
UNITS = {
    "KZT_per_place_year": "years of the programme",
    "KZT_per_rural_fte_year": "rural full-time posts of the baseline, summed over the years",
    "KZT_per_rural_entrant": "graduates who enter rural posts, summed over the years",
}
# Whose places have a price; any other code is a scenario's name.
LEVELS = ("bachelor", "internship", "residency", "college")
FIELDS = ("code", "value", "unit", "maximum", "source", "as_of", "owner", "range")


@dataclass(frozen=True)
class Price:
    """One price.

    Attributes:
        code: A programme level (bachelor, internship, residency, college) or a scenario's name.
        value: In `unit`.
        unit: A key of UNITS.
        maximum: Most places to add in a year, as a share of the programme's last intake; 1 for a measure.
        source: Where the value comes from.
        as_of: Date of the source.
        owner: Who answers for it (a role, not a person).
        low, high: The owner's own range for the value.
    """

    code: str
    value: float
    unit: str
    maximum: float
    source: str
    as_of: date
    owner: str
    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.unit not in UNITS:
            raise ScenarioError(
                f"price {self.code}: unit is {self.unit}, expected one of {', '.join(UNITS)}", field="unit"
            )
        if self.is_place and self.code not in LEVELS:
            raise ScenarioError(
                f"price {self.code}: no level of programmes; there are {', '.join(LEVELS)}", field="code"
            )
        in_range(f"price {self.code}", self.value, self.unit, (max(self.low, 0.0), self.high), "its range")
        if self.maximum < 0:
            raise ScenarioError(f"price {self.code}: maximum {self.maximum} is negative", field="maximum")

    @property
    def is_place(self) -> bool:
        """Whether it prices a place in a programme."""
        return self.unit == "KZT_per_place_year"


def price_from_mapping(entry: Any) -> Price:
    """A price out of a parsed file.

    Raises:
        ScenarioError: A field is missing, unknown, of the wrong kind, or outside its range.
    """
    got: Mapping[str, Any] = checked_fields("price", "code", entry, FIELDS)
    return Price(
        str(got["code"]),
        got["value"],
        str(got["unit"]),
        got["maximum"],
        str(got["source"]),
        got["as_of"],
        str(got["owner"]),
        *got["range"],
    )


def bill(prices: Sequence[Price], projector: "Projector", year: int) -> "pd.DataFrame":
    """What one place of each programme, and each measure as a whole up to a year, costs (`inverse.COSTS`).

    Args:
        prices: One a level or measure.
        projector: Gives programmes and the rural posts of the baseline.
        year: Up to which measures are paid.
    """
    import pandas as pd

    from planning.projection.levers import RURAL

    intake = projector.inputs.intake.sort_values("intake_year")
    programmes = intake.drop_duplicates("programme_code", keep="last")
    last = intake.groupby(["programme_code", "intake_year"])["intake_persons"].sum()
    last = last.groupby(level=0).last()  # one programme may lead to several specialties
    flows, until = projector.flows(), projector.years.index(year)
    rural_fte = (flows.end * projector.stock.fte_per_person)[:until, :, :, RURAL].sum()
    amounts = {
        "KZT_per_rural_fte_year": float(rural_fte),
        "KZT_per_rural_entrant": float(flows.entered[:until, :, :, RURAL].sum()),
    }
    rows = []
    for price in prices:
        if price.is_place:
            mine = programmes[programmes["level"] == price.code]
            rows += [
                ("place", code, price.value * float(years), price.maximum * float(last[code]), price.source)
                for code, years in zip(mine["programme_code"], mine["programme_years"], strict=True)
            ]
        else:
            cost = price.value * amounts[price.unit]
            rows.append(("measure", price.code, cost, 1.0, price.source))
    return pd.DataFrame(rows, columns=["lever_code", "code", "cost_kzt", "maximum", "source"])
