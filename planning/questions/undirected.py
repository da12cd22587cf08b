"""What a plan leaves where nobody sends its doctors to the regions that miss them.

Belongs here: the shortage that is left if the plan's entrants go where entrants go today. Does not belong
here: the plan (`inverse.py`), which counts every doctor of a specialty where one is missing, and the regions
a quota should name (`inverse.quota_regions`).
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.projection.projector import Projector
from planning.projection.scenario import BASELINE, Scenario
from planning.projection.supply import collapse_ages, project_totals
from planning.questions.inverse import Plan, Question

Floats = NDArray[np.float64]


def remaining_undirected(projector: Projector, question: Question, plan: Plan) -> float:
    """FTE short at the question's quantile, summed over specialties, if entrants go where they go today.

    Draw by draw: the gap of every region and specialty less the plan's doctors there, and less the adopted
    share of what each measure changes; shortages are summed over regions, surpluses do not offset them.

    Args:
        projector: The projector that was asked.
        question: As asked.
        plan: The answer.
    """
    at = projector.years.index(question.year)

    def gap(scenario: Scenario) -> Floats:
        paths = projector.run(scenario)
        return np.nan_to_num(paths.demand_fte[:, at].astype(np.float64) - paths.supply_fte[:, at])

    base = gap(BASELINE)
    left = base - _added(projector, plan, at)
    adopted = plan.measures.set_index("measure_code")["adopted_share"]
    for measure in question.measures:
        if share := float(adopted.get(measure.name, 0.0)):
            left = left + share * (gap(measure) - base)
    short = np.maximum(left, 0.0).sum(axis=1)
    return float(np.quantile(short, question.quantile, axis=0).sum())


def _added(projector: Projector, plan: Plan, at: int) -> Floats:
    """(R, S) FTE of the plan's places at a year, by where entrants go today."""
    rates, assumed = projector.rates(), projector.inputs.assumptions
    entrants = np.zeros_like(rates.entrants)
    names = ["specialty_code", "programme_code"]
    programmes = projector.inputs.intake.drop_duplicates(names)[[*names, "completion_share"]]
    places = plan.places.merge(programmes, on=names)
    taken = places["places_persons"] * places["completion_share"] * (1 - assumed.refusal_share)
    specialties = pd.Index(projector.specialties).get_indexer(pd.Index(places["specialty_code"]))
    years = places["graduation_year"].to_numpy(dtype=np.int64) - projector.years[1]
    for year, s, persons in zip(years, specialties, taken.to_numpy(dtype=np.float64), strict=True):
        entrants[year, :, s] += persons * projector.stock.entry_mix[:, s]
    nobody = np.zeros_like(projector.stock.persons)
    collapsed = collapse_ages(nobody, rates.retire, rates.die, projector.stock.entry_ages)
    persons = project_totals(collapsed, replace(rates, entrants=entrants))[at]
    return np.asarray((persons * projector.stock.fte_per_person).sum(axis=2))
