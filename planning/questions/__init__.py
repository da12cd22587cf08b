"""What a planner asks of a projection: which lever did what, how many places, at what price.

Belongs here: answers that need several projections. Does not belong here: a projection itself
(`planning.projection`).
"""
