"""The hidden truth of the country, for tests that recover it.

Belongs here: parameters as tables. Does not belong here: any drawn row.
"""

from typing import Any

import pandas as pd

from orchestration.sources.embedded import hazards
from orchestration.sources.embedded.contacts import Contacts
from orchestration.sources.embedded.establishment import POSITIONS, Establishment
from orchestration.sources.embedded.geography import REGION_CODES
from orchestration.sources.embedded.hazards import SPECIALTIES, LeaveLaw


def hidden_truth(establishment: Establishment, law: LeaveLaw, contacts: Contacts) -> dict[str, Any]:
    """Parameters by name.

    Returns:
        `hazard`: service_year, annual_hazard_share of an average doctor; `hazard_log_odds`: effects by name;
        `hazard_region`, `hazard_specialty`: random effects; `stock_drift`, `vacancy_drift`: log growth a
        year by region × position; `contact_growth`: log growth a year by specialty;
        `contact_region_factor`.
    """
    grid = pd.MultiIndex.from_product([REGION_CODES, POSITIONS], names=["region_code", "position_code"])
    growth = {flow.specialty: flow.growth for flow in contacts.flows}
    return {
        "hazard": pd.DataFrame({"service_year": range(1, 11), "annual_hazard_share": hazards.BASELINE}),
        "hazard_log_odds": {
            "rural": hazards.RURAL,
            "local": hazards.LOCAL,
            "local_rural": hazards.LOCAL_RURAL,
            "pay_sd_after_year_3": hazards.PAY,
            "not_doctor": hazards.NOT_DOCTOR,
            "refusal_share": hazards.REFUSAL,
        },
        "hazard_region": pd.Series(law.region, REGION_CODES),
        "hazard_specialty": pd.Series(law.specialty, SPECIALTIES),
        "stock_drift": pd.Series(establishment.stock_drift.ravel(), grid),
        "vacancy_drift": pd.Series(establishment.vacancy_drift.ravel(), grid),
        "contact_growth": pd.Series(growth),
        "contact_region_factor": pd.Series(contacts.region_factor, REGION_CODES),
    }
