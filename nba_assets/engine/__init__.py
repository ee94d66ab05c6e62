"""What makes a table current: intake of drops, the step that builds a table, refreshes, releases. No Dagster here."""
