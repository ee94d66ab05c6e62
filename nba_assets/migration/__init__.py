"""Moving a whole installation from one profile to the other; the source is never changed."""
