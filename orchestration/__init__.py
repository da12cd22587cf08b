"""Dagster, and the hands that touch the world: sources, landing, publication, commands."""
