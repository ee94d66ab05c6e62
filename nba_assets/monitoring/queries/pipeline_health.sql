-- How many drops came in, and how many of them are through all six phases, on their way, failing or in quarantine.
WITH reached AS (
  SELECT
    correlation_id,
    MAX(IF(log.status IN ('completed', 'skipped'), log.phase, 0)) AS phase,
    COUNTIF(log.status = 'failed') AS failures
  FROM nba_orchestration.pipeline_execution_log AS log
  CROSS JOIN UNNEST(log.correlation_ids) AS correlation_id
  WHERE log.started_at BETWEEN @since AND @now
  GROUP BY correlation_id
),
updates AS (
  SELECT
    drops.status = 'quarantined' AS in_quarantine,
    COALESCE(reached.phase, 0) AS phase,
    COALESCE(reached.failures, 0) AS failures
  FROM nba_orchestration.drops AS drops
  LEFT JOIN reached ON reached.correlation_id = drops.correlation_id
  WHERE drops.received_at BETWEEN @since AND @now
)
SELECT
  COUNT(*) AS updates,
  COALESCE(COUNTIF(phase = 6), 0) AS complete,
  COALESCE(COUNTIF(phase < 6 AND failures = 0 AND NOT in_quarantine), 0) AS on_their_way,
  COALESCE(COUNTIF(phase < 6 AND failures > 0 AND NOT in_quarantine), 0) AS failing,
  COALESCE(COUNTIF(in_quarantine), 0) AS quarantined
FROM updates
