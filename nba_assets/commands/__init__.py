"""The work behind each verb of `nba-assets`: imported when the verb is called."""
