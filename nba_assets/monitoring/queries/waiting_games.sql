-- Games that a table does not build yet: what they wait for, since when; the longest first.
SELECT table_name, game_date, game_id, reason, since, TIMESTAMP_DIFF(@now, since, MINUTE) AS minutes
FROM nba_orchestration.waiting
ORDER BY since, table_name, game_date, game_id
