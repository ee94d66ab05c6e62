"""A simulated day lived for real: its files come when they would, real processes see to them, decisions are live."""
