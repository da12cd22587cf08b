"""`medkadr backtest`: placeholder replaced by the placement command."""


def backtest() -> None:
    """Place graduates on vacancy lines from plain CSV files."""
    raise SystemExit("not built yet")
