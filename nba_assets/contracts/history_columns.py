"""The columns by which a history of games is read: whose row it is, of which game, when it was known."""

TEAM_ROW = ("game_date", "game_id", "known_at", "superseded_at", "season", "season_phase", "team")
PLAYER_ROW = (*TEAM_ROW, "player_id", "player_name", "status")
ROSTER = ("game_date", "player_id", "full_name", "team_tricode", "is_rostered", "known_at", "superseded_at")
