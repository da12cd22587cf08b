"""From the warehouse to what readers open: one audited file an audience, and the shelf of snapshots.

Belongs here: who gets which rows, copying, audits, swapping the pointer, looking at what is served. Does not
belong here: figures (`dbt_project/`), pages (`dashboards/`), the Dagster asset that calls this (`defs/`).
"""
