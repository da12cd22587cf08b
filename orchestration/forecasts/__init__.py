"""From the warehouse's tables to forecasts in Parquet; the mathematics is in `planning/`."""
