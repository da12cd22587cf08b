"""Forecast marts as pages ask for them: quantiles of an area, and how good such ranges have been.

Belongs here: queries to the schema `forecast`. Does not belong here: how they are drawn.
"""

import pandas as pd


def of_area(area_code: str, specialty: str, measure: str) -> pd.DataFrame:
    return pd.DataFrame()


def why_absent():
    return ""


def coverage_note(area, measure):
    return ""
