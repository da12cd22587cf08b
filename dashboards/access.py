"""Who reads, and for which audience.

Three ways in, the first that is configured counts:
1. sign-in (MEDKADR_ROLES, a CSV table of roles, with `[auth]` in .streamlit/secrets.toml): OIDC says who, the
   table says for whom. Its columns: audience, and email or subject (the provider's claim `sub`);
2. demonstration (MEDKADR_DEMONSTRATION=1, and the published data are marked as demonstration too): the
   reader picks any audience;
3. one machine (MEDKADR_AUDIENCE=ministry | region_KZ-10 | university_07, set by whoever starts the server):
   that audience and no other.
Belongs here: the decision. Does not belong here: how the reader's page looks (`app.py`).
"""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

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
    """The way in. Data of real people never open to a picker, whatever the environment says.

    Raises:
        ValueError: MEDKADR_AUDIENCE names no audience.
    """
    if roles := environment.get("MEDKADR_ROLES"):
        return Door("sign_in", roles_file=Path(roles))
    if environment.get("MEDKADR_DEMONSTRATION") == "1" and is_demonstration:
        return Door("demonstration", tuple(published))
    if name := environment.get("MEDKADR_AUDIENCE"):
        return Door("one_machine", (Audience.named(name),))
    return Door("unconfigured")


def audiences_of(claims: Mapping[str, Any], roles_file: Path) -> tuple[Audience, ...]:
    """The audiences that the table of roles grants to the claims of a sign-in, in the table's order.

    An e-mail address counts only where the provider says that it has verified it (`email_verified`): with
    many providers a reader may write any address into a profile. Others are named by `subject`.

    Raises:
        RolesError: The file is missing, lacks a column or names an unknown audience.
    """
    try:
        with roles_file.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise RolesError(f"{roles_file}: cannot be read ({error}). Set MEDKADR_ROLES.") from error
    subject = str(claims.get("sub") or "")
    email = str(claims.get("email") or "").strip().casefold() if claims.get("email_verified") is True else ""
    granted = []
    for line, row in enumerate(rows, start=2):
        named = (row.get("email") or "").strip().casefold(), (row.get("subject") or "").strip()
        if not any(named) or not row.get("audience"):
            raise RolesError(f"{roles_file}, line {line}: audience and email (or subject) are needed.")
        try:
            audience = Audience.named(row["audience"].strip())
        except ValueError as error:
            raise RolesError(f"{roles_file}, line {line}: {error}.") from error
        if all(wanted in ("", own) for wanted, own in zip(named, (email, subject), strict=True)):
            granted.append(audience)
    return tuple(dict.fromkeys(granted))


def environment() -> Mapping[str, str]:
    """The process environment, in one place so that tests can stand in for it."""
    return os.environ
