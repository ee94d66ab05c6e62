"""The back ends on Google Cloud; imported in the gcp profile only."""
