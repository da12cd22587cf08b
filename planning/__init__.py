"""The mathematics: need, placement, forecasts and their proofs.

Belongs here: pure functions on frames and arrays. Does not belong here: files, databases, orchestration or
pages. The rooms, each on those before it: the border (errors, frames, axes), `trends`, `projection`,
`questions`; `placement` and disclosure control stand on the border alone.
"""
