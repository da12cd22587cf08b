"""The seeded country: what medkadr needs to run without secrets or network, and no real person."""

from orchestration.sources.embedded.country import Country, build_country

__all__ = ["Country", "build_country"]
