"""The one exception that a user sees as a sentence instead of a traceback.

Belongs here: the type and the way it is told. Does not belong here: the checks that raise it.
"""

import functools
import sys
from collections.abc import Callable
from typing import Any


class UserError(Exception):
    """Something the user can mend.

    Args:
        what: What is wrong, in one sentence.
        where: File, line, column or setting.
        why: Why it stops the work.
        mend: What to do next.
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", mend: str = "") -> None:
        """Keep the four parts; the text joins those that are given."""
        self.what, self.where, self.why, self.mend = what, where, why, mend
        parts = [what, where and f"Where: {where}", why and f"Why: {why}", mend and f"Mend: {mend}"]
        super().__init__("\n  ".join(part for part in parts if part))


def told(command: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a command so that a `UserError` is printed to stderr and ends with exit code 2."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except UserError as error:
            print(f"medkadr: {error}", file=sys.stderr)
            raise SystemExit(2) from None

    return wrapped
