-- Executions by hour and outcome.
SELECT
  TIMESTAMP_TRUNC(started_at, HOUR) AS time,
  COUNTIF(status = 'completed') AS completed,
  COUNTIF(status = 'skipped') AS skipped,
  COUNTIF(status = 'failed') AS failed
FROM nba_orchestration.pipeline_execution_log
WHERE started_at BETWEEN @since AND @now
GROUP BY time
ORDER BY time
