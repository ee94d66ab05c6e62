"""Alarms: what is wrong now, who is told of it and how often, and the digest of each morning."""
