"""The second look at what landed: Great Expectations' suites, their results and their readable report.

Belongs here: what is demanded of a landed table and what came of it. Does not belong here: rules of arriving
rows (`orchestration/door/`), the Dagster checks that call this (`orchestration/defs/checks.py`).
"""
