-- Executions by hour and outcome.
SELECT
  TIMESTAMP_TRUNC(started_at, HOUR) AS hour,
  COUNTIF(status = 'completed') AS completed,
  COUNTIF(status = 'skipped') AS skipped,
  COUNTIF(status = 'failed') AS failed
FROM nba_orchestration.pipeline_execution_log
WHERE started_at BETWEEN @since AND @now
GROUP BY hour
ORDER BY hour
