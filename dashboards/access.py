"""Who reads, and for which audience.

Three ways in, the first that is configured counts:
1. demonstration (MEDKADR_DEMONSTRATION=1, and the published data are marked as demonstration too): the
   reader picks any audience;
2. one machine (MEDKADR_AUDIENCE=ministry | region_KZ-10 | university_07, set by whoever starts the server):
   that audience and no other;
3. sign-in (`[auth]` in .streamlit/secrets.toml) and a table of roles (MEDKADR_ROLES, CSV with the columns
   email, audience): OIDC says who, the table says for whom.
Belongs here: the decision. Does not belong here: how the reader's page looks (`app.py`).
"""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dashboards.audience import Audience

Way = Literal["demonstration", "one_machine", "sign_in", "unconfigured"]


@dataclass(frozen=True)
class Door:
    """The way in that the environment opens.

    Attributes:
        way: Which of the ways.
        audiences: Whom the reader may read as; unknown (empty) before signing in.
        roles_file: The table of roles, for `sign_in`.
    """

    way: Way
    audiences: tuple[Audience, ...] = ()
    roles_file: Path | None = None


class RolesError(Exception):
    """The table of roles cannot be read; the message says where and how to mend it."""


def door(environment: Mapping[str, str], published: list[Audience], is_demonstration: bool) -> Door:
    """The way in. Data of real people never open to a picker, whatever the environment says."""
    if environment.get("MEDKADR_DEMONSTRATION") == "1" and is_demonstration:
        return Door("demonstration", tuple(published))
    if name := environment.get("MEDKADR_AUDIENCE"):
        wanted = Audience.named(name)
        return Door("one_machine", (wanted,))
    if roles := environment.get("MEDKADR_ROLES"):
        return Door("sign_in", roles_file=Path(roles))
    return Door("unconfigured")


def audiences_of(email: str, roles_file: Path) -> tuple[Audience, ...]:
    """The audiences that the table of roles grants to an e-mail address, in the table's order.

    Raises:
        RolesError: The file is missing, lacks a column or names an unknown audience.
    """
    try:
        with roles_file.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise RolesError(f"{roles_file}: cannot be read ({error.strerror}). Set MEDKADR_ROLES.") from error
    granted = []
    for line, row in enumerate(rows, start=2):
        if not row.get("email") or not row.get("audience"):
            raise RolesError(f"{roles_file}, line {line}: both email and audience are needed.")
        try:
            audience = Audience.named(row["audience"].strip())
        except ValueError as error:
            raise RolesError(f"{roles_file}, line {line}: {error}.") from error
        if row["email"].strip().casefold() == email.strip().casefold():
            granted.append(audience)
    return tuple(dict.fromkeys(granted))


def environment() -> Mapping[str, str]:
    """The process environment, in one place so that tests can stand in for it."""
    return os.environ
