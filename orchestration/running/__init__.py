"""One run of the pipeline as a whole: what it depends on, that it is alone, how far it is, what it prints.

Belongs here: preparing Dagster and dbt, the lock, progress, facts and fingerprint of a run, its summary. Does
not belong here: what the steps do (`defs/` and the rooms that it calls).
"""
