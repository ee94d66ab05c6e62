-- Drops that have been in phase N and not in N + 1 for so many minutes, the longest first; 0: received, nothing since.
-- @since: 168 hours
WITH reached AS (
  SELECT
    correlation_id,
    MAX(IF(log.status IN ('completed', 'skipped'), log.phase, 0)) AS phase,
    MAX(IF(log.status IN ('completed', 'skipped'), log.completed_at, NULL)) AS at,
    COUNTIF(log.status = 'failed') AS failures,
    MAX(IF(log.status = 'failed', log.error_message, NULL)) AS error
  FROM nba_orchestration.pipeline_execution_log AS log
  CROSS JOIN UNNEST(log.correlation_ids) AS correlation_id
  WHERE log.started_at BETWEEN @since AND @now
  GROUP BY correlation_id
)
SELECT
  drops.correlation_id,
  drops.source,
  drops.object_name,
  drops.status,
  COALESCE(reached.phase, 0) AS phase,
  COALESCE(reached.at, drops.received_at) AS since,
  TIMESTAMP_DIFF(@now, COALESCE(reached.at, drops.received_at), MINUTE) AS minutes,
  COALESCE(reached.failures, 0) AS failures,
  reached.error
FROM nba_orchestration.drops AS drops
LEFT JOIN reached ON reached.correlation_id = drops.correlation_id
WHERE drops.received_at BETWEEN @since AND @now
  AND drops.status != 'quarantined'
  AND COALESCE(reached.phase, 0) < 6
  AND COALESCE(reached.at, drops.received_at) <= TIMESTAMP_SUB(@now, INTERVAL @minutes MINUTE)
ORDER BY since, correlation_id
