"""Contracts of `nba_raw`, one module per table."""
