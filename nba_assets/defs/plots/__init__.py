"""Pictures in Dagster's UI where looking beats reading: one module a plot, matplotlib loaded when used."""
