-- Failed work that nothing tries again until somebody replays or discards it, the newest first.
SELECT
  work_id,
  processor_name,
  scope,
  attempts,
  error_type,
  error_message,
  first_failed_at,
  last_failed_at,
  TIMESTAMP_DIFF(@now, last_failed_at, HOUR) AS hours,
  run_id
FROM nba_orchestration.work
WHERE status = 'dead'
ORDER BY last_failed_at DESC, work_id
