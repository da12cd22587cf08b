"""The register of all contracts, in the order in which references can be checked.

Does not belong here: any contract's own words.
"""

from orchestration.contracts.contract import Contract
from orchestration.contracts.facilities import REGISTRY
from orchestration.contracts.graduates import GRADUATES
from orchestration.contracts.passports import PASSPORTS
from orchestration.contracts.reference import REFERENCE

CONTRACTS: tuple[Contract, ...] = (*REGISTRY, *GRADUATES, *REFERENCE, *PASSPORTS)

_BY_NAME = {contract.name: contract for contract in CONTRACTS}


def contract_named(name: str) -> Contract:
    """The contract of that name.

    Raises:
        KeyError: No contract has that name; the message lists those there are.
    """
    if name not in _BY_NAME:
        raise KeyError(f"No contract {name!r}. There are: {', '.join(_BY_NAME)}.")
    return _BY_NAME[name]
