-- Seconds that an execution takes, by phase: the nearest-rank percentiles of the completed ones.
WITH ranked AS (
  SELECT
    phase,
    duration_seconds,
    ROW_NUMBER() OVER (PARTITION BY phase ORDER BY duration_seconds) AS place,
    COUNT(*) OVER (PARTITION BY phase) AS executions
  FROM nba_orchestration.pipeline_execution_log
  WHERE status = 'completed' AND duration_seconds IS NOT NULL AND started_at BETWEEN @since AND @now
)
SELECT
  phase,
  MAX(executions) AS executions,
  MIN(IF(place >= 0.50 * executions, duration_seconds, NULL)) AS p50,
  MIN(IF(place >= 0.95 * executions, duration_seconds, NULL)) AS p95,
  MIN(IF(place >= 0.99 * executions, duration_seconds, NULL)) AS p99
FROM ranked
GROUP BY phase
ORDER BY phase
