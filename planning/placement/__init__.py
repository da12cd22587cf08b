"""Placement of graduates on vacancy lines, and the service that follows: pure mathematics."""
