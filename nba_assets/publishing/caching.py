"""How long readers may keep what is published, whoever serves it."""

from __future__ import annotations

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
OBJECTS = "v1/objects/"
"""Where what never changes lies: its name is its hash."""
