"""Contracts of `nba_predictions`, one module per table."""
