"""Why did this graduate get this place, and not the ones higher on the list?

One page a graduate, on screen and to take away in Kazakh, Russian and English.
"""

import pandas as pd
import streamlit as st

from dashboards import choices, letters, session, widgets
from dashboards.words import LANGUAGES, _, codes, labels, speaking

PLACEMENTS = "placement.fct_placements"
EXPLANATIONS = "placement.fct_explanations"


def main() -> None:
    """Draw the page."""
    widgets.title(_("Why this place and not another?"))
    rows = session.snapshot().read(PLACEMENTS, "from placement.fct_placements order by graduate_key")
    if rows.empty:
        widgets.no_data(PLACEMENTS)
        return
    specialties = rows["specialty_code"].map(labels.specialties()).fillna(rows["specialty_code"])
    shown = rows["graduate_key"].str[:8] + " · " + specialties + " · " + rows["state"].map(codes.label)
    options = dict(zip(rows["graduate_key"], shown, strict=True))
    graduate = choices.choose(_("Graduate (code)"), options, "graduate")
    mine = rows[rows["graduate_key"] == graduate].iloc[0]
    refused = session.snapshot().read(
        EXPLANATIONS,
        "from placement.fct_explanations where graduate_key = $graduate order by wish_rank, option_rank",
        graduate=graduate,
    )
    widgets.answer(letters.result(mine))
    _refused(refused)
    _take_away(mine, refused)


def _refused(refused: pd.DataFrame) -> None:
    """Every option above the result, with the reason."""
    widgets.section(_("Options above the result"))
    if refused.empty:
        widgets.note(_("No option stood above the result."))
        return
    refused["facility_name"] = refused["facility_id"].map(labels.facilities()).fillna(refused["facility_id"])
    refused["why"] = [letters.reason(option) for option in refused.to_dict("records")]
    columns = {
        "wish_rank": _("Rank in own list"),
        "facility_name": _("Facility"),
        "why": _("Why not"),
        "own_score": _("Own score, points"),
        "cutoff_score": _("Cut-off, points"),
    }
    widgets.table(
        refused, columns, name="explanation", alt=_("Options above the result"), source=EXPLANATIONS
    )


def _take_away(mine: pd.Series, refused: pd.DataFrame) -> None:
    """The page in three languages."""
    widgets.section(_("Take the explanation away"))
    for column, (code, name) in zip(st.columns(len(LANGUAGES)), LANGUAGES.items(), strict=True):
        with speaking(code):
            letter = letters.letter(mine, refused)
            file_name = letters.file_name(mine, letter)
        column.download_button(
            name,
            letter,
            file_name,
            "text/html",
            key=f"letter_{code}",
            icon=":material/description:",
            help=_("The explanation as a page to print"),
            on_click="ignore",
            width="stretch",
        )


main()
