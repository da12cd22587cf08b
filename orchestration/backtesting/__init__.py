"""The hands of `medkadr backtest`: files, the benchmark environment, the picture."""
