"""The measures of a deficit: name, unit, method, colour – the same on every page.

Three methods answer three questions and are never added or netted: posts nobody fills, posts short of the
provision norm, posts short of the workload. Belongs here: what a measure is called and how it is
explained. Does not belong here: its values.
"""

from dataclasses import dataclass

from dashboards import theme
from dashboards.words import N_, _


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes:
        column: Column of the staffing marts.
        label: Short name.
        method: How it is reckoned, in a few words.
        colour_name: Attribute of `theme.Palette`.
        need_column: The need it is measured against.
    """

    column: str
    label: str
    method: str
    colour_name: str
    need_column: str

    @property
    def name(self) -> str:
        """The short name in the session's language."""
        return _(self.label)

    @property
    def colour(self) -> str:
        """The measure's colour on the reader's background."""
        return getattr(theme.palette(), self.colour_name)


VACANT = Measure(
    "vacant_fte", N_("Vacant posts"), N_("established less filled posts"), "vacancy", "budgeted_fte"
)
NORM = Measure(
    "norm_shortage_fte",
    N_("Short of the norm"),
    N_("posts the provision norm asks for, less filled posts"),
    "norm_gap",
    "required_norm_fte",
)
WISN = Measure(
    "wisn_shortage_fte",
    N_("Short of the workload need"),
    N_("posts the recorded work asks for (WISN), less filled posts"),
    "wisn_gap",
    "required_wisn_fte",
)
METHODS = {measure.column: measure for measure in (VACANT, NORM, WISN)}
# In how many facilities and specialties the need is known at all; the sums hold those alone.
KNOWN = {"norm_shortage_fte": "norm_known_count", "wisn_shortage_fte": "wisn_known_count"}
SURPLUS = {"norm_shortage_fte": "norm_surplus_fte", "wisn_shortage_fte": "wisn_surplus_fte"}

# Staff of a category in the plural, as the subject of a sentence.
STAFF = {
    "doctor": N_("Doctors"),
    "nurse_mid": N_("Mid-level staff"),
    "junior": N_("Junior staff"),
    "pharmacist": N_("Pharmacists"),
    "manager": N_("Managers"),
    "other": N_("Other staff"),
}


def methods() -> dict[str, str]:
    """Column → name of the three methods, for a choice."""
    return {column: measure.name for column, measure in METHODS.items()}
