"""The refusal that `planning` raises, kept apart so that it can be caught without loading pandas.

Belongs here: the error type. Does not belong here: the checks that raise it.
"""


class FrameError(ValueError):
    """A table breaks its contract; the message names the table, the column and the first rows."""

    def __init__(
        self, table: str, problem: str, rows: tuple[int, ...] = (), *, column: str = "", mend: str = ""
    ) -> None:
        """Keep the table, the positions (0-based) of the rows at fault, the column and the way out."""
        self.table, self.problem, self.rows = table, problem, rows
        self.column, self.mend = column, mend
        super().__init__(f"{table}: {problem}")
