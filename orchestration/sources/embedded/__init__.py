"""The seeded country: everything medkadr needs to run without secrets or network, and nothing that is real."""

from orchestration.sources.embedded.country import Country, build_country

__all__ = ["Country", "build_country"]
