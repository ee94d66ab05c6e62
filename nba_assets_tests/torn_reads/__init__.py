"""`make torn`: a publisher dies again and again, readers of every kind look on: each sees one release or the next."""
