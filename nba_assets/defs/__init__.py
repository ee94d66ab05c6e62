"""What Dagster sees, thin: assets by phase, their conditions and checks, entity refresh, resources and jobs."""
