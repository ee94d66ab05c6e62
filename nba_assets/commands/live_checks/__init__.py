"""The checks of `nba-assets doctor --live`, one file per service; each is given the list that it adds its lines to."""
