"""What Dagster sees: assets, checks, jobs, resources. One file a concept; loading does no work."""
