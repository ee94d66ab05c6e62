"""Contracts of `nba_orchestration`, one module per table."""
