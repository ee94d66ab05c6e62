"""NBA player-points props as one Dagster asset graph."""
