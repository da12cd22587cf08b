"""The mathematics: need, placement, forecasts and their proofs.

Belongs here: pure functions on frames and arrays. Does not belong here: files, databases, orchestration or
pages.
"""
