"""Contracts of `nba_precompute`, one module per table."""
