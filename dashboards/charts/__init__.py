"""Pictures of the dashboards: one kind of chart a file, all drawn through `frame.draw`."""
