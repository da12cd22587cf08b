"""What we agreed to receive: one contract a file, and the register of all of them.

The landing tables, the suites at the door, the dbt sources and `docs/data_dictionary.md` all follow from
these declarations. Does not belong here: reading, checking or writing of any data.
"""

from orchestration.contracts.contract import Column, Contract, Rule
from orchestration.contracts.register import CONTRACTS, contract_named

__all__ = ["CONTRACTS", "Column", "Contract", "Rule", "contract_named"]
