"""Contracts of `published`, one module per table."""
