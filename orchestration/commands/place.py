"""`medkadr place`: placeholder replaced by the placement command."""


def place() -> None:
    """Place graduates on vacancy lines from plain CSV files."""
    raise SystemExit("not built yet")
