"""A country's people, work and doctors year by year, draw by draw, under a scenario.

Belongs here: population, demand, retention, education, supply, their balance, and how sure past projections
were. Does not belong here: what a planner asks of a projection (`planning.questions`), and series without a
mechanism (`planning.trends`).
"""
