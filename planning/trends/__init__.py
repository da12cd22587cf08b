"""Short panels carried forward, with ranges, from their own past alone.

Belongs here: yearly and monthly series, their forecasts, ranges, raking to margins, and the marks of past
forecasts. Does not belong here: what a series is about: people, doctors and work are `planning.projection`.
"""
