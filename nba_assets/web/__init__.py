"""The page that reads the published tree, and its read-only server."""
