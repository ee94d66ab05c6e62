-- Seconds from a drop's receipt until a phase had first dealt with it (6: until readers see it), nearest-rank percentiles.
WITH dealt AS (
  SELECT correlation_id, log.phase, MIN(log.completed_at) AS at
  FROM nba_orchestration.pipeline_execution_log AS log
  CROSS JOIN UNNEST(log.correlation_ids) AS correlation_id
  WHERE log.status IN ('completed', 'skipped') AND log.started_at BETWEEN @since AND @now
  GROUP BY correlation_id, log.phase
),
waits AS (
  SELECT dealt.phase, TIMESTAMP_DIFF(dealt.at, drops.received_at, MILLISECOND) / 1000 AS seconds
  FROM nba_orchestration.drops AS drops
  JOIN dealt ON dealt.correlation_id = drops.correlation_id
  WHERE drops.received_at BETWEEN @since AND @now
),
ranked AS (
  SELECT
    phase,
    seconds,
    ROW_NUMBER() OVER (PARTITION BY phase ORDER BY seconds) AS place,
    COUNT(*) OVER (PARTITION BY phase) AS updates
  FROM waits
)
SELECT
  phase,
  MAX(updates) AS updates,
  MIN(IF(place >= 0.50 * updates, seconds, NULL)) AS p50,
  MIN(IF(place >= 0.95 * updates, seconds, NULL)) AS p95,
  MIN(IF(place >= 0.99 * updates, seconds, NULL)) AS p99
FROM ranked
GROUP BY phase
ORDER BY phase
